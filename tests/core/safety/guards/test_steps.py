"""The guard of steps: each of its answers, its silence on healthy courses, and its memory."""

import json
import math

import numpy as np
import pytest

from counterpoise.core.safety.guards.steps import EXPLODED, StepGuard
from counterpoise.core.settings import Settings

COUNTS = {"ill": 100, "well": 300}
CHANCE = math.log(2)


def guard(mean_weight=1.0, **changes):
    set_up = {
        "model.mode": "scratch", "model.name": "small_cnn", "training.optimizer": "sgd",
        "training.learning_rate": 0.5, "training.batch_size": 32, "training.epochs": 10,
        "training.patience": 10, "training.precision": "float32", "scaling.method": "zscore",
        "model.image_size": 32,
    }  # fmt: skip
    return StepGuard(Settings().changed({**set_up, **changes}), dict.fromkeys(COUNTS, mean_weight), COUNTS)


def names():
    return ["a.png", "b.png"], False


def feed(judge, losses, epoch=1):
    """Feed losses, None for a step that was refused; return what was asked, with its step."""
    asked = [
        (step, judge.after_step(epoch, step, loss is not None, math.nan if loss is None else loss, names))
        for step, loss in enumerate(losses, 1)
    ]
    return [(step, action) for step, action in asked if action is not None]


def test_a_refused_step_is_noted_with_its_images_and_the_likeliest_cause():
    ((step, action),) = feed(guard(), [0.7, None, 0.7, 0.6])
    assert (step, action.kind, action.finding.code) == (2, "note", "non-finite-step")
    assert action.finding.paths == ("a.png", "b.png")
    assert "learning rate" in action.finding.message
    assert action.finding.fix is not None


def test_one_note_a_pass_and_the_next_counts_what_was_not_said():
    judge = guard()
    course = [0.7, None, 0.7, None, 0.7, None, 0.7]
    assert len(feed(judge, course)) == 1
    ((_, action),) = feed(judge, course, epoch=2)
    assert action.finding.evidence["refused"] == 3


def test_images_that_are_bad_by_themselves_are_named_once():
    judge = guard()

    def bad():
        return ["x.tif"], True

    first = judge.after_step(1, 3, False, math.nan, bad)
    assert first.finding.paths == ("x.tif",)
    assert "x.tif" in first.finding.message
    assert first.finding.fix is None
    for epoch in (2, 3, 9):
        judge.after_step(epoch, 2, True, 0.5, bad)
        assert judge.after_step(epoch, 3, False, math.nan, bad) is None
    assert judge.state.restores == 0


def test_three_in_a_row_go_back_at_half_the_rate_and_the_fourth_time_ends():
    judge = guard()
    kinds = []
    for turn in range(4):
        asked = feed(judge, [0.7, None, None, None], epoch=turn + 1)
        assert asked[-1][0] == 4
        kinds.append((asked[-1][1].kind, judge.factor))
    assert kinds == [("restore", 0.5), ("restore", 0.25), ("restore", 0.125), ("end", 0.125)]
    assert "best state is kept" in asked[-1][1].finding.message
    assert asked[-1][1].finding.paths == ("a.png", "b.png")


@pytest.mark.parametrize("mean_weight", [1.0, 1e-3, 50.0])
def test_an_exploding_loss_goes_back_whatever_the_weights_are_on_average(mean_weight):
    growing = [mean_weight * CHANCE * factor for factor in (1, 0.9, 1, 3, 12, 60, 300)]
    judge = guard(mean_weight)
    ((step, action),) = feed(judge, growing)
    assert (step, action.kind, action.finding.code) == (7, "restore", "exploding-loss")
    assert action.finding.evidence["loss"] > EXPLODED * action.finding.evidence["before"]
    assert "0.25" in action.finding.message  # half of the rate
    assert feed(judge, [mean_weight * 0.6] * 50) == []


@pytest.mark.parametrize(
    "course",
    [
        np.geomspace(126, 0.4, 60),  # Adam on raw pixels recovers (facts.md)
        [0.001] * 50 + [0.5] * 10,  # far above its lowest, and still better than guessing
        0.6 + 5 * (np.arange(200) % 10 == 0),  # one heavy image in every tenth batch
        [8.0, 0.5] * 100,  # small batches, weights of 100
    ],
)
def test_healthy_courses_are_left_alone(course):
    judge = guard()
    assert feed(judge, course) == []
    assert judge.calm


def test_an_uneasy_state_is_not_one_to_go_back_to():
    judge = guard()
    feed(judge, [0.7] * 8 + [120.0])
    assert not judge.calm
    assert judge.state.restores == 0


def test_validation_without_numbers_goes_back():
    judge = guard()
    assert judge.after_pass(1, 0.4) is None
    assert judge.after_pass(1, None) is None
    action = judge.after_pass(2, math.nan)
    assert (action.kind, action.finding.code) == ("restore", "exploding-loss")
    assert "validation" in action.finding.message


def test_half_precision_that_finds_its_scale_is_left_alone():
    judge = guard(**{"training.precision": "mixed_float16"})
    # A gradient that overflows: the loss itself is a number.
    asked = [judge.after_step(1, step, step > 9, 0.7, names) for step in range(1, 60)]
    assert asked == [None] * 59
    assert judge.half


def test_half_precision_that_starves_gives_way_to_float32_once():
    judge = guard(**{"training.precision": "mixed_float16"})
    asked = [judge.after_step(1, step, step % 3 == 0 or step > 20, 0.7, names) for step in range(1, 60)]
    (action,) = [action for action in asked if action]
    assert (action.kind, action.finding.code) == ("float32", "loss-scale-starved")
    assert action.finding.evidence["skipped"] > action.finding.evidence["of"] / 2
    assert action.finding.fix.set == {"training.precision": "float32"}
    assert not judge.half


def test_half_precision_whose_forward_pass_overflows_names_images_and_starves():
    judge = guard(**{"training.precision": "mixed_float16"})
    asked = [judge.after_step(1, step, False, math.inf, names) for step in range(1, 21)]
    kinds = [action.kind for action in asked if action]
    assert kinds[0] == "note"
    assert kinds[-1] == "float32"


def test_its_state_survives_as_json_at_any_step():
    course = [0.7, None, 0.7, 3, None, None, 0.7, 90, 400, 1e4, 0.7, None, None, None, 0.5]
    whole = guard()
    said = [(step, action.kind) for step, action in feed(whole, course)]
    for cut in range(len(course)):
        first, second = guard(), guard()
        before = feed(first, course[:cut])
        second.take_plain(json.loads(json.dumps(first.to_plain())))
        rest = [(cut + step, action.kind) for step, action in feed(second, course[cut:])]
        assert [(step, action.kind) for step, action in before] + rest == said
        assert second.state == whole.state
    guard().take_plain({})
