"""kill -9 at fifty random moments, spread over whole runs: each ends as the unbroken run ended.

``pytest -m slow tests/faults/test_kill_many.py``
"""

import os
import random
import threading
import time
from functools import cache

import pytest
from fault_runs import KILL, Place, assert_same, is_ours, session_of

MOMENTS = {"long": 34, "scratch": 16}
ROWS = [(kind, number) for kind, count in MOMENTS.items() for number in range(count)]


@pytest.fixture(scope="module")
def duration(few, tmp_path_factory):
    """Seconds that an undisturbed run takes here and now, from the start of the command."""

    @cache
    def measured(kind):
        with Place(tmp_path_factory.mktemp(f"{kind} measured"), few, kind) as place:
            began = time.monotonic()
            assert place.train().end().status == 0
            return time.monotonic() - began

    return measured


def kill_one(training, random_):
    """Kill the process that trains, the one that owns the run, or all of them at one blow."""
    whom = random_.choice(("child", "owner", "all"))
    if whom == "all":
        os.killpg(training.process.pid, KILL)
    elif whom == "owner":
        training.send(KILL)
    else:
        for process in session_of(training.process.pid):
            if process.pid != training.process.pid and is_ours(process):
                process.kill()


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "number"), ROWS)
def test_killed_at_a_random_moment_it_ends_as_the_unbroken_run(place, unbroken, duration, kind, number):
    random_ = random.Random(f"{kind} {number}")
    share = (number + random_.random()) / MOMENTS[kind]
    place.kind = kind
    whole = unbroken(kind)
    moment = share * duration(kind)
    training = place.train()
    threading.Event().wait(moment)
    if training.process.poll() is None:
        kill_one(training, random_)
    ended = training.end()
    if ended.status:
        ended = place.train(resume=place.run.is_run).end()
    assert ended.status == 0, ended.last
    assert_same(place.run, whole)
