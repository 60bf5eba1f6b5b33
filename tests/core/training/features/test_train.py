import json

import numpy as np
import pytest
from tests_training import work_here

from counterpoise.core.errors import CounterpoiseError
from counterpoise.core.figures.predictions import read_predictions
from counterpoise.core.pixels.store import ImageStore
from counterpoise.core.prediction.opening import open_model
from counterpoise.core.study.run_folder import RunFolder
from counterpoise.core.training.checkpoints import Checkpoints, identity
from counterpoise.core.training.features.feature_rows import FeatureRows, fit_evening
from counterpoise.core.training.record import read_config
from counterpoise.core.training.start import make_work


@pytest.fixture
def told(make):
    return work_here(make())


def test_it_leaves_a_whole_run(told):
    assert {p.name for p in told.run.root.iterdir()} == {
        "config.toml", "split.csv", "model.keras", "model.onnx", "labels.json", "preprocessing.json",
        "predictions.csv", "metrics.json", "manifest.json",
    }  # fmt: skip
    metrics = json.loads(told.run.metrics.read_text())
    assert metrics["validation"]["metrics"]["auc"]["value"] > 0.9
    assert metrics["cross_validated"]["metrics"]["auc"]["value"] > 0.9
    assert metrics["openings"] == 0
    assert metrics["evaluations"] == []
    assert told.result["stopped"] is False


def test_epochs_tell_what_the_contract_says(told):
    epochs = told.of("epoch")
    assert [e["epoch"] for e in epochs] == list(range(1, len(epochs) + 1))
    keys = {"loss", "val_loss", "val_auc", "learning_rate", "images_per_second", "device", "memory_used"}
    assert all(keys <= set(e) for e in epochs)
    assert epochs[-1]["loss"] < epochs[0]["loss"]
    assert {e["stage"] for e in told.of("stage")} == {"decode", "scaling", "embed", "learn", "finish"}


def test_the_model_predicts_what_the_run_recorded(told, make):
    plan = make("other")
    labels, lines = read_predictions(told.run.predictions)
    model = open_model(told.run.root)
    val = {image.path: image for image in plan.catalog.part("val")}
    images = [val[line.path] for line in lines]
    assert len(images) == len(val)
    store = ImageStore.open(plan.cache, plan.catalog.sources, images, plan.format)
    store.fill()
    found = model.probabilities(store.read(np.arange(len(images))))
    store.close()
    assert np.abs(found - np.array([line.probabilities for line in lines])).max() < 1e-5
    decided = [labels[i] for i in model.decide(found)]
    assert decided == [line.predicted for line in lines]


def test_a_second_run_with_other_weights_embeds_nothing_anew(make):
    first = work_here(make("first"))
    second = work_here(make("second", **{"weighting.method": "balanced", "weighting.sampling": "natural"}))
    images = first.of("progress")[-1]["total"]
    embed = [e for e in second.of("progress") if e["stage"] == "embed"]
    assert [e["done"] for e in embed] == [images]
    assert read_config(second.run).weights != read_config(first.run).weights


def test_stop_finishes_with_the_best_state(make):
    plan = make(**{"training.epochs": 100, "training.patience": 100})
    told = work_here(plan, commands={12: "stop"})
    assert told.result["stopped"] is True
    assert len(told.of("epoch")) < 20
    assert told.run.is_finished


def test_paused_anywhere_it_ends_where_the_unbroken_run_ends(make):
    """Pauses after several of its events, in every stage."""
    changes = {"training.epochs": 8, "training.patience": 8}
    whole = work_here(make("whole", **changes))
    plan = make("broken", **changes)
    parts = [work_here(plan, commands={1: "pause"})]
    for at in (3, 5, 7, 9):
        assert parts[-1].result == {"paused": True}
        parts.append(work_here(plan, new=False, commands={at: "pause"}))
    if parts[-1].result == {"paused": True}:
        parts.append(work_here(plan, new=False))
    assert whole.run.predictions.read_text() == parts[-1].run.predictions.read_text()
    assert whole.run.model_onnx.read_bytes() == parts[-1].run.model_onnx.read_bytes()


def run_checkpoints_of(run):
    return Checkpoints(run.checkpoints, identity(read_config(run)))


def test_a_rate_without_sense_ends_in_a_sentence(make):
    plan = make(**{"training.learning_rate": 1e30, "training.optimizer": "sgd", "training.epochs": 9})
    with pytest.raises(CounterpoiseError, match=r"Three steps in a row.*1e\+30"):
        work_here(plan)


def test_what_was_learned_before_a_guard_ends_the_training_is_kept(make):
    plan = make(**{"training.learning_rate": 1e10, "training.optimizer": "sgd", "training.epochs": 9})
    with pytest.raises(CounterpoiseError, match="the best state is kept"):
        work_here(plan)
    assert run_checkpoints_of(RunFolder(plan.run)).load() is not None


def test_evened_features_fold_into_the_raw_head():
    random = np.random.default_rng(0)
    raw = random.normal(3, [1, 10, 0.01, 0], (50, 4)).astype(np.float32)
    evening = fit_evening(lambda p: raw[p], 40)
    rows = FeatureRows(lambda p: raw[p], 40, 10, evening)
    kernel, bias = random.normal(0, 1, (4, 3)), random.normal(0, 1, 3)
    folded_kernel, folded_bias = evening.fold(kernel, bias)
    expected = rows.read(np.arange(10)) @ kernel + bias
    assert np.allclose(raw[40:] @ folded_kernel + folded_bias, expected, atol=1e-3)


def test_the_order_of_work_does_not_depend_on_names(make):
    plan = make()
    work = make_work(RunFolder(plan.run), plan.catalog, plan.cache, None)
    assert [i.content for i in work.train] == sorted(i.content for i in work.train)


def test_without_validation_images_the_training_loss_decides(make):
    told = work_here(make(**{"data.val": 0, "training.epochs": 5}))
    assert [e["val_loss"] for e in told.of("epoch")] == [None] * 5
    assert told.run.is_finished
    assert read_predictions(told.run.predictions)[1] == ()


def test_after_deaths_for_want_of_memory_it_comes_to_the_same(make):
    """Smaller batches, fewer processes, features read from the disk: sums differ in their last digits."""
    whole = work_here(make("whole", **{"training.epochs": 5}))
    careful = work_here(make("careful", "another", **{"training.epochs": 5}), careful=20)
    found, expected = (
        np.array([line.probabilities for line in read_predictions(told.run.predictions)[1]])
        for told in (careful, whole)
    )
    assert np.abs(found - expected).max() < 1e-4


def test_the_time_budget_goes_on_after_a_resume(make, monkeypatch):
    """Nearly all of it is spent before the pause, as the saved state says."""
    monkeypatch.setattr("counterpoise.core.training.features.train.SAVE_SECONDS", 0.0)
    changes = {"training.epochs": 50, "training.patience": 50, "training.time_budget_minutes": 30.0}
    plan = make(**changes)
    begun = work_here(plan, commands={14: "pause"})
    assert begun.result == {"paused": True}
    checkpoints = run_checkpoints_of(begun.run)
    arrays, plain = checkpoints.load()
    assert 0 < plain["minutes"] < 5
    checkpoints.save(arrays, {**plain, "minutes": 29.999999})
    ended = work_here(plan, new=False)
    assert ended.run.is_finished
    assert ended.of("epoch")[-1]["epoch"] <= plain["epoch"] + 1
