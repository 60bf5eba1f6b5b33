"""``no-signal``: outputs differ from image to image, but tell no more than guessing does."""

import math
from typing import Any

from counterpoise.core.safety.guards.chance import auc_by_chance
from counterpoise.core.safety.guards.dead_network import MOST, NEAR
from counterpoise.core.safety.guards.pass_facts import PassFacts


def no_signal(facts: PassFacts) -> dict[str, Any] | None:
    """Return the evidence where no state so far was better than guessing.

    The best loss isn't 1 % below that of the class shares, and neither the best state's AUC nor the latest
    is beyond what guessing reaches on so many images: a loss alone may be poor because probabilities are off
    while the order of the images is right.
    """
    if facts.alike >= MOST * len(facts.truth):
        return None
    if not math.isfinite(facts.best_loss) or facts.best_loss < (1 - NEAR) * facts.guessing:
        return None
    limit = auc_by_chance(facts.truth, len(facts.shares)) if facts.validated else None
    aucs = [
        entry["val_auc"]
        for entry in facts.history
        if entry["epoch"] in (facts.best_epoch, facts.epoch) and entry.get("val_auc") is not None
    ]
    reached = max(aucs, default=None)
    if facts.validated and (limit is None or reached is None or reached > limit):
        return None
    return {"loss": facts.best_loss, "guessing": facts.guessing, "auc": reached, "auc_by_chance": limit}
