import json
import signal

import psutil
import pytest

from counterpoise.core.errors import CounterpoiseError
from counterpoise.core.jobs.follow import EventFollower, ask, is_owned
from counterpoise.core.jobs.job import Job
from counterpoise.core.jobs.supervisor import supervise
from counterpoise.core.study.run_folder import RunFolder


@pytest.fixture
def run(tmp_path):
    return RunFolder(tmp_path)


def events(run):
    return [json.loads(line) for line in run.events.read_text().splitlines()]


def test_a_run_that_ends_well(run):
    emitted = []
    assert (
        supervise(run, "job_trials:obey", None, emit=lambda what: emitted.append(what) or press(run, what))
        == 0
    )
    assert [what["event"] for what in events(run)] == ["progress", "finished"]
    assert events(run) == emitted
    assert emitted[-1]["stopped"] is True
    assert emitted[-1]["seconds"] > 0
    assert not run.owner.exists()


def press(run, what, command="stop"):
    if what["event"] == "progress":
        ask(run.control, command)


def test_pause_leaves_it_resumable(run):
    status = supervise(run, "job_trials:obey", None, emit=lambda what: press(run, what, "pause"))
    assert status == 1
    last = events(run)[-1]
    assert (last["event"], last["resumable"]) == ("failed", True)
    assert "--resume" in last["message"]


def test_a_child_that_ignores_pause_is_killed_in_the_end(run):
    status = supervise(
        run, "job_trials:ignore_everything", None, emit=lambda what: press(run, what, "pause"), patience=0.1
    )
    assert status == 1
    assert events(run)[-1]["resumable"] is True


def test_a_death_is_said_and_the_child_started_again(run, tmp_path):
    payload = {"path": str(tmp_path / "deaths"), "deaths": 2, "signal": int(signal.SIGKILL)}
    assert supervise(run, "job_trials:die_until", payload) == 0
    said = events(run)
    assert [what["event"] for what in said] == ["stage", "guard", "stage", "guard", "stage", "finished"]
    guard = said[1]
    assert guard["code"] == "process-died"
    assert guard["evidence"]["signal"] == "SIGKILL"
    assert "SIGKILL" in guard["message"]
    assert said[-1]["lives"] == 2


def test_restarts_are_bounded(run, tmp_path):
    payload = {"path": str(tmp_path / "deaths"), "deaths": 99, "signal": int(signal.SIGABRT)}
    assert supervise(run, "job_trials:die_until", payload, restarts=1) == 1
    said = events(run)
    assert [what["event"] for what in said].count("guard") == 2
    assert said[-1]["resumable"] is True


def test_an_error_of_the_child_is_the_last_line(run):
    assert supervise(run, "job_trials:fail_plainly", None) == 1
    assert events(run)[-1]["message"] == "The folder isn't there. Give another."


def test_sigterm_pauses_and_nothing_is_left(run):
    with Job("job_trials:supervise_obeying", str(run.root)) as job:
        said = job.events()
        child = next(said)["what"]["pid"]
        assert is_owned(run.owner)
        psutil.Process(job.pid).send_signal(signal.SIGTERM)
        *_, last = said
    assert last["result"] == 1
    assert events(run)[-1]["resumable"] is True
    assert not psutil.pid_exists(child)


def test_the_child_ends_when_its_supervisor_is_killed(run):
    with Job("job_trials:supervise_obeying", str(run.root)) as job:
        child = psutil.Process(next(job.events())["what"]["pid"])
        psutil.Process(job.pid).kill()
        child.wait(timeout=5)
        list(job.events())
    assert not is_owned(run.owner)
    # What it left doesn't stand in the way of going on.
    assert supervise(run, "job_trials:nothing", None) == 0


def test_a_run_has_one_owner(run):
    with Job("job_trials:supervise_obeying", str(run.root)) as job:
        next(job.events())
        with pytest.raises(CounterpoiseError, match="another process"):
            supervise(run, "job_trials:nothing", None)


def test_no_absolute_path_reaches_the_events(run):
    supervise(run, "job_trials:die", int(signal.SIGKILL), restarts=0)
    assert "/home" not in run.events.read_text()
    assert str(run.root) not in run.events.read_text() + run.log.read_text()


def test_a_line_cut_off_is_removed_before_going_on(run):
    run.events.write_text('{"event": "started"}\n{"event": "epo')
    supervise(run, "job_trials:nothing", None)
    assert [what["event"] for what in events(run)] == ["started", "finished"]


def test_a_follower_reads_whole_lines_from_its_offset(tmp_path):
    path = tmp_path / "events.jsonl"
    follower = EventFollower(path)
    assert follower.poll() == []
    path.write_text('{"event": "a"}\n{"event": "b"')
    assert [what["event"] for what in follower.poll()] == ["a"]
    with path.open("a") as file:
        file.write('}\n{"event": "c"}\n')
    assert [what["event"] for what in EventFollower(path, follower.offset).poll()] == ["b", "c"]


def test_a_listener_that_goes_away_does_not_end_the_run(run):
    def emit(what):
        raise BrokenPipeError

    assert supervise(run, "job_trials:counted", 3, emit=emit) == 0
    assert [what["event"] for what in events(run)] == ["progress"] * 3 + ["finished"]
