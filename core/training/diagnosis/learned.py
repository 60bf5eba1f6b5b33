"""What a run that went to its end has learned, where that is nothing or less than it could be.

The limits below that name no source are rules of thumb: they choose between sentences and stop nothing.
"""

import math
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from counterpoise.core.findings import MOST_PATHS, Severity
from counterpoise.core.findings.words import count, figure
from counterpoise.core.safety.guards.class_collapse import OTHERS
from counterpoise.core.safety.guards.dead_network import MOST
from counterpoise.core.safety.guards.pass_facts import alike
from counterpoise.core.training.diagnosis.explanation import Explanation, explain
from counterpoise.core.training.diagnosis.record import Record

UNMOVED = 0.99
"""Loss over the entropy of the class shares, above which nothing has been learned of single images."""
CHANCE = 0.5
WIDE = 0.3
"""Width of the AUC's interval from which on it can't be told whether there is anything to be found."""
POOR = 0.65
"""AUC up to which, where so few images can't tell, a setting far out of its range is the likelier reason."""
RARELY = 0.1
"""Sensitivity below which a class counts as not found, where chance can't be the reason: see HALF."""
HALF = 0.5
"""End of the sensitivity's interval that chance would have to reach."""


def learned_little(record: Record) -> Iterator[Explanation]:
    """Yield why the run's result is of no use: at most one of the whole, then classes that aren't found."""
    whole = _dead(record) or _unmoved(record) or _without_signal(record) or _collapsed(record)
    if whole is not None:
        yield whole
    else:
        yield from _missed(record)
        yield from _worse_than_shares(record)


def _dead(record: Record) -> Explanation | None:
    """All images (but a few extreme ones) have the same probabilities."""
    rows = np.array([line.probabilities for line in record.predictions])
    if len(rows) > 1:
        same = alike(rows) >= MOST * len(rows)
    else:  # without validation images the guards saw those of training
        same = bool(record.guards) and record.guards[-1].get("code") == "dead-network"
    return explain("dead", Severity.WARNING, causes=record.causes("dead")) if same else None


def _unmoved(record: Record) -> Explanation | None:
    """Images are told apart, but the loss is still that of the class shares, and a setting is to blame."""
    shares = _shares(record)
    losses = [float(epoch["loss"]) for epoch in record.epochs if epoch.get("loss") is not None]
    entropy = -sum(share * math.log(share) for share in shares.values() if share)
    causes = record.causes("unmoved")
    if not losses or min(losses) < UNMOVED * entropy or max(losses) > entropy / UNMOVED:
        return None
    if not causes[0].blamed:
        return None
    words = {"rounds": count(len(losses), "round"), "loss": f"{losses[-1]:.4f}", "shares": f"{entropy:.4f}"}
    return explain("unmoved", Severity.WARNING, words=words, causes=causes)


def _worse_than_shares(record: Record) -> Iterator[Explanation]:
    """The Brier score, beyond what chance explains, is worse than that of always naming the class shares."""
    brier = ((record.validation or {}).get("metrics") or {}).get("brier") or {}
    if brier.get("low") is None or not record.predictions:
        return
    shares = _shares(record)
    squares = sum(share**2 for share in shares.values())
    of_shares = [1 - 2 * shares.get(line.label, 0.0) + squares for line in record.predictions]
    alone = sum(of_shares) / len(of_shares)
    if brier["low"] <= alone:
        return
    words = {"images": count(len(of_shares), "validation image"), "shares": f"{alone:.3f}"}
    evidence = {"brier": dict(brier), "shares": alone}
    causes = record.causes("probabilities")
    words |= {"brier": figure(brier)}
    yield explain("worse-than-shares", Severity.WARNING, evidence, words=words, causes=causes)


def _shares(record: Record) -> dict[str, float]:
    """Return each class's share of the training images."""
    counts = record.config.counts
    return {label: number / max(1, sum(counts.values())) for label, number in counts.items()}


def _without_signal(record: Record) -> Explanation | None:
    """Every interval of the AUC holds chance."""
    of_parts: tuple[tuple[Mapping[str, Any] | None, str, str], ...] = (
        (record.validation, "validation image", ""),
        (record.cross_validated, "training image", ", cross-validated"),
        *((of, "test image", "") for of in record.tested),
    )
    told = [(of, image, how) for of, image, how in of_parts if of and _auc(of).get("low") is not None]
    if not told:
        guard = next(iter(record.of("no-signal")), None)
        if guard is None or record.validation is None:
            return None
        words = {"auc": "unknown", "images": "the training images"}
        return explain("no-signal", Severity.WARNING, words=words, causes=record.causes("no-signal"))
    if any(_auc(of)["low"] > CHANCE for of, *_ in told):
        return None
    firmest, image, how = min(told, key=lambda of: _auc(of[0])["high"] - _auc(of[0])["low"])
    auc = _auc(firmest)
    evidence = {"auc": dict(auc), "n": firmest["n"]}
    words = {"auc": figure(auc), "images": count(firmest["n"], image) + how}
    causes = record.causes("no-signal")
    wide = auc["high"] - auc["low"] > WIDE
    if wide and (auc["value"] > POOR or not causes[0].blamed):
        smallest = min(record.config.counts, key=record.config.counts.__getitem__)
        words |= {"smallest": smallest, "count": count(record.config.counts[smallest], "image")}
        return explain("too-few", Severity.INFO, evidence, words=words)
    return explain("no-signal", Severity.WARNING, evidence, words=words, causes=causes)


def _auc(figures: Mapping[str, Any]) -> Mapping[str, Any]:
    return (figures.get("metrics") or {}).get("auc") or {}


def _collapsed(record: Record) -> Explanation | None:
    """The same decision for all images."""
    lines = record.predictions
    decided = {line.predicted for line in lines}
    others = sum(line.label != line.predicted for line in lines)
    if len(decided) != 1 or others < OTHERS:
        return None
    return explain(
        "collapse",
        Severity.WARNING,
        {"label": decided.pop(), "others": others},
        words={"images": count(len(lines), "image")},
        causes=record.causes("collapse"),
    )


def _missed(record: Record) -> Iterator[Explanation]:
    """Classes whose sensitivity is near nothing, beyond what chance explains."""
    for label, figures in ((record.validation or {}).get("per_class") or {}).items():
        sensitivity = figures.get("sensitivity") or {}
        value, high = sensitivity.get("value"), sensitivity.get("high")
        if value is None or high is None or value >= RARELY or high >= HALF:
            continue
        missed = [line for line in record.predictions if line.label == label != line.predicted]
        if not missed:
            continue
        other, _ = Counter(line.predicted for line in missed).most_common(1)[0]
        found = figures["n"] - len(missed)
        yield explain(
            "class-missed",
            Severity.WARNING,
            {"label": label, "sensitivity": dict(sensitivity), "other": other},
            words={
                "images": count(figures["n"], "image"),
                "found": "none was" if not found else f"{found} {'was' if found == 1 else 'were'}",
            },
            paths=[line.path for line in missed[:MOST_PATHS]],
            causes=record.causes("collapse"),
        )
