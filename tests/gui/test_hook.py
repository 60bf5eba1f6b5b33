"""An exception in a slot, a timer, a thread: a sentence, all of it in the log, and the window lives."""

import sys
import threading

import pytest
from PySide6.QtCore import QThread, QTimer
from PySide6.QtWidgets import QPushButton

from counterpoise.gui import hook
from counterpoise.gui.hook import install_hook
from counterpoise.gui.jobs import in_background


@pytest.fixture
def log(window, home):
    path = home / "window.log"
    undo = install_hook(path, window.session.problem.emit)
    yield path
    undo()


def fail():
    raise ValueError("secret detail")


class FailingThread(QThread):
    def run(self):
        fail()


def in_a_slot(window):
    made = QPushButton(window)
    made.clicked.connect(fail)
    made.click()


def in_a_timer(window):
    QTimer.singleShot(0, window, fail)


def in_a_thread(window):
    threading.Thread(target=fail).start()


def in_a_qthread(window):
    window.failing = FailingThread(window)
    window.failing.start()


def in_background_work(window):
    in_background(fail)


@pytest.mark.parametrize("where", [in_a_slot, in_a_timer, in_a_thread, in_a_qthread, in_background_work])
def test_it_is_a_sentence_and_a_record_and_the_window_lives(qtbot, window, log, where):
    where(window)
    qtbot.waitUntil(window.line.isVisible, timeout=10_000)
    words = window.line.words.text()
    assert "ValueError" in words
    assert str(log) in words
    assert "secret detail" not in words
    assert "secret detail" in log.read_text()
    assert "in fail" in log.read_text()
    window.go("check")
    assert window.current == "check"
    if where is in_a_qthread:
        window.failing.wait()


def test_the_same_exception_is_told_once_a_minute(qtbot, window, log):
    for _ in range(100):
        in_a_slot(window)
    assert log.read_text().count("Traceback") == 1


def test_a_log_doesnt_grow_for_ever(window, log, monkeypatch):
    monkeypatch.setattr(hook, "LARGEST_LOG", 30)
    for text in ("first", "second", "third"):
        sys.excepthook(ValueError, ValueError(text), None)
    assert "third" in log.read_text()
    assert "second" in log.with_suffix(".old.log").read_text()


def test_a_window_that_is_gone_is_no_second_fault(home):
    def show(_sentence):
        raise RuntimeError("Internal C++ object already deleted.")

    undo = install_hook(home / "window.log", show)
    try:
        sys.excepthook(ValueError, ValueError("late"), None)
    finally:
        undo()
    assert "late" in (home / "window.log").read_text()
