"""The guard of steps beside the loop of the head: what it sees is said; the last good state is kept."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from counterpoise.core.errors import CounterpoiseError
from counterpoise.core.findings import Finding
from counterpoise.core.safety.guards.action import Action
from counterpoise.core.safety.guards.steps import StepGuard
from counterpoise.core.training.features.state import HeadState

Names = Callable[[NDArray[np.intp]], tuple[Sequence[str], bool]]
"""The images of a batch, by the positions of their rows, and whether they alone are to blame."""
Tell = Callable[[Finding, int, int | None], None]
"""``tell(finding, epoch, step)``."""


class EndedByGuardError(CounterpoiseError):
    """Going back has been of no use: the guard's sentence."""


@dataclass
class HeadWatch:
    """Steps of all heads are judged together: they share their batches, and go back together."""

    guard: StepGuard
    tell: Tell
    names: Names
    good: HeadState = field(init=False)
    """The last state after a pass that went well: what is saved, and gone back to."""

    @property
    def factor(self) -> float:
        """What the learning rate is multiplied by."""
        return self.guard.factor

    def keep(self, state: HeadState, **guards: object) -> None:
        """Keep ``state`` with what the guards remember, unless it isn't good enough to go back to."""
        if not self.guard.calm:
            return
        state.guards = {**state.guards, **guards, "steps": self.guard.to_plain()}
        self.good = state.copy()

    def after_step(self, epoch: int, step: int, finite: bool, loss: float, batch: NDArray[np.intp]) -> bool:
        """Judge a step; return whether to go back. Raises EndedByGuardError where that has been of no use."""
        action = self.guard.after_step(epoch, step, finite, loss, lambda: self.names(batch))
        return action is not None and self._do(action, epoch, step)

    def after_pass(self, epoch: int, val_loss: float | None) -> bool:
        """Judge the validation of a pass like a step."""
        action = self.guard.after_pass(epoch, val_loss)
        return action is not None and self._do(action, epoch, None)

    def _do(self, action: Action, epoch: int, step: int | None) -> bool:
        self.tell(action.finding, epoch, step)
        if action.kind == "end":
            raise EndedByGuardError(action.finding.message)
        return action.kind == "restore"
