"""Why a run ended before it was done."""

from dataclasses import replace
from typing import Any

from counterpoise.core.findings import MOST_PATHS, Fix, Severity
from counterpoise.core.findings.words import count
from counterpoise.core.jobs.events import Event
from counterpoise.core.jobs.process import Cause as Death
from counterpoise.core.safety.causes import Symptom
from counterpoise.core.training.diagnosis.explanation import Explanation, explain
from counterpoise.core.training.diagnosis.record import Record

SYMPTOMS: dict[str, Symptom] = {"non-finite-step": "non-finite", "exploding-loss": "exploding"}
WHAT = {
    "non-finite-step": "The steps gave an error that isn't a number",
    "exploding-loss": "The error grew without end",
}
TIMES_LOWER = 4.0
"""The rate at which it failed last over the one that a new run begins with."""


def ended(record: Record) -> Explanation:
    """Explain a run that failed; the last thing a guard said before the end is what it ended of."""
    last, ending = record.unresolved or {}, record.ending
    code = last.get("code", "")
    if code in SYMPTOMS:
        return _unstable(record, last)
    if code == "process-died" and ending is not None and not _last_attempt(last):
        code = ""  # it was started again, and ended of something else
    if code == "out-of-memory" or (code == "process-died" and _of_memory(last)):
        times = sum(map(_of_memory, record.of("process-died"))) or len(record.of("out-of-memory"))
        words = {"times": count(times, "time")}
        return explain("memory", Severity.BLOCKER, {}, words=words, causes=record.causes("memory"))
    if ending is None:
        return explain("silent", Severity.BLOCKER)
    if code == "process-died":
        return _died(record, last)
    if code == "disk-full":
        return explain("disk-full", Severity.BLOCKER)
    if code == "source-lost":
        words, paths = {"what": last.get("message", "")}, last.get("paths") or ()
        return explain("source-lost", Severity.BLOCKER, words=words, paths=paths)
    return explain("failed", Severity.BLOCKER, words={"message": ending.get("message", "")})


def _last_attempt(guard: Event) -> bool:
    evidence = guard.get("evidence") or {}
    return int(evidence.get("attempt", 1)) > int(evidence.get("restarts", 0))


def _of_memory(guard: Event) -> bool:
    return bool((guard.get("evidence") or {}).get("memory"))


def _unstable(record: Record, last: Event) -> Explanation:
    told = record.of(*SYMPTOMS)
    causes = record.causes(SYMPTOMS[last["code"]])
    # Where a setting is to blame, the images of its batches are as good as any others.
    blamed = causes[0].blamed
    paths = dict.fromkeys(path for guard in told for path in guard.get("paths") or () if not blamed)
    evidence = last.get("evidence") or {}
    times = int(evidence.get("restores", len(told)))
    found = explain(
        "unstable",
        Severity.BLOCKER,
        {"epoch": last.get("epoch"), "times": times},
        words={"what": WHAT[last["code"]], "times": count(times, "time")},
        paths=tuple(paths)[:MOST_PATHS],
        causes=causes,
    )
    factor = float(evidence.get("rate_factor", 0.5**times))
    return _below_what_failed(found, float(record.config.settings.training.learning_rate) * factor)


def _below_what_failed(found: Explanation, rate: float) -> Explanation:
    """Let a new run begin below ``rate``, the one that failed at the end; a suggested rate stays."""
    suggested = found.fix.set.get("training.learning_rate") if found.fix else None
    if found.fix is None or not isinstance(suggested, float):
        return found
    lower = float(f"{min(suggested, rate / TIMES_LOWER):.1g}")
    changes: dict[str, Any] = {**found.fix.set, "training.learning_rate": lower}
    label = found.fix.label.replace(f"{suggested:g}", f"{lower:g}")
    return replace(found, fix=Fix(label, changes))


def _died(record: Record, last: Event) -> Explanation:
    evidence = last.get("evidence") or {}
    death = Death(evidence.get("signal"), evidence.get("exit_code"), str(evidence.get("last_words") or ""))
    on_gpu = record.config.device == "gpu"
    return explain(
        "died",
        Severity.BLOCKER,
        {"signal": death.signal, "exit_code": death.exit_code},
        words={
            "times": count(len(record.of("process-died")), "time"),
            "how": death.words,
            "advice": "train on the processor, which can't fall over a fault of the graphics driver"
            if on_gpu
            else "look at log.txt in the folder of the run",
        },
        fix=Fix("Train on the processor", {"training.device": "cpu"}) if on_gpu else None,
    )
