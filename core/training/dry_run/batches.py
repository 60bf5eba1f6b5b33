"""The batches of trial steps."""

import numpy as np
from numpy.typing import NDArray

from counterpoise.core.training.features.state import HeadSettings
from counterpoise.core.training.order import batches, epoch_order


def trial_batches(
    truth: NDArray[np.intp], settings: HeadSettings, steps: int, hardest: int = 0
) -> list[NDArray[np.intp]]:
    """Return ``steps`` batches as a training takes them, pass after pass.

    Before them comes, where ``hardest`` is given, one of the first so many images. A range test is better
    without: that batch has other shares of classes, and its error would pass for a fall.
    """
    found = [np.arange(min(hardest, len(truth)))] if hardest else []
    epoch = 0
    while len(found) < steps:
        order = epoch_order(truth, settings.classes, settings.sampling, settings.seed, epoch)
        found += batches(order, settings.batch_size)
        epoch += 1
    return found[:steps]
