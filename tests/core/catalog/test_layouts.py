"""Folders in all shapes the contract names."""

from collections.abc import Callable
from pathlib import Path

import pytest

from counterpoise.core.catalog.report import scan_json
from counterpoise.core.catalog.scan import scan
from counterpoise.core.catalog.sources import (
    open_sources,
    sources_from_json,
    sources_json,
)
from counterpoise.core.catalog.types import Catalog, Sources
from counterpoise.core.errors import CounterpoiseError, UsageError
from counterpoise.core.settings import DataSettings


def test_class_folders_may_hold_sub_folders(put, data, scanned):
    for number in range(4):
        put(f"b/{number}.png")
        put(f"a/left/deep/{number}.png")
    catalog = scanned()
    assert catalog.labels == ("a", "b")
    assert catalog.counts() == {"a": 4, "b": 4}
    assert catalog.images[0].path == "a/left/deep/0.png"
    assert catalog.own_parts == ()
    assert catalog.sources.locate("a/left/deep/0.png").is_file()


@pytest.mark.parametrize(
    ("train", "val", "test"),
    [("train", "val", "test"), ("Training", "VALID", "Testing"), ("TRAIN", "Validation", "test")],
)
def test_own_parts_are_kept(put, scanned, train, val, test):
    for part, number in ((train, 6), (val, 4), (test, 3)):
        for label in ("a", "b"):
            for index in range(number):
                put(f"{part}/{label}/{index}.png")
    catalog = scanned()
    assert catalog.own_parts == ("train", "val", "test")
    assert catalog.counts("train") == {"a": 6, "b": 6}
    assert catalog.counts("val") == {"a": 4, "b": 4}
    assert catalog.counts("test") == {"a": 3, "b": 3}
    assert not [f for f in catalog.findings if f.code == "part-made"]


def test_a_missing_part_is_taken_from_train_by_patient(put, scanned, found):
    for patient in range(10):
        for index in range(2):
            put(f"train/{'ab'[patient % 2]}/p{patient:02}_{index}.png")
    for label in ("a", "b"):
        for index in range(2):
            put(f"test/{label}/q{index}{label}_0.png")
    catalog = scanned(group_by="name:^([^_]+)_")
    assert catalog.own_parts == ("train", "test")
    assert catalog.counts("test") == {"a": 2, "b": 2}
    assert catalog.counts("val") == {"a": 2, "b": 2}
    assert catalog.counts("train") == {"a": 8, "b": 8}
    parts: dict[str, set[str]] = {}
    for image in catalog.images:
        parts.setdefault(image.group, set()).add(image.part)
    assert all(len(each) == 1 for each in parts.values())
    (made,) = found(catalog, "part-made")
    assert made.evidence["part"] == "val"
    assert made.evidence["images"] == 4
    assert made.evidence["patients"] == 2


def test_parts_without_train_stay_as_they_are(put, scanned):
    for label in ("a", "b"):
        for index in range(5):
            put(f"test/{label}/{index}.png")
    catalog = scanned()
    assert catalog.counts("test") == {"a": 5, "b": 5}
    assert catalog.counts("train") == {"a": 0, "b": 0}


def test_a_class_may_be_called_test(put, scanned):
    for label in ("test", "control"):
        for index in range(4):
            put(f"{label}/sub/{index}.png")
    assert scanned().labels == ("control", "test")


def test_part_folders_without_classes_are_explained(put, data):
    put("train/1.png")
    put("test/1.png")
    with pytest.raises(CounterpoiseError, match=r"part folders .* without class folders"):
        scan(open_sources(data), DataSettings())


def test_named_classes_add_up_and_paths_stay_unique(put, data):
    for folder in ("one", "two"):
        for index in range(3):
            put(f"{folder}/{index}.png")
    put("other/9.png")
    sources = open_sources(classes=[("sick", data / "one"), ("well", data / "other"), ("sick", data / "two")])
    catalog = scan(sources, DataSettings())
    assert catalog.counts() == {"sick": 6, "well": 1}
    paths = [image.path for image in catalog.images]
    assert len(set(paths)) == 7
    assert "sick/0.png" in paths
    assert "sick/~2/0.png" in paths
    assert sources.locate("sick/0.png") == data / "one/0.png"
    assert sources.locate("sick/~2/0.png") == data / "two/0.png"
    assert sources.locate("well/9.png") == data / "other/9.png"
    with pytest.raises(CounterpoiseError, match="--class ill=FOLDER"):
        sources.locate("ill/1.png")


def test_the_same_folder_twice_counts_once(put, data):
    put("one/1.png")
    put("two/2.png")
    sources = open_sources(
        classes=[("a", data / "one"), ("a", data / "one" / ".." / "one"), ("b", data / "two")]
    )
    assert scan(sources, DataSettings()).counts() == {"a": 1, "b": 1}


def test_data_without_images_is_one_sentence(tmp_path: Path, put, data):
    with pytest.raises(CounterpoiseError, match="doesn't exist"):
        open_sources(tmp_path / "missing")
    (tmp_path / "empty").mkdir()
    with pytest.raises(CounterpoiseError, match=r"holds no image: .* an empty folder"):
        scan(open_sources(tmp_path / "empty"), DataSettings())
    put("loose.png")
    with pytest.raises(CounterpoiseError, match="1 loose files"):
        scan(open_sources(data), DataSettings())
    with pytest.raises(CounterpoiseError, match="is a file"):
        open_sources(data / "loose.png")
    (data / "a").mkdir()
    (data / "a" / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\nrest")
    with pytest.raises(CounterpoiseError, match="1 files that can't be read"):
        scan(open_sources(data), DataSettings())


def test_contradicting_requests_are_usage_errors(data, tmp_path):
    tmp_path.joinpath("x").mkdir()
    for call in (
        lambda: open_sources(),
        lambda: open_sources(tmp_path, [("a", tmp_path)]),
        lambda: open_sources(classes=[("a/b", tmp_path / "x")]),
        lambda: open_sources(classes=[("", tmp_path / "x")]),
    ):
        with pytest.raises(UsageError):
            call()
    with pytest.raises(CounterpoiseError, match="labels file"):
        open_sources(tmp_path, labels=tmp_path / "none.csv")


def test_shares_must_leave_something_to_train_with(healthy, scanned: Callable[..., Catalog]):
    with pytest.raises(UsageError, match="leave nothing to train with"):
        scanned(val=0.5, test=0.5)


def test_sources_survive_json(tmp_path: Path):
    for sources in (
        Sources(tmp_path, labels=tmp_path / "l.csv", study=tmp_path),
        Sources(classes=(("a", tmp_path / "x"), ("a", tmp_path / "y"))),
    ):
        assert sources_from_json(sources_json(sources)) == sources


def test_scan_json_is_as_the_contract_says(healthy, scanned, put):
    put("cat/copy.png", seed=10_001)  # the pixels of the first image of the class
    (healthy / "cat" / "README.txt").write_text("about")
    result = scan_json(scanned(exclude=["dog/0000.png"]))
    assert set(result) == {"files", "images", "groups", "classes", "skipped", "findings"}
    assert (result["files"], result["images"], result["groups"]) == (26, 24, 24)
    cat, dog = result["classes"]
    assert (cat["name"], cat["count"], sum(cat["splits"].values())) == ("cat", 13, 12)
    assert (dog["name"], dog["count"], sum(dog["splits"].values())) == ("dog", 11, 11)
    assert result["skipped"] == [{"path": "cat/README.txt", "reason": "not an image (.txt)"}]
    keys = {"code", "severity", "message", "paths", "evidence", "fix"}
    assert all(set(finding) == keys for finding in result["findings"])
