"""Class weights against values computed by hand."""

import math

import numpy as np
import pytest

from counterpoise.core.balance.weights import class_weights, imbalance, mean_weight, resolve_weighting
from counterpoise.core.settings import WeightingSettings

COUNTS = {"common": 90, "rare": 10}


def weighting(**changes: object) -> WeightingSettings:
    return WeightingSettings.model_validate({"normalize": "none", "max_ratio": 1000, **changes})


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        ("none", (1, 1)),
        ("balanced", (100 / (2 * 90), 100 / (2 * 10))),
        ("inverse_sqrt", (math.sqrt(100 / 180), math.sqrt(5))),
        ("effective_number", (0.001 / (1 - 0.999**90), 0.001 / (1 - 0.999**10))),
    ],
)
def test_the_formulas(method: str, expected: tuple[float, float]) -> None:
    weights = class_weights(COUNTS, weighting(method=method))
    assert tuple(weights.values()) == pytest.approx(expected)


def test_balanced_is_that_of_scikit_learn() -> None:
    from sklearn.utils.class_weight import compute_class_weight

    y = [0] * 90 + [1] * 10
    expected = compute_class_weight("balanced", classes=np.array([0, 1]), y=np.array(y))
    assert list(class_weights(COUNTS, weighting(method="balanced")).values()) == pytest.approx(expected)


@pytest.mark.parametrize("method", ["none", "balanced", "inverse_sqrt", "effective_number"])
def test_mean_one_is_the_mean_over_training_images(method: str) -> None:
    weights = class_weights(COUNTS, weighting(method=method, normalize="mean_one"))
    assert mean_weight(COUNTS, weights) == pytest.approx(1)


def test_sum_one_is_the_sum_over_classes_and_shrinks_the_mean() -> None:
    counts = {"a": 1000, "b": 10}
    weights = class_weights(counts, weighting(method="balanced", normalize="sum_one"))
    assert sum(weights.values()) == pytest.approx(1)
    # The origin's remedy: 51 times less learning rate under SGD.
    assert 1 / mean_weight(counts, weights) == pytest.approx(51, abs=0.5)


def test_the_cap_lowers_large_computed_weights() -> None:
    weights = class_weights({"a": 10000, "b": 10}, weighting(method="balanced", max_ratio=10))
    assert weights["b"] / weights["a"] == pytest.approx(10)
    assert weights["a"] == pytest.approx(10010 / 20000)


def test_the_cap_leaves_custom_weights_alone() -> None:
    weights = class_weights(
        COUNTS, weighting(method="custom", custom={"common": 1, "rare": 50}, max_ratio=10)
    )
    assert weights == {"common": 1, "rare": 50}


def test_custom_weights_are_normalised_as_asked() -> None:
    weights = class_weights(
        COUNTS, weighting(method="custom", custom={"common": 1, "rare": 11}, normalize="mean_one")
    )
    assert weights == pytest.approx({"common": 0.5, "rare": 5.5})


@pytest.mark.parametrize("bad", [0.0, -1.0, math.nan, math.inf])
def test_invalid_custom_weights_come_back_for_the_checks(bad: float) -> None:
    weights = class_weights(COUNTS, weighting(method="custom", custom={"rare": bad}, normalize="mean_one"))
    assert weights["common"] == 1
    assert weights["rare"] == pytest.approx(bad, nan_ok=True)


def test_every_class_has_a_finite_weight_even_without_images() -> None:
    weights = class_weights({"a": 50, "b": 0, "c": 5}, weighting(method="balanced", normalize="mean_one"))
    assert list(weights) == ["a", "b", "c"]
    assert all(math.isfinite(weight) and weight > 0 for weight in weights.values())


@pytest.mark.parametrize(
    ("counts", "sampling", "method"),
    [
        ({"a": 29, "b": 10}, "natural", "none"),
        ({"a": 30, "b": 10}, "natural", "inverse_sqrt"),
        ({"a": 3000, "b": 10}, "natural", "inverse_sqrt"),
        ({"a": 3000, "b": 10}, "balanced", "none"),
    ],
)
def test_auto_follows_the_ratio(counts: dict[str, int], sampling: str, method: str) -> None:
    assert resolve_weighting(counts, weighting(sampling=sampling, method="auto")).method == method


def test_imbalance_of_nothing_is_one() -> None:
    assert imbalance({}) == 1
