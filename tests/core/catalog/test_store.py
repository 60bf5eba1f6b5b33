"""Only what changed is read again; what is kept can be lost without harm."""

import os
import sqlite3
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from counterpoise.core.catalog.alike.sketch import sketch
from counterpoise.core.catalog.progress import ScanCancelledError, ScanProgress
from counterpoise.core.catalog.scan import scan
from counterpoise.core.catalog.sources import catalog_file, open_sources
from counterpoise.core.catalog.store import CatalogStore, drop_oldest
from counterpoise.core.errors import CounterpoiseError
from counterpoise.core.settings import DataSettings
from counterpoise.core.study.study import create_study


@pytest.fixture(autouse=True)
def forgetful(monkeypatch):
    """Without the catalog that is kept whole, so that the readings are asked for."""
    monkeypatch.setattr("counterpoise.core.catalog.scan.recall_same", lambda *_: None)


def spoil(file: Path) -> None:
    """Overwrite a file without changing its size or time: only who opens it can tell."""
    status = file.stat()
    file.write_bytes(b"\0" * status.st_size)
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))


def test_unchanged_files_are_not_opened(healthy, scanned, put):
    first = scanned()
    for file in healthy.glob("cat/*.png"):
        spoil(file)
    assert scanned().images == first.images
    put("cat/0000.png", size=(9, 9))
    again = scanned()
    assert len(again.images) == len(first.images)
    assert (again.images[0].width, again.images[1].width) == (9, 8)


def test_reasons_are_kept_too_and_removed_files_forgotten(healthy, scanned):
    broken = healthy / "cat" / "broken.png"
    broken.write_bytes(b"\x89PNG\r\n\x1a\nnothing")
    first = scanned()
    assert scanned().skipped == first.skipped
    broken.unlink()
    again = scanned()
    assert again.skipped == ()
    with sqlite3.connect(
        catalog_file(again.sources, Path(os.environ["COUNTERPOISE_HOME"]) / "cache")
    ) as store:
        names = [row[0] for row in store.execute("SELECT file FROM readings")]
    store.close()
    assert len(names) == 24
    assert not any("broken" in name for name in names)


