"""No process outlives the window that started it for a short job, however the window ends."""

import os
import signal
import subprocess
import sys

import pytest

pytest.importorskip("PySide6")
if os.name == "nt":
    pytest.skip("signals of POSIX", allow_module_level=True)

import psutil
from tests_window import family, home, images, opened, window

from counterpoise.core.jobs.job import Job
from counterpoise.gui.jobs import JobThread

__all__ = ["home", "images", "opened", "window"]
SCRIPT = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from counterpoise.core.jobs.job import Job
from counterpoise.gui.app import make_application, make_window
from counterpoise.gui.jobs import JobThread
sys.path[:0] = {path!r}
app = make_application()
window = make_window(app)
window.show()
window.session.open_paths([Path({images!r})])
def started():
    job = JobThread(Job("window_trials:wait", 600, name="look"), window)
    job.progressed.connect(lambda event: print(event["pid"], flush=True))
    job.start()
window.session.scan_started.connect(lambda: QTimer.singleShot(0, started))
app.exec()
"""


def test_a_window_that_is_killed_takes_its_children_along(images, home):
    """A reading of images and a job that hears nothing run when it is killed."""
    script = SCRIPT.format(path=sys.path, images=str(images))
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        deaf = int(program.stdout.readline())
        children = psutil.Process(program.pid).children(recursive=True)
        assert deaf in {child.pid for child in children}
        program.send_signal(signal.SIGKILL)
    _, alive = psutil.wait_procs(children, timeout=10)
    assert alive == []


@pytest.mark.long
@pytest.mark.parametrize("job", ["scan", "sample", "deaf"])
def test_a_window_that_closes_ends_its_jobs(qtbot, opened, job):
    if job == "scan":
        opened.session.scan()
    elif job == "sample":
        opened.go("balance")
    else:
        opened.go("check")
        thread = JobThread(Job("window_trials:wait", 600, name="dry run"), opened)
        opened.step("check").close_down = thread.close
        thread.start()
    qtbot.waitUntil(lambda: bool(family()), timeout=20_000)
    opened.close()
    assert not opened.isVisible()
    assert family() == set()


def test_a_job_that_is_closed_while_it_starts_is_ended(qtbot):
    for _ in range(3):
        thread = JobThread(Job("window_trials:wait", 600, name="look"))
        thread.start()
        thread.close()
        assert thread.isFinished()
        assert family() == set()


@pytest.mark.long
def test_a_flood_of_progress_is_thinned_and_its_last_word_comes(qtbot):
    thread = JobThread(Job("job_trials:count", 5_000, name="count"))
    heard, results = [], []
    thread.progressed.connect(heard.append)
    thread.finished_with.connect(results.append)
    with qtbot.waitSignal(thread.finished, timeout=30_000):
        thread.start()
    assert results == [10_000]
    assert 0 < len(heard) < 1_000


@pytest.mark.long
def test_a_halted_job_is_ended_with_the_window(qtbot, window):
    thread = JobThread(Job("window_trials:wait", 600, name="look"), window)
    with qtbot.waitSignal(thread.progressed, timeout=20_000) as told:
        thread.start()
    psutil.Process(told.args[0]["pid"]).suspend()
    thread.close()
    assert family() == set()
