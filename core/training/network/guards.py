"""The guards of a gradient loop together: what they are fed with, what they say, what of them is saved."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from counterpoise.core.errors import CounterpoiseError
from counterpoise.core.models.registry import spec
from counterpoise.core.safety.guards.action import Action, Kind
from counterpoise.core.safety.guards.memory import MemoryGuard
from counterpoise.core.safety.guards.steps import StepGuard
from counterpoise.core.safety.memory import bytes_per_image
from counterpoise.core.training.pass_watch import PassWatch
from counterpoise.core.training.record import RunConfig
from counterpoise.core.training.room import FORWARD, has_room
from counterpoise.core.training.work import Teller, Work


class LoopGuards:
    """``statistics`` says whether batch norm learns them, ``saved`` is what ``to_plain`` gave before."""

    def __init__(
        self, work: Work, config: RunConfig, teller: Teller, statistics: bool, saved: Mapping[str, Any]
    ) -> None:
        given = (config.settings, config.weights, config.counts)
        self._work, self._teller = work, teller
        model = config.settings.model
        self._image_bytes = bytes_per_image(spec(model.name), config.format, model.mode)
        # Asked once: what TensorFlow has freed it keeps, so later there is more room than is seen.
        self._ask_room = {"steps", "validation"} if config.device != "gpu" else set()
        self.steps = StepGuard(*given)
        self.steps.take_plain(saved.get("steps", {}))
        self.memory = MemoryGuard(*given, statistics)
        self.memory.take_plain(saved.get("memory", {}))
        self.passes = PassWatch(work, config, teller, saved.get("passes", {}))
        self._obey(self.memory.restarted(work.split), 0)

    @property
    def pieces(self) -> int:
        return self.memory.state.pieces

    @property
    def block(self) -> int:
        """Images judged at once in validation."""
        return self.memory.state.block

    def to_plain(self) -> dict[str, Any]:
        """Return what a saved state keeps."""
        return {
            "steps": self.steps.to_plain(),
            "memory": self.memory.to_plain(),
            "passes": self.passes.to_plain(),
        }

    def after_step(
        self,
        epoch: int,
        step: int,
        finite: bool,
        loss: float,
        positions: NDArray[np.intp],
        alone: Callable[[], NDArray[np.intp]],
    ) -> Kind | None:
        """Judge a step of the training images at ``positions``.

        ``alone`` finds those of them that give no number by themselves; asked only where a step is refused.
        Raises CounterpoiseError where the training must end.
        """

        def names() -> tuple[Sequence[str], bool]:
            bad = alone()
            chosen = bad if len(bad) else positions
            return [self._work.public_path(self._work.train[p].path) for p in chosen], len(bad) > 0

        return self._obey(self.steps.after_step(epoch, step, finite, loss, names), epoch, step)

    def after_validation(self, epoch: int, val_loss: float | None) -> Kind | None:
        """Judge a pass by its validation; raises CounterpoiseError where the training must end."""
        return self._obey(self.steps.after_pass(epoch, val_loss), epoch)

    def before_steps(self, epoch: int) -> None:
        """Take smaller pieces where a batch can't fit: see ``room``."""
        if "steps" in self._ask_room:
            self._ask_room.remove("steps")
            self._obey(self.memory.before_steps(epoch, partial(self._fits, 1.0)), epoch)

    def before_validation(self) -> None:
        """The same for validation, which keeps no values for a way back."""
        if "validation" in self._ask_room:
            self._ask_room.remove("validation")
            self.memory.before_validation(partial(self._fits, FORWARD))

    def _fits(self, share: float, images: int) -> bool:
        return has_room(share * images * self._image_bytes)

    def out_of_memory(self, epoch: int, step: int | None = None) -> None:
        """Take smaller pieces, in a step or else in validation; raises CounterpoiseError at single images."""
        memory = self.memory
        action = memory.in_validation(epoch) if step is None else memory.in_step(epoch, step)
        self._obey(action, epoch, step)

    def _obey(self, action: Action | None, epoch: int, step: int | None = None) -> Kind | None:
        if action is None:
            return None
        self._teller.guard(action.finding, epoch, step)
        if action.kind == "end":
            raise CounterpoiseError(action.finding.message)
        return action.kind
