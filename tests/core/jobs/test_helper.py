"""A process kept for work that may end it."""

import os
import threading

import job_trials
import pytest

from counterpoise.core.errors import CounterpoiseError
from counterpoise.core.jobs.helper import Helper, HelperDiedError
from counterpoise.core.jobs.worker import Limits

LIMITS = Limits(computing=0.2, memory=2**30)


@pytest.fixture
def helper():
    helper = Helper(LIMITS)
    yield helper
    helper.close()


def test_calls_share_a_process_that_is_not_this_one_and_a_death_takes_one_call(helper):
    first = helper.call(job_trials.own_pid, None)
    assert first == helper.call(job_trials.own_pid, None) != os.getpid()
    with pytest.raises(HelperDiedError, match="SIGKILL"):
        helper.call(job_trials.square_or_die, 3)
    assert helper.call(job_trials.square_or_die, 4) == 16
    with pytest.raises(CounterpoiseError, match="isn't there"):
        helper.call(job_trials.fail_plainly, None, None)
    with pytest.raises(HelperDiedError, match="ValueError"):
        helper.call(job_trials.square_or_raise, 2)
    assert helper.call(job_trials.square, 5) == 25


def test_a_call_that_computes_for_ever_is_given_up(helper):
    with pytest.raises(HelperDiedError, match="more than"):
        helper.call(job_trials.square_or_compute, 5)
    assert helper.call(job_trials.square, 5) == 25


def test_closing_ends_a_call_under_way(helper):
    helper.call(job_trials.square, 5)
    said = []

    def call():
        with pytest.raises(HelperDiedError) as raised:
            helper.call(job_trials.square_or_hang, 5)
        said.append(str(raised.value))

    thread = threading.Thread(target=call)
    thread.start()
    while thread.is_alive():  # the thread may not have got to its call yet
        helper.close()
        thread.join(0.05)
    assert said == ["it isn't wanted any more"]


def test_closing_one_that_never_worked_is_nothing(helper):
    helper.close()
