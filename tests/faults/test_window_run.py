"""Whatever happens to a run, the window that follows it stays alive, says the truth and can go on."""

import os
import shutil
import time

import pytest

pytest.importorskip("PySide6")
if os.name == "nt":
    pytest.skip("signals of POSIX", allow_module_level=True)

import psutil
from PySide6.QtCore import Qt, QTimer
from tests_window import family, home, live, window

from counterpoise.core.jobs.events import event, to_line
from counterpoise.core.jobs.job import Job
from counterpoise.core.jobs.ownership import is_owned
from counterpoise.gui.answering import Trouble
from counterpoise.gui.texts import train as train_texts
from counterpoise.gui.texts import trouble as texts

__all__ = ["home", "live", "window"]
SOON = 20_000


def click(qtbot, button):
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def trouble(qtbot, window, kind):
    """Wait until the window names this trouble."""
    qtbot.waitUntil(lambda: window.session.control.trouble is kind, timeout=SOON)
    assert window.trouble.isVisible()
    assert window.trouble.title.text() == texts.TITLES[kind]


def heard(qtbot, window, rounds=2):
    qtbot.waitUntil(lambda: window.session.control.story.last_epoch >= rounds, timeout=SOON)


@pytest.mark.long
def test_a_halted_supervisor_is_named_and_can_be_woken(qtbot, window, live):
    run = live()
    heard(qtbot, window)
    run.supervisor.suspend()
    trouble(qtbot, window, Trouble.HALTED)
    window.session.control.pause()  # it can't hear
    click(qtbot, window.trouble.ways.wake)
    qtbot.waitUntil(lambda: window.session.control.story.phase == "paused", timeout=SOON)
    assert not window.trouble.isVisible()


def test_a_run_that_doesnt_answer_can_be_ended_and_leaves_nothing_behind(qtbot, window, live):
    run = live()
    heard(qtbot, window)
    run.supervisor.suspend()
    run.child.suspend()
    trouble(qtbot, window, Trouble.HALTED)
    click(qtbot, window.trouble.ways.end)
    assert not window.trouble.ways.end.isEnabled()
    control = window.session.control
    qtbot.waitUntil(lambda: control.story.phase == "failed", timeout=SOON)
    assert control.story.message == texts.ENDED_HERE
    assert control.story.resumable
    assert not window.trouble.isVisible()
    assert not is_owned(run.folder.owner)
    assert family() == set()


@pytest.mark.long
def test_a_child_that_is_deaf_to_a_pause_is_ended_by_its_supervisor(qtbot, window, live):
    live(deaf=True, patience=0.5)
    heard(qtbot, window)
    window.session.control.pause()
    qtbot.waitUntil(lambda: window.session.control.story.phase == "paused", timeout=SOON)
    assert window.session.control.story.resumable


def test_a_flood_of_events_doesnt_freeze_the_window(qtbot, window, live):
    """10,000 events a second, lines of a megabyte, garbage: the loop goes on, and all rounds arrive."""
    window.go("train")
    run = live(every=0.2)
    heard(qtbot, window)
    gaps, last = [], [time.perf_counter()]
    timer = QTimer()

    def tick():
        now = time.perf_counter()
        gaps.append(now - last[0])
        last[0] = now

    timer.timeout.connect(tick)
    timer.start(10)
    seconds, rate = 2, 10_000
    with Job("window_trials:flood", {"path": run.folder.events, "rate": rate, "seconds": seconds}) as flood:
        control = window.session.control
        qtbot.waitUntil(lambda: control.story.last_epoch >= seconds * rate, timeout=60_000)
        flood.result()
    timer.stop()
    gaps.sort()
    # Idle, 99 % are under 0.03 s (tests/benchmarks/window.py); the bound leaves room for a busy computer.
    assert gaps[int(0.99 * len(gaps))] < 1.0
    assert len(control.story.epochs) >= seconds * rate
    control.pause()
    qtbot.waitUntil(lambda: control.story.phase == "paused", timeout=SOON)


@pytest.mark.long
def test_a_record_that_is_deleted_is_named_and_the_run_goes_on(qtbot, window, live):
    run = live()
    heard(qtbot, window)
    run.folder.events.unlink()
    trouble(qtbot, window, Trouble.RECORD)
    rounds = window.session.control.story.last_epoch
    assert rounds >= 2
    window.session.control.pause()
    control = window.session.control
    qtbot.waitUntil(lambda: control.story.phase == "failed", timeout=SOON)
    assert control.story.message == texts.RECORD_LOST
    assert control.story.resumable
    assert control.story.last_epoch == rounds


@pytest.mark.long
def test_a_record_that_is_cut_short_or_replaced_is_read_anew(qtbot, window, live):
    run = live(every=600)
    heard(qtbot, window, 1)
    told = run.folder.events.read_text()
    story = window.session.control
    run.folder.events.write_text(told[: len(told) // 2])
    qtbot.waitUntil(lambda: story.story.last_epoch == 0, timeout=SOON)
    started = to_line({**event("started", device="cpu"), "time": 5.0})
    run.folder.events.write_text(started + "".join(to_line(event("epoch", epoch=n)) for n in (7, 8)))
    qtbot.waitUntil(lambda: list(story.story.epochs) == [7, 8], timeout=SOON)
    assert story.story.running


def test_a_run_whose_folder_is_deleted_can_be_ended(qtbot, window, live):
    run = live()
    heard(qtbot, window)
    shutil.rmtree(run.folder.root)
    trouble(qtbot, window, Trouble.FOLDER)
    window.session.control.stop()
    assert "can't be asked" in window.line.words.text()
    click(qtbot, window.trouble.ways.end)
    control = window.session.control
    qtbot.waitUntil(lambda: control.story.phase == "failed", timeout=SOON)
    assert control.story.message == texts.folder_lost(run.folder.root.name)
    assert not control.story.resumable
    assert family() == set()


def test_a_study_that_is_moved_away_and_back_is_followed_again(qtbot, window, live, tmp_path):
    live()
    heard(qtbot, window)
    (tmp_path / "study").rename(tmp_path / "elsewhere")
    trouble(qtbot, window, Trouble.FOLDER)
    for name in ("data", "inspect", "balance", "check", "train", "results", "export"):
        window.go(name)
    assert window.session.change({"training.epochs": 3})  # a sentence, for it can't be kept
    (tmp_path / "elsewhere").rename(tmp_path / "study")
    before = window.session.control.story.last_epoch
    heard(qtbot, window, before + 2)
    assert not window.trouble.isVisible()


@pytest.mark.long
@pytest.mark.parametrize("also_child", [False, True])
def test_a_supervisor_that_dies_leaves_no_child_and_a_sentence(qtbot, window, live, also_child):
    run = live()
    heard(qtbot, window)
    child = run.child
    if also_child:
        child.suspend()  # a halted one can't look after itself
    run.supervisor.kill()
    control = window.session.control
    qtbot.waitUntil(lambda: control.story.phase == "failed", timeout=SOON)
    assert control.story.message == train_texts.OWNER_GONE
    psutil.wait_procs([child], timeout=10)
    assert family() == set()
