"""Findings and catalogs as text for a terminal."""

import json
import shlex
from collections.abc import Iterable, Mapping
from typing import Any

from counterpoise.core.cli.output import table
from counterpoise.core.findings.words import count, figure, some

MOST_TO_PASTE = 2000
"""Characters of a fix that are printed; a shell line of more is better left to --json."""
MARKS = {"blocker": "BLOCKER", "warning": "warning", "info": "info"}


def findings_text(findings: Iterable[Mapping[str, Any]]) -> str:
    """Return each finding with its code, sentence, files and fix."""
    blocks = []
    for finding in findings:
        lines = [f"{MARKS[finding['severity']]}: {finding['message']} [{finding['code']}]"]
        if finding["paths"]:
            lines.append(f"  files: {some(finding['paths'])}")
        if finding["fix"]:
            lines.append(f"  fix: {finding['fix']['label']} ({set_options(finding['fix']['set'])})")
        blocks.append("\n".join(lines))
    return "\n".join(blocks)


def diagnosis_text(explanations: Iterable[Mapping[str, Any]]) -> str:
    """Return what is said of a run after the fact: title, sentence, images, and how to train anew."""
    lines = []
    for told in explanations:
        lines.append(f"{told['title']}: {told['message']} [{told['code']}]")
        if told["paths"]:
            lines.append(f"  images: {some(told['paths'])}")
        if told["fix"]:
            lines.append(f"  train anew: {told['fix']['label']} ({set_options(told['fix']['set'])})")
    return "\n".join(lines)


def set_options(changes: Mapping[str, Any]) -> str:
    """Return changes of settings as options of the command line."""
    return " ".join(f"--set {key}={toml_value(value)}" for key, value in changes.items())


def toml_value(value: Any) -> str:
    """Return a value as --set takes it, quoted for a shell; one too long to paste is left to ``--json``."""
    text = value if isinstance(value, str) else _toml(value)
    return shlex.quote(text) if len(text) <= MOST_TO_PASTE else "..., whole with --json"


def _toml(value: Any) -> str:
    """Write an inline TOML value; JSON's numbers, lists and strings are TOML's too."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)} = {_toml(entry)}" for key, entry in value.items()) + "}"
    return json.dumps(value, ensure_ascii=False)


def scan_text(told: Mapping[str, Any], patients: str = "") -> str:
    """Return the counts of a scan as a table, then what was found; ``patients`` are counted in words.

    Copies that are used once stand in no part; they have a column where there are any.
    """
    left_out = [c["count"] - sum(c["splits"].values()) for c in told["classes"]]
    rows = [("class", "train", "val", "test", *(["left out"] if any(left_out) else []), "all")]
    for c, out in zip(told["classes"], left_out, strict=True):
        numbers = [c["splits"][part] for part in ("train", "val", "test")]
        numbers += [out] if any(left_out) else []
        rows.append((c["name"], *(f"{number:,}" for number in (*numbers, c["count"]))))
    head = f"{count(told['images'], 'image')} of {count(told['files'], 'file')}"
    parts = [f"{head}, {patients}" if patients else head, table(rows)]
    if told["findings"]:
        parts.append(findings_text(told["findings"]))
    return "\n\n".join(parts)


def evaluation_text(told: Mapping[str, Any]) -> str:
    """Return the figures of an evaluation as tables."""
    names = {
        "auc": "AUC",
        "accuracy": "accuracy",
        "balanced_accuracy": "balanced accuracy",
        "macro_f1": "macro F1",
        "brier": "Brier score",
        "ece": "calibration error",
    }
    figures = [(label, figure(told["metrics"].get(key))) for key, label in names.items()]
    rows: list[tuple[object, ...]] = [("class", "n", "sensitivity", "specificity", "ppv", "npv", "auc")]
    rows += [
        (name, f["n"], *(figure(f[key]) for key in ("sensitivity", "specificity", "ppv", "npv", "auc")))
        for name, f in told["per_class"].items()
    ]
    confusion: list[tuple[object, ...]] = [("truth / decided", *told["classes"])]
    confusion += [(name, *row) for name, row in zip(told["classes"], told["confusion"], strict=True)]
    return "\n\n".join(
        (
            f"{count(told['n'], 'image')} of the part '{told['split']}', "
            f"opened {count(told['opened'], 'time')}; in brackets the 95 % interval",
            table(figures),
            table(rows),
            table(confusion),
            "Research use, not a medical device.",
        )
    )
