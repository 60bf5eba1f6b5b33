"""How the rounds went: learned by heart from the start, or cut off while it still got better.

The limits are rules of thumb: they choose between sentences and stop nothing.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from counterpoise.core.findings import Fix, Severity
from counterpoise.core.findings.words import duration
from counterpoise.core.jobs.events import Event
from counterpoise.core.safety.guards.overfitting import WORSE
from counterpoise.core.training.diagnosis.explanation import Explanation, explain
from counterpoise.core.training.diagnosis.record import Record

FIRST = 1
"""The best round, where it was downhill from the start."""
BETTER = 0.8
"""Training loss at the end over that of the best round, from which on it learned in between."""
LATE = 5
"""The last fifth of the rounds is looked at for what still changed."""
STILL = 0.99
"""Validation loss at the end over that before the last fifth, below which it still got better."""


def course(record: Record) -> Iterator[Explanation]:
    """Yield what is worth knowing about the rounds of a run whose result stands."""
    told = [epoch for epoch in record.epochs if epoch.get("val_loss") is not None]
    if not told:
        return
    best = min(told, key=lambda epoch: float(epoch["val_loss"]))
    if best is told[-1] and improving(told):
        yield from _cut_off(record, told[-1])
    elif best["epoch"] <= FIRST and _by_heart(best, told[-1]):
        yield explain(
            "overfitting",
            Severity.INFO,
            {"best": best["epoch"]},
            words={
                "first": f"{best['loss']:.3f}",
                "last": f"{told[-1]['loss']:.3f}",
                "val_first": f"{best['val_loss']:.3f}",
                "val_last": f"{told[-1]['val_loss']:.3f}",
            },
            causes=record.causes("overfitting"),
        )


def improving(told: Sequence[Event]) -> bool:
    """Whether the last fifth of the rounds made the validation loss a hundredth smaller, or were a few."""
    before = len(told) - 1 - max(1, len(told) // LATE)
    return before < 0 or told[-1]["val_loss"] < STILL * told[before]["val_loss"]


def _by_heart(best: Event, last: Event) -> bool:
    if best.get("loss") is None or last.get("loss") is None:
        return False
    return bool(last["loss"] < BETTER * best["loss"] and last["val_loss"] > WORSE * best["val_loss"])


def _cut_off(record: Record, last: Event) -> Iterator[Explanation]:
    """What ended a run that still got better."""
    training, asked = record.config.settings.training, record.config.requested.training
    planned, reached = int(training.epochs), int(last["epoch"])
    evidence: dict[str, Any] = {"round": reached, "rounds": planned}
    minutes = training.time_budget_minutes
    if record.ending is not None and record.ending.get("stopped"):
        yield explain("stopped", Severity.INFO, evidence)
    elif minutes is not None and reached < planned:
        fix = Fix(f"Allow {duration(120 * minutes)}", {"training.time_budget_minutes": 2 * minutes})
        yield explain("budget", Severity.INFO, evidence, words={"minutes": duration(60 * minutes)}, fix=fix)
    elif reached == planned and asked.epochs != "auto":
        fix = Fix(f"Allow {2 * planned} rounds", {"training.epochs": 2 * planned})
        yield explain("rounds", Severity.INFO, evidence, fix=fix)
