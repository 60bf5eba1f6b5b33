"""The operating point: where the line is drawn between probabilities and a decision."""

from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pydantic import BaseModel, ConfigDict, Field

from counterpoise.core.settings import EvaluationSettings

Rule = Literal["balanced", "argmax", "sensitivity", "specificity"]
DEFAULT_TARGET = 0.9
"""Of the rules sensitivity and specificity, where no target is set."""


class OperatingPoint(BaseModel):
    """How probabilities become a decision; frozen before the test part is opened.

    With a ``value``, the decision is ``class_`` from that probability on; otherwise, and among the
    remaining classes, the rule argmax takes the most probable, every other rule the largest probability
    over the class's share in training.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    class_: str | None = Field(None, alias="class")
    value: float | None = None
    rule: Rule = "balanced"
    target: float | None = None
    chosen_on: Literal["val"] = "val"

    def to_json(self) -> dict[str, object]:
        """Return the contract's object."""
        return self.model_dump(by_alias=True, mode="json")


def choose_operating_point(
    probabilities: ArrayLike,
    truth: ArrayLike,
    labels: Sequence[str],
    positive: str | None,
    prevalence: Mapping[str, float],
    settings: EvaluationSettings,
) -> OperatingPoint:
    """Choose the operating point on validation.

    ``probabilities`` [n, k], ``truth`` [n] (index into ``labels``), ``prevalence`` the share of each
    class in training. A threshold needs a class of interest; with several classes and none named,
    sensitivity and specificity fall back to balanced, and the rule says so.
    """
    rule = settings.operating_point
    binary = len(labels) == 2
    if positive is None or (not binary and rule in ("balanced", "argmax")):
        return OperatingPoint(rule=rule if rule == "argmax" else "balanced")
    if rule == "argmax":
        return OperatingPoint(class_=positive, value=0.5, rule=rule)
    index = list(labels).index(positive)
    scores = np.asarray(probabilities, np.float64)[:, index]
    is_positive = np.asarray(truth) == index
    target = None if rule == "balanced" else settings.target or DEFAULT_TARGET
    value = _threshold(scores, is_positive, rule, target, prevalence[positive])
    return OperatingPoint(class_=positive, value=value, rule=rule, target=target)


def decide(
    probabilities: ArrayLike, labels: Sequence[str], point: OperatingPoint, prevalence: Mapping[str, float]
) -> NDArray[np.intp]:
    """Return the decided class of each row of ``probabilities`` [n, k], as an index into ``labels``."""
    p = np.asarray(probabilities, np.float64)
    if point.rule != "argmax":
        shares = np.array([prevalence[label] for label in labels])
        p = p / np.where(shares > 0, shares, np.inf)  # what training lacks is never decided for
    if point.value is None or point.class_ is None:
        return np.asarray(p.argmax(axis=1), np.intp)
    index = list(labels).index(point.class_)
    is_positive = np.asarray(probabilities, np.float64)[:, index] >= point.value
    others = np.where(np.arange(len(labels)) == index, -1.0, p).argmax(axis=1)
    return np.asarray(np.where(is_positive, index, others), np.intp)


def _threshold(
    scores: NDArray[np.float64],
    is_positive: NDArray[np.bool_],
    rule: Rule,
    target: float | None,
    prevalence: float,
) -> float:
    """Return the threshold on validation scores.

    Candidates lie midway between neighbouring scores, so that a difference in the last digit between two
    runtimes decides nothing. Of equal ones the nearest to the prevalence is taken, which is where the
    balanced decision lies for calibrated probabilities; so is it where nothing can be chosen.
    """
    positives, negatives = int(is_positive.sum()), int((~is_positive).sum())
    distinct = np.unique(scores)
    if not positives or not negatives or len(distinct) < 2:
        return prevalence
    candidates = (distinct[:-1] + distinct[1:]) / 2
    sensitivity = 1 - np.searchsorted(np.sort(scores[is_positive]), candidates) / positives
    specificity = np.searchsorted(np.sort(scores[~is_positive]), candidates) / negatives
    if rule == "balanced":
        youden = sensitivity + specificity - 1
        if youden.max() <= 0:
            return prevalence
        best = youden >= youden.max() - 1e-12
        return float(candidates[best][np.abs(candidates[best] - prevalence).argmin()])
    wanted, other = (sensitivity, specificity) if rule == "sensitivity" else (specificity, sensitivity)
    reached = wanted >= (target or DEFAULT_TARGET) - 1e-12
    if not reached.any():
        # Only the decision for everyone (or no one) reaches the target.
        return float(distinct[0] / 2) if rule == "sensitivity" else float((distinct[-1] + 1) / 2)
    best = reached & (other >= other[reached].max() - 1e-12)
    return float(candidates[best][np.abs(candidates[best] - prevalence).argmin()])
