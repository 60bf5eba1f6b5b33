"""What is judged when a cause is looked for, and what a judge may answer."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from counterpoise.core.balance.weights import mean_weight
from counterpoise.core.findings import Fix
from counterpoise.core.findings.sentences.causes import CAUSES
from counterpoise.core.safety.seen import Range
from counterpoise.core.settings import Settings


@dataclass(frozen=True)
class Cause:
    """One likely cause as a sentence with its numbers, and the settings of a new run that mend it."""

    sentence: str
    fix: Fix | None = None
    blamed: bool = True
    """Whether a setting is to blame; False for what is left where none is out of its range."""


@dataclass(frozen=True)
class Suspect:
    """A likely cause, and how far its setting is out of range."""

    excess: float
    """How many times beyond what is allowed; the greatest comes first, 1 and below is none."""
    cause: Cause


@dataclass(frozen=True)
class Case:
    """Settings as they ran; weights and training images per class; what the first layer saw, if known."""

    settings: Settings
    weights: Mapping[str, float]
    counts: Mapping[str, int]
    seen: Range | None

    @property
    def mode(self) -> str:
        return self.settings.model.mode

    @property
    def rate(self) -> float:
        return float(self.settings.training.learning_rate)

    @property
    def optimizer(self) -> str:
        return self.settings.training.optimizer

    @property
    def plain(self) -> bool:
        """Whether steps go with the gradient, and so with weights and pixels."""
        return self.optimizer == "sgd"

    @property
    def images(self) -> int:
        return sum(self.counts.values())

    @property
    def present(self) -> dict[str, int]:
        return {label: number for label, number in self.counts.items() if number}

    @property
    def finite_weights(self) -> dict[str, float]:
        known = {label: weight for label, weight in self.weights.items() if math.isfinite(weight)}
        return {label: weight for label, weight in known.items() if weight > 0} or {"": 1.0}

    @property
    def mean(self) -> float:
        """Mean weight of a training image."""
        return mean_weight(self.present, {label: self.weights.get(label, 1.0) for label in self.present})


def said(key: str, fix: Fix | None, **words: Any) -> Cause:
    """Return the cause whose sentence is ``key``, filled with ``words``."""
    return Cause(CAUSES[key].format(**words), fix)
