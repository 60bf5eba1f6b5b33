"""What surrounds the command: memory limits, pipes, terminals, folders, and signals in its first moments."""

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import psutil
import pytest
from fault_runs import COMMAND, COMMON, KINDS, assert_same, fault, one_sentence, resumable


@pytest.mark.parametrize(
    ("kind", "kilobytes"),
    [
        fault("250 MB of address space", "features", 250_000),
        fault("400 MB of address space", "features", 400_000),
        fault("800 MB of address space", "features", 800_000),
        fault("1.5 GB of address space from scratch", "scratch", 1_500_000),
        fault("3 GB of address space from scratch", "scratch", 3_000_000),
    ],
)
def test_with_little_memory_it_survives_or_says_so_and_is_done_with_more(place, unbroken, kind, kilobytes):
    place.kind = kind
    place.through = ("sh", "-c", f'ulimit -v {kilobytes}; exec "$0" "$@"')
    ended = place.train().end()
    assert ended.status in (0, 1), ended
    if ended.status:
        said = ended.last["message"] if ended.events else ended.errors
        if "ulimit -v" not in said:  # the limit is named beside whatever odd error it led to
            one_sentence(said)
        place.through = ()
        ended = place.train(resume=place.run.is_run).end()
        assert ended.status == 0, ended.last
    assert_same(place.run, unbroken(kind), epochs=False)


@pytest.mark.long
def test_with_few_open_files_allowed_it_trains_or_says_so(place):
    place.through = ("sh", "-c", 'ulimit -n 32; exec "$0" "$@"')
    ended = place.train().end()
    if ended.status:
        one_sentence(ended.last["message"])


def command(place) -> str:
    settings = {**COMMON, **KINDS["features"]}
    words = [
        *COMMAND,
        "train",
        place.data,
        "--run",
        place.run.root,
        *(f"--set={k}={v}" for k, v in settings.items()),
    ]
    return " ".join(f"'{word}'" for word in words)


@pytest.mark.parametrize(
    ("line", "status"),
    [
        fault("read by head -1, which goes away", "{} --json | head -1", 0, quick=True),
        fault("stdout on a full device", "{} --json > /dev/full", None),
        fault("stdout closed", "{} --json >&-", None),
        fault("stderr closed", "{} 2>&-", 0),
        fault("stderr on a full device", "{} 2>/dev/full", None),
        fault("stdin closed", "{} <&-", 0),
        fault("all of them closed", "{} <&- >&- 2>&-", None),
        fault("no HOME and no language", "env -u HOME LC_ALL=C LANG= {}", 0),
        fault("Python told to optimise", "env PYTHONOPTIMIZE=2 {}", 0),
    ],
)
def test_whoever_listens_or_not_the_run_is_trained(place, unbroken, line, status):
    done = subprocess.run(
        ["sh", "-c", line.format(command(place))],
        env={**os.environ, "COUNTERPOISE_HOME": str(place.home)},
        cwd=place.root,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert "Traceback" not in done.stderr
    assert status is None or done.returncode == status, done.stderr
    assert_same(place.run, unbroken("features"))


@pytest.mark.long
def test_a_current_folder_that_has_been_deleted_is_said(place):
    line = "mkdir gone; cd gone; rmdir ../gone; " + command(place)
    done = subprocess.run(["sh", "-c", line], cwd=place.root, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "current folder has been deleted" in done.stderr
    one_sentence(done.stderr)


@pytest.mark.long
def test_started_with_nohup_it_outlives_its_terminal(place, unbroken):
    place.kind = "long"
    place.through = ("nohup",)
    training = place.train()
    training.until("epoch")
    training.send(signal.SIGHUP)
    ended = training.end()
    assert ended.status == 0, ended.last
    assert_same(place.run, unbroken("long"))


def catches(pid: int, number: int) -> bool:
    """Whether a process has set a handler for a signal (Linux tells)."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    caught = next(line.split()[1] for line in lines if line.startswith("SigCgt"))
    return bool(int(caught, 16) >> (number - 1) & 1)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells which signals a process handles")
@pytest.mark.parametrize(
    ("number", "seconds"),
    [
        fault("SIGTERM as soon as the command has begun", "SIGTERM", 0),
        fault("SIGTERM after 0.1 s of work", "SIGTERM", 0.1),
        fault("SIGTERM after 0.2 s of work", "SIGTERM", 0.2),
        fault("SIGTERM after 0.4 s of work", "SIGTERM", 0.4),
        fault("SIGINT as soon as the command has begun", "SIGINT", 0),
        fault("SIGINT after 0.2 s of work", "SIGINT", 0.2),
        fault("SIGHUP after 0.3 s of work", "SIGHUP", 0.3),
    ],
)
def test_a_signal_in_its_first_moments_ends_in_a_last_line(place, unbroken, number, seconds):
    training = place.train()
    process = psutil.Process(training.process.pid)
    while not catches(process.pid, signal.SIGTERM):  # before that the interpreter starts
        threading.Event().wait(0.002)
    begun = sum(process.cpu_times()[:2])
    # Seconds of work, so that a busy computer changes nothing.
    while sum(process.cpu_times()[:2]) - begun < seconds and training.process.poll() is None:
        threading.Event().wait(0.002)
    training.send(getattr(signal, number))
    ended = training.end()
    assert (ended.status, ended.last["event"]) == (1, "failed"), ended
    one_sentence(ended.last["message"])
    assert ended.last["resumable"] is (place.run.is_run and not place.run.is_finished)
    assert place.train(resume=place.run.is_run).end().status == 0
    assert_same(place.run, unbroken("features"))


@pytest.mark.long
def test_a_terminal_that_is_closed_pauses_the_run(place, unbroken):
    place.kind = "long"
    training = place.train()
    training.until("epoch")
    os.killpg(
        training.process.pid, signal.SIGHUP
    )  # what the kernel sends to the group of a terminal that goes
    resumable(training.end())
    assert place.resume().status == 0
    assert_same(place.run, unbroken("long"))


@pytest.mark.long
def test_the_last_line_is_json_whatever_happened_before(place):
    done = place.call("train", place.root / "nowhere", "--run", place.run.root, "--json")
    assert done.returncode == 1
    assert json.loads(done.stdout.splitlines()[-1])["event"] == "failed"
