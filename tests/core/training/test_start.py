"""Runs as the command line starts them: supervised, in a child process."""

import json
import shutil

import pytest
from tests_training import work_here

from counterpoise.core.catalog.scan import scan
from counterpoise.core.catalog.sources import open_sources
from counterpoise.core.errors import CounterpoiseError
from counterpoise.core.jobs.follow import ask
from counterpoise.core.study.run_folder import RunFolder
from counterpoise.core.training.record import read_config
from counterpoise.core.training.start import prepare_run, resume, train

OTHERS = ("model.onnx", "predictions.csv", "labels.json", "split.csv", "preprocessing.json", "model.keras")


def events(run):
    return [json.loads(line) for line in run.events.read_text().splitlines()]


def test_a_run_from_start_to_end(make, discs):
    emitted = []
    plan = make(**{"training.epochs": 3})
    assert train(plan, emit=emitted.append) == 0
    run = RunFolder(plan.run)
    assert emitted[0]["event"] == "started"
    assert emitted[-1]["event"] == "finished"
    assert emitted[-1]["seconds"] > 0
    told = events(run)
    assert [e["event"] for e in told] == [e["event"] for e in emitted]
    assert "run" not in told[-1]
    assert sum(e["event"] == "epoch" for e in told) == 3
    for path in run.root.iterdir():
        if path.suffix not in (".keras", ".onnx"):
            assert str(discs) not in path.read_text(), path.name
            assert str(plan.cache) not in path.read_text(), path.name


def test_resuming_a_finished_run_changes_nothing(make):
    told = work_here(make())
    before = {p.name: p.read_bytes() for p in told.run.root.iterdir()}
    emitted = []
    assert resume(told.run, None, emit=emitted.append) == 0
    assert [e["event"] for e in emitted] == ["finished"]
    assert {p.name: p.read_bytes() for p in told.run.root.iterdir()} == before


def test_pause_then_resume_with_moved_images(make, discs, tmp_path):
    changes = {"training.epochs": 40, "training.patience": 40}
    whole = work_here(make("whole", **changes))
    plan = make("broken", **changes)
    run = RunFolder(plan.run)

    def pause(what):
        if what["event"] == "stage" and what["stage"] == "learn":
            ask(run.control, "pause")

    assert train(plan, emit=pause) == 1
    last = events(run)[-1]
    assert (last["event"], last["resumable"], last["paused"]) == ("failed", True, True)
    moved = tmp_path / "moved" / "here"
    shutil.copytree(discs, moved)
    assert resume(run, open_sources(moved), plan.cache, emit=lambda _: None) == 0
    for name in OTHERS:
        assert (run.root / name).read_bytes() == (whole.run.root / name).read_bytes(), name
    epochs = [e["epoch"] for e in events(run) if e["event"] == "epoch"]
    assert epochs == list(range(1, 41))


def test_images_that_are_gone_are_named(make, discs, tmp_path):
    plan = make()
    run = RunFolder(plan.run)
    prepare_run(run, plan)
    shutil.copytree(discs, tmp_path / "fewer")
    lost = plan.catalog.part("train")[0].path
    (tmp_path / "fewer" / lost).unlink()
    fewer = scan(open_sources(tmp_path / "fewer"), plan.settings.data, cache=plan.cache)
    with pytest.raises(CounterpoiseError, match=f"1 image of the run can't be found.*{lost}"):
        resume(run, fewer, plan.cache, emit=lambda _: None)


def test_a_split_that_was_changed_is_refused(make):
    plan = make()
    run = RunFolder(plan.run)
    prepare_run(run, plan)
    rows = run.split.read_text().splitlines(keepends=True)
    run.split.write_text("".join(rows[:-1]))
    with pytest.raises(CounterpoiseError, match=r"split\.csv was changed since the run began"):
        resume(run, None, plan.cache, emit=lambda _: None)


def test_a_folder_that_holds_something_is_refused(make):
    plan = make()
    plan.run.mkdir()
    (plan.run / "mine.txt").write_text("precious")
    with pytest.raises(CounterpoiseError, match="new or empty"):
        train(plan, emit=lambda _: None)
    assert [p.name for p in plan.run.iterdir()] == ["mine.txt"]


def test_the_record_comes_back_as_it_was(make):
    plan = make(**{"weighting.method": "balanced", "training.time_budget_minutes": 5})
    config = prepare_run(RunFolder(plan.run), plan)
    assert read_config(RunFolder(plan.run)) == config
    assert config.settings.to_json()["training"]["learning_rate"] != "auto"
    assert config.requested.training.learning_rate == "auto"
    assert sum(config.prevalence.values()) == pytest.approx(1)


def test_a_newer_record_is_refused(make):
    plan = make()
    run = RunFolder(plan.run)
    prepare_run(run, plan)
    run.config.write_text(run.config.read_text().replace("format_version = 1", "format_version = 99", 1))
    with pytest.raises(CounterpoiseError, match="newer Counterpoise"):
        read_config(run)
