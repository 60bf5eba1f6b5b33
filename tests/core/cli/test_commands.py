"""The contract's commands, from scan to report, as processes on a tiny set."""

import csv
import json
import os
import shutil
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from counterpoise.core.cli.version import product_version

KINDS = {"started", "stage", "progress", "epoch", "guard", "finding", "finished", "failed"}
FINDING = {"code", "severity", "message", "paths", "evidence", "fix"}


def test_version_is_quick(cli: Any) -> None:
    began = time.perf_counter()
    answer = cli("--version")
    assert (answer.status, answer.out) == (0, f"counterpoise {product_version()}\n")
    # Half a second is asked for; the machine of the tests may be busy.
    assert time.perf_counter() - began < 3


def test_scan(cli: Any, tiny: Path) -> None:
    told = cli("scan", "--json", tiny).json
    assert set(told) == {"files", "images", "groups", "classes", "skipped", "findings"}
    assert [(c["name"], c["count"]) for c in told["classes"]] == [("bright", 20), ("dark", 20)]
    assert all(set(finding) == FINDING for finding in told["findings"])
    text = cli("scan", tiny)
    assert text.status == 0
    assert "bright" in text.out


def test_scan_of_class_folders(cli: Any, tiny: Path) -> None:
    one = ("--class", f"a={tiny / 'bright'}", "--class", f"b={tiny / 'dark'}")
    told = cli("scan", *one, "--json").json
    assert [c["name"] for c in told["classes"]] == ["a", "b"]


def test_check(cli: Any, tiny: Path, tmp_path: Path) -> None:
    told = cli("check", tiny, "--run", tmp_path / "run", "--json").json
    assert set(told) == {
        "ok", "findings", "weights", "effective_learning_rate", "settings", "unused"
    }  # fmt: skip
    assert told["ok"] is True
    assert told["weights"] == {"bright": 1.0, "dark": 1.0}
    assert '"auto"' not in json.dumps(told["settings"])
    assert not (tmp_path / "run").exists()


def test_check_that_blocks_is_status_1_with_its_findings(cli: Any, tiny: Path) -> None:
    wrong = ("--set", "weighting.method=custom", "--set", "weighting.custom={bright=nan, dark=1}")
    answer = cli("check", tiny, *wrong, "--json")
    assert answer.status == 1
    assert answer.json["ok"] is False
    assert answer.json["findings"][0]["code"] == "weight-invalid"
    assert answer.json["weights"]["bright"] is None
    assert cli("check", tiny, *wrong).err == ""


def test_dry_run_finds_nothing_wrong(cli: Any, tiny: Path) -> None:
    answer = cli("check", tiny, "--dry-run", "--json")
    assert answer.status == 0
    told = answer.json
    assert "dry-run-failed" not in {finding["code"] for finding in told["findings"]}
    assert told["dry_run"]["ok"]
    assert told["dry_run"]["steps"] == 30
    assert told["dry_run"]["predicted_seconds"] > 0
    assert told["dry_run"]["rate_range"]["safe_high"] > told["dry_run"]["rate_range"]["safe_low"]


def test_a_dry_run_of_what_can_never_run_is_left_out(cli: Any, tiny: Path) -> None:
    wrong = ("--set", "training.batch_size=100000")
    answer = cli("check", tiny, "--dry-run", *wrong, "--json")
    assert answer.status == 1
    assert answer.json["dry_run"] is None
    assert "dry_run" not in cli("check", tiny, "--json").json


