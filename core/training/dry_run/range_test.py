"""The learning-rate range test: what the error does while the rate grows from far below to far above.

Smith 2017, "Cyclical Learning Rates for Training Neural Networks", section 3.3 (arXiv 1506.01186).
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

# (lowest, highest) rate tried. Adaptive optimizers step by about the rate whatever the gradient
# (Kingma and Ba 2015, section 2.1); plain steps go with the gradient and take larger rates.
ADAPTIVE = (1e-6, 1.0)
PLAIN = (1e-5, 10.0)
AROUND = 30.0
"""The rates tried reach at least so many times below and above the planned one."""
FEWEST_STEPS = 30
"""With fewer, single batches outweigh the rate, and the curve says nothing."""
FEWEST_POINTS = 10
SMOOTHED_SHARE = 0.08
"""Part of the curve that one smoothed value looks at, to either side."""
EXPLODED = 4.0
"""Times the least error from where on nothing is learnt any more; that of Howard's and Gugger's fastai
(Information 2020, 11(2), 108)."""
FELL = 0.05
"""A smaller fall, as a share of the first error, tells no rate at which it learns fastest."""
MARGIN = 3.0
"""Between the rate of the least error and what is called safe: a few dozen steps show less than a training
does, and the least error is where learning and breaking hold the balance (Smith: the rate where the accuracy
"starts to slow, become ragged, or fall" is the upper bound, not the choice)."""


@dataclass(frozen=True)
class RateRange:
    """The curve of a range test and what it means."""

    rates: tuple[float, ...]
    """Those tried, growing."""
    losses: tuple[float | None, ...]
    """What is minimised (weighted error, penalties) at each, smoothed; None where it wasn't a number."""
    gradient_norms: tuple[float | None, ...]
    safe_low: float | None
    """Where half of the fall is done; None where it never fell (pretrained, nothing left to learn)."""
    safe_high: float
    """Below the least error, or below where it broke."""
    suggested: float
    too_high: float | None
    """From here on the error has lost half of its fall again, or exploded; None where it never did."""

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def rates_to_try(optimizer: str, planned: float, steps: int) -> NDArray[np.float64]:
    """Return ``steps`` rates, each the same times larger than the one before."""
    low, high = PLAIN if optimizer == "sgd" else ADAPTIVE
    return np.geomspace(min(low, planned / AROUND), max(high, planned * AROUND), steps)


class Climb:
    """Goes up the rates until the error has exploded. ``guess`` is the error of a coin's toss (ln k)."""

    def __init__(self, rates: NDArray[np.float64], guess: float) -> None:
        self._rates = rates
        self._guess = guess
        self.losses: list[float] = []
        self.norms: list[float] = []

    def __iter__(self) -> Iterator[float]:
        for rate in self._rates:
            if self._over():
                return
            yield float(rate)

    def told(self, loss: float, norm: float) -> None:
        """Hear what the step at the last rate gave."""
        self.losses.append(loss)
        self.norms.append(norm)

    def _over(self) -> bool:
        return exploded_from(self.losses, self._guess) is not None

    def result(self) -> RateRange | None:
        """Return what was seen; None where it is too little."""
        count = len(self.losses)
        return marked(self._rates[:count].tolist(), self.losses, self.norms, self._guess)


def exploded_from(losses: Sequence[float], guess: float) -> int | None:
    """Return the position from which on the error is beyond learning, None where it isn't.

    Beyond is far above both the least error so far and the first ones: a single batch may be bad, so three
    in a row must be; a value that isn't a number is enough alone.
    """
    finite = [loss for loss in losses if math.isfinite(loss)]
    if len(finite) < len(losses):
        return next(number for number, loss in enumerate(losses) if not math.isfinite(loss))
    if len(losses) < 4:
        return None
    least = float(np.min(_smooth(losses)))
    first = float(np.mean(losses[:3]))
    limit = max(EXPLODED * least, 1.5 * first, 0.5 * guess)
    for number in range(3, len(losses) + 1):
        if min(losses[number - 3 : number]) > limit:
            return number - 3
    return None


def marked(
    rates: Sequence[float], losses: Sequence[float], norms: Sequence[float], guess: float
) -> RateRange | None:
    """Mark the safe range of a curve; None where fewer than ``FEWEST_POINTS`` rates gave a number.

    Safe is from the middle of the fall (about where the error falls fastest, and steadier than the steepest
    place of a noisy curve) to a third of the rate of the least error.
    """
    broke = exploded_from(losses, guess)
    usable = len(losses) if broke is None else broke
    if usable < FEWEST_POINTS:
        return None
    smooth = _smooth(losses[:usable])
    least = int(np.argmin(smooth))
    top = rates[least] / MARGIN if least < usable - 1 or broke is not None else rates[least]
    low = None
    if smooth[0] - smooth[least] > FELL * abs(smooth[0]):
        half = (smooth[0] + smooth[least]) / 2
        low = min(float(rates[int(np.argmax(smooth[: least + 1] <= half))]), top)
    elif broke is not None:
        # It never fell: the least error is noise, only where it broke is known.
        top = rates[broke] / (MARGIN * MARGIN)
    shown = [*smooth.tolist(), *losses[usable:]]
    return RateRange(
        rates=tuple(rates),
        losses=tuple(map(_number, shown)),
        gradient_norms=tuple(map(_number, norms)),
        safe_low=low,
        safe_high=float(top),
        suggested=_rounded(math.sqrt(low * top) if low is not None else top / MARGIN),
        too_high=_too_high(rates, smooth, least, broke),
    )


def _too_high(
    rates: Sequence[float], smooth: NDArray[np.float64], least: int, broke: int | None
) -> float | None:
    half = (smooth[0] + smooth[least]) / 2
    lost = np.flatnonzero(smooth[least:] >= half)
    fell = smooth[0] - smooth[least] > FELL * abs(smooth[0])
    if fell and len(lost):
        return float(rates[least + int(lost[0])])
    return None if broke is None else float(rates[broke])


def _smooth(values: Sequence[float]) -> NDArray[np.float64]:
    """Return the mean of each value's neighbourhood, as wide to one side as to the other."""
    whole = np.asarray(values, np.float64)
    reach = max(1, round(SMOOTHED_SHARE * len(whole)))
    return np.array(
        [
            whole[i - here : i + here + 1].mean()
            for i in range(len(whole))
            for here in [min(reach, i, len(whole) - 1 - i)]
        ]
    )


def _number(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None


def _rounded(rate: float) -> float:
    """Return a rate with one digit, as people write it."""
    return float(f"{rate:.0e}")
