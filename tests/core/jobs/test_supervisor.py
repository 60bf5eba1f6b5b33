import json
import resource
import signal

import psutil
import pytest

from counterpoise.core.errors import CounterpoiseError
from counterpoise.core.jobs.event_writer import EventWriter
from counterpoise.core.jobs.events import event
from counterpoise.core.jobs.follow import EventFollower, ask
from counterpoise.core.jobs.job import Job
from counterpoise.core.jobs.ownership import is_owned
from counterpoise.core.jobs.scrub import Scrubber
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


def test_a_clock_that_was_set_back_hides_no_owner(run):
    with Job("job_trials:supervise_obeying", str(run.root)) as job:
        next(job.events())
        said = json.loads(run.owner.read_text())
        with run.owner.open("r+") as file:
            json.dump({**said, "created": said["created"] - 7200}, file)
        assert is_owned(run.owner)
        with pytest.raises(CounterpoiseError, match="another process"):
            supervise(run, "job_trials:nothing", None)


def test_a_child_that_was_halted_is_reported_and_can_be_paused(run):
    def halted(what):
        if what["event"] == "progress":
            psutil.Process(what["pid"]).suspend()
        elif what["event"] == "guard":
            ask(run.control, "pause")

    status = supervise(run, "job_trials:obey", None, emit=halted, patience=0.1, quiet=0.1)
    assert status == 1
    guard, last = events(run)[-2:]
    assert (guard["code"], guard["evidence"]["state"]) == ("stalled", "stopped")
    assert (last["event"], last["paused"]) == ("failed", True)


def test_a_silent_child_that_was_asked_to_stop_is_ended_and_the_next_one_stops(run):
    halted = []

    def emit(what):
        if what["event"] == "progress" and not halted:
            halted.append(psutil.Process(what["pid"]))
            halted[0].suspend()
            ask(run.control, "stop")

    assert supervise(run, "job_trials:obey", None, emit=emit, quiet=0.1) == 0
    assert events(run)[-1]["stopped"] is True
    assert not halted[0].is_running()


@pytest.mark.parametrize("how", ["raise", "die"])
def test_want_of_memory_starts_a_child_with_less(run, how):
    asked = []

    def less(payload, last):
        asked.append(last["cause"])
        return {**payload, "size": payload["size"] // 2}

    status = supervise(run, "job_trials:need_memory", {"size": 8, "how": how}, after_memory=less)
    assert status == 0
    assert events(run)[-1]["size"] == 2
    assert len(asked) == 2
    guards = [what for what in events(run) if what["event"] == "guard"]
    assert [what["evidence"]["memory"] for what in guards] == [True, True]
    assert "smaller pieces" in guards[0]["message"]


def test_a_full_disk_costs_no_event(run):
    """The size of a file is limited as a disk is; what couldn't be written comes when there is room."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    with EventWriter(run.events, Scrubber(), None) as write:
        write(event("started"))
        resource.setrlimit(resource.RLIMIT_FSIZE, (run.events.stat().st_size + 20, before[1]))
        try:
            for number in range(3):
                write(event("epoch", epoch=number))
            write(event("progress", done=1))
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
        assert "epoch" not in [what["event"] for what in EventFollower(run.events).poll()]
        write(event("finished"))
    assert [what["event"] for what in events(run)] == ["started", *["epoch"] * 3, "finished"]
