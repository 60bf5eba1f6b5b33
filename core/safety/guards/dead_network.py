"""``dead-network``: the same answer for all images, at the loss of guessing."""

from typing import Any

from counterpoise.core.safety.guards.pass_facts import PassFacts

SAME = 1e-5
"""Largest difference between the probabilities of two images that counts as none. A network without a live
unit gives equal logits, so what is left is rounding (seen: 0 to 6e-8); networks that learn passed 1e-3 in
their first pass (scratch and features on pneumoniamnist, bccd_crops)."""
NEAR = 0.01
"""Of the loss (findings.md)."""


def dead_network(facts: PassFacts) -> dict[str, Any] | None:
    """Return the evidence where the network says the same of every image.

    Its loss lies within 1 % of a constant answer's, or between two of them: on its way from ln k to the
    entropy of the class shares only the last layer's bias still moves. A far larger loss with equal outputs
    isn't dead but saturated: the guards of class collapse and of exploding losses speak there.
    """
    if len(facts.truth) < 2 or not facts.spread <= SAME:
        return None
    if not (1 - NEAR) * min(facts.constants) <= facts.loss <= (1 + NEAR) * max(facts.constants):
        return None
    return {"loss": facts.loss, "guessing": facts.guessing, "spread": facts.spread}
