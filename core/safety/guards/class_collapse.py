"""``class-collapse``: one class decided for all images at the operating point."""

from typing import Any

import numpy as np

from counterpoise.core.safety.guards.pass_facts import PassFacts

OTHERS = 5
"""Images of other classes it takes: a decision that is right for every second of them misses five in a row
once in 32 times only."""


def class_collapse(facts: PassFacts) -> dict[str, Any] | None:
    """Return the evidence where every image is given the same class; ``class`` is its index."""
    if not len(facts.decided) or (facts.decided != facts.decided[0]).any():
        return None
    chosen = int(facts.decided[0])
    others = int(np.count_nonzero(facts.truth != chosen))
    if others < OTHERS:
        return None
    return {"class": chosen, "images": len(facts.decided), "others": others}
