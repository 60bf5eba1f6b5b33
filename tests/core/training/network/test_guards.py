"""The guards of a gradient loop at work: whole trainings in this process that really go wrong."""

import math

import numpy as np
import pytest
import tifffile
from tests_training import work_here

from counterpoise.core.catalog.scan import scan
from counterpoise.core.catalog.sources import open_sources
from counterpoise.core.errors import CounterpoiseError
from counterpoise.core.figures.predictions import read_predictions
from counterpoise.core.jobs.job import Job
from counterpoise.core.safety.plan import make_plan
from counterpoise.core.settings import Settings
from counterpoise.core.study.run_folder import RunFolder
from counterpoise.core.training.start import make_work, prepare_run

SCRATCH = {
    "model.mode": "scratch",
    "model.name": "small_cnn",
    "training.batch_size": 8,
    "training.epochs": 3,
    "training.patience": 3,
}
FAR_TOO_HIGH = {**SCRATCH, "training.optimizer": "sgd", "training.learning_rate": 0.4}


@pytest.fixture(autouse=True)
def keras():
    """TensorFlow, loaded outside the measured part, with its own import-time warnings left out."""
    return pytest.importorskip("keras")


def guards(events):
    return [(e["code"], e["epoch"], e["step"]) for e in events if e["event"] == "guard"]


def table(run):
    return np.array([line.probabilities for line in read_predictions(run.predictions)[1]])


@pytest.fixture
def floats(tmp_path):
    """Plan a run on float images of 16 x 16: ``floats(1e30, 2)`` has two whose values are that large."""

    def plan(value, number, **changes):
        random = np.random.default_rng(0)
        for label, level in (("a", 0.3), ("b", 0.7)):
            (tmp_path / "data" / label).mkdir(parents=True)
            for index in range(24):
                pixels = random.normal(level, 0.1, (16, 16)).astype(np.float32)
                if label == "b" and index < number:
                    pixels[4:6, 4:6] = value
                tifffile.imwrite(tmp_path / "data" / label / f"{index:02}.tif", pixels)
        chosen = {"model.image_size": 16, "training.device": "cpu", "scaling.method": "none"}
        parts = {"data.val": 0.1, "data.test": 0.1, "training.augment": "none"}
        settings = Settings().changed({**SCRATCH, **chosen, **parts, **changes})
        catalog = scan(open_sources(tmp_path / "data"), settings.data, cache=tmp_path / "cache")
        return make_plan(catalog, settings, run=tmp_path / "run", cache=tmp_path / "cache")

    return plan


def test_an_image_that_gives_no_numbers_is_named_once_and_the_training_goes_on(floats):
    plan = floats(3e38, 1)
    told = work_here(plan)
    inside = [image.path for image in plan.catalog.part("train") if image.path == "b/00.tif"]
    assert [e["paths"] for e in told.of("guard") if e["code"] == "non-finite-step"] == [inside]
    assert [e["epoch"] for e in told.of("epoch")] == [1, 2, 3]
    assert told.of("epoch")[-1]["loss"] < told.of("epoch")[0]["loss"]


@pytest.mark.slow
def test_many_such_images_go_back_halve_the_rate_and_end_with_their_names(floats):
    events = []
    with pytest.raises(CounterpoiseError, match="halved its learning rate 3 times"):
        work_here(floats(1e25, 24, **{"training.batch_size": 2}), events=events)
    told = [e for e in events if e["event"] == "guard"]
    assert {e["code"] for e in told} == {"non-finite-step"}
    back = [e["evidence"]["rate_factor"] for e in told if "rate_factor" in e["evidence"]]
    assert back == [0.5, 0.25, 0.125, 0.125]
    assert all(path.startswith(("a/", "b/")) for e in told for path in e["paths"])
    assert told[-1]["paths"]


def test_a_rate_far_too_high_explodes_goes_back_and_learns_at_a_lower_one(make):
    told = work_here(make(**{**FAR_TOO_HIGH, "training.epochs": 12, "training.patience": 12}))
    back = [e for e in told.of("guard") if e["code"] == "exploding-loss"]
    assert [e["evidence"]["rate_factor"] for e in back] == [0.5, 0.25, 0.125][: len(back)]
    assert all(e["evidence"]["loss"] > 30 * e["evidence"]["before"] for e in back)
    epochs = told.of("epoch")
    assert epochs[-1]["learning_rate"] < 0.4 * back[-1]["evidence"]["rate_factor"]
    assert epochs[-1]["loss"] < 0.69
    assert max(e["val_auc"] for e in epochs) > 0.9


def test_a_rate_beyond_help_ends_with_the_cause_and_can_be_resumed_to_the_same_end(make):
    plan = make(**{**FAR_TOO_HIGH, "training.learning_rate": 5.0})
    events = []
    with pytest.raises(CounterpoiseError, match=r"3 times before.*learning rate of 5"):
        work_here(plan, events=events)
    told = [e for e in events if e["event"] == "guard"]
    assert [e["evidence"]["restores"] for e in told] == [1, 2, 3, 3]
    assert "learning_rate" in str(told[-1]["fix"]["set"])
    again = []
    with pytest.raises(CounterpoiseError, match="3 times before"):
        work_here(plan, new=False, events=again)
    assert len(guards(again)) == 1


