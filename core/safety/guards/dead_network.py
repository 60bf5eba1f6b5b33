"""``dead-network``: the same answer for all images, at the loss of guessing."""

from typing import Any

from counterpoise.core.safety.guards.pass_facts import PassFacts

MOST = 0.95
"""Share of the images that are given the same answer. Not all: plain steps of .01 on raw pixels, unguarded,
left small_cnn on bccd_crops with a unit or two that a few extreme images still reach (971 to 977 of 978
alike, AUC .50), and on pneumoniamnist with none (524 of 524)."""
NEAR = 0.01
"""Of the loss (findings.md)."""


def dead_network(facts: PassFacts) -> dict[str, Any] | None:
    """Return the evidence where the network says the same of every image.

    Its loss lies within 1 % of a constant answer's, or between two of them: on its way from ln k to the
    entropy of the class shares only the last layer's bias still moves. A far larger loss with equal outputs
    isn't dead but saturated: the guards of class collapse and of exploding losses speak there.
    """
    if len(facts.truth) < 2 or facts.alike < MOST * len(facts.truth):
        return None
    if not (1 - NEAR) * min(facts.constants) <= facts.loss <= (1 + NEAR) * max(facts.constants):
        return None
    return {"loss": facts.loss, "guessing": facts.guessing, "alike": facts.alike, "of": len(facts.truth)}
