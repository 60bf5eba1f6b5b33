"""split.csv and the way back from it."""

import shutil

import pytest

from counterpoise.core.catalog.snapshot import matched, missing, read_split_csv, write_split_csv
from counterpoise.core.errors import CounterpoiseError


def test_a_split_survives_moving_renaming_and_relabelling(healthy, put, scanned, tmp_path):
    put("cat/copy.png", seed=10_001)
    catalog = scanned(group_by="name:^([0-9]{3})")
    file = tmp_path / "split.csv"
    write_split_csv(catalog, file)
    rows = read_split_csv(file)
    assert file.read_text().splitlines()[0] == "path,frame,label,group,split,content"
    assert [(r.path, r.frame, r.label, r.group, r.part, r.content) for r in rows] == [
        (i.path, i.frame, i.label, i.group, i.part, i.content) for i in catalog.images
    ]
    moved = tmp_path / "moved"
    (moved / "all").mkdir(parents=True)
    for index, image in enumerate(catalog.images):
        shutil.copy(healthy / image.path, moved / "all" / f"{index}.png")
    put("all/unknown.png")
    again = matched(scanned(moved, seed=5), rows)
    assert sorted((i.label, i.part, i.group, i.content) for i in again.images) == sorted(
        (i.label, i.part, i.group, i.content) for i in catalog.images
    )
    assert not missing(scanned(moved), rows)
    assert again.labels == ("cat", "dog")
    assert again.counts("train") == catalog.counts("train")


def test_images_that_are_gone_are_counted(healthy, scanned, tmp_path):
    catalog = scanned()
    write_split_csv(catalog, tmp_path / "split.csv")
    rows = read_split_csv(tmp_path / "split.csv")
    (healthy / "cat/0003.png").unlink()
    again = scanned()
    assert [row.path for row in missing(again, rows)] == ["cat/0003.png"]
    assert len(matched(again, rows).images) == 23


def test_one_content_under_two_labels_keeps_both(put, healthy, scanned, tmp_path):
    put("dog/twin.png", seed=10_001)
    catalog = scanned()
    write_split_csv(catalog, tmp_path / "split.csv")
    again = matched(catalog, read_split_csv(tmp_path / "split.csv"))
    assert again.images == catalog.images


def test_names_that_identify_do_not_leave(put, healthy, scanned, tmp_path):
    put("cat/Smith_John_1962-03-04.png")
    catalog = scanned()
    write_split_csv(catalog, tmp_path / "split.csv")
    text = (tmp_path / "split.csv").read_text()
    assert "Smith" not in text
    assert "img-" in text
    assert matched(catalog, read_split_csv(tmp_path / "split.csv")).images == catalog.images


@pytest.mark.parametrize(
    "text", ["", "path,frame\na,b\n", "path,frame,label,group,split,content\na,,b,,nowhere,c\n"]
)
def test_a_damaged_split_is_one_sentence(tmp_path, text):
    (tmp_path / "split.csv").write_text(text)
    if text:
        with pytest.raises(CounterpoiseError, match="damaged"):
            read_split_csv(tmp_path / "split.csv")
    with pytest.raises(CounterpoiseError, match="can't be read"):
        read_split_csv(tmp_path / "none.csv")