@pytest.mark.slow
def test_paused_after_its_returns_it_ends_where_the_unbroken_run_ends(make):
    """The rate stays halved. (Paused before a return, it may go back to another state than without.)"""
    changes = {**FAR_TOO_HIGH, "training.epochs": 4, "training.patience": 4}
    whole = work_here(make("whole", **changes))
    last = [e["event"] == "guard" and e["code"] == "exploding-loss" for e in whole.events][::-1].index(True)
    plan = make("broken", **changes)
    part = work_here(plan, commands={len(whole.events) - last: "pause"})
    assert part.result == {"paused": True}
    rest = work_here(plan, new=False)
    rates = {e["epoch"]: e["learning_rate"] for e in whole.of("epoch")}
    assert rest.of("epoch")[-1]["learning_rate"] == rates[4]
    assert "exploding-loss" not in [code for code, _, _ in guards(rest.events)]
    assert np.abs(table(whole.run) - table(rest.run)).max() < 1e-5


@pytest.mark.slow
def test_paused_before_a_return_it_still_goes_back(make):
    plan = make(**{**FAR_TOO_HIGH, "training.epochs": 4, "training.patience": 4})
    part = work_here(plan, commands={6: "pause"})
    assert guards(part.events) == []
    rest = work_here(plan, new=False)
    assert "exploding-loss" in [code for code, _, _ in guards(rest.events)]
    assert rest.run.is_finished


@pytest.mark.slow
def test_half_precision_that_starves_goes_on_in_float32(make):
    plan = make(
        **SCRATCH,
        **{
            "training.precision": "mixed_float16",
            "weighting.method": "custom",
            "weighting.custom": {"bright": 1e7, "dark": 1e7},
            "weighting.normalize": "none",
            "training.optimizer": "adam",
        },
    )
    told = work_here(plan, commands={12: "pause"})
    part = work_here(plan, new=False) if told.result == {"paused": True} else told
    codes = [code for code, _, _ in guards([*told.events, *(part.events if part is not told else [])])]
    assert codes.count("loss-scale-starved") == 1
    epochs = part.of("epoch")
    assert math.isfinite(epochs[-1]["loss"])
    assert epochs[-1]["loss"] < 0.69
    assert part.run.is_finished


@pytest.fixture
def small_memory(monkeypatch):
    """A device that fits few images at once: real steps that end as TensorFlow's own do there."""
    import tensorflow as tf

    from counterpoise.core.training.network.step import NetworkStep

    room = {"learn": 10**9, "judge": 10**9}
    step, logits = NetworkStep.step, NetworkStep.logits

    def full():
        return tf.errors.ResourceExhaustedError(None, None, "OOM when allocating tensor with shape[8,32]")

    def learns(self, images, truth, rate, key, pieces=1):
        if math.ceil(len(images) / pieces) > room["learn"]:
            self.model.trainable_variables[0].assign_add(
                np.ones(self.model.trainable_variables[0].shape)
            )  # half done
            raise full()
        return step(self, images, truth, rate, key, pieces)

    def judges(self, images):
        if len(images) > room["judge"]:
            raise full()
        return logits(self, images)

    monkeypatch.setattr(NetworkStep, "step", learns)
    monkeypatch.setattr(NetworkStep, "logits", judges)
    return room


def test_where_memory_runs_out_batches_are_split_and_the_result_is_the_same(make, small_memory):
    whole = work_here(make("whole", **SCRATCH))
    small_memory |= {"learn": 3, "judge": 10}
    plan = make("split", **SCRATCH)
    part = work_here(plan, commands={14: "pause"})
    assert part.result == {"paused": True}
    said = [e for e in part.events if e["event"] == "guard"]
    assert [e["evidence"].get("pieces") for e in said if "pieces" in e["evidence"]] == [2, 4]
    assert [e["evidence"]["block"] for e in said if "block" in e["evidence"]] in ([], [32, 16, 8])
    assert all(e["code"] == "out-of-memory" for e in said)
    rest = work_here(plan, new=False)
    assert not any("pieces" in e["evidence"] for e in rest.of("guard"))  # the split stays
    assert np.abs(table(whole.run) - table(rest.run)).max() < 1e-5
    small_memory |= {"learn": 0}
    with pytest.raises(CounterpoiseError, match="even with a single image at a time"):
        work_here(make("none", **SCRATCH))


MB = 2**20


@pytest.mark.slow
def test_within_a_real_limit_of_memory_it_learns_in_pieces(make, tmp_path):
    """A batch takes some 500 MB; TensorFlow dies of a segmentation fault where it gets 250."""
    plan = make(**{**SCRATCH, "model.image_size": 128, "training.batch_size": 64, "training.epochs": 2})
    run = RunFolder(plan.run)
    prepare_run(run, plan)
    work = make_work(run, plan.catalog, plan.cache, None)
    with Job("memory_trials:train_within", (work, 250 * MB), log=tmp_path / "log.txt") as job:
        events = list(job.events())
    assert events[-1]["event"] == "finished", events[-1]
    (said,) = [e for e in events if e["event"] == "guard" and e["code"] == "out-of-memory"]
    assert said["evidence"]["pieces"] >= 4
    assert run.is_finished
