import signal

import psutil
import pytest

from counterpoise.core.errors import CounterpoiseError
from counterpoise.core.jobs.job import Job
from counterpoise.core.jobs.process import cause_of


def kinds(job):
    return [what["event"] for what in job.events()]


def test_sends_events_and_a_result():
    with Job("job_trials:count", 3) as job:
        events = list(job.events())
    assert [what["event"] for what in events] == ["progress"] * 3 + ["finished"]
    assert events[-1]["result"] == 6
    assert all(what["time"] > 1e9 for what in events)
    assert not job.alive


def test_result_raises_the_childs_sentence():
    with Job("job_trials:fail_plainly") as job, pytest.raises(CounterpoiseError, match="isn't there"):
        job.result()


def test_an_unforeseen_error_is_one_sentence_and_the_trace_is_in_the_log(tmp_path):
    log = tmp_path / "log.txt"
    with Job("job_trials:fail_unforeseen", log=log) as job:
        last = list(job.events())[-1]
    assert last["event"] == "failed"
    assert "an odd value" in last["message"]
    text = log.read_text()
    assert "ValueError: an odd value" in text
    assert "Traceback" in text
    assert ' "/' not in text


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV, signal.SIGABRT])
def test_the_cause_of_death_is_named(number):
    with Job("job_trials:die", int(number)) as job:
        events = list(job.events())
    assert [what["event"] for what in events] == ["progress", "failed"]
    cause = events[-1]["cause"]
    assert cause["signal"] == number.name
    assert "the library gave up" in cause["last_words"]
    assert "/home/someone" not in str(events)
    assert number.name in events[-1]["message"]


def test_an_exit_code_is_named():
    with Job("job_trials:leave", 7) as job:
        last = list(job.events())[-1]
    assert last["cause"] == {"signal": None, "exit_code": 7, "last_words": ""}


def test_the_log_holds_no_absolute_path(tmp_path):
    log = tmp_path / "log.txt"
    with Job("job_trials:talk", log=log) as job:
        list(job.events())
    assert log.read_text() == "hello from …/scan.png\nas Python quotes it: '…/scan.png'\n"


def test_cancel_is_polite():
    with Job("job_trials:wait_for_cancel") as job:
        events = job.events()
        next(events)
        job.cancel()
        assert next(events)["result"] == "cancelled"


def test_cancel_kills_who_does_not_listen():
    with Job("job_trials:ignore_everything") as job:
        events = job.events()
        pid = next(events)["pid"]
        job.cancel(grace=0.05)
        assert next(events)["cause"]["signal"] == "SIGKILL"
    assert not psutil.pid_exists(pid)


def test_a_timeout_ends_the_iteration_but_not_the_job():
    with Job("job_trials:wait_for_cancel") as job:
        next(job.events())
        assert list(job.events(timeout=0.01)) == []
        assert job.alive
        job.cancel()
        assert kinds(job) == ["finished"]


def test_leaving_the_block_leaves_no_process():
    with Job("job_trials:ignore_everything") as job:
        pid = next(job.events())["pid"]
    assert not psutil.pid_exists(pid)


def test_stop_reaches_the_child():
    with Job("job_trials:obey") as job:
        next(job.events())
        job.send("stop")
        assert job.result() == {"stopped": True}


def test_chatter_of_libraries_is_no_last_word():
    said = "the library gave up\nI0000 00:00:1795409368.246350   18685 cudart_stub.cc:31] Could not find\n"
    assert cause_of(-6, said).words.endswith("its last words were: the library gave up")
    assert "last words" not in cause_of(-9, said.splitlines()[1]).words


def test_a_child_whose_log_cannot_be_written_ends_all_the_same(tmp_path):
    with Job("job_trials:chatter", 300_000, log=tmp_path / "missing" / "log.txt") as job:
        assert job.result() == 300_000
