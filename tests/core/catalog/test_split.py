"""The split: nothing that belongs together is divided, every class gets its share."""

import random
from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counterpoise.core.catalog.split import SplitItem, make_parts

SHARES = {"val": 0.2, "test": 0.2}


def singles(**counts: int) -> list[SplitItem]:
    return [
        SplitItem(label, "", f"{label}{n}", f"{label}/{n}")
        for label, count in counts.items()
        for n in range(count)
    ]


def by_class(items, parts):
    return Counter((item.label, part) for item, part in zip(items, parts, strict=True))


def test_single_images_fill_each_class_to_its_share():
    items = singles(a=100, b=1000, c=10)
    counts = by_class(items, make_parts(items, SHARES, 0))
    assert (counts["a", "train"], counts["a", "val"], counts["a", "test"]) == (60, 20, 20)
    assert (counts["b", "train"], counts["b", "val"], counts["b", "test"]) == (600, 200, 200)
    assert (counts["c", "train"], counts["c", "val"], counts["c", "test"]) == (6, 2, 2)


@pytest.mark.parametrize("number", [3, 4, 5, 6])
def test_a_rare_class_is_in_every_part(number):
    items = singles(rare=number, common=200)
    counts = by_class(items, make_parts(items, SHARES, 0))
    assert all(counts["rare", part] > 0 for part in ("train", "val", "test"))


def test_three_patients_of_a_rare_class_are_in_every_part():
    items = [SplitItem("rare", f"p{n // 7}", f"r{n}", f"{n}") for n in range(21)]
    items += [SplitItem("common", f"q{n // 5}", f"c{n}", f"c{n}") for n in range(500)]
    counts = by_class(items, make_parts(items, SHARES, 0))
    assert [counts["rare", part] for part in ("train", "val", "test")] == [7, 7, 7]
    assert abs(counts["common", "val"] - 100) <= 5


def test_only_missing_parts_are_made():
    items = singles(a=50)
    assert Counter(make_parts(items, {"val": 0.2}, 0)) == {"train": 40, "val": 10}
    assert set(make_parts(items, {}, 0)) == {"train"}
    assert make_parts([], SHARES, 0) == []


def test_the_seed_decides_and_the_order_does_not():
    rng = random.Random(1)
    items = [
        SplitItem(rng.choice("abc"), rng.choice(["", f"p{rng.randrange(60)}"]), f"{n}", f"f{n}")
        for n in range(300)
    ]
    first = dict(zip(items, make_parts(items, SHARES, 3), strict=True))
    shuffled = rng.sample(items, len(items))
    moved = [item._replace(file=f"moved/{item.file}") for item in shuffled]
    assert make_parts(shuffled, SHARES, 3) == [first[item] for item in shuffled]
    assert make_parts(moved, SHARES, 3) == [first[item] for item in shuffled]
    assert make_parts(items, SHARES, 4) != list(first.values())


images = st.builds(
    SplitItem,
    label=st.sampled_from("abc"),
    group=st.sampled_from(["", *(f"p{n}" for n in range(12))]),
    content=st.integers(0, 200).map(str),
    file=st.integers(0, 400).map(str),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(images, max_size=120), st.integers(0, 5))
def test_nothing_that_belongs_together_is_divided(items, seed):
    parts = make_parts(items, SHARES, seed)
    assert len(parts) == len(items)
    for name in ("group", "content", "file"):
        seen: dict[str, str] = {}
        for item, part in zip(items, parts, strict=True):
            value = getattr(item, name)
            assert not value or seen.setdefault(value, part) == part


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(1, 6), min_size=40, max_size=120), st.integers(0, 3))
def test_shares_are_close_with_patients_of_several_images(sizes, seed):
    items = [
        SplitItem("ab"[patient % 2], f"p{patient}", f"{patient}.{n}", f"{patient}.{n}")
        for patient, size in enumerate(sizes)
        for n in range(size)
    ]
    parts = make_parts(items, SHARES, seed)
    counts = by_class(items, parts)
    for label in "ab":
        total = sum(item.label == label for item in items)
        for part, share in (("train", 0.6), ("val", 0.2), ("test", 0.2)):
            assert abs(counts[label, part] - share * total) <= 4


def test_copies_are_kept_together():
    items = singles(a=60, b=60)
    copies = [("a0", "b0"), ("a1", "a2"), ("a2", "a3"), ("a9", "unknown")]
    part = dict(zip((item.content for item in items), make_parts(items, SHARES, 0, copies), strict=True))
    assert part["a0"] == part["b0"]
    assert part["a1"] == part["a2"] == part["a3"]


def test_a_chain_of_copies_never_takes_the_whole_set():
    items = singles(a=100, b=100)
    contents = [item.content for item in items]
    chain = list(pairwise(contents))
    counts = by_class(items, make_parts(items, SHARES, 0, chain))
    for label in "ab":
        for part, wanted in (("train", 60), ("val", 20), ("test", 20)):
            assert abs(counts[label, part] - wanted) <= 10


def test_a_patient_may_take_copies_in_however_large_he_is():
    items = [SplitItem("a", "p", f"p{n}", f"p{n}") for n in range(80)] + singles(a=100)
    part = dict(zip((i.content for i in items), make_parts(items, SHARES, 0, [("p3", "a5")]), strict=True))
    assert part["p3"] == part["a5"]
