"""Predictive values where the model will be used: at a stated prevalence, not at that of the test part."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from counterpoise.core.figures.confusion import Rates, ratio
from counterpoise.core.figures.intervals import Metric, from_resamples


def predictive_value(hits: float, false_alarms: float, prevalence: float) -> float | None:
    """Return the PPV by Bayes from sensitivity and 1 - specificity; None where nothing is called.

    The NPV is that of the other class: hits is specificity, false alarms 1 - sensitivity, the prevalence
    that of all others.

    >>> round(predictive_value(0.9, 0.1, 0.01), 4)
    0.0833
    """
    called = hits * prevalence + false_alarms * (1 - prevalence)
    return hits * prevalence / called if called > 0 else None


def at_prevalence(
    rates: Mapping[tuple[str, str], Metric],
    confusions: NDArray[np.float64],
    labels: Sequence[str],
    positive: str | None,
    prevalence: float,
) -> dict[tuple[str, str], Metric]:
    """Return PPV and NPV of ``positive`` at ``prevalence``, with two classes of the other one too.

    ``rates`` holds sensitivity and specificity by (name, label), ``confusions`` [resamples, k, k] give the
    interval.
    """
    if positive is None:
        return {}
    shares = {positive: prevalence}
    if len(labels) == 2:
        other = next(label for label in labels if label != positive)
        shares[other] = 1 - prevalence
    drawn = Rates(confusions)
    result = {}
    for label, share in shares.items():
        c = list(labels).index(label)
        found, spared = rates["sensitivity", label], rates["specificity", label]
        finds, spares = drawn.sensitivity[:, c], drawn.specificity[:, c]
        result["ppv", label] = _metric(found, spared, share, finds, spares)
        result["npv", label] = _metric(spared, found, 1 - share, spares, finds)
    return result


def _metric(
    hits: Metric, spared: Metric, share: float, finds: NDArray[np.float64], spares: NDArray[np.float64]
) -> Metric:
    if hits.value is None or spared.value is None:
        return Metric()
    value = predictive_value(hits.value, 1 - spared.value, share)
    called = finds * share + (1 - spares) * (1 - share)
    samples = ratio(finds * share, called)
    metric = from_resamples(value, samples)
    if value is None or metric.low is not None:
        return metric
    # No resample held a false alarm (or a hit): the corners of both Wilson intervals bound it.
    low = predictive_value(hits.low or 0.0, 1 - (spared.low or 0.0), share)
    high = predictive_value(hits.high or 1.0, 1 - (spared.high or 1.0), share)
    return Metric(value, value if low is None else low, value if high is None else high)
