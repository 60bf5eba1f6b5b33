"""All figures of one set of predictions, with 95 % intervals."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from counterpoise.core.balance.operating import OperatingPoint, decide
from counterpoise.core.figures.auc import WeightedAuc, delong, one_against_rest
from counterpoise.core.figures.calibration import TopLabelCalibration, brier_losses
from counterpoise.core.figures.confusion import Rates, confusion_matrix
from counterpoise.core.figures.deployed import at_prevalence
from counterpoise.core.figures.intervals import Metric, from_resamples, newcombe_auc, proportion
from counterpoise.core.figures.resample import group_numbers, resampled_weights

PER_CLASS = ("sensitivity", "specificity", "ppv", "npv")


@dataclass(frozen=True)
class _Case:
    """What all figures are computed from."""

    probabilities: NDArray[np.float64]
    truth: NDArray[np.intp]
    labels: tuple[str, ...]
    confusion: NDArray[np.int64]
    predicted: NDArray[np.intp]
    numbers: NDArray[np.intp]
    """Group of each image."""
    groups: int

    @property
    def clustered(self) -> bool:
        """Whether some patient has several images."""
        return self.groups < len(self.truth)

    def groups_among(self, images: NDArray[np.bool_]) -> int:
        return len(np.unique(self.numbers[images]))


@dataclass(frozen=True)
class _Resamples:
    confusions: NDArray[np.float64]
    """[resamples, k, k]"""
    brier: NDArray[np.float64]
    aucs: NDArray[np.float64]
    """[resamples, k]; empty for independent images, which need none."""


def figures(
    probabilities: ArrayLike,
    truth: ArrayLike,
    groups: Sequence[str],
    labels: Sequence[str],
    point: OperatingPoint,
    prevalence: Mapping[str, float],
    *,
    positive: str | None = None,
    deployed_prevalence: float | None = None,
    seed: int = 0,
) -> dict[str, Any]:
    """Return n, groups, classes, metrics, per_class, confusion, threshold, prevalence as JSON.

    ``probabilities`` [n, k]; ``truth`` [n], indices into ``labels``; ``groups`` the patient of each image,
    empty where unknown; ``prevalence`` each class's share in training. Proportions have Wilson's interval
    and AUCs DeLong's; where a patient has several images, both a bootstrap by patient. With
    ``deployed_prevalence`` PPV and NPV of the class of interest are those at that prevalence.
    """
    p, y = np.asarray(probabilities, np.float64), np.asarray(truth, np.intp)
    predicted = decide(p, labels, point, prevalence) if len(y) else np.zeros(0, np.intp)
    numbers, count = group_numbers(groups)
    confusion = confusion_matrix(y, predicted, len(labels))
    case = _Case(p, y, tuple(labels), confusion, predicted, numbers, count)
    resamples = _resample(case, seed) if len(y) else None
    aucs, auc = _aucs(case, resamples)
    rates = _rates(case, resamples)
    if deployed_prevalence is not None and resamples is not None:
        of = positive or point.class_
        rates |= at_prevalence(rates, resamples.confusions, case.labels, of, deployed_prevalence)
    return {
        "n": len(y),
        "groups": count,
        "classes": list(labels),
        "metrics": {"auc": auc.to_json(), **_overall(case, resamples, seed)},
        "per_class": {
            label: {
                **{name: rates[name, label].to_json() for name in PER_CLASS},
                "auc": aucs[c].to_json(),
                "n": int(confusion[c].sum()),
            }
            for c, label in enumerate(labels)
        },
        "confusion": confusion.tolist(),
        "threshold": point.to_json(),
        "prevalence": deployed_prevalence,
    }


def _resample(case: _Case, seed: int) -> _Resamples:
    k = len(case.labels)
    cells = case.truth * k + case.predicted
    by_cell = np.argsort(cells, kind="stable")
    present, starts = np.unique(cells[by_cell], return_index=True)
    losses = brier_losses(case.probabilities, case.truth)
    weighted_aucs = [WeightedAuc(case.probabilities[:, c], case.truth == c) for c in range(k)]
    confusions, brier, aucs = [], [], []
    for weights in resampled_weights(case.numbers, case.groups, seed):
        counts = np.zeros((len(weights), k * k))
        counts[:, present] = np.add.reduceat(weights[:, by_cell], starts, axis=1)
        confusions.append(counts.reshape(-1, k, k))
        brier.append(weights @ losses / weights.sum(axis=1))
        if case.clustered:
            aucs.append(np.stack([auc(weights) for auc in weighted_aucs], axis=1))
    drawn = np.concatenate(aucs) if aucs else np.zeros((0, k))
    return _Resamples(np.concatenate(confusions), np.concatenate(brier), drawn)


def _aucs(case: _Case, resamples: _Resamples | None) -> tuple[list[Metric], Metric]:
    if resamples is None or not case.clustered:
        return delong(case.probabilities, case.truth)
    values = one_against_rest(case.probabilities, case.truth)
    known = [c for c, value in enumerate(values) if value is not None]
    metrics = [_clustered_auc(case, c, value, resamples.aucs[:, c]) for c, value in enumerate(values)]
    if not known:
        return metrics, Metric()
    mean = sum(value for value in values if value is not None) / len(known)
    samples = resamples.aucs[:, known]
    finite = np.isfinite(samples)
    means = np.where(finite, samples, 0).sum(axis=1) / np.maximum(finite.sum(axis=1), 1)
    rarest = min(known, key=lambda c: int(case.confusion[c].sum()))
    return metrics, _clustered_auc(case, rarest, mean, means[finite.any(axis=1)])


def _clustered_auc(case: _Case, c: int, value: float | None, samples: NDArray[np.float64]) -> Metric:
    """Return an AUC with its bootstrap interval, or Newcombe's by groups where all resamples agree."""
    metric = from_resamples(value, samples)
    if metric.value is None or metric.low is not None:
        return metric
    is_c = case.truth == c
    sides = case.groups_among(is_c), case.groups_among(~is_c)
    return Metric(value, *newcombe_auc(metric.value, *sides))


