"""Copies that aren't the same pixels: told where they matter, kept together where the parts are ours."""

from pathlib import Path

import pytest
from PIL import Image

from counterpoise.core.catalog.types import ImageRecord
from counterpoise.core.findings import Severity
from tests.support.tissue import tissue

CODES = ("duplicate-across-splits", "near-duplicate", "duplicate-across-classes")


@pytest.fixture
def in_parts(data: Path) -> Path:
    """Parts of the user's own: 2 classes, 20 images to train with, 10 each to choose and to test with."""
    for number, part in enumerate(("train", "train", "val", "test")):
        for index in range(10):
            save(data / part / "ab"[index % 2] / f"{number}{index}.png", tissue(100 * number + index))
    return data


def save(file: Path, image: Image.Image) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    image.save(file)


def told(catalog) -> list[tuple[str, str]]:
    return [(f.code, str(f.severity)) for f in catalog.findings if f.code in CODES]


def part_of(catalog) -> dict[str, ImageRecord]:
    return {image.path: image for image in catalog.images}


def test_different_pictures_are_no_copies(in_parts, scanned):
    assert told(scanned()) == []


def test_a_resized_copy_in_the_test_part_counts_as_a_copy(in_parts, scanned, found):
    save(in_parts / "test/a/new.png", tissue(0).resize((60, 50)))
    catalog = scanned()
    assert told(catalog) == [("duplicate-across-splits", "blocker")]  # 1 of 11
    (finding,) = found(catalog, "duplicate-across-splits")
    assert finding.paths == ("test/a/new.png", "train/a/00.png")
    assert finding.evidence["affected"] == {"val": 0, "test": 1}
    assert (finding.evidence["n_pairs"], finding.evidence["pairs"]) == (1, [[0, 1]])
    assert finding.fix.set == {"data.exclude": ["train/a/00.png"]}


def test_few_recompressed_copies_only_warn(in_parts, scanned, found):
    for index in range(60):
        save(in_parts / "val" / "ab"[index % 2] / f"more{index}.png", tissue(1000 + index))
    save(in_parts / "val/b/again.jpg", tissue(1))
    assert told(scanned()) == [("duplicate-across-splits", "warning")]  # 1 of 71


def test_a_slight_crop_in_the_test_part_is_a_near_copy(in_parts, scanned, found):
    save(in_parts / "test/a/crop.png", tissue(0).crop((2, 3, 118, 98)))
    catalog = scanned()
    assert told(catalog) == [("near-duplicate", "warning")]
    (finding,) = found(catalog, "near-duplicate")
    assert finding.paths == ("test/a/crop.png", "train/a/00.png")
    assert finding.evidence == {"n_pairs": 1, "pairs": [[0, 1]]}
    assert finding.fix.set == {"data.exclude": ["train/a/00.png"]}
    assert "1 pair of images shows nearly the same picture in two of the parts" in finding.message


def test_copies_within_a_part_are_nobodys_business(in_parts, scanned):
    save(in_parts / "train/a/small.png", tissue(0).resize((60, 50)))
    save(in_parts / "test/a/crop.png", tissue(300).crop((2, 3, 118, 98)))
    assert told(scanned()) == []


def test_a_copy_under_another_label_is_told_with_its_pair(data, scanned, found):
    for index in range(24):
        save(data / "ab"[index % 2] / f"{index}.png", tissue(index))
    save(data / "b/small.png", tissue(0).resize((60, 50)))
    catalog = scanned()
    assert told(catalog) == [("near-duplicate", "warning")]
    (finding,) = found(catalog, "near-duplicate")
    assert finding.severity is Severity.WARNING
    assert finding.paths == ("a/0.png", "b/small.png")
    assert "under two labels" in finding.message


