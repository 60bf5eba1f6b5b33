"""Of jobs begun one after the other only the newest is heard; the real ones run in test_distributions."""

import pytest

from counterpoise.core.jobs.job import Job
from counterpoise.gui.newest_job import NewestJob


class Unstartable(Job):
    def start(self):
        raise RuntimeError("can't start new thread")


@pytest.fixture
def newest(qtbot):
    made = NewestJob()
    made.heard = []
    made.failed.connect(made.heard.append)
    yield made
    made.close()


def test_only_the_newest_job_is_heard(qtbot, newest):
    for name in ("first", "second"):
        newest.start(Unstartable("none", name=name))
    with qtbot.waitSignal(newest.failed, timeout=10_000):
        assert newest.running
    assert not newest.running
    qtbot.waitUntil(lambda: not newest._ending, timeout=10_000)
    assert len(newest.heard) == 1
    assert "The second couldn't be started" in newest.heard[0]


def test_of_a_stopped_job_nothing_is_heard(qtbot, newest):
    newest.start(Unstartable("none", name="first"))
    newest.stop()
    assert not newest.running
    qtbot.waitUntil(lambda: not newest._ending, timeout=10_000)
    assert newest.heard == []
