"""Disks that are full, read-only or cut off at a file's size."""

import contextlib
import subprocess
import threading
from contextlib import contextmanager
from pathlib import Path

import pytest
from fault_runs import assert_same, fault, one_sentence, resumable


@contextmanager
def mounted(folder: Path, options: str):
    """Give a file system of its own at ``folder``; skips where that isn't allowed."""
    folder.mkdir(parents=True, exist_ok=True)
    mount = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
    done = subprocess.run(mount, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"no file system can be mounted here: {done.stderr.strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def fill(folder: Path, leave: int = 0) -> Path:
    """Fill the disk of ``folder`` but for about ``leave`` bytes; return the file that does it."""
    file = folder / "filler"
    with file.open("wb", buffering=0) as stream:
        for block in (bytes(1_000_000), bytes(4096)):
            with contextlib.suppress(OSError):
                while True:
                    stream.write(block)
    if leave:
        with file.open("rb+") as stream:
            stream.truncate(max(file.stat().st_size - leave, 0))
    return file


@pytest.mark.parametrize(
    "leave",
    [
        fault("run's disk full to the last byte while the head learns", 0),
        fault("room for half a saved state while the head learns", 20_000),
    ],
)
def test_a_full_disk_is_waited_for_and_the_run_ends_as_the_unbroken_one(place, unbroken, leave):
    place.kind = "long"
    with mounted(place.root / "disk", "size=300m"):
        place.run = type(place.run)(place.root / "disk" / "run")
        training = place.train()
        training.until("learn")
        filler = fill(place.root / "disk", leave)
        guard = training.until("guard")
        assert guard["code"] == "disk-full"
        filler.unlink()
        ended = training.end()
        assert ended.status == 0, ended.last
        assert_same(place.run, unbroken("long"), epochs=False)


@pytest.mark.long
def test_paused_on_a_full_disk_it_keeps_the_state_before(place, unbroken):
    place.kind = "long"
    with mounted(place.root / "disk", "size=300m"):
        place.run = type(place.run)(place.root / "disk" / "run")
        training = place.train()
        training.until("learn")
        filler = fill(place.root / "disk")
        training.until("guard")
        training.send(15)
        ended = training.end()
        resumable(ended)
        filler.unlink()
        assert place.resume().status == 0
        assert_same(place.run, unbroken("long"), epochs=False)


def test_a_disk_that_fills_while_the_model_is_written_is_waited_for(place, unbroken):
    with mounted(place.root / "disk", "size=300m"):
        place.run = type(place.run)(place.root / "disk" / "run")
        training = place.train()
        training.until("embed")
        child = training.child()
        child.suspend()  # it takes a second for all that is left, and the disk isn't filled at once
        filler = fill(place.root / "disk", 100_000)
        child.resume()
        guard = training.until("guard")
        assert guard["code"] == "disk-full"
        filler.unlink()
        ended = training.end()
        assert ended.status == 0, ended.last
        assert_same(place.run, unbroken("features"), epochs=False)


@pytest.mark.long
def test_a_cache_on_a_full_disk_is_said_before_any_work(place, unbroken):
    with mounted(place.root / "disk", "size=300m"):
        filler = fill(place.root / "disk", 40_000)
        place.environment["COUNTERPOISE_CACHE"] = str(place.root / "disk" / "cache")
        training = place.train()
        first = training.until(lambda e: e["event"] in ("failed", "guard"))
        one_sentence(first["message"])
        assert "disk" in first["message"].lower()
        training.send(15)
        assert training.end().status == 1
        filler.unlink()
        ended = place.train(resume=place.run.is_run).end()
        assert ended.status == 0, ended.last
        assert_same(place.run, unbroken("features"), epochs=False)


@pytest.mark.parametrize(
    ("blocks", "kind"),
    [
        fault("no file may pass 64 kB", 128, "features"),
        fault("no file may pass 4 MB, less than a model", 8192, "features"),
    ],
)
def test_a_limit_on_the_size_of_files_ends_in_a_sentence_and_is_resumed(place, unbroken, blocks, kind):
    place.kind = kind
    place.through = ("sh", "-c", f'ulimit -f {blocks}; exec "$0" "$@"')
    training = place.train()
    said = training.until(lambda e: e["event"] in ("guard", "failed"))
    one_sentence(said["message"])
    assert "full" in said["message"] or "disk" in said["message"]
    threading.Event().wait(0.5)
    training.send(15)
    ended = training.end()
    assert ended.status == 1
    one_sentence(ended.last["message"])
    place.through = ()
    ended = place.train(resume=place.run.is_run).end()
    assert ended.status == 0, ended.last
    assert_same(place.run, unbroken(kind), epochs=False)


@pytest.mark.parametrize(
    "which",
    [
        fault("run folder on a read-only disk", "run"),
        fault("cache on a read-only disk", "cache"),
        fault("home on a read-only disk", "home"),
    ],
)
def test_a_read_only_disk_is_said_before_any_work(place, which):
    with mounted(place.root / "disk", "size=1m,ro"):
        if which == "run":
            place.run = type(place.run)(place.root / "disk" / "run")
        else:
            name = "COUNTERPOISE_CACHE" if which == "cache" else "COUNTERPOISE_HOME"
            place.environment[name] = str(place.root / "disk" / which)
        ended = place.train().end()
        assert (ended.status, ended.last["event"]) == (1, "failed")
        one_sentence(ended.last["message"])
        assert "disk" in ended.last["message"]  # the folder is named


@pytest.mark.long
def test_a_run_that_has_become_read_only_is_said_and_resumed(stopped, unbroken):
    with mounted(stopped.root / "disk", "size=300m"):
        subprocess.run(["cp", "-r", str(stopped.run.root), str(stopped.root / "disk" / "run")], check=True)
        stopped.run = type(stopped.run)(stopped.root / "disk" / "run")
        subprocess.run(["mount", "-o", "remount,ro", str(stopped.root / "disk")], check=True)
        ended = stopped.resume()
        assert (ended.status, ended.last["event"]) == (1, "failed")
        one_sentence(ended.last["message"])
        subprocess.run(["mount", "-o", "remount,rw", str(stopped.root / "disk")], check=True)
        assert stopped.resume().status == 0
        assert_same(stopped.run, unbroken("paused"))


@pytest.mark.parametrize(
    "options", [fault("TMPDIR on a full disk", "size=4k"), fault("TMPDIR on a read-only disk", "size=1m,ro")]
)
def test_without_room_for_temporary_files_it_trains_all_the_same(place, unbroken, options):
    with mounted(place.root / "tmp", options):
        place.environment["TMPDIR"] = str(place.root / "tmp")
        ended = place.train().end()
        assert ended.status == 0, ended.last
        assert_same(place.run, unbroken("features"))


@pytest.mark.long
def test_a_tmpdir_that_does_not_exist_is_no_hindrance(place, unbroken):
    place.environment["TMPDIR"] = str(place.root / "nowhere")
    ended = place.train().end()
    assert ended.status == 0, ended.last
    assert_same(place.run, unbroken("features"))