@pytest.mark.parametrize("seed", range(4))
def test_our_own_parts_keep_copies_together(data, scanned, seed):
    for index in range(30):
        save(data / "ab"[index % 2] / f"{index}.png", tissue(index))
    for index in range(0, 20, 2):
        save(data / "a" / f"small{index}.png", tissue(index).resize((60, 50)))
        save(data / "a" / f"crop{index}.png", tissue(index).crop((2, 3, 118, 98)))
    catalog = scanned(seed=seed)
    assert told(catalog) == []
    images = part_of(catalog)
    for index in range(0, 20, 2):
        names = (f"a/{index}.png", f"a/small{index}.png", f"a/crop{index}.png")
        assert len({images[name].part for name in names}) == 1


def test_a_film_is_no_set_of_copies_and_never_one_piece(data, scanned, found):
    whole = tissue(1, (420, 100))
    for index in range(80):
        save(data / "ab"[index % 2] / f"{index:02}.png", whole.crop((4 * index, 0, 4 * index + 100, 100)))
    catalog = scanned()
    assert told(catalog) == [("near-duplicate", "info")]
    assert "may mean nothing" in found(catalog, "near-duplicate")[0].message
    counts = {part: sum(image.part == part for image in catalog.images) for part in ("train", "val", "test")}
    assert abs(counts["train"] - 48) <= 8
    assert abs(counts["val"] - 16) <= 8


def test_copies_that_our_own_parts_divide_are_near_copies_not_the_users_fault(data, scanned):
    """Two patients of 13 images each show the same pictures: too many to be kept in one part."""
    for index in range(70):
        save(data / "ab"[index % 2] / f"q{index:02}_0.png", tissue(index))
    for index in range(13):
        save(data / "a" / f"p1_{index}.png", tissue(100 + index))
        save(data / "a" / f"p2_{index}.png", tissue(100 + index).resize((60, 50)))
    seen = set()
    for seed in range(6):
        catalog = scanned(seed=seed, group_by="name:^([a-z0-9]+)_")
        apart = len({image.part for image in catalog.images if "/p" in image.path}) > 1
        assert told(catalog) == [("near-duplicate", "warning")] * apart
        seen.add(apart)
    assert True in seen


def test_pairs_too_many_to_be_compared_are_told_of(in_parts, scanned, found, monkeypatch):
    monkeypatch.setattr("counterpoise.core.catalog.alike.find.MOST_CANDIDATES", 0)
    save(in_parts / "test/a/new.png", tissue(0).resize((60, 50)))
    (finding,) = found(scanned(), "near-duplicate")
    assert (finding.severity, finding.evidence) == (Severity.INFO, {"unchecked": 1})
    assert finding.message.startswith("1 pair of images that look alike couldn't be compared")
    save(in_parts / "test/a/crop.png", tissue(2).crop((2, 3, 118, 98)))
    save(in_parts / "train/a/crop of all.png", tissue(2).crop((3, 3, 118, 98)))
    monkeypatch.setattr("counterpoise.core.catalog.alike.find.MOST_CANDIDATES", 3)
    (finding,) = [f for f in scanned().findings if f.code == "near-duplicate"]
    assert finding.severity is Severity.WARNING
    assert finding.evidence["unchecked"] == 1
    assert "couldn't all be compared" in finding.message


def test_images_left_out_are_not_told_of(in_parts, scanned):
    save(in_parts / "test/a/new.png", tissue(0).resize((60, 50)))
    assert told(scanned(exclude=["train/a/00.png"])) == []


def test_pictures_of_one_patient_are_the_patients_business(in_parts, scanned):
    save(in_parts / "test/a/00x.png", tissue(0).resize((60, 50)))
    assert told(scanned(group_by="name:^(..)")) == []


def test_a_second_scan_opens_nothing(in_parts, scanned, monkeypatch):
    save(in_parts / "test/a/new.png", tissue(0).resize((60, 50)))
    first = scanned()
    monkeypatch.setattr("counterpoise.core.catalog.alike.find.thumbnail", None)
    monkeypatch.setattr("counterpoise.core.catalog.alike.find.nearest", None)
    assert scanned().findings == first.findings