@pytest.mark.parametrize("damage", [b"no database at all", b"", b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_damaged_store_is_made_anew(healthy, scanned, home, damage):
    first = scanned()
    (file,) = (home / "cache" / "catalogs").glob("*.sqlite")
    file.write_bytes(damage)
    assert scanned().images == first.images
    for image in healthy.glob("*/*.png"):
        spoil(image)
    assert scanned().images == first.images  # the new store holds all of it


def test_a_store_with_damaged_pages_is_made_anew(healthy, scanned, home):
    first = scanned()
    (file,) = (home / "cache" / "catalogs").glob("*.sqlite")
    with file.open("r+b") as store:
        store.seek(4096)  # where the readings begin: opening it doesn't look there
        store.write(b"\xff" * 4096)
    assert scanned().images == first.images
    for image in healthy.glob("*/*.png"):
        spoil(image)
    assert scanned().images == first.images


def test_a_store_of_another_version_or_key_is_made_anew(healthy, scanned, home):
    first = scanned()
    (file,) = (home / "cache" / "catalogs").glob("*.sqlite")
    store = sqlite3.connect(file)
    store.execute("PRAGMA user_version = 99")
    store.close()
    assert scanned().images == first.images
    (home / "data" / "secret").unlink()
    assert scanned().images == first.images


def test_without_a_place_to_write_it_scans_all_the_same(healthy, scanned, home):
    (home / "cache").write_text("a file where a folder should be")
    assert len(scanned().images) == 24


def test_a_cancelled_scan_goes_on_where_it_stopped(healthy):
    sources = open_sources(healthy)
    asked: list[int] = []

    def after_three() -> bool:
        asked.append(1)
        return len(asked) > 2

    with pytest.raises(ScanCancelledError, match=r"stopped after \d+ of 24 files"):
        scan(sources, DataSettings(), cancelled=after_three)
    for image in healthy.glob("cat/*.png"):
        spoil(image)
    catalog = scan(sources, DataSettings())
    assert len(catalog.images) == 24


def test_progress_counts_files_and_classes(healthy):
    told = []
    scan(open_sources(healthy), DataSettings(), progress=told.append)
    assert told[-1].done == told[-1].total == 24
    assert told[-1].classes == {"cat": 12, "dog": 12}


def test_nothing_is_written_where_the_images_lie(healthy, scanned):
    before = sorted(healthy.rglob("*"))
    scanned()
    assert sorted(healthy.rglob("*")) == before


def test_a_study_keeps_its_own_catalog_and_key(healthy, tmp_path, home):
    study = create_study(tmp_path / "study", healthy)
    catalog = scan(open_sources(study.root), DataSettings())
    assert catalog.sources.study == study.root
    assert study.catalog_path.is_file()
    assert (study.root / "secret").is_file()
    assert not (home / "cache").exists()
    assert not (home / "data").exists()


def test_many_files_go_through_worker_processes(put, data, scanned):
    for number in range(40):
        put(f"{'ab'[number % 2]}/{number}.tif")
    (data / "a" / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\nnothing")
    catalog = scanned()
    assert catalog.counts() == {"a": 20, "b": 20}
    assert [entry.path for entry in catalog.skipped] == ["a/broken.png"]


def test_the_cache_of_catalogs_is_limited(tmp_path):
    for number in range(4):
        file = tmp_path / f"{number}.sqlite"
        file.write_bytes(b"x" * 60)
        beside = tmp_path / f"{number}.table"
        beside.write_bytes(b"x" * 40)
        for own in (file, beside):
            os.utime(own, (number + 1, number + 1))
    os.utime(tmp_path / "1.table", (9, 9))  # the catalog was asked for, without its readings
    drop_oldest(tmp_path, keep=tmp_path / "0.sqlite", most=250)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["0.sqlite", "0.table", "1.sqlite", "1.table"]


def test_a_drive_that_goes_away_is_told_and_nothing_wrong_is_kept(healthy, tmp_path):
    sources = open_sources(healthy)

    def unplug(step: ScanProgress) -> None:
        if step.phase == "reading" and healthy.exists():
            healthy.rename(tmp_path / "elsewhere")

    with pytest.raises(CounterpoiseError, match="isn't there any more"):
        scan(sources, DataSettings(), progress=unplug)
    (tmp_path / "elsewhere").rename(healthy)
    catalog = scan(sources, DataSettings())
    assert len(catalog.images) == 24
    assert catalog.skipped == ()


def test_one_file_that_vanishes_is_left_out_this_time_only(healthy):
    sources = open_sources(healthy)
    file = healthy / "dog" / "0011.png"
    content = file.read_bytes()

    def delete(step: ScanProgress) -> None:
        if step.phase == "reading":
            file.unlink(missing_ok=True)

    catalog = scan(sources, DataSettings(), progress=delete)
    assert [entry.path for entry in catalog.skipped] == ["dog/0011.png"]
    file.write_bytes(content)
    assert scan(sources, DataSettings()).skipped == ()


def test_sketches_are_kept_apart_from_the_readings(healthy, scanned, home):
    images = scanned().images
    (file,) = (home / "cache" / "catalogs").glob("*.sqlite")
    with sqlite3.connect(file) as connection:
        key = connection.execute("SELECT key FROM about").fetchone()[0]
    connection.close()
    store = CatalogStore(file, key)
    contents = [image.content for image in images]
    found = store.sketches(contents)
    assert all(not frame.sketch for known in store.load().values() for frame in known.reading.frames)
    assert store.sketches(contents[:1]) == {contents[0]: found[contents[0]]}
    store.close()
    for image in images:
        pixels = np.asarray(Image.open(healthy / image.path))
        assert found[image.content] == sketch(pixels)
