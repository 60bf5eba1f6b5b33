"""Whole networks, in this process: TensorFlow is loaded once."""

import json

import numpy as np
import pytest
from tests_training import work_here

from counterpoise.core.figures.predictions import read_predictions
from counterpoise.core.models.layers import BatchNorm, Conv
from counterpoise.core.prediction.opening import open_model
from counterpoise.core.training.network.schedule import RISE, rate_at
from counterpoise.core.training.network.train import learns

SCRATCH = {"model.mode": "scratch", "model.name": "small_cnn", "training.epochs": 3, "training.patience": 3}


@pytest.fixture
def keras():
    """TensorFlow, loaded outside the measured part, with its own import-time warnings left out."""
    return pytest.importorskip("keras")


@pytest.mark.usefixtures("keras")
def test_scratch_learns_and_leaves_a_whole_run(make):
    told = work_here(make(**{**SCRATCH, "training.epochs": 8, "training.patience": 8}))
    epochs = told.of("epoch")
    assert [e["epoch"] for e in epochs] == list(range(1, 9))
    assert epochs[-1]["loss"] < epochs[0]["loss"]
    assert max(e["val_auc"] for e in epochs) > 0.9
    assert epochs[0]["learning_rate"] > epochs[-1]["learning_rate"]
    assert json.loads(told.run.metrics.read_text())["cross_validated"] is None
    assert told.run.is_finished
    labels, lines = read_predictions(told.run.predictions)
    assert open_model(told.run.root).labels.labels == labels
    assert len(lines) > 0


@pytest.mark.usefixtures("keras")
@pytest.mark.parametrize("optimizer", ["adam", "sgd"])
def test_paused_anywhere_it_ends_where_the_unbroken_run_ends(make, optimizer):
    changes = {**SCRATCH, "training.optimizer": optimizer, "training.batch_size": 8}
    changes["training.augment"] = "microscopy"
    whole = work_here(make("whole", **changes))
    plan = make("broken", **changes)
    part = work_here(plan, commands={4: "pause"})
    for at in (3, 4, 6):
        assert part.result == {"paused": True}
        part = work_here(plan, new=False, commands={at: "pause"})
    if part.result == {"paused": True}:
        part = work_here(plan, new=False)

    def table(run):
        return np.array([line.probabilities for line in read_predictions(run.predictions)[1]])

    assert np.abs(table(whole.run) - table(part.run)).max() < 1e-5


@pytest.mark.usefixtures("keras")
def test_finetune_starts_from_the_head_and_never_ends_worse(make):
    quick = work_here(make("quick", **{"training.epochs": 100}))
    plan = make(
        "thorough",
        **{"model.mode": "finetune", "training.epochs": 1, "training.learning_rate": 1e-6},
    )
    told = work_here(plan)
    assert [e["stage"] for e in told.of("stage")] == [
        "decode", "scaling", "embed", "head", "build", "learn", "finish",
    ]  # fmt: skip

    def auc(run):
        return json.loads(run.metrics.read_text())["validation"]["metrics"]["auc"]["value"]

    assert auc(told.run) >= auc(quick.run) - 0.02


@pytest.mark.usefixtures("keras")
def test_stop_in_the_first_pass_judges_what_there_is(make):
    told = work_here(make(**{**SCRATCH, "training.batch_size": 4}), commands={4: "stop"})
    assert told.result["stopped"] is True
    assert len(told.of("epoch")) == 1


@pytest.mark.usefixtures("keras")
def test_a_time_budget_ends_it(make):
    told = work_here(make(**{**SCRATCH, "training.epochs": 10000, "training.time_budget_minutes": 0.01}))
    assert 1 <= len(told.of("epoch")) < 10000
    assert told.result["stopped"] is False


def test_batch_norm_and_lower_blocks_are_frozen_in_finetune():
    assert not learns("finetune", BatchNorm("block9_bn0", ("x",)))
    assert not learns("finetune", Conv("block2_expand", ("x",), 8, 1))
    assert learns("finetune", Conv("block12_expand", ("x",), 8, 1))
    assert learns("scratch", BatchNorm("block9_bn0", ("x",)))


def test_the_rate_rises_then_falls():
    rates = [rate_at(share, 1.0) for share in np.linspace(0, 1, 101)]
    top = int(np.argmax(rates))
    assert top == round(RISE * 100)
    assert rates[:top] == sorted(rates[:top])
    assert rates[top:] == sorted(rates[top:], reverse=True)
    assert rates[-1] == pytest.approx(0.01)
