"""The guards of passes: each speaks of what it should, once, and is silent about healthy courses."""

import json
import math
from dataclasses import replace

import numpy as np
import pytest

from counterpoise.core.safety.guards.chance import auc_by_chance
from counterpoise.core.safety.guards.pass_facts import PassFacts
from counterpoise.core.safety.guards.passes import PassGuard
from counterpoise.core.settings import Settings

SHARES = np.array([0.74, 0.26])
COUNTS = {"pneumonia": 740, "normal": 260}
ENTROPY = 0.573
TRUTH = (np.arange(500) % 100 >= 74).astype(np.intp)


def guard(**changes):
    set_up = {
        "model.mode": "features", "training.optimizer": "adam", "training.learning_rate": 1e-3,
        "training.batch_size": 64, "training.epochs": 100, "training.patience": 10,
        "training.precision": "float32", "scaling.method": "zscore", "model.image_size": 224,
    }  # fmt: skip
    return PassGuard(Settings().changed({**set_up, **changes}), dict.fromkeys(COUNTS, 1.0), COUNTS)


def answers(scores):
    """Probabilities of the second class as two columns."""
    p = np.asarray(scores, np.float32)
    return np.stack([1 - p, p], axis=1)


def facts(epoch, probabilities, *, best_epoch=None, best_loss=None, auc=0.5, history=None, weights=None):
    found = PassFacts(
        epoch=epoch,
        probabilities=probabilities,
        truth=TRUTH,
        decided=(probabilities[:, 1] >= 0.26).astype(np.intp),
        validated=True,
        best_epoch=epoch if best_epoch is None else best_epoch,
        best_loss=math.inf,
        history=history or [{"epoch": e, "loss": 0.6, "val_auc": auc} for e in range(1, epoch + 1)],
        shares=SHARES,
        weights=np.ones(2) if weights is None else weights,
    )
    return replace(found, best_loss=found.loss if best_loss is None else best_loss)


def said(judge, courses):
    return [finding.code for one in courses for finding in judge.after_pass(one)]


RANDOM = np.random.default_rng(0)
NOISE = answers((0.26 + RANDOM.normal(0, 0.03, 500)).clip(0.01, 0.99))
SIGNAL = answers((0.26 + 0.5 * (TRUTH - 0.26) + RANDOM.normal(0, 0.1, 500)).clip(0.01, 0.99))


@pytest.mark.parametrize("constant", [0.26, 0.5, 0.4], ids=["entropy", "ln k", "between"])
def test_the_same_answer_for_all_at_the_loss_of_guessing_is_dead(constant):
    same = answers(np.full(500, constant))
    judge = guard()
    assert said(judge, [facts(e, same, best_epoch=1) for e in range(1, 9)]) == ["dead-network"]
    assert abs(facts(1, same).guessing - ENTROPY) < 1e-3


def test_a_few_extreme_images_that_still_differ_do_not_hide_a_dead_network():
    """As seen on bccd_crops: 7 of 978."""
    nearly = answers(np.where(np.arange(500) < 4, 0.2, 0.26))
    assert said(guard(), [facts(e, nearly, best_epoch=1) for e in range(1, 9)]) == ["dead-network"]


def test_sure_answers_that_are_right_are_not_dead():
    """An easy set: nearly all probabilities are 0 or 1 to the last digit."""
    sure = answers(np.where(TRUTH == 1, 1 - 1e-7, 1e-7))
    one = {"truth": np.zeros(500, np.intp), "probabilities": sure[:1].repeat(500, axis=0), "decided": TRUTH}
    assert said(guard(), [replace(facts(e, sure), **one) for e in range(1, 9)]) == []


def test_weights_shift_where_a_dead_network_ends():
    """Under weights of 1 and 100 the answer is .97 for the rare class, until the prior is put back."""
    weights = np.array([1.0, 100.0])
    q = SHARES * weights / (SHARES * weights).sum()
    for constant in (q[1], 0.26):
        same = answers(np.full(500, constant))
        course = [facts(e, same, best_epoch=1, weights=weights) for e in (1, 2)]
        assert said(guard(), course)[0] == "dead-network"


def test_a_saturated_network_is_not_called_dead_but_collapsed():
    same = answers(np.full(500, 1 - 1e-6))
    assert said(guard(), [facts(e, same, best_epoch=1) for e in range(1, 9)]) == ["class-collapse"]


def test_noise_is_no_signal_and_not_dead():
    assert said(guard(), [facts(e, NOISE, best_epoch=1) for e in range(1, 11)]) == ["no-signal"]
    assert said(guard(), [facts(e, NOISE, best_epoch=1) for e in range(1, 5)]) == [], "too early to be fair"


