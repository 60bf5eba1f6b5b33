"""Write the report of a run: one page that holds everything and asks for nothing."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from counterpoise.core.catalog.types import Sources
from counterpoise.core.evaluation.sentence import one_sentence
from counterpoise.core.findings import CODES
from counterpoise.core.findings.words import count
from counterpoise.core.report.curves import Line, chart
from counterpoise.core.report.facts import Facts, gather
from counterpoise.core.report.happened import happenings, marks_of
from counterpoise.core.report.page import render_page, write_page
from counterpoise.core.settings import Settings
from counterpoise.core.study.run_folder import RunFolder

METRICS = {
    "auc": ("How well it tells them apart", "AUC"),
    "accuracy": ("Decided rightly", "accuracy"),
    "balanced_accuracy": ("Decided rightly, each class alike", "balanced accuracy"),
    "macro_f1": ("Balance of finds and false alarms", "macro F1"),
    "brier": ("Error of the probabilities, lower is better", "Brier score"),
    "ece": ("Probabilities off by", "expected calibration error"),
}
PER_CLASS = {
    "sensitivity": "Found (sensitivity)",
    "specificity": "Others spared (specificity)",
    "ppv": "Right when it says so (PPV)",
    "npv": "Right when it says not (NPV)",
    "auc": "AUC",
}


def write_report(run: RunFolder, out: Path, sources: Sources | None = None) -> None:
    """Write ``out``, a self-contained HTML page about a finished run.

    Everything comes from the run itself; ``sources`` is not needed yet. Raises CounterpoiseError where
    the run is damaged or ``out`` can't be written.
    """
    del sources
    write_page(out, render(gather(run)))


def render(facts: Facts) -> str:
    """Return the page."""
    return render_page(
        "page.html",
        facts=facts,
        sentence=one_sentence(facts.best),
        metrics=METRICS,
        per_class=PER_CLASS,
        charts=charts(facts),
        happenings=happenings(facts),
        settings=setting_rows(facts),
        titles={code: spec.title for code, spec in CODES.items()},
    )


def charts(facts: Facts) -> list[dict[str, Any]]:
    """Return the learning curves: loss of both parts, AUC, learning rate; guards are marks."""
    told = facts.epochs

    def line(name: str, key: str) -> Line:
        return Line(name, [(e["epoch"], e.get(key)) for e in told])

    marks = marks_of(facts)
    rates = {e.get("learning_rate") for e in told}
    drawn = [
        (
            "Error, lower is better (loss, unweighted)",
            [line("training", "loss"), line("validation", "val_loss")],
        ),
        ("How well it tells them apart (AUC on validation)", [line("validation", "val_auc")]),
        # A rate that never changes stands in the settings.
        ("Length of the steps (learning rate)", [line("rate", "learning_rate")] if len(rates) > 1 else []),
    ]
    return [{"title": title, "svg": svg} for title, lines in drawn if (svg := chart(title, lines, marks))]


def setting_rows(facts: Facts) -> list[dict[str, Any]]:
    """Return every setting with label and value as it ran; ``asked`` where the user set it."""
    default, ran, asked = Settings(), facts.config.settings, facts.config.requested
    rows = []
    for table, field in Settings.model_fields.items():
        tables: Any = field.annotation
        for key, declared in tables.model_fields.items():
            value = getattr(getattr(ran, table), key)
            chosen = getattr(getattr(asked, table), key) != getattr(getattr(default, table), key)
            rows.append(
                {"key": f"{table}.{key}", "label": declared.title, "value": shown(value), "asked": chosen}
            )
    return rows


def shown(value: Any) -> str:
    """Return a setting's value as text."""
    if value is None or value in ("", (), {}):
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {entry:g}" for key, entry in value.items())
    if isinstance(value, tuple):
        return count(len(value), "entry", "entries") if len(value) > 3 else ", ".join(map(str, value))
    return f"{value:g}" if isinstance(value, float) else str(value)
