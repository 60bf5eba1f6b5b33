"""Caches that were damaged or deleted, before going on and in mid-run: all of it can be made again."""

import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from fault_runs import Place, assert_same, fault, one_sentence

Harm = Callable[[Place], None]


def each(pattern: str, change: Callable[[bytes], bytes]) -> Harm:
    """Return what changes every file of the cache that fits."""

    def harm(place: Place) -> None:
        files = sorted(place.cache.glob(pattern))
        assert files
        for file in files:
            with file.open("rb+") as stream:  # the same file, as a process that holds it open sees it
                data = change(stream.read())
                stream.seek(0)
                stream.write(data)
                stream.truncate()

    return harm


def flipped(data: bytes) -> bytes:
    """Change every kilobyte of the records, behind the header."""
    changed = bytearray(data)
    for place in range(4096 + 600, len(data), 1024):
        changed[place] ^= 255
    return bytes(changed)


def half(data: bytes) -> bytes:
    return data[: len(data) // 2]


def zeroed(data: bytes) -> bytes:
    return data[:8192] + bytes(len(data) - 8192)


def text(_: bytes) -> bytes:
    return b"not what you expect\n" * 500


def newer_catalog(place: Place) -> None:
    for file in place.cache.glob("catalogs/*.sqlite"):
        connection = sqlite3.connect(file)
        connection.execute("PRAGMA user_version = 99")
        connection.close()


def lying_catalog(place: Place) -> None:
    """Readings whose table is gone."""
    for file in place.cache.glob("catalogs/*.sqlite"):
        connection = sqlite3.connect(file)
        connection.execute("DROP TABLE readings")
        connection.close()


def deleted(place: Place) -> None:
    shutil.rmtree(place.cache)


def all_damaged(place: Place) -> None:
    for pattern in ("images/*/*.records", "features/*/*.records"):
        each(pattern, flipped)(place)
    each("catalogs/*.sqlite", text)(place)


@pytest.mark.parametrize(
    "harm",
    [
        fault("decoded images flipped", each("images/*/*.records", flipped)),
        fault("decoded images cut in half", each("images/*/*.records", half)),
        fault("decoded images replaced by text", each("images/*/*.records", text)),
        fault("features flipped", each("features/*/*.records", flipped)),
        fault("features cut in half", each("features/*/*.records", half)),
        fault("features replaced by text", each("features/*/*.records", text)),
        fault("lists of contents replaced by text", each("*/*/*.contents", text)),
        fault("catalog replaced by text", each("catalogs/*.sqlite", text)),
        fault("catalog cut in half", each("catalogs/*.sqlite", half)),
        fault("catalog of a newer program", newer_catalog),
        fault("catalog without its table", lying_catalog),
        fault("images, features and catalog all damaged", all_damaged, quick=True),
        fault("the whole cache deleted", deleted),
    ],
)
def test_a_damaged_cache_is_made_again(stopped, unbroken, harm):
    harm(stopped)
    ended = stopped.resume()
    assert ended.status == 0, ended.last
    assert_same(stopped.run, unbroken("paused"))


@pytest.mark.long
def test_a_file_in_the_place_of_the_cache_is_one_sentence(stopped):
    shutil.rmtree(stopped.cache)
    stopped.cache.write_text("mine")
    ended = stopped.resume()
    assert (ended.status, ended.last["event"]) == (1, "failed")
    one_sentence(ended.last["message"])
    assert stopped.cache.read_text() == "mine"


@pytest.mark.parametrize(
    ("kind", "harm"),
    [
        fault("cache deleted while the head learns", "long", deleted),
        fault("features zeroed while the head learns", "long", each("features/*/*.records", zeroed)),
        fault("features cut short while the head learns", "long", each("features/*/*.records", half)),
        fault("cache deleted while a network learns", "scratch", deleted),
        fault("images zeroed while a network learns", "scratch", each("images/*/*.records", zeroed)),
        fault("images cut short while a network learns", "scratch", each("images/*/*.records", half)),
    ],
)
def test_a_cache_harmed_in_mid_run_costs_no_result(place, unbroken, kind, harm):
    place.kind = kind
    training = place.train()
    training.until("learn")
    harm(place)
    ended = training.end()
    if ended.status:
        one_sentence(ended.last["message"])
        assert "cache" in ended.last["message"]
        ended = place.resume()
    assert ended.status == 0, ended.last
    assert_same(place.run, unbroken(kind))


HOLD = "import sqlite3,sys; c=sqlite3.connect(sys.argv[1]); c.execute('BEGIN EXCLUSIVE'); print(1); input()"


@pytest.mark.long
def test_a_catalog_locked_by_another_program_slows_and_stops_nothing(stopped, unbroken):
    (file,) = Path(stopped.cache / "catalogs").glob("*.sqlite")
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(file)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        ended = stopped.resume()
        holder.communicate("\n")
    assert ended.status == 0, ended.last
    assert_same(stopped.run, unbroken("paused"))
