import itertools
import os
import sys

import job_trials
import psutil
import pytest

from counterpoise.core.jobs.pool import Limits, WorkerDied, robust_map


def test_every_item_has_its_result():
    assert dict(robust_map(job_trials.square, range(500), workers=2)) == {i: i * i for i in range(500)}


def test_in_order():
    results = list(robust_map(job_trials.square, range(100), workers=2, ordered=True))
    assert results == [(i, i * i) for i in range(100)]


def test_a_death_takes_only_its_item():
    heard = []
    results = dict(
        robust_map(
            job_trials.square_or_die, range(40), workers=2, on_death=lambda i, died: heard.append((i, died))
        )
    )
    died = {index for index, result in results.items() if isinstance(result, WorkerDied)}
    assert died == {3, 13, 23, 33}
    assert {i: r for i, r in results.items() if i not in died} == {
        i: i * i for i in range(40) if i not in died
    }
    assert "SIGKILL" in results[3].reason
    assert {index for index, _ in heard} == died


def test_a_hanging_item_is_given_up():
    results = dict(robust_map(job_trials.square_or_hang, range(12), workers=2, timeout=0.4))
    assert results.pop(5).kind == "timeout"
    assert results == {i: i * i for i in range(12) if i != 5}


def test_an_item_that_computes_for_ever_is_told_from_one_that_waits():
    limits = Limits(computing=0.2, memory=2**30, more=lambda x: 0.1 * (x == 5))
    results = dict(robust_map(job_trials.square_or_compute, range(8), workers=2, limits=limits))
    assert results.pop(5).kind == "work"
    assert results == {i: i * i for i in range(8) if i != 5}


@pytest.mark.skipif(sys.platform != "linux", reason="memory is held down by the system on Linux only")
def test_an_item_that_wants_too_much_memory_is_refused_it():
    sizes = [1000, 2**30, 2000]
    limits = Limits(computing=10.0, memory=2**28)
    results = dict(robust_map(job_trials.length_of, sizes, workers=1, limits=limits))
    assert results.pop(1).reason.startswith("MemoryError")
    assert results == {0: 1000, 2: 2000}


@pytest.mark.parametrize("inline", [True, False])
def test_an_error_is_a_result(inline):
    results = dict(robust_map(job_trials.square_or_raise, range(4), workers=1, inline=inline))
    assert results.pop(2) == WorkerDied("error", "ValueError: two")
    assert results == {0: 0, 1: 1, 3: 9}


def test_few_items_may_run_here():
    assert dict(robust_map(job_trials.own_pid, range(3), inline=True)) == dict.fromkeys(range(3), os.getpid())


def test_an_endless_source_is_read_as_needed_and_closing_ends_the_workers():
    results = robust_map(job_trials.own_pid, itertools.count(), workers=2)
    pids = {next(results)[1] for _ in range(200)}
    results.close()
    assert not any(psutil.pid_exists(pid) for pid in pids)
