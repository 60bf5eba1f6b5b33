"""Findings and catalogs as text for a terminal."""

from collections.abc import Iterable, Mapping
from typing import Any

from counterpoise.core.cli.output import table
from counterpoise.core.findings.words import count, some

MARKS = {"blocker": "BLOCKER", "warning": "warning", "info": "info"}


def findings_text(findings: Iterable[Mapping[str, Any]]) -> str:
    """Return each finding with its code, sentence, files and fix."""
    blocks = []
    for finding in findings:
        lines = [f"{MARKS[finding['severity']]}: {finding['message']} [{finding['code']}]"]
        if finding["paths"]:
            lines.append(f"  files: {some(finding['paths'])}")
        if finding["fix"]:
            settings = " ".join(
                f"--set {key}={toml_value(value)}" for key, value in finding["fix"]["set"].items()
            )
            lines.append(f"  fix: {finding['fix']['label']} ({settings})")
        blocks.append("\n".join(lines))
    return "\n".join(blocks)


def toml_value(value: Any) -> str:
    """Return a value as --set takes it, quoted for a shell where needed."""
    import shlex

    import tomli_w

    text = tomli_w.dumps({"v": value}).partition("=")[2] if not isinstance(value, dict) else _inline(value)
    text = " ".join(text.split())
    if len(text) > 200:
        text = text[:200] + "..."
    return shlex.quote(text) if isinstance(value, dict | list) else text.strip('"')


def _inline(value: Mapping[str, Any]) -> str:
    import json

    return "{" + ", ".join(f"{json.dumps(key)} = {entry}" for key, entry in value.items()) + "}"


def scan_text(told: Mapping[str, Any]) -> str:
    """Return the counts of a scan as a table, then what was found."""
    rows = [("class", "train", "val", "test", "all")]
    rows += [
        (c["name"], *(f"{c['splits'][part]:,}" for part in ("train", "val", "test")), f"{c['count']:,}")
        for c in told["classes"]
    ]
    head = f"{count(told['images'], 'image')} of {count(told['files'], 'file')}"
    if told["groups"]:
        head += f", {count(told['groups'], 'patient')} told apart" if told["groups"] != told["images"] else ""
    parts = [head, table(rows)]
    if told["findings"]:
        parts.append(findings_text(told["findings"]))
    return "\n\n".join(parts)


def metric(value: Mapping[str, Any] | None, digits: int = 3) -> str:
    """Return ``.938 (.921 to .953)``; a dash where it can't be computed."""
    if not value or value.get("value") is None:
        return "–"
    text = f"{value['value']:.{digits}f}"
    if value.get("low") is not None and value.get("high") is not None:
        text += f" ({value['low']:.{digits}f} to {value['high']:.{digits}f})"
    return text


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
    figures = [(label, metric(told["metrics"].get(key))) for key, label in names.items()]
    rows: list[tuple[object, ...]] = [("class", "n", "sensitivity", "specificity", "ppv", "npv", "auc")]
    rows += [
        (name, f["n"], *(metric(f[key]) for key in ("sensitivity", "specificity", "ppv", "npv", "auc")))
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