def _rates(case: _Case, resamples: _Resamples | None) -> dict[tuple[str, str], Metric]:
    """Return sensitivity, specificity, PPV and NPV of every class."""
    observed = Rates(case.confusion)
    parts = {
        "sensitivity": (observed.right, observed.true),
        "specificity": (observed.rightly_not, observed.all - observed.true),
        "ppv": (observed.right, observed.called),
        "npv": (observed.rightly_not, observed.all - observed.called),
    }
    drawn = Rates(resamples.confusions) if resamples is not None and case.clustered else None
    rates = {}
    for name, (part, whole) in parts.items():
        samples = getattr(drawn, name) if drawn else None
        for c, label in enumerate(case.labels):
            if samples is None or not whole[c]:
                rates[name, label] = proportion(int(part[c]), int(whole[c]))
                continue
            among = case.predicted if name in ("ppv", "npv") else case.truth
            images = among == c if name in ("sensitivity", "ppv") else among != c
            rates[name, label] = from_resamples(
                float(part[c] / whole[c]), samples[:, c], case.groups_among(images)
            )
    return rates


def _overall(case: _Case, resamples: _Resamples | None, seed: int) -> dict[str, Any]:
    nothing = {name: Metric().to_json() for name in ("accuracy", "balanced_accuracy", "macro_f1", "brier")}
    if resamples is None:
        return {**nothing, "ece": {**Metric().to_json(), "expected_if_calibrated": None}}
    observed, drawn = Rates(case.confusion), Rates(resamples.confusions)
    right = int(observed.right.sum())
    accuracy = (
        from_resamples(right / len(case.truth), drawn.accuracy, case.groups)
        if case.clustered
        else proportion(right, len(case.truth))
    )
    calibration = TopLabelCalibration(case.probabilities, case.truth)
    loss = float(brier_losses(case.probabilities, case.truth).mean())
    spread = _effective_n(case)
    return {
        "accuracy": accuracy.to_json(),
        "balanced_accuracy": from_resamples(
            float(observed.balanced_accuracy), drawn.balanced_accuracy, spread
        ).to_json(),
        "macro_f1": from_resamples(float(observed.macro_f1), drawn.macro_f1, spread).to_json(),
        "brier": from_resamples(loss, resamples.brier).to_json(),
        "ece": {
            **Metric(calibration.error()).to_json(),
            "expected_if_calibrated": calibration.expected_if_calibrated(seed),
        },
    }


def _effective_n(case: _Case) -> float:
    """Return of how many groups one proportion would spread as much as the mean over classes does."""
    sizes = [case.groups_among(case.truth == c) for c in range(len(case.labels)) if case.confusion[c].any()]
    return len(sizes) ** 2 / sum(1 / size for size in sizes)
