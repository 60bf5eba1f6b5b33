"""Several processes on one run or study, studies that were harmed, and clocks that jump."""

import os
import signal
import subprocess
import sys

import pytest
from fault_runs import assert_same, fault, one_sentence, resumable

from counterpoise.core.errors import CounterpoiseError
from counterpoise.core.settings import Settings
from counterpoise.core.study.edits import Edit, append_edit, read_edits
from counterpoise.core.study.lock import locked
from counterpoise.core.study.study import create_study, open_study

WRITE = """
import sys
from pathlib import Path
from counterpoise.core.study.study import open_study
study = open_study(Path(sys.argv[1]))
settings = study.load_settings()
print(1, flush=True)
while True:
    study.save_settings(settings)
"""
HOLD = "import sys; from pathlib import Path; from counterpoise.core.study.lock import locked\n"
HOLD += "with locked(Path(sys.argv[1])): print(1, flush=True); input()"


@pytest.mark.long
def test_a_second_process_on_a_run_is_refused_and_the_first_goes_on(place, unbroken):
    place.kind = "long"
    first = place.train()
    first.until("epoch")
    second = place.train(resume=True).end()
    assert second.status == 1
    assert "being trained by another process" in second.last["message"]
    ended = first.end()
    assert (ended.status, ended.guards) == (0, []), ended.last
    assert_same(place.run, unbroken("long"))


@pytest.mark.long
def test_two_processes_that_go_on_at_the_same_moment_leave_one_whole_run(stopped, unbroken):
    both = [stopped.train(resume=True), stopped.train(resume=True)]
    ended = [training.end() for training in both]
    assert 0 in [e.status for e in ended]
    for loser in (e for e in ended if e.status):
        assert "being trained by another process" in loser.last["message"]
    assert_same(stopped.run, unbroken("paused"))


@pytest.mark.long
def test_two_processes_train_on_one_study_at_the_same_time(place, unbroken):
    create_study(place.root / "study", place.data)
    place.data = place.root / "study"
    both = [place.train(run=place.root / "study" / "runs" / name) for name in ("a", "b")]
    for training in both:
        ended = training.end()
        assert ended.status == 0, ended.last
    for name in ("a", "b"):
        assert_same(type(place.run)(place.root / "study" / "runs" / name), unbroken("features"))


@pytest.mark.long
def test_a_study_kept_busy_by_another_process_says_so_until_that_dies(tmp_path):
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        with pytest.raises(CounterpoiseError, match="in use by another"), locked(tmp_path, patience=0.1):
            pass
        holder.kill()
    with locked(tmp_path, patience=5):
        pass


def newer(study):
    study.file.write_text(study.file.read_text().replace("format_version = 1", "format_version = 99"))


def cut(study):
    study.file.write_text(study.file.read_text()[:20])


def key_damaged(study):
    (study.root / "secret").write_text("zz")


def unknown_edit(study):
    study.edits.write_text('{"kind": "rotate", "path": "a"}\n')


@pytest.mark.parametrize(
    ("harm", "sentence"),
    [
        fault("a study of a newer program", newer, "newer Counterpoise"),
        fault("study.toml cut short", cut, "study.toml"),
        fault("the study's key damaged", key_damaged, "secret is damaged"),
        fault("an edit of a newer program", unknown_edit, "no change that this Counterpoise knows"),
    ],
)
def test_a_harmed_study_says_so_and_is_left_as_it_is(place, harm, sentence):
    study = create_study(place.root / "study", place.data)
    harm(study)
    before = {p.name: p.read_bytes() for p in study.root.iterdir()}
    done = place.call("scan", study.root)
    assert done.returncode != 0
    one_sentence(done.stderr)
    assert sentence in done.stderr
    after = {p.name: p.read_bytes() for p in study.root.iterdir() if p.name in before}
    assert after == before


@pytest.mark.long
def test_an_edit_cut_short_by_a_crash_loses_only_itself(place):
    study = create_study(place.root / "study", place.data)
    append_edit(study.edits, Edit("exclude", "dark/a.png"))
    with study.edits.open("a") as file:
        file.write('{"kind": "exclu')
    append_edit(study.edits, Edit("exclude", "dark/b.png"))
    assert [edit.path for edit in read_edits(study.edits)] == ["dark/a.png", "dark/b.png"]
    assert place.call("scan", study.root).returncode == 0


@pytest.mark.long
def test_settings_of_a_study_are_whole_after_its_writer_was_killed(place):
    study = create_study(place.root / "study", place.data)
    for _ in range(5):
        with subprocess.Popen(
            [sys.executable, "-c", WRITE, str(study.root)], stdout=subprocess.PIPE
        ) as writer:
            assert writer.stdout is not None
            writer.stdout.readline()
            writer.kill()
        assert open_study(study.root).load_settings() == Settings()


JUMP = """
import time
real, began = time.time, time.monotonic()
def jumped():
    return real() + ({seconds} if time.monotonic() - began > 0.7 else 0)
time.time = jumped
"""


@pytest.mark.parametrize(
    "seconds",
    [
        fault("the clock is set back by a day in mid-run", -86_400),
        fault("the clock is set forward by ten years in mid-run", 315_576_000),
        fault("the clock goes back to 1970", -1_700_000_000),
    ],
)
def test_a_clock_that_jumps_changes_nothing(place, unbroken, seconds):
    place.kind = "long"
    (place.root / "clock").mkdir()
    (place.root / "clock" / "sitecustomize.py").write_text(JUMP.format(seconds=seconds))
    path = os.environ.get("PYTHONPATH", "")
    place.environment["PYTHONPATH"] = os.pathsep.join([str(place.root / "clock"), *([path] if path else [])])
    training = place.train()
    training.until(lambda e: e.get("epoch") == 30)
    training.send(signal.SIGTERM)
    paused = training.end()
    resumable(paused)
    assert 0 <= paused.last["seconds"] < 1000
    ended = place.resume()
    assert (ended.status, ended.guards) == (0, []), ended.last
    assert all(e["seconds_left"] >= 0 for e in ended.of("epoch"))
    assert_same(place.run, unbroken("long"))


@pytest.mark.parametrize(
    "when", [fault("images from the year 2100", 4_102_444_800), fault("images from 1969", -10_000)]
)
def test_images_dated_out_of_time_are_images(place, unbroken, when):
    for file in place.data.rglob("*.png"):
        os.utime(file, (when, when))
    ended = place.train().end()
    assert ended.status == 0, ended.last
    assert_same(place.run, unbroken("features"))
