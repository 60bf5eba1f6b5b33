"""A trial of the second look on the very images it is for: labels are turned on purpose, and looked for.

How far the estimate tells too many or too few depends on the images: on 13 kinds of red cells, hard to tell
apart, it grew by 11 where 10 were turned. So it is divided by how it answers, and the interval is widened by
how surely that is known. (As simulation-extrapolation does, Cook and Stefanski 1994, JASA 89:1314: more of
the same fault is added to learn what the fault does.)
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from counterpoise.core.review.estimate import estimate
from counterpoise.core.review.out_of_fold import once
from counterpoise.core.review.ranking import margins
from counterpoise.core.review.result import Estimate, Trial
from counterpoise.core.training.features.feature_rows import Array

TURNED = 0.05
"""Share of the labels turned in a drawing."""
AMONG = 2.5
"""Times as many doubts, within which they are looked for: 2 % turned, within the first 5 %."""
FEWEST = 5
"""Labels turned, below which a drawing tells nothing."""
SPREAD = 0.2
"""Standard deviation of the answer from set to set, around 1: few drawings can't claim more."""
LEAST, MOST = 0.6, 1.7
"""Bounds of the answer."""


def drawings(images: int) -> int:
    """Return how often to draw: more where few labels are turned at a time."""
    if round(TURNED * images) < FEWEST:
        return 0
    return 4 if images < 1000 else 2 if images <= 10_000 else 1


def tried(
    found: Estimate,
    features: Array,
    truth: NDArray[np.intp],
    units: NDArray[np.intp],
    counted: NDArray[np.bool_],
    classes: int,
    seed: int,
    tick: Callable[[int], None] = lambda _done: None,
) -> tuple[Estimate, Trial | None]:
    """Return the estimate ``found`` for the labels ``counted`` [n], set right by a trial, and the trial.

    None, and the estimate as it was, where there are too few labels. ``tick`` is called between drawings.
    """
    random = np.random.default_rng(seed)
    places = np.flatnonzero(counted)
    number = round(TURNED * len(places))
    already = found.value / max(len(places), 1) * classes / (classes - 1)
    answers, recalls = [], []
    for done in range(drawings(len(places))):
        chosen = random.choice(places, number, replace=False)
        labels = truth.copy()
        labels[chosen] = (truth[chosen] + random.integers(1, classes, number)) % classes
        probabilities = once(features, labels, units, classes, seed * 100)
        if probabilities is not None:
            again = estimate(probabilities[places], labels[places], units[places])
            answers.append((again.value - found.value) / (number * max(1 - already, 0.1)))
            scores, _ = margins(probabilities[places], labels[places])
            first = places[np.argsort(scores, kind="stable")[: round(AMONG * number)]]
            recalls.append(np.isin(chosen, first).mean())
        tick(done + 1)
    if not answers:
        return found, None
    answer, unsure = _answer(np.array(answers), number)
    low, high = found.low / (answer + unsure), found.high / max(answer - unsure, LEAST / 2)
    set_right = Estimate(
        min(round(found.value / answer), found.of),
        int(np.floor(low)),
        min(int(np.ceil(high)), found.of),
        found.of,
    )
    return set_right, Trial(number, round(AMONG * number), round(float(np.mean(recalls)), 3))


def _answer(answers: NDArray[np.float64], number: int) -> tuple[float, float]:
    """Return by how much the estimate grows for each label turned, and the standard error of that.

    The mean of the drawings, drawn towards 1 by as much as they could be chance (a normal prior).
    """
    chance = 2 / number / len(answers)
    weight = SPREAD**2 / (SPREAD**2 + chance)
    answer = 1 + weight * (float(answers.mean()) - 1)
    return min(max(answer, LEAST), MOST), float(np.sqrt(weight * chance))
