"""The guards of passes inside a training: what they need, what they say, what of them is saved."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from counterpoise.core.balance.operating import choose_operating_point, decide
from counterpoise.core.balance.prior import prior_divisors
from counterpoise.core.safety.guards.pass_facts import PassFacts
from counterpoise.core.safety.guards.passes import PassGuard
from counterpoise.core.training.record import RunConfig
from counterpoise.core.training.work import Teller, Work, truth_of

MOST_TRAINING = 256
"""Training images that passes are judged by where there is no validation."""


class Standing(Protocol):
    """What both loops' states tell; ``history`` ends with the pass just done."""

    @property
    def epoch(self) -> int: ...
    @property
    def best_epoch(self) -> int: ...
    @property
    def best_loss(self) -> float: ...
    @property
    def history(self) -> Sequence[Mapping[str, Any]]: ...


class PassWatch:
    """Judges each pass of one run by the images at ``positions`` (of ``work.images``) and tells."""

    def __init__(self, work: Work, config: RunConfig, teller: Teller, saved: Mapping[str, Any]) -> None:
        """``saved`` is what ``to_plain`` gave before, or nothing."""
        self._config, self._teller = config, teller
        self._guard = PassGuard(config.settings, config.weights, config.counts)
        self._guard.take_plain(saved)
        self._validated = bool(work.val)
        train = len(work.train)
        self.positions: NDArray[np.intp] = (
            np.arange(train, train + len(work.val))
            if self._validated
            else np.unique(np.linspace(0, train - 1, min(train, MOST_TRAINING)).astype(np.intp))
        )
        self._truth = truth_of(work.images, config.labels)[self.positions]
        self._shares = np.array([config.prevalence[label] for label in config.labels])
        self._weights = prior_divisors(config.counts, config.weights, config.settings.weighting.sampling)

    def after_pass(self, state: Standing, probabilities: NDArray[np.float32]) -> None:
        """Judge the pass that ``state`` has just done by ``probabilities`` [n, k] of ``positions``."""
        facts = PassFacts(
            epoch=state.epoch,
            probabilities=probabilities,
            truth=self._truth,
            decided=self._decided(probabilities),
            validated=self._validated,
            best_epoch=state.best_epoch,
            best_loss=state.best_loss,
            history=state.history,
            shares=self._shares,
            weights=self._weights,
        )
        for finding in self._guard.after_pass(facts):
            self._teller.guard(finding, state.epoch)

    def to_plain(self) -> dict[str, Any]:
        """Return what a saved state keeps."""
        return self._guard.to_plain()

    def _decided(self, probabilities: NDArray[np.float32]) -> NDArray[np.intp]:
        """Return what the run would decide if it ended here: the line is drawn on validation alone."""
        config, known = self._config, len(probabilities) if self._validated else 0
        point = choose_operating_point(
            probabilities[:known],
            self._truth[:known],
            config.labels,
            config.positive,
            config.prevalence,
            config.settings.evaluation,
        )
        return decide(probabilities, config.labels, point, config.prevalence)
