"""The operating point: chosen on validation, decided by everywhere."""

import numpy as np
import pytest

from counterpoise.core.balance.operating import OperatingPoint, choose_operating_point, decide
from counterpoise.core.settings import EvaluationSettings

LABELS = ("normal", "sick")
PREVALENCE = {"normal": 0.8, "sick": 0.2}
SCORES = np.array([0.1, 0.2, 0.3, 0.4, 0.35, 0.6, 0.8, 0.9])
SICK = np.array([0, 0, 0, 0, 1, 1, 1, 1])


def table(scores: np.ndarray) -> np.ndarray:
    return np.column_stack([1 - scores, scores])


def choose(scores: np.ndarray = SCORES, truth: np.ndarray = SICK, **settings: object) -> OperatingPoint:
    return choose_operating_point(
        table(scores), truth, LABELS, "sick", PREVALENCE, EvaluationSettings.model_validate(settings)
    )


def test_balanced_has_the_greatest_youden_index() -> None:
    from sklearn.metrics import roc_curve

    point = choose()
    decided = decide(table(SCORES), LABELS, point, PREVALENCE)
    youden = decided[SICK == 1].mean() - decided[SICK == 0].mean()
    false_alarms, found, _ = roc_curve(SICK, SCORES)
    assert youden == pytest.approx((found - false_alarms).max())
    assert point.class_ == "sick"
    # .325 (finds 4, flags 1) and .5 (finds 3, flags 0) are equal: the nearer to the prevalence.
    assert point.value == pytest.approx(0.325)


def test_the_threshold_lies_between_scores_so_that_the_last_digit_decides_nothing() -> None:
    scores = np.array([0.2, 0.8])
    assert choose(scores, np.array([0, 1])).value == pytest.approx(0.5)


def test_random_sets_agree_with_scikit_learn() -> None:
    from sklearn.metrics import roc_curve

    rng = np.random.default_rng(3)
    for _ in range(30):
        truth = rng.integers(0, 2, 60)
        scores = np.round(np.clip(rng.normal(0.4 + 0.2 * truth, 0.2), 0, 1), 2)
        decided = decide(table(scores), LABELS, choose(scores, truth), PREVALENCE)
        false_alarms, found, _ = roc_curve(truth, scores)
        youden = decided[truth == 1].mean() - decided[truth == 0].mean()
        assert youden == pytest.approx((found - false_alarms).max())


def test_sensitivity_reaches_its_target_with_the_fewest_false_alarms() -> None:
    point = choose(operating_point="sensitivity", target=0.9)
    decided = decide(table(SCORES), LABELS, point, PREVALENCE)
    assert decided[SICK == 1].mean() == 1
    assert decided[SICK == 0].mean() == 0.25
    assert (point.rule, point.target) == ("sensitivity", 0.9)


def test_specificity_reaches_its_target_with_the_most_found() -> None:
    point = choose(operating_point="specificity", target=0.99)
    decided = decide(table(SCORES), LABELS, point, PREVALENCE)
    assert decided[SICK == 0].mean() == 0
    assert decided[SICK == 1].mean() == 0.75


def test_a_target_that_only_everyone_reaches_takes_everyone() -> None:
    scores = np.array([0.1, 0.5, 0.9])
    point = choose(scores, np.array([1, 0, 0]), operating_point="sensitivity", target=0.9)
    assert decide(table(scores), LABELS, point, PREVALENCE).tolist() == [1, 1, 1]
    point = choose(scores, np.array([1, 1, 0]), operating_point="specificity", target=0.9)
    assert decide(table(scores), LABELS, point, PREVALENCE).tolist() == [0, 0, 0]


@pytest.mark.parametrize(
    ("scores", "truth"),
    [
        (np.full(4, 0.3), np.array([0, 1, 0, 1])),  # one output for all
        (np.array([0.1, 0.2]), np.array([1, 1])),  # one class in validation
        (np.array([0.9, 0.1]), np.array([0, 1])),  # worse than chance
    ],
)
def test_where_nothing_can_be_chosen_the_line_is_the_prevalence(
    scores: np.ndarray, truth: np.ndarray
) -> None:
    assert choose(scores, truth).value == 0.2


def test_argmax_is_the_most_probable_class() -> None:
    point = choose(operating_point="argmax")
    assert decide(table(np.array([0.49, 0.51])), LABELS, point, PREVALENCE).tolist() == [0, 1]


def test_several_classes_take_the_largest_probability_over_prevalence() -> None:
    labels, prevalence = ("a", "b", "c"), {"a": 0.9, "b": 0.08, "c": 0.02}
    p = np.array([[0.85, 0.1, 0.05], [0.95, 0.04, 0.01]])
    settings = EvaluationSettings()
    point = choose_operating_point(p, [2, 0], labels, None, prevalence, settings)
    assert (point.class_, point.value, point.rule) == (None, None, "balanced")
    assert decide(p, labels, point, prevalence).tolist() == [2, 0]


def test_a_class_that_training_lacks_is_never_decided_for() -> None:
    labels, prevalence = ("a", "b", "c"), {"a": 0.5, "b": 0.5, "c": 0.0}
    p = np.array([[0.2, 0.3, 0.5]])
    assert decide(p, labels, OperatingPoint(), prevalence).tolist() == [1]


def test_a_sensitivity_among_several_classes_is_that_of_the_named_one() -> None:
    labels, prevalence = ("a", "b", "c"), {"a": 0.4, "b": 0.3, "c": 0.3}
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 3, 200)
    p = rng.dirichlet([1, 1, 1], 200)
    settings = EvaluationSettings(operating_point="sensitivity", target=0.95)
    point = choose_operating_point(p, truth, labels, "c", prevalence, settings)
    decided = decide(p, labels, point, prevalence)
    assert (decided[truth == 2] == 2).mean() >= 0.95
    assert set(decided) == {0, 1, 2}
    unnamed = choose_operating_point(p, truth, labels, None, prevalence, settings)
    assert unnamed.rule == "balanced"


def test_json_is_that_of_the_contract() -> None:
    point = OperatingPoint(class_="sick", value=0.3)
    told = {"class": "sick", "value": 0.3, "rule": "balanced", "target": None, "chosen_on": "val"}
    assert point.to_json() == told
    assert OperatingPoint.model_validate(told) == point
