"""The guard of memory: what doesn't fit at once is computed in pieces."""

import math
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from counterpoise.core.findings import Finding, Severity, make_finding
from counterpoise.core.findings.words import count
from counterpoise.core.safety.causes import likeliest_causes
from counterpoise.core.safety.guards.action import Action
from counterpoise.core.settings import Settings

BLOCK = 64
"""Images that are judged at once in validation."""


@dataclass
class MemoryState:
    """How much is computed at once."""

    pieces: int = 1
    """That a batch is computed in."""
    block: int = BLOCK


@dataclass
class MemoryGuard:
    """Halves what is computed at once; ``settings`` as they run, ``weights`` and ``counts`` per class."""

    settings: Settings
    weights: Mapping[str, float]
    counts: Mapping[str, int]
    statistics: bool = False
    """Whether batch norm learns statistics, so that pieces differ from the whole batch."""
    state: MemoryState = field(default_factory=MemoryState)

    def restarted(self, pieces: int) -> Action | None:
        """Compute in at least ``pieces``: the process died for want of memory before."""
        pieces = min(pieces, self._batch)
        if pieces <= self.state.pieces:
            return None
        self.state.pieces = pieces
        return Action("split", self._finding("restarted", {"epoch": 0, "pieces": pieces}))

    def before_steps(self, epoch: int, fits: Callable[[int], bool]) -> Action | None:
        """Take pieces that fit before memory runs out, down to single images; ``fits`` judges a size."""
        pieces = self.state.pieces
        while pieces < self._batch and not fits(math.ceil(self._batch / pieces)):
            pieces = min(2 * pieces, self._batch)
        if pieces == self.state.pieces:
            return None
        self.state.pieces = pieces
        return Action("split", self._finding("short", {"epoch": epoch, "pieces": pieces}))

    def before_validation(self, fits: Callable[[int], bool]) -> None:
        """The same for what is judged at once, without a word: it changes nothing."""
        while self.state.block > 1 and not fits(self.state.block):
            self.state.block //= 2

    def in_step(self, epoch: int, step: int) -> Action:
        """Memory ran out in a step (counted from 1): twice as many pieces, or the end at single images."""
        evidence = {"epoch": epoch, "step": step, "batch": self._batch}
        if self.state.pieces >= self._batch:
            return Action("end", self._finding("end", evidence | {"pieces": self.state.pieces}))
        self.state.pieces = min(2 * self.state.pieces, self._batch)
        return Action("split", self._finding("split", evidence | {"pieces": self.state.pieces}))

    def in_validation(self, epoch: int) -> Action:
        """Memory ran out in validation: half as many images at once, or the end at single ones."""
        if self.state.block == 1:
            return Action("end", self._finding("end", {"epoch": epoch, "block": 1}))
        self.state.block //= 2
        return Action("split", self._finding("validation", {"epoch": epoch, "block": self.state.block}))

    def to_plain(self) -> dict[str, Any]:
        """Return the state as JSON."""
        return asdict(self.state)

    def take_plain(self, plain: Mapping[str, Any]) -> None:
        """Take over what ``to_plain`` gave; nothing where a run was saved without it."""
        self.state = MemoryState(**plain)

    @property
    def _batch(self) -> int:
        return int(self.settings.training.batch_size)

    def _finding(self, variant: str, evidence: dict[str, Any]) -> Finding:
        in_pieces = variant in ("split", "restarted", "short")
        if in_pieces:
            evidence |= {"batch": self._batch, "same_result": not self.statistics}
        cause = likeliest_causes("memory", self.settings, self.weights, self.counts)[0]
        words = {
            "cause": cause.sentence,
            "whole": count(self._batch, "image"),
            "images": count(evidence.get("block", 1), "image"),
        }
        if in_pieces and self.statistics:
            variant += ".statistics"
        return make_finding(
            "out-of-memory", Severity.WARNING, evidence, variant=variant, words=words, fix=cause.fix
        )
