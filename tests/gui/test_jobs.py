import os
import signal
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, QThread

from counterpoise.core.errors import CounterpoiseError
from counterpoise.core.jobs.job import Job
from counterpoise.gui.demo_job import make_demo_images
from counterpoise.gui.jobs import JobThread, in_background


def linger(_payload: object, _context: object) -> None:
    signal.pause()


def die(_payload: object, _context: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def test_a_job_gives_its_result(qtbot, tmp_path):
    (tmp_path / "made").mkdir()
    thread = JobThread(Job(make_demo_images, tmp_path / "made"))
    results: list[Path] = []
    thread.finished_with.connect(results.append)
    with qtbot.waitSignal(thread.finished, timeout=30_000):
        thread.start()
    assert results == [tmp_path / "made"]


def test_a_job_that_dies_says_so(qtbot):
    thread = JobThread(Job(die, None, name="trial"))
    failures: list[dict[str, object]] = []
    thread.failed.connect(failures.append)
    with qtbot.waitSignal(thread.finished, timeout=30_000):
        thread.start()
    assert "trial" in str(failures[0]["message"])


def test_a_job_that_cannot_start_says_so(qtbot):
    class Unstartable(Job):
        def start(self):
            raise RuntimeError("can't start new thread")

    thread = JobThread(Unstartable(die, None, name="scan"))
    failures: list[dict[str, object]] = []
    thread.failed.connect(failures.append)
    with qtbot.waitSignal(thread.finished, timeout=30_000):
        thread.start()
    assert "The scan couldn't be started (can't start new thread)" in str(failures[0]["message"])
    thread.close()


def test_a_reading_that_cannot_start_ends_with_a_sentence(qtbot, opened, monkeypatch):
    def fail(_self):
        raise RuntimeError("can't start new thread")

    step = opened.step("data")
    opened.go("data")
    monkeypatch.setattr(Job, "start", fail)
    with qtbot.waitSignal(opened.session.scan_ended, timeout=10_000):
        opened.session.scan()
    assert "couldn't be started" in step.fault
    assert not opened.session.scanning
    assert not step.progress.isVisible()


def test_closing_a_job_ends_it(qtbot):
    job = Job(linger, None, name="trial")
    thread = JobThread(job)
    thread.start()
    thread.close()
    assert thread.isFinished()
    assert not job.alive


class Listener(QObject):
    def __init__(self) -> None:
        super().__init__()
        self.heard: list[object] = []

    def hear(self, what: object) -> None:
        self.heard.append((what, QThread.currentThread() is self.thread()))


def test_background_work_answers_in_the_windows_thread(qtbot):
    listener = Listener()
    in_background(lambda: 6 * 7, listener.hear)
    qtbot.waitUntil(lambda: listener.heard == [(42, True)], timeout=5000)


def test_background_work_that_fails_says_its_sentence(qtbot):
    listener = Listener()

    def work() -> None:
        raise CounterpoiseError("It can't be done.")

    in_background(work, failed=listener.hear)
    qtbot.waitUntil(lambda: listener.heard == [("It can't be done.", True)], timeout=5000)


@pytest.mark.parametrize("path", [Path("nowhere")])
def test_a_dead_listener_is_not_called(qtbot, path):
    listener = Listener()
    in_background(lambda: path, listener.hear)
    heard = listener.heard
    listener.deleteLater()
    qtbot.waitUntil(lambda: True)
    assert heard in ([], [(path, True)])
