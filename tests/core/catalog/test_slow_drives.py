"""Slow and hanging drives: the scan goes on or ends at once, and says how it goes."""

import os
import threading
import time
from pathlib import Path

import pytest

from counterpoise.core.catalog.listing import Candidate
from counterpoise.core.catalog.measure import FileReading
from counterpoise.core.catalog.one_thread import read_in_thread
from counterpoise.core.catalog.progress import ScanCancelledError, Watch, bar_of
from counterpoise.core.catalog.roots import Roots, SourceGoneError
from counterpoise.core.catalog.scan import scan
from counterpoise.core.catalog.sources import open_sources
from counterpoise.core.catalog.types import Sources
from counterpoise.core.jobs.pool import WorkerDied, robust_map
from counterpoise.core.settings import DataSettings

DONE = FileReading((), "no image")
FILE = Candidate("a/1.png", "/a/1.png", "a", "", 1, 1)


@pytest.fixture
def hanging():
    """A read that doesn't end before the test does."""
    over = threading.Event()

    def read(file: str) -> FileReading:
        if file == "hangs":
            over.wait()
        return DONE

    yield read
    over.set()


def test_a_read_that_hangs_gives_up_its_file_and_the_others_go_elsewhere(hanging):
    found = list(read_in_thread(hanging, ["good", "hangs", "later"], 0.1, lambda: None))
    assert found == [DONE, WorkerDied("timeout", "took longer than 0.1 s")]


def test_a_read_that_hangs_can_be_cancelled(hanging):
    watch = Watch(cancelled=lambda: True)
    with pytest.raises(ScanCancelledError):
        list(read_in_thread(hanging, ["hangs"], 60, watch.tick))


def test_a_fault_in_the_thread_is_raised_where_it_is_waited_for():
    def fail(_: str) -> FileReading:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        list(read_in_thread(fail, ["a"], 60, lambda: None))


def test_workers_that_hang_can_be_cancelled():
    watch = Watch(cancelled=lambda: True)
    began = time.monotonic()
    with pytest.raises(ScanCancelledError):
        list(robust_map(time.sleep, [30.0], workers=1, tick=watch.tick))
    assert time.monotonic() - began < 10


def test_waiting_speed_and_time_left_are_told(monkeypatch):
    now = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])  # a clock that goes as fast as told
    told = []
    watch = Watch(told.append)
    watch.found(1)
    watch.begin(100)
    for _ in range(40):
        now[0] += 0.5
        watch.saw(FILE, DONE)
    assert told[0].phase == "counting"
    assert bar_of(told[0]) == (1, 0, "Counting files")
    assert told[-1].per_second == pytest.approx(2, rel=0.1)
    assert told[-1].seconds_left == pytest.approx(30, rel=0.1)
    assert bar_of(told[-1]) == (40, 100, "Reading images, 2 a second")
    now[0] += 30
    watch.tick()
    assert told[-1].waiting == 30
    watch.judged(0.5)  # at once, though something was told just now
    assert bar_of(told[-1]) == (50, 100, "Looking for copies")


def test_a_walk_can_be_cancelled(healthy):
    with pytest.raises(ScanCancelledError, match="files were found"):
        scan(open_sources(healthy), DataSettings(), cancelled=lambda: True)


def test_an_empty_folder_in_the_place_of_a_drive_is_noticed(tmp_path: Path):
    root = tmp_path / "drive"
    (root / "a").mkdir(parents=True)
    roots = Roots(Sources(root=root))
    roots.check(str(root / "a" / "1.png"))  # one file that is gone says nothing of the drive
    (root / "a").rmdir()
    with pytest.raises(SourceGoneError, match="drive/a isn't there"):
        roots.check(str(root / "a" / "1.png"))
    (root / "b").mkdir()
    root.rename(tmp_path / "away")
    root.mkdir()
    with pytest.raises(SourceGoneError, match="drive isn't there"):
        roots.check(str(root / "a" / "1.png"))


def test_what_was_read_of_a_drive_that_is_away_is_kept(healthy, scanned, tmp_path):
    first = scanned()
    away = healthy.rename(tmp_path / "away")
    (healthy / "cat").mkdir(parents=True)
    (away / "cat" / "0000.png").rename(healthy / "cat" / "0000.png")
    assert len(scanned().images) == 1
    (healthy / "cat" / "0000.png").rename(away / "cat" / "0000.png")
    (healthy / "cat").rmdir()
    healthy.rmdir()
    away.rename(healthy)
    for image in healthy.glob("dog/*.png"):
        status = image.stat()
        image.write_bytes(b"\0" * status.st_size)  # only who opens it can tell
        os.utime(image, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert scanned().images == first.images
