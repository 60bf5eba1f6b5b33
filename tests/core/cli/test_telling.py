"""What people read while a run trains."""

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from planted_runs import written

from counterpoise.core.cli.commands.check import verdict
from counterpoise.core.cli.output import Output, table
from counterpoise.core.cli.show import findings_text, scan_text, toml_value
from counterpoise.core.cli.training_events import STAGES, Teller
from counterpoise.core.jobs.events import event
from counterpoise.core.settings.files import parse_override
from counterpoise.core.study.run_folder import RunFolder

__all__ = ["written"]

RUN = [
    {"event": "started", "time": 0.0},
    {"event": "finding", "severity": "info", "message": "Fine.", "code": "no-gpu"},
    {"event": "finding", "severity": "warning", "message": "Look.", "code": "weighting-twice"},
    {"event": "stage", "stage": "learn", "total": 2},
    {"event": "progress", "stage": "learn", "done": 1, "total": 2},
    {"event": "epoch", "epoch": 1, "loss": 0.5, "val_loss": None, "val_auc": 0.75},
    {"event": "guard", "severity": "warning", "message": "Refused.", "code": "non-finite-step"},
]
END = {"event": "finished", "message": "Done.", "seconds": 12.0}


def test_progress_goes_to_stderr_and_the_run_to_stdout(capsys: pytest.CaptureFixture[str]) -> None:
    teller = Teller(Output(), Path("run"))
    for what in (*RUN, END):
        teller(what)
    out, err = capsys.readouterr()
    assert out == "run (12 s)\n"
    assert err.splitlines() == [
        "warning: Look. [weighting-twice]",
        "round 1: loss 0.5000, validation –, AUC 0.7500",
        "warning: Refused. [non-finite-step]",
        "Done.",
    ]


def test_the_last_line_names_the_run_as_written(capsys: pytest.CaptureFixture[str]) -> None:
    Teller(Output(json=True), "./runs/one/")(END)
    assert '"run": "./runs/one/"' in capsys.readouterr().out


def test_quiet_still_says_why_it_failed(capsys: pytest.CaptureFixture[str]) -> None:
    teller = Teller(Output(quiet=True), Path("run"))
    for what in (*RUN, {"event": "failed", "message": "No.", "seconds": 1.0}):
        teller(what)
    assert capsys.readouterr() == ("", "No.\n")


def test_a_program_that_was_updated_meanwhile_doesnt_spoil_the_last_line(
    written: Callable[..., RunFolder], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run = written([END])
    teller = Teller(Output(json=True), run.root)
    monkeypatch.setitem(sys.modules, "counterpoise.core.training.diagnosis", None)  # can't be loaded any more
    teller(END)
    assert json.loads(capsys.readouterr().out)["diagnosis"] == []


@pytest.fixture
def failed(written: Callable[..., RunFolder]) -> Path:
    """A run whose process died four times of want of memory."""
    evidence = {"memory": True, "attempt": 4, "restarts": 3}
    last = {**FAILED, "event": "failed"}
    return written([{"event": "guard", "code": "process-died", "evidence": evidence}, last]).root


FAILED = {"kind": "failed", "message": "It ended.", "seconds": 1.0}


def test_a_failed_run_is_explained_before_its_last_sentence(
    failed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Teller(Output(), failed)(event(**FAILED))
    first, second, last = capsys.readouterr().err.splitlines()
    assert first.startswith("Memory ran out: ")
    assert second.startswith("  train anew: ")
    assert "--set training.batch_size=16" in second
    assert last == "It ended."


def test_json_carries_the_explanation_in_its_last_line(
    failed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Teller(Output(json=True), failed)(event(**FAILED))
    (line,) = capsys.readouterr().out.splitlines()
    (told,) = json.loads(line)["diagnosis"]
    assert (told["code"], told["severity"], told["fix"]["set"]["training.batch_size"]) == (
        "memory",
        "blocker",
        16,
    )


def test_every_stage_has_its_words() -> None:
    assert {"decode", "scaling", "embed", "head", "build", "learn", "finish"} <= set(STAGES)


@pytest.mark.parametrize(
    "value",
    [
        1e-3,
        64,
        "auto",
        "mean_one",
        [40.0, 80.0],
        {"a b": 1.0, "ö": 2.5},
        True,
        "name:^([^_]+)_",
        ["a b.png", "it's.png"],
    ],
)
def test_a_fix_as_printed_can_be_typed_back(value: object) -> None:
    import shlex

    (word,) = shlex.split(f"table.key={toml_value(value)}")
    assert parse_override(word)[1] == value


def test_a_finding_shows_code_files_and_fix() -> None:
    finding = {
        "code": "x", "severity": "blocker", "message": "It is so.", "paths": ["a", "b", "c", "d"],
        "evidence": {}, "fix": {"label": "Mend it", "set": {"training.epochs": 3}},
    }  # fmt: skip
    assert findings_text([finding]).splitlines() == [
        "BLOCKER: It is so. [x]",
        "  files: a, b, c and 1 more",
        "  fix: Mend it (--set training.epochs=3)",
    ]


@pytest.mark.parametrize(
    ("severities", "line"),
    [
        (["info"], "Nothing stands in the way."),
        (["info", "warning"], "Nothing stands in the way, but look at the 1 warning first."),
        (["warning"] * 2, "Nothing stands in the way, but look at the 2 warnings first."),
    ],
)
def test_the_last_line_of_a_check_counts_the_warnings(severities: list[str], line: str) -> None:
    assert verdict({"ok": True, "findings": [{"severity": severity} for severity in severities]}) == line
    assert verdict({"ok": False, "findings": []}) == "Training would not start like this."


@pytest.mark.parametrize(
    ("copies", "table_told"),
    [
        (0, "class  train  val  test  all\na          6    2     2   10\nb          5    1     1    7"),
        (
            3,
            "class  train  val  test  left out  all\na          6    2     2         0   10\n"
            "b          5    1     1         3   10",
        ),
    ],
)
def test_the_table_of_a_scan_adds_up(copies: int, table_told: str) -> None:
    classes = [
        {"name": "a", "count": 10, "splits": {"train": 6, "val": 2, "test": 2}},
        {"name": "b", "count": 7 + copies, "splits": {"train": 5, "val": 1, "test": 1}},
    ]
    told = {"images": 17 + copies, "files": 20, "classes": classes, "findings": []}
    assert scan_text(told) == f"{17 + copies} images of 20 files\n\n{table_told}"


def test_tables_line_up() -> None:
    assert table([("class", "n"), ("a", 100)]) == "class    n\na      100"
