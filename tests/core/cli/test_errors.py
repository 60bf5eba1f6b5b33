"""Whatever goes wrong: one sentence, the right status, JSON where JSON was asked for."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from counterpoise.core.cli import edge
from counterpoise.core.errors import CounterpoiseError

Said = tuple[int, str, str]
Words = tuple[str, ...]


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str], monkeypatch: Any, tmp_path: Path) -> Callable[..., Said]:
    monkeypatch.setenv("COUNTERPOISE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("COUNTERPOISE_CACHE", "")

    def call(*arguments: object) -> Said:
        status = edge.run([str(argument) for argument in arguments])
        told = capsys.readouterr()
        return status, told.out, told.err

    return call


WRONG = {
    "unknown command": ("scn",),
    "unknown option": ("scan", "{data}", "--jsn"),
    "missing option": ("train", "{data}"),
    "missing argument": ("predict",),
    "unknown table": ("check", "{data}", "--set", "trainig.epochs=3"),
    "unknown key": ("check", "{data}", "--set", "training.epoch=3"),
    "wrong type": ("check", "{data}", "--set", "training.epochs=many"),
    "out of bounds": ("check", "{data}", "--set", "training.epochs=0"),
    "no value": ("check", "{data}", "--set", "training.epochs"),
    "no pattern": ("scan", "{data}", "--group-by", "name:("),
    "pattern without a group": ("scan", "{data}", "--group-by", "name:abc"),
    "unknown way of grouping": ("scan", "{data}", "--group-by", "nam"),
    "unknown network": ("check", "{data}", "--set", "model.name=efficient"),
    "unknown positive class": ("check", "{data}", "--set", "data.positive=brigt"),
    "class without a folder": ("scan", "--class", "a"),
    "data twice": ("scan", "{data}", "--class", "a={data}"),
    "unknown code": ("train", "{data}", "--run", "{new}", "--accept", "weight-invald"),
    "unknown format": ("export", "{new}", "--format", "pickle", "--out", "{new}"),
    "report of another kind": ("report", "{new}", "--out", "report.txt"),
}
IMPOSSIBLE = {
    "no folder": ("scan", "{new}"),
    "a file for a folder": ("scan", "{file}"),
    "an empty folder": ("scan", "{empty}"),
    "no settings file": ("check", "{data}", "--config", "{new}"),
    "no labels file": ("scan", "{data}", "--labels", "{new}"),
    "no run": ("evaluate", "{new}"),
    "no model": ("predict", "{new}", "{data}"),
    "a folder that is no model": ("predict", "{data}", "{data}"),
    "a run that isn't there": ("train", "{data}", "--run", "{new}", "--resume"),
    "a run folder that exists": ("train", "{data}", "--run", "{data}"),
    "a report of nothing": ("report", "{new}", "--out", "{new}.html"),
    "an export of nothing": ("export", "{new}", "--format", "onnx", "--out", "{new}"),
    "a study that isn't there": ("gui", "{new}"),
}


def filled(words: tuple[str, ...], tiny: Path, tmp_path: Path) -> list[str]:
    (tmp_path / "empty").mkdir(exist_ok=True)
    (tmp_path / "file").write_text("x")
    places = {
        "data": tiny, "new": tmp_path / "new", "file": tmp_path / "file", "empty": tmp_path / "empty"
    }  # fmt: skip
    return [word.format(**places) if "{" in word else word for word in words]


def is_sentence(text: str) -> bool:
    return text.count("\n") == 1 and "Traceback" not in text and text.rstrip()[-1] in ".?!)"


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_request_is_status_2(name: str, say: Any, tiny: Path, tmp_path: Path) -> None:
    words = filled(WRONG[name], tiny, tmp_path)
    status, out, err = say(*words)
    assert (status, out) == (2, "")
    assert is_sentence(err), err
    status, out, err = say(*words, "--json")
    assert (status, err) == (2, "")
    told = json.loads(out)
    assert is_sentence((told["message"] if words[0] == "train" else told["error"]) + "\n")


@pytest.mark.parametrize("name", IMPOSSIBLE)
def test_what_cannot_be_done_is_status_1(name: str, say: Any, tiny: Path, tmp_path: Path) -> None:
    words = filled(IMPOSSIBLE[name], tiny, tmp_path)
    status, out, err = say(*words)
    assert (status, out) == (1, "")
    assert is_sentence(err), err
    status, out, err = say("--json", *words)
    assert (status, err) == (1, "")
    told = json.loads(out)
    if words[0] == "train":
        assert told["event"] == "failed"
        assert told["message"]
    else:
        assert list(told) == ["error"]


@pytest.mark.parametrize(
    ("words", "near"),
    [
        (("scn",), "'scan'"),
        (("check", "{data}", "--set", "training.epoch=3"), "'training.epochs'"),
        (("train", "{data}", "--run", "{new}", "--accept", "weight-invald"), "'weight-invalid'"),
        (("scan", "{data}", "--quit"), "'--quiet'"),
    ],
)
def test_the_nearest_name_is_said(words: Any, near: str, say: Any, tiny: Path, tmp_path: Path) -> None:
    assert near in say(*filled(words, tiny, tmp_path))[2]


def test_a_fault_of_ours_is_a_sentence_too(capsys: pytest.CaptureFixture[str]) -> None:
    def fail() -> int:
        raise ZeroDivisionError("x\ny")

    assert edge.guarded(["scan"], fail) == 1
    err = capsys.readouterr().err
    assert is_sentence(err)
    assert "ZeroDivisionError: x y" in err


def test_a_traceback_comes_with_debug_alone(capsys: pytest.CaptureFixture[str]) -> None:
    def fail() -> int:
        raise CounterpoiseError("It failed.")

    edge.guarded(["scan", "--debug"], fail)
    assert "Traceback" in capsys.readouterr().err
    edge.guarded(["scan"], fail)
    assert capsys.readouterr().err == "It failed.\n"


def test_ctrl_c_is_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    def interrupted() -> int:
        raise KeyboardInterrupt

    before = signal.getsignal(signal.SIGINT)
    try:
        assert edge.guarded(["scan"], interrupted) == 1
    finally:
        signal.signal(signal.SIGINT, before)
    assert is_sentence(capsys.readouterr().err)


def test_a_full_disk_is_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    def fail() -> int:
        raise OSError(28, "No space left on device", "model.keras")

    assert edge.guarded(["train", "--json"], fail) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["event"] == "failed"
    assert "model.keras: No space left on device" in told["message"]


def test_the_json_option_is_not_taken_from_behind_the_end_of_options(
    capsys: pytest.CaptureFixture[str], say: Any
) -> None:
    status, out, err = say("predict", "nowhere", "--", "--json")
    assert (status, out) == (1, "")
    assert is_sentence(err)


def test_a_training_that_never_began_ends_with_the_run_as_written(say: Any, tiny: Path) -> None:
    as_written = f"{tiny}/./"
    status, out, _ = say("train", tiny, f"--run={as_written}", "--json")
    told = json.loads(out)
    assert status == 1
    assert (told["event"], told["run"], told["resumable"]) == ("failed", as_written, False)
    assert told["seconds"] >= 0


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has neither SIGTERM for others nor FIFOs")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_before_the_run_is_there_is_said(number: signal.Signals, tiny: Path, tmp_path: Path) -> None:
    gate = tmp_path / "settings.toml"
    os.mkfifo(gate)
    words = ("train", str(tiny), "--run", str(tmp_path / "run"), "--config", str(gate), "--json")
    with subprocess.Popen(
        [sys.executable, "-m", "counterpoise.core.cli.main", *words], stdout=subprocess.PIPE, text=True
    ) as process:
        writing = os.open(gate, os.O_WRONLY)  # waits until the command reads its settings
        process.send_signal(number)
        out, _ = process.communicate(timeout=60)
        os.close(writing)
    told = json.loads(out)
    assert process.returncode == 1
    assert (told["event"], told["run"], told["resumable"]) == ("failed", str(tmp_path / "run"), False)
    assert not (tmp_path / "run").exists()


@pytest.mark.skipif(sys.platform != "linux", reason="Linux tells which signals a process hears")
@pytest.mark.parametrize("command", [("train", "{data}", "--run", "{data}/run"), ("scan", "{data}")])
def test_a_signal_while_the_program_starts_is_answered(command: Words, tiny: Path) -> None:
    words = [word.format(data=tiny) for word in command]
    with subprocess.Popen(
        [sys.executable, "-m", "counterpoise.core.cli.main", *words, "--json"],
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        while not hears(process.pid, signal.SIGTERM):
            pass
        process.send_signal(signal.SIGTERM)
        out, _ = process.communicate(timeout=60)
    assert process.returncode == 1
    assert json.loads(out)["message" if words[0] == "train" else "error"].startswith("Interrupted")


def hears(pid: int, number: int) -> bool:
    status = Path(f"/proc/{pid}/status").read_text()
    caught = next(line.split()[1] for line in status.splitlines() if line.startswith("SigCgt"))
    return bool(int(caught, 16) >> (number - 1) & 1)


def test_signs_of_equality_may_stand_in_the_name_of_a_class_and_of_a_folder(say, tmp_path: Path) -> None:
    for folder in ("a=b", "c"):
        make_folder(tmp_path / folder)
    status, out, _ = say(
        "scan", "--class", f"x=y={tmp_path / 'a=b'}", "--class", f"z={tmp_path / 'c'}", "--json"
    )
    assert status == 0
    assert [entry["name"] for entry in json.loads(out)["classes"]] == ["x=y", "z"]


def make_folder(folder: Path) -> None:
    folder.mkdir()
    Image.new("L", (8, 8), len(folder.name)).save(folder / "1.png")
