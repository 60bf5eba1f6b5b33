"""A row of a prediction table."""

from dataclasses import dataclass
from typing import Any

from counterpoise.core.catalog.types import NO_FRAME


@dataclass(frozen=True)
class PredictionRow:
    """One image with its prediction, or the reason why there is none."""

    path: str
    frame: int
    """From 0; NO_FRAME for a file of one image."""
    predicted: str
    """Empty where there is an error."""
    probabilities: dict[str, float]
    """By class, in the order of the labels; empty where there is an error."""
    error: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return the contract's object; what isn't there is null."""
        return {
            "path": self.path,
            "frame": None if self.frame == NO_FRAME else self.frame,
            "predicted": self.predicted or None,
            "probabilities": self.probabilities,
            "error": self.error or None,
        }
