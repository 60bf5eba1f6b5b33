"""Closing the window during a run asks what becomes of it, and does that."""

import json
import os
import signal
import subprocess
import sys

import pytest

pytest.importorskip("PySide6")

import psutil
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from tests_window import family, home, images, live, opened, window

from counterpoise.core.jobs.ownership import is_owned
from counterpoise.gui.answering import Trouble
from counterpoise.gui.texts import closing as texts

__all__ = ["home", "images", "live", "opened", "window"]
SOON = 20_000


def asked(qtbot, window, rounds=2):
    """Close the window once its run has done some rounds; returns the question."""
    qtbot.waitUntil(lambda: window.session.control.story.last_epoch >= rounds, timeout=SOON)
    window.close()
    dialog = window.closing.dialog
    assert dialog is not None
    assert dialog.isVisible()
    assert window.isVisible()
    return dialog


def closed(qtbot, window):
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=SOON)
    assert window.closing.dialog is None


def choose(qtbot, dialog, choice):
    qtbot.mouseClick(dialog.cards[choice], Qt.MouseButton.LeftButton)


def test_leaving_it_going_is_what_return_does(qtbot, window, live):
    run = live()
    dialog = asked(qtbot, window)
    assert "live" in dialog.words.text()
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    closed(qtbot, window)
    assert is_owned(run.folder.owner)
    assert run.child.is_running()


@pytest.mark.long
def test_a_second_close_asks_no_second_question(qtbot, window, live):
    run = live()
    dialog = asked(qtbot, window)
    window.close()
    assert window.closing.dialog is dialog
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: window.closing.dialog is None, timeout=SOON)
    assert window.isVisible()
    assert is_owned(run.folder.owner)
    assert not window.session.control.asked


@pytest.mark.parametrize("choice", ["pause", "stop"])
def test_the_window_waits_for_the_answer_and_closes(qtbot, window, live, choice):
    run = live(slow=0.5)
    dialog = asked(qtbot, window)
    choose(qtbot, dialog, choice)
    assert dialog.title.text() == texts.WAITING[choice]
    assert dialog.bar.isVisible()
    assert not any(card.isVisible() for card in dialog.cards.values())
    closed(qtbot, window)
    last = json.loads(run.folder.events.read_text().splitlines()[-1])
    assert last.get("paused") or last.get("stopped")
    assert family() - {run.supervisor} == set()


@pytest.mark.long
def test_waiting_is_bounded_where_the_request_was_heard(qtbot, window, live):
    run = live(slow=60)
    window.closing.longest["stop"] = 0.5
    choose(qtbot, asked(qtbot, window), "stop")
    closed(qtbot, window)
    assert is_owned(run.folder.owner)  # and it stops without the window


@pytest.mark.long
def test_one_need_not_wait(qtbot, window, live):
    run = live(slow=60)
    dialog = asked(qtbot, window)
    choose(qtbot, dialog, "pause")
    qtbot.mouseClick(dialog.now, Qt.MouseButton.LeftButton)
    closed(qtbot, window)
    assert is_owned(run.folder.owner)


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_one_that_doesnt_answer_can_be_ended_from_the_question(qtbot, window, live):
    run = live()
    dialog = asked(qtbot, window)
    run.supervisor.suspend()
    choose(qtbot, dialog, "pause")
    qtbot.waitUntil(lambda: window.session.control.trouble is Trouble.HALTED, timeout=SOON)
    assert dialog.trouble.isVisible()
    qtbot.mouseClick(dialog.ways.end, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.closing.dialog is None, timeout=SOON)
    assert window.isVisible()  # it has something to say
    assert window.session.control.story.resumable
    assert family() == set()


@pytest.mark.long
def test_a_run_that_ends_meanwhile_closes_the_question(qtbot, window, live):
    run = live()
    dialog = asked(qtbot, window)
    assert dialog.cards["stop"].isEnabled()
    run.folder.control.write_text("stop")  # as the command line would
    closed(qtbot, window)


@pytest.mark.long
def test_before_its_first_round_it_cannot_be_stopped(qtbot, window, live):
    live(before=600)
    dialog = asked(qtbot, window, 0)
    assert not dialog.cards["stop"].isEnabled()
    assert texts.TOO_EARLY in dialog.cards["stop"].accessibleDescription()
    choose(qtbot, dialog, "leave")
    closed(qtbot, window)


def test_nothing_is_asked_without_a_run_nor_for_a_reading(qtbot, opened):
    opened.session.scan()
    qtbot.waitUntil(lambda: bool(family()), timeout=SOON)
    opened.close()
    assert not opened.isVisible()
    assert family() == set()


SCRIPT = """
import sys
from PySide6.QtCore import QTimer
from counterpoise.gui import app as program
made = program.make_window
def make_window(app):
    window = made(app)
    def look():
        story = window.session.control.story
        if story.last_epoch >= 3:
            print(story.phase, len(window.step("train").watch.curves.loss.points("loss")), flush=True)
            timer.stop()
    timer = QTimer(window)
    timer.timeout.connect(look)
    timer.start(50)
    return window
program.make_window = make_window
sys.exit(program.main(sys.argv[1:]))
"""


@pytest.mark.long
@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_a_fresh_process_finds_the_run_and_sigterm_leaves_it_going(live, tmp_path):
    run = live()
    command = [sys.executable, "-c", SCRIPT, str(tmp_path / "study")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as fresh:
        assert fresh.stdout is not None
        phase, points = fresh.stdout.readline().split()
        assert (phase, int(points) >= 3) == ("learning", True)
        fresh.send_signal(signal.SIGTERM)
        assert fresh.wait(20) == 0
    assert is_owned(run.folder.owner)


@pytest.mark.long
def test_the_end_of_the_desktops_session_asks_nothing(qtbot, window, live):
    run = live()
    qtbot.waitUntil(lambda: window.session.control.busy, timeout=SOON)
    window.closing.leave_going()  # what QApplication.commitDataRequest calls
    window.close()
    assert not window.isVisible()
    assert is_owned(run.folder.owner)
    assert psutil.pid_exists(run.supervisor.pid)
    QApplication.processEvents()