def test_a_poor_loss_with_the_right_order_is_a_signal():
    far = answers(0.001 + 0.2 * SIGNAL[:, 1])
    course = [replace(facts(e, far, best_epoch=1, auc=0.95), decided=TRUTH) for e in range(1, 11)]
    assert said(guard(), course) == []


def test_a_healthy_course_is_silent():
    assert said(guard(), [facts(e, SIGNAL, auc=0.95) for e in range(1, 101)]) == []


def test_early_stopping_as_usual_is_no_overfitting():
    """Validation stays within a tenth of the best for the ten passes of patience."""
    history = [{"epoch": e, "loss": 0.5 / e, "val_auc": 0.95} for e in range(1, 21)]
    best = facts(1, SIGNAL).loss / 1.1
    course = [
        facts(e, SIGNAL, best_epoch=10, best_loss=best, history=history[:e], auc=0.95) for e in range(11, 21)
    ]
    assert said(guard(), course) == []


@pytest.mark.parametrize(("best", "severity"), [(0.2, "info"), (0.6, "warning")], ids=["kept", "never"])
def test_overfitting_is_told_with_what_is_kept(best, severity):
    wrong = answers(np.where(RANDOM.random(500) < 0.8, 0.02 + 0.96 * TRUTH, 0.98 - 0.96 * TRUTH))
    history = [{"epoch": e, "loss": 0.6 / e, "val_auc": 0.7} for e in range(1, 21)]
    course = [facts(e, wrong, best_epoch=2, best_loss=best, history=history[:e]) for e in range(3, 12)]
    judge = guard()
    found = [f for one in course for f in judge.after_pass(one)]
    assert [(f.code, f.severity) for f in found] == [("overfitting", severity)]
    assert ("guessing" in found[0].message) == (severity == "warning")


def test_steps_that_are_too_long_are_not_called_learning_by_heart():
    """Plain steps of 1 on bccd_crops: training is no better than guessing either."""
    history = [{"epoch": e, "loss": 1.5 - e / 50, "val_auc": 0.99} for e in range(1, 21)]
    wrong = answers(np.where(RANDOM.random(500) < 0.7, 0.001 + 0.998 * TRUTH, 0.999 - 0.998 * TRUTH))
    course = [
        replace(facts(e, wrong, best_epoch=2, best_loss=0.6, history=history[:e]), decided=TRUTH)
        for e in range(3, 12)
    ]
    assert said(guard(), course) == []


def test_collapse_needs_images_of_other_classes_to_be_sure():
    few = replace(facts(1, answers(np.full(500, 1 - 1e-6))), truth=(np.arange(500) >= 4).astype(np.intp))
    assert said(guard(), [few] * 9) == []


def test_what_has_gone_may_be_said_again_and_a_flicker_is_not():
    judge, saturated = guard(), answers(np.full(500, 1 - 1e-6))
    course = [saturated] * 3 + [SIGNAL] * 2 + [saturated] * 3 + [SIGNAL] * 3 + [saturated] * 3
    assert said(judge, [facts(e, p, best_epoch=1, auc=0.9) for e, p in enumerate(course, 1)]) == [
        "class-collapse", "class-collapse",
    ]  # fmt: skip


def test_the_last_pass_may_speak_earlier():
    judge = guard(**{"training.epochs": 1})
    assert said(judge, [facts(1, answers(np.full(500, 0.26)))]) == ["dead-network"]


def test_values_that_are_no_numbers_are_not_judged():
    assert said(guard(), [facts(e, answers(np.full(500, np.nan)), best_epoch=1) for e in range(1, 9)]) == []


def test_the_state_survives_a_checkpoint_anywhere():
    course = [facts(e, NOISE, best_epoch=1) for e in range(1, 11)]
    judge, found = guard(), []
    for one in course:
        found += judge.after_pass(one)
        plain = json.loads(json.dumps(judge.to_plain()))
        judge = guard()
        judge.take_plain(plain)
    assert [f.code for f in found] == ["no-signal"]


def test_findings_hold_their_cause_and_a_json_of_their_evidence():
    judge = guard(**{"training.learning_rate": 1e-9})
    found = [f for e in (1, 2) for f in judge.after_pass(facts(e, answers(np.full(500, 0.5)), best_epoch=1))]
    assert "learning rate" in found[0].message
    assert found[0].fix is not None
    json.dumps(found[0].to_json())


def test_chance_reaches_what_guessing_reaches():
    """Of 2,000 random orders, about 2.5 % lie above."""
    from counterpoise.core.figures.auc import mean_auc

    truth = TRUTH[:100]
    above = [mean_auc(answers(RANDOM.random(100)), truth) > auc_by_chance(truth, 2) for _ in range(2000)]
    assert 0.015 < np.mean(above) < 0.036
    assert auc_by_chance(np.zeros(5, np.intp), 2) is None
