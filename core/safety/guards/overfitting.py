"""``overfitting``: validation gets worse while training gets better."""

import math
from typing import Any

import numpy as np

from counterpoise.core.safety.guards.pass_facts import PassFacts

WORSE = 1.2
"""Validation loss over the best one."""
ERRORS = 2.0
"""Standard errors of the validation loss that it must lie above the best one."""


def overfitting(facts: PassFacts) -> dict[str, Any] | None:
    """Return the evidence where validation is clearly worse than in the best pass, and training better.

    Training that is itself no better than guessing isn't by heart: there the steps are too long (seen with
    plain steps of 1 on bccd_crops: 1.3 in training, 1.5 in validation, guessing .53).
    """
    if not facts.validated or not math.isfinite(facts.best_loss) or facts.epoch <= facts.best_epoch:
        return None
    by_epoch = {entry["epoch"]: entry for entry in facts.history}
    then, now = by_epoch.get(facts.best_epoch), by_epoch[facts.epoch]
    before = math.inf if then is None else then["loss"]
    error = float(np.std(facts.losses)) / math.sqrt(max(len(facts.losses), 1))
    worse = facts.loss > max(WORSE * facts.best_loss, facts.best_loss + ERRORS * error)
    better = now["loss"] is not None and before is not None and now["loss"] < min(before, facts.guessing)
    if not (worse and better):
        return None
    return {
        "best_epoch": facts.best_epoch,
        "best_loss": facts.best_loss,
        "val_loss": facts.loss,
        "loss": now["loss"],
        "guessing": facts.guessing,
    }
