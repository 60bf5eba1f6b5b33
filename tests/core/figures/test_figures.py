"""All figures together, as the contract words them."""

import json
import time
from typing import Any

import numpy as np
import pytest
from sklearn import metrics as sk

from counterpoise.core.balance.operating import OperatingPoint, decide
from counterpoise.core.figures.figures import figures
from counterpoise.core.figures.intervals import wilson

RNG = np.random.default_rng(8)
TWO = ("normal", "sick")
POINT = OperatingPoint(class_="sick", value=0.4)


def case(n: int, k: int, signal: float = 1.0) -> tuple[np.ndarray, np.ndarray]:
    truth = RNG.integers(0, k, n)
    z = RNG.normal(size=(n, k))
    z[np.arange(n), truth] += signal
    return np.exp(z) / np.exp(z).sum(axis=1, keepdims=True), truth


def told(
    p: np.ndarray,
    truth: np.ndarray,
    labels: tuple[str, ...] = TWO,
    point: OperatingPoint = POINT,
    groups: list[str] | None = None,
    **more: Any,
) -> dict[str, Any]:
    shares = dict.fromkeys(labels, 1 / len(labels))
    return figures(p, truth, groups or [""] * len(truth), labels, point, shares, **more)


def test_the_keys_are_those_of_the_contract() -> None:
    p, truth = case(60, 2)
    found = told(p, truth)
    assert set(found) >= {"n", "groups", "classes", "metrics", "per_class", "confusion", "threshold"}
    assert list(found["metrics"]) == ["auc", "accuracy", "balanced_accuracy", "macro_f1", "brier", "ece"]
    assert list(found["per_class"]["sick"]) == ["sensitivity", "specificity", "ppv", "npv", "auc", "n"]
    assert set(found["metrics"]["ece"]) == {"value", "low", "high", "expected_if_calibrated"}
    assert found["metrics"]["ece"]["low"] is None
    assert (found["n"], found["groups"]) == (60, 60)
    json.dumps(found, allow_nan=False)


@pytest.mark.parametrize("k", [2, 4])
def test_values_are_those_of_scikit_learn(k: int) -> None:
    labels = tuple("abcd"[:k])
    p, truth = case(300, k)
    point = OperatingPoint(class_="b", value=0.4) if k == 2 else OperatingPoint()
    found = told(p, truth, labels, point)
    predicted = decide(p, labels, point, dict.fromkeys(labels, 1 / k))
    assert found["confusion"] == sk.confusion_matrix(truth, predicted).tolist()
    m = {name: metric["value"] for name, metric in found["metrics"].items()}
    assert m["accuracy"] == pytest.approx(sk.accuracy_score(truth, predicted))
    assert m["balanced_accuracy"] == pytest.approx(sk.balanced_accuracy_score(truth, predicted))
    assert m["macro_f1"] == pytest.approx(sk.f1_score(truth, predicted, average="macro"))
    expected = sk.roc_auc_score(truth, p[:, 1]) if k == 2 else sk.roc_auc_score(truth, p, multi_class="ovr")
    assert m["auc"] == pytest.approx(expected)
    for c, label in enumerate(labels):
        one = found["per_class"][label]
        assert one["sensitivity"]["value"] == pytest.approx(sk.recall_score(truth == c, predicted == c))
        assert one["specificity"]["value"] == pytest.approx(sk.recall_score(truth != c, predicted != c))
        assert one["ppv"]["value"] == pytest.approx(sk.precision_score(truth == c, predicted == c))
        assert one["npv"]["value"] == pytest.approx(sk.precision_score(truth != c, predicted != c))
        assert one["n"] == (truth == c).sum()


def test_proportions_of_independent_images_have_wilson_intervals() -> None:
    p, truth = case(80, 2)
    found = told(p, truth)
    right = found["confusion"][0][0] + found["confusion"][1][1]
    accuracy = found["metrics"]["accuracy"]
    assert (accuracy["low"], accuracy["high"]) == pytest.approx(wilson(right, 80))
    (_, false_alarms), (missed, hits) = found["confusion"]
    ppv = found["per_class"]["sick"]["ppv"]
    assert (ppv["low"], ppv["high"]) == pytest.approx(wilson(hits, hits + false_alarms))
    sensitivity = found["per_class"]["sick"]["sensitivity"]
    assert (sensitivity["low"], sensitivity["high"]) == pytest.approx(wilson(hits, hits + missed))


