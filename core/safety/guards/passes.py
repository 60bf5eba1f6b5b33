"""The guards of passes: what each has seen is said once, and again only after it had gone."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from counterpoise.core.findings import Finding, Severity, make_finding
from counterpoise.core.findings.words import count
from counterpoise.core.safety.causes import Symptom, likeliest_causes
from counterpoise.core.safety.guards.class_collapse import class_collapse
from counterpoise.core.safety.guards.dead_network import dead_network
from counterpoise.core.safety.guards.no_signal import no_signal
from counterpoise.core.safety.guards.overfitting import overfitting
from counterpoise.core.safety.guards.pass_facts import PassFacts
from counterpoise.core.settings import Settings

Judge = Callable[[PassFacts], dict[str, Any] | None]


@dataclass(frozen=True)
class Watched:
    """A guard of passes: what it looks for, and how long that must last."""

    judge: Judge
    symptom: Symptom
    passes: int
    """In a row, until it is said (and as many without it, until it may be said again)."""
    at_end: int
    """The same for the last pass there will be."""
    quiet: tuple[str, ...] = ()
    """Guards in whose presence it isn't said: it would only be their consequence."""


WATCHED: Mapping[str, Watched] = {
    "dead-network": Watched(dead_network, "dead", passes=2, at_end=1),
    # Fair: networks that start from nothing need some passes to find what there is.
    "no-signal": Watched(no_signal, "no-signal", passes=5, at_end=3, quiet=("dead-network",)),
    "class-collapse": Watched(class_collapse, "collapse", passes=3, at_end=1, quiet=("dead-network",)),
    "overfitting": Watched(
        overfitting, "overfitting", passes=3, at_end=3, quiet=("dead-network", "no-signal")
    ),
}


@dataclass
class PassGuard:
    """Judges every pass of one run; ``settings`` as they run, ``weights`` and ``counts`` per class."""

    settings: Settings
    weights: Mapping[str, float]
    counts: Mapping[str, int]
    streaks: dict[str, int] = field(default_factory=dict)
    """Passes in a row with (above 0) or without (below) what each guard looks for."""
    said: set[str] = field(default_factory=set)

    def after_pass(self, facts: PassFacts) -> list[Finding]:
        """Return what is to be said now. Nothing is judged by values that aren't numbers."""
        if not np.isfinite(facts.probabilities).all():
            return []
        findings: list[Finding] = []
        last = self._last(facts)
        for code, watched in WATCHED.items():
            evidence = watched.judge(facts)
            streak = self._count(code, evidence is not None)
            if streak <= -watched.passes:
                self.said.discard(code)
            present = any(self.streaks.get(other, 0) > 0 for other in watched.quiet)
            enough = streak >= (watched.at_end if last else watched.passes)
            if evidence is None or not enough or present or code in self.said:
                continue
            self.said.add(code)
            evidence |= {"epoch": facts.epoch, "passes": streak}
            findings.append(self._finding(code, watched.symptom, evidence, facts))
        return findings

    def to_plain(self) -> dict[str, Any]:
        """Return the state as JSON."""
        return {"streaks": dict(self.streaks), "said": sorted(self.said)}

    def take_plain(self, plain: Mapping[str, Any]) -> None:
        """Take over what ``to_plain`` gave; nothing where a run was saved without it."""
        self.streaks, self.said = dict(plain.get("streaks", {})), set(plain.get("said", ()))

    def _count(self, code: str, seen: bool) -> int:
        before = self.streaks.get(code, 0)
        self.streaks[code] = max(before, 0) + 1 if seen else min(before, 0) - 1
        return self.streaks[code]

    def _last(self, facts: PassFacts) -> bool:
        """Whether no pass comes after this one, as far as the settings say."""
        training = self.settings.training
        waited = facts.epoch - facts.best_epoch
        return facts.epoch >= int(training.epochs) or waited >= int(training.patience)

    def _finding(self, code: str, symptom: Symptom, evidence: dict[str, Any], facts: PassFacts) -> Finding:
        cause = likeliest_causes(symptom, self.settings, self.weights, self.counts)[0]
        words = {key: f"{value:.3g}" for key, value in evidence.items() if isinstance(value, float)}
        words |= {"cause": cause.sentence, "images": count(len(facts.truth), "image")}
        words["rounds"] = count(facts.epoch, "round")
        severity, variant = Severity.WARNING, None
        if code == "class-collapse":
            evidence["class"] = words["class"] = sorted(self.counts)[evidence["class"]]
        elif code == "no-signal":
            severity = Severity.INFO
            variant = None if evidence["auc"] is not None else "training"
        elif code == "overfitting":
            # A state that is better than guessing is kept: nothing is lost, and nothing need be done.
            never = evidence["best_loss"] >= evidence["guessing"]
            severity, variant = (Severity.WARNING, "never") if never else (Severity.INFO, None)
        return make_finding(code, severity, evidence, variant=variant, words=words, fix=cause.fix)
