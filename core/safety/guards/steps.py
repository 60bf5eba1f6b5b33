"""The guard of steps: what isn't finite, a loss that explodes, half precision that skips most steps."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from counterpoise.core.balance.weights import mean_weight
from counterpoise.core.findings import Finding, Fix, Severity, make_finding
from counterpoise.core.findings.words import some
from counterpoise.core.safety.causes import Cause, Symptom, likeliest_causes
from counterpoise.core.safety.guards.action import Action
from counterpoise.core.settings import Settings

IN_A_ROW = 3
"""Refused steps in a row that lead back to the last good state (findings.md)."""
MOST_RESTORES = 3
"""Returns after which the next one ends the training (findings.md)."""
RUNNING = 8
"""Steps that the running loss is the mean of."""
EXPLODED = 30.0
"""Running loss over its lowest (or over guessing evenly, where that is more) that counts as an explosion.

Of 180 runs of the plain CNN on two real sets (scaling, optimizer, rate, weights and batch varied) all 60
that diverged passed 2,800; of 34 that died 28 passed 38 and none of the others 17 (the guard of dead networks
speaks there); of 73 that learned only 6 passed it, each with a class counting 100 to 100,000 times and Adam
at .03 (tests/benchmarks/exploding_loss.py).
"""
UNEASY = 3.0
"""The same, from which on a state is no longer good to go back to: at usual rates 2.3 was the most seen."""
WINDOW = 20
"""Steps in which half precision is judged: its scale needs up to 15 skipped ones to fall from 2^15 to 1."""

Names = Callable[[], tuple[Sequence[str], bool]]
"""The images of a refused batch, and whether they alone (not their whole batch) are to blame."""


@dataclass
class StepState:
    """All that the guard remembers."""

    in_a_row: int = 0
    restores: int = 0
    factor: float = 1.0
    recent: list[float] = field(default_factory=list)
    """Losses of the last steps that were taken."""
    lowest: float | None = None
    """The lowest running loss so far."""
    skipped: list[bool] = field(default_factory=list)
    """Of the last steps in half precision."""
    float32: bool = False
    """Whether half precision was given up."""
    told: int = 0
    """The pass in which a refused step was last said."""
    untold: int = 0
    """Refused steps since then."""
    named: list[str] = field(default_factory=list)
    """Images that were said to be to blame alone: they come in every pass."""


@dataclass
class StepGuard:
    """Watches the steps of one run; ``settings`` as they run, ``weights`` and ``counts`` per class.

    Losses are the weighted mean over a batch, as it is learnt from.
    """

    settings: Settings
    weights: Mapping[str, float]
    counts: Mapping[str, int]
    state: StepState = field(default_factory=StepState)

    @property
    def factor(self) -> float:
        """What the learning rate is multiplied by: halved by every return."""
        return self.state.factor

    @property
    def half(self) -> bool:
        """Whether steps are skipped for the sake of the loss scale."""
        return self.settings.training.precision == "mixed_float16" and not self.state.float32

    @property
    def calm(self) -> bool:
        """Whether the present state is good enough to go back to."""
        return self._running() <= UNEASY * self._usual() and not self.state.in_a_row

    def after_step(self, epoch: int, step: int, finite: bool, loss: float, names: Names) -> Action | None:
        """Judge a step (both counted from 1); ``names`` is asked only where images are to be named."""
        if self.half:
            starved = self._starved(epoch, step, finite)
            if starved or (not finite and math.isfinite(loss)):
                return starved  # a gradient alone that overflows is how the loss scale finds its height
        return self._taken(epoch, step, loss) if finite else self._refused(epoch, step, names)

    def after_pass(self, epoch: int, val_loss: float | None) -> Action | None:
        """Judge the validation of a pass: a network that gives it no number can't be gone on with."""
        if val_loss is None or math.isfinite(val_loss):
            return None
        return self._back("exploding-loss", "validation", {"epoch": epoch}, "exploding")

    def to_plain(self) -> dict[str, Any]:
        """Return the state as JSON."""
        return asdict(self.state)

    def take_plain(self, plain: Mapping[str, Any]) -> None:
        """Take over what ``to_plain`` gave; nothing where a run was saved without it."""
        self.state = StepState(**plain)

    def _refused(self, epoch: int, step: int, names: Names) -> Action | None:
        state = self.state
        state.in_a_row += 1
        state.untold += 1
        evidence = {"epoch": epoch, "step": step, "in_a_row": state.in_a_row, "refused": state.untold}
        if state.in_a_row >= IN_A_ROW and not self.half:  # full precision is tried first
            return self._back("non-finite-step", None, evidence, "non-finite", names()[0])
        if state.told == epoch:
            return None
        paths, alone = names()
        if alone and set(paths) <= set(state.named):
            return None
        state.told, state.untold = epoch, 0
        state.named += [path for path in paths if alone and path not in state.named]
        return Action(
            "note",
            self._finding(
                "non-finite-step",
                "images" if alone else None,
                evidence,
                None if alone else "non-finite",
                paths,
                words={"images": some(list(paths))},
            ),
        )

    def _taken(self, epoch: int, step: int, loss: float) -> Action | None:
        state = self.state
        state.in_a_row = 0
        state.recent = [*state.recent, loss][-RUNNING:]
        running = self._running()
        if state.lowest is None:
            state.lowest = running  # how it begins is no explosion
        usual = self._usual()
        if running > EXPLODED * usual:
            evidence = {"epoch": epoch, "step": step, "loss": running, "before": state.lowest}
            return self._back("exploding-loss", None, evidence, "exploding")
        if len(state.recent) == RUNNING:
            state.lowest = min(state.lowest, running)
        return None

    def _running(self) -> float:
        recent = self.state.recent
        return sum(recent) / len(recent) if recent else 0.0

    def _usual(self) -> float:
        """Return the lowest running loss, or that of guessing evenly where it is higher."""
        chance = mean_weight(self.counts, self.weights) * math.log(max(2, len(self.counts)))
        return max(chance, self.state.lowest or 0.0)

    def _starved(self, epoch: int, step: int, finite: bool) -> Action | None:
        state = self.state
        state.skipped = [*state.skipped, not finite][-WINDOW:]
        if len(state.skipped) < WINDOW or sum(state.skipped) <= WINDOW / 2:
            return None
        evidence = {"epoch": epoch, "step": step, "skipped": sum(state.skipped), "of": WINDOW}
        state.float32, state.skipped, state.in_a_row = True, [], 0
        fix = Fix("Use full precision", {"training.precision": "float32"})
        return Action("float32", self._finding("loss-scale-starved", None, evidence, None, fix=fix))

    def _back(
        self,
        code: str,
        variant: str | None,
        evidence: dict[str, Any],
        symptom: Symptom,
        paths: Sequence[str] = (),
    ) -> Action:
        """Ask for the last good state at half the rate, or for the end where that has been done enough."""
        state = self.state
        ending = state.restores >= MOST_RESTORES
        if not ending:
            state.restores += 1
            state.factor /= 2
        state.in_a_row, state.untold, state.recent, state.skipped = 0, 0, [], []
        evidence |= {"restores": state.restores, "rate_factor": state.factor}
        kind = "end" if ending else "back"
        rate = float(self.settings.training.learning_rate) * state.factor
        words = {"rate": f"{rate:.3g}", "images": some(list(paths))}
        finding = self._finding(
            code, f"{variant}.{kind}" if variant else kind, evidence, symptom, paths, words=words
        )
        return Action("end" if ending else "restore", finding)

    def _finding(
        self,
        code: str,
        variant: str | None,
        evidence: dict[str, Any],
        symptom: Symptom | None,
        paths: Sequence[str] = (),
        words: Mapping[str, str] | None = None,
        fix: Fix | None = None,
    ) -> Finding:
        cause = Cause("", fix)
        if symptom is not None:
            cause = likeliest_causes(symptom, self.settings, self.weights, self.counts)[0]
        figures = {key: f"{value:.3g}" for key, value in evidence.items() if isinstance(value, float)}
        return make_finding(
            code,
            Severity.WARNING,
            evidence,
            variant=variant,
            words={**figures, "cause": cause.sentence, **(words or {})},
            paths=paths,
            fix=cause.fix,
        )