def test_settings_of_a_file_and_of_the_line(cli: Any, tiny: Path, tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text('[training]\nepochs = 7\nlearning_rate = 0.01\n[weighting]\nmethod = "balanced"\n')
    told = cli("check", tiny, "--config", file, "--set", "training.epochs=9", "--json").json
    training = told["settings"]["training"]
    assert (training["epochs"], training["learning_rate"]) == (9, 0.01)
    assert told["settings"]["weighting"]["method"] == "balanced"


def test_train_tells_events_and_ends_with_the_run(trained: Any) -> None:
    run, answer = trained
    events = answer.lines
    assert {event["event"] for event in events} <= KINDS
    assert events[0]["event"] == "started"
    assert all(isinstance(event["time"], float) for event in events)
    last = events[-1]
    assert (last["event"], last["run"], last["stopped"]) == ("finished", str(run), False)
    assert {"message", "seconds"} <= set(last)
    epochs = [event for event in events if event["event"] == "epoch"]
    needed = {"epoch", "loss", "val_loss", "val_auc", "learning_rate", "images_per_second"}
    assert [event["epoch"] for event in epochs] == [1, 2]
    assert all(needed <= set(event) for event in epochs)
    assert answer.err == ""


def test_a_run_holds_no_place_outside_it(trained: Any, tiny: Path) -> None:
    run, _ = trained
    for file in run.rglob("*"):
        if file.suffix in (".toml", ".jsonl", ".json", ".csv", ".txt"):
            assert str(tiny.parent) not in file.read_text(), file.name


def test_train_again_into_a_finished_run(cli: Any, trained: Any, tiny: Path) -> None:
    run, _ = trained
    assert cli("train", tiny, "--run", run).status == 1
    before = {file: file.read_bytes() for file in run.iterdir() if file.is_file()}
    again = cli("train", tiny, "--run", run, "--resume", "--json")
    assert again.status == 0
    assert again.lines[-1]["event"] == "finished"
    assert before == {file: file.read_bytes() for file in run.iterdir() if file.is_file()}


def test_train_refuses_blockers_before_any_work(cli: Any, tiny: Path, tmp_path: Path) -> None:
    blocked = ("train", tiny, "--run", tmp_path / "run", "--json", "--set", "training.learning_rate=5")
    answer = cli(*blocked)
    assert answer.status == 1
    assert answer.lines[-1]["event"] == "failed"
    said = answer.lines[-1]["message"]
    assert said.endswith(
        "Mend it with --set training.learning_rate=auto, or accept with --accept learning-rate-too-high."
    )
    assert not (tmp_path / "run").exists()


def test_an_accepted_blocker_is_recorded(cli: Any, tiny: Path, tmp_path: Path) -> None:
    run = tmp_path / "run"
    high = ("--set", "training.learning_rate=5", "--set", "training.epochs=1")
    answer = cli("train", tiny, "--run", run, *high, "--accept", "learning-rate-too-high")
    assert answer.status == 0, answer.err
    assert "learning-rate-too-high" in (run / "config.toml").read_text()
    report = tmp_path / "report.html"
    assert cli("report", run, "--out", report).status == 0
    assert "Trained in spite of" in report.read_text()


def test_a_blocker_that_cannot_be_accepted_stays_one(cli: Any, tiny: Path, tmp_path: Path) -> None:
    words = ("--set", "training.batch_size=5000", "--accept", "batch-too-large")
    high = ("--set", "training.learning_rate=5")
    both = cli("train", tiny, "--run", tmp_path / "run", *words[:2], *high)
    assert "--accept" not in both.err  # one of the two can't be
    assert "Mend them with" in both.err
    answer = cli("train", tiny, "--run", tmp_path / "run", *words)
    assert answer.status == 1
    assert "can't be accepted" in answer.err
    assert answer.err.rstrip().endswith("Mend it with --set training.batch_size=auto.")


def test_evaluate_export_predict_and_report(cli: Any, trained: Any, tiny: Path, tmp_path: Path) -> None:
    run, _ = trained
    told = cli("evaluate", run, "--json").json
    assert told["split"] == "test"
    assert told["opened"] == 1
    assert set(told["metrics"]) == {
        "auc", "accuracy", "balanced_accuracy", "macro_f1", "brier", "ece"
    }  # fmt: skip
    assert cli("evaluate", run, "--json", "--data", tiny).json["opened"] == 2

    exported = cli("export", run, "--format", "onnx", "--out", tmp_path / "out", "--json").json
    assert [(f["format"], f["verified"]) for f in exported["files"]] == [("onnx", True)]
    assert cli("export", run, "--format", "onnx", "--out", tmp_path / "out").status == 1

    (tmp_path / "bad.png").write_bytes(b"no image")
    paths = (tiny / "dark" / "00.png", tmp_path / "bad.png")
    results = cli("predict", tmp_path / "out" / "onnx", *paths, "--json").json["results"]
    assert [row["error"] is None for row in results] == [True, False]
    assert abs(sum(results[0]["probabilities"].values()) - 1) < 1e-4
    of_run = cli("predict", run, paths[0], "--json").json["results"][0]
    assert of_run["predicted"] == results[0]["predicted"]

    table = tmp_path / "table.csv"
    told = cli("predict", run, tiny, paths[1], "--csv", table, "--json").json
    assert told == {"csv": str(table), "images": 41, "errors": 1}
    with table.open(newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["path", "frame", "predicted", "p_bright", "p_dark", "error"]
    assert len(rows) == 42

    page = tmp_path / "report.html"
    assert cli("report", run, "--out", page, "--json").json == {"report": str(page)}
    assert "opened 2 times" in page.read_text()


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no names that are no text")
def test_a_name_that_is_no_text_has_its_row_in_the_table(
    cli: Any, trained: Any, tiny: Path, tmp_path: Path
) -> None:
    odd = tmp_path / "images" / os.fsdecode(b"odd \xff.png")
    odd.parent.mkdir()
    shutil.copy(next(path for path in tiny.rglob("*.png")), odd)
    table = tmp_path / "table.csv"
    assert cli("predict", trained[0], odd.parent, "--csv", table, "--json").json["errors"] == 0
    assert "odd \\udcff.png," in table.read_text(encoding="utf-8")


def test_nothing_predicted_is_status_1_with_one_object(cli: Any, trained: Any, tmp_path: Path) -> None:
    (tmp_path / "bad.png").write_bytes(b"no image")
    answer = cli("predict", trained[0], tmp_path / "bad.png", "--json")
    assert answer.status == 1
    assert answer.json["error"]
    assert len(answer.json["results"]) == 1


def test_quiet_says_nothing_but_the_result(cli: Any, tiny: Path) -> None:
    assert cli("check", tiny, "--dry-run", "--quiet").err == ""


def test_a_study_is_data_too(cli: Any, tiny: Path, tmp_path: Path) -> None:
    from counterpoise.core.settings import Settings
    from counterpoise.core.study.study import create_study

    chosen = Settings().changed({"training.epochs": 5})
    study = create_study(tmp_path / "study", data=tiny, settings=chosen)
    told = cli("check", study.root, "--json").json
    assert told["settings"]["training"]["epochs"] == 5


def test_cache_clear_leaves_what_isnt_ours(cli: Any, tiny: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    assert cli("scan", tiny, "--cache", cache).status == 0
    (cache / "mine.txt").write_text("x")
    assert (cache / "catalogs").is_dir()
    assert cli("cache", "clear", "--cache", cache, "--json").json["freed_bytes"] > 0
    assert [entry.name for entry in cache.iterdir()] == ["mine.txt"]


def test_doctor(cli: Any) -> None:
    told = cli("doctor", "--json").json
    assert set(told) == {"ok", "checks", "versions", "gpu"}
    assert all(set(check) == {"name", "ok", "message"} for check in told["checks"])
    assert told["gpu"]["available"] or told["gpu"]["reason"]


def test_self_test(cli: Any) -> None:
    answer = cli("self-test", "--json")
    assert answer.status == 0, answer.out
    assert answer.json["seconds_to_window"] > 0
    assert all(set(check) == {"name", "ok", "seconds", "message"} for check in answer.json["checks"])
