"""The seven steps, one module each."""

from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from counterpoise.gui.steps.base import Step


@dataclass(frozen=True)
class StepEntry:
    name: str
    label: str
    next_label: str

    def load(self) -> "type[Step]":
        """Import the step's module and return its class, ``DataStep`` of ``steps.data``."""
        found: type[Step] = getattr(
            import_module(f"counterpoise.gui.steps.{self.name}"), f"{self.name.title()}Step"
        )
        return found

    @property
    def exists(self) -> bool:
        return find_spec(f"counterpoise.gui.steps.{self.name}") is not None


STEPS = (
    StepEntry("data", "Data", "Next: data"),
    StepEntry("inspect", "Inspect", "Next: inspect"),
    StepEntry("balance", "Balance and scale", "Next: balance and scale"),
    StepEntry("check", "Check", "Next: check"),
    StepEntry("train", "Train", "Next: train"),
    StepEntry("results", "Results", "Next: results"),
    StepEntry("export", "Export", "Next: export"),
)


def after(name: str) -> StepEntry | None:
    """Return the step that follows, None after the last."""
    names = [step.name for step in STEPS]
    index = names.index(name) + 1
    return STEPS[index] if index < len(STEPS) else None
