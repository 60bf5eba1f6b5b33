"""Folders as they are found on real disks."""

import os
import sys
from pathlib import Path

import pytest

from counterpoise.core.catalog.snapshot import read_split_csv, write_split_csv
from counterpoise.core.catalog.types import Skipped
from counterpoise.core.catalog.walk import Found, walk


def listed(folder: Path) -> tuple[list[str], dict[str, str]]:
    entries = list(walk(str(folder)))
    files = [entry.path for entry in entries if isinstance(entry, Found)]
    return files, {entry.path: entry.reason for entry in entries if isinstance(entry, Skipped)}


def test_files_are_found_with_size_and_time(tmp_path: Path):
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "b" / "x.png").write_bytes(b"12345")
    (found,) = walk(str(tmp_path))
    assert isinstance(found, Found)
    assert (found.path, found.size) == ("a/b/x.png", 5)
    assert found.mtime_ns == (tmp_path / "a/b/x.png").stat().st_mtime_ns
    assert found.file == str(tmp_path / "a/b/x.png")


def test_what_belongs_to_the_system_is_passed_over_aloud(tmp_path: Path):
    for name in (".DS_Store", "Thumbs.db", "desktop.ini", "._a.png", "a.png"):
        (tmp_path / name).write_bytes(b"x")
    (tmp_path / "__MACOSX").mkdir()
    (tmp_path / "__MACOSX" / "a.png").write_bytes(b"x")
    files, skipped = listed(tmp_path)
    assert files == ["a.png"]
    assert set(skipped) == {".DS_Store", "Thumbs.db", "desktop.ini", "._a.png", "__MACOSX"}


def test_links_are_followed_but_never_in_circles(tmp_path: Path):
    data, other = tmp_path / "data", tmp_path / "other"
    (data / "a").mkdir(parents=True)
    other.mkdir()
    (other / "x.png").write_bytes(b"x")
    (data / "a" / "linked").symlink_to(other, target_is_directory=True)
    (data / "a" / "loop").symlink_to(data, target_is_directory=True)
    (data / "a" / "file.png").symlink_to(other / "x.png")
    (data / "a" / "gone.png").symlink_to(tmp_path / "nothing")
    (data / "a" / "self").symlink_to(data / "a" / "self")
    files, skipped = listed(data)
    assert files == ["a/file.png", "a/linked/x.png"]
    assert skipped["a/loop"] == "a link back to a folder it lies in"
    assert "isn't there" in skipped["a/gone.png"]
    assert "isn't there" in skipped["a/self"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such files")
def test_pipes_are_not_opened(tmp_path: Path):
    os.mkfifo(tmp_path / "pipe.png")
    assert listed(tmp_path) == ([], {"pipe.png": "not a regular file"})


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux stores any bytes as a name")
def test_names_that_are_no_text_are_told(tmp_path: Path):
    with open(os.fsencode(tmp_path) + b"/caf\xe9.png", "wb") as file:  # noqa: PTH123  # bytes, which Path can't hold
        file.write(b"x")
    files, skipped = listed(tmp_path)
    assert files == []
    assert skipped == {"caf\ufffd.png": "its name is no valid text; rename it"}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows refuses such names")
def test_hostile_names_go_the_whole_way(put, scanned, tmp_path: Path):
    names = [
        "aux.png",
        "a:b?.png",
        'q"uo,te.png',
        "new\nline.png",
        "trailing .png",
        "ä\u0308ö日本.png",
        "back\\slash.png",
        "~2",
        "a;b.png",
    ]
    for name in names:
        put(f"a ñ,/{name}" + ("" if name.endswith(".png") else "/x.png"))
        put(f"b/{name}" + ("" if name.endswith(".png") else "/x.png"))
    catalog = scanned()
    assert catalog.counts() == {"a ñ,": len(names), "b": len(names)}
    assert all(catalog.sources.locate(image.path).is_file() for image in catalog.images)
    write_split_csv(catalog, tmp_path / "split.csv")
    rows = read_split_csv(tmp_path / "split.csv")
    assert [row.path for row in rows] == [image.path for image in catalog.images]
    assert scanned().images == catalog.images  # from the store


def test_a_folder_that_cannot_be_opened_is_told(tmp_path: Path):
    entries = list(walk(str(tmp_path / "missing"), "a/"))
    assert entries == [
        Skipped("a", "the folder can't be opened (No such file or directory)", "unreadable-image")
    ]