def test_patients_with_several_images_widen_the_intervals() -> None:
    p, truth = case(60, 2)
    repeated = np.repeat(p, 10, axis=0), np.repeat(truth, 10)
    naive = told(*repeated)
    honest = told(*repeated, groups=[str(i // 10) for i in range(600)])
    alone = told(p, truth)
    assert honest["groups"] == 60
    for name in ("accuracy", "auc", "balanced_accuracy", "macro_f1", "brier"):
        widths = [found["metrics"][name] for found in (naive, honest, alone)]
        few, real, same = (metric["high"] - metric["low"] for metric in widths)
        assert real > 2 * few
        assert real == pytest.approx(same, rel=0.35)


def test_where_all_resamples_agree_groups_are_counted() -> None:
    p = np.repeat([[0.9, 0.1], [0.1, 0.9]], 20, axis=0)
    truth = np.repeat([0, 1], 20)
    found = told(p, truth, groups=[str(i // 4) for i in range(40)])
    accuracy = found["metrics"]["accuracy"]
    assert (accuracy["low"], accuracy["high"]) == pytest.approx(wilson(10, 10))
    sensitivity = found["per_class"]["sick"]["sensitivity"]
    assert (sensitivity["low"], sensitivity["high"]) == pytest.approx(wilson(5, 5))
    assert found["metrics"]["auc"]["low"] < 0.9
    assert found["metrics"]["balanced_accuracy"]["low"] == pytest.approx(wilson(10, 10)[0])


def test_what_cannot_be_computed_is_null() -> None:
    p = np.array([[0.9, 0.1], [0.8, 0.2]])
    found = told(p, np.array([0, 0]))
    json.dumps(found, allow_nan=False)
    assert found["metrics"]["auc"] == {"value": None, "low": None, "high": None}
    sick = found["per_class"]["sick"]
    assert sick["sensitivity"]["value"] is None
    assert sick["ppv"]["value"] is None
    assert sick["specificity"]["value"] == 1
    empty = told(np.zeros((0, 2)), np.zeros(0, int))
    json.dumps(empty, allow_nan=False)
    assert empty["metrics"]["accuracy"]["value"] is None
    one = told(p[:1], np.array([0]), groups=["x"])
    json.dumps(one, allow_nan=False)


def test_predictive_values_at_a_stated_prevalence() -> None:
    p, truth = case(500, 2)
    seen = told(p, truth)["per_class"]
    found = told(p, truth, positive="sick", deployed_prevalence=0.01)
    s, t = (seen["sick"][name]["value"] for name in ("sensitivity", "specificity"))
    expected = s * 0.01 / (s * 0.01 + (1 - t) * 0.99)
    sick, normal = found["per_class"]["sick"], found["per_class"]["normal"]
    assert sick["ppv"]["value"] == pytest.approx(expected)
    assert sick["npv"]["value"] == pytest.approx(t * 0.99 / (t * 0.99 + (1 - s) * 0.01))
    assert normal["ppv"]["value"] == pytest.approx(sick["npv"]["value"])
    assert sick["ppv"]["low"] < expected < sick["ppv"]["high"]
    assert sick["sensitivity"] == seen["sick"]["sensitivity"]
    assert found["prevalence"] == 0.01


def test_a_predictive_value_without_false_alarms_keeps_its_doubt() -> None:
    p = np.repeat([[0.9, 0.1], [0.1, 0.9]], 30, axis=0)
    found = told(p, np.repeat([0, 1], 30), positive="sick", deployed_prevalence=0.01)
    ppv = found["per_class"]["sick"]["ppv"]
    assert (ppv["value"], ppv["high"]) == (1, 1)
    assert ppv["low"] < 0.2


def test_the_same_seed_gives_the_same_intervals() -> None:
    p, truth = case(50, 3)
    groups = [str(i % 20) for i in range(50)]
    labels, point = ("a", "b", "c"), OperatingPoint()
    assert told(p, truth, labels, point, groups) == told(p, truth, labels, point, groups)


def test_a_thousand_images_of_thirteen_classes_take_less_than_two_seconds() -> None:
    p, truth = case(1000, 13)
    labels = tuple(f"{i:02}" for i in range(13))
    began = time.process_time()
    told(p, truth, labels, OperatingPoint(), [str(i % 300) for i in range(1000)])
    assert time.process_time() - began < 2
