"""The events of a run as lines of JSON, or as words and a bar for people."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from counterpoise.core.cli.output import Output, write_stderr, write_stdout
from counterpoise.core.findings import Finding, Severity
from counterpoise.core.findings.words import duration
from counterpoise.core.jobs.events import LAST, Event


class Teller:
    """Says each event as it comes; the last line names the run as the caller wrote it."""

    def __init__(self, output: Output, run: Path) -> None:
        self.output = output
        self._run = run

    def __call__(self, what: Event) -> None:
        if what["event"] in LAST:
            what = {**what, "run": str(self._run)}
        if self.output.json:
            self.output.line(what)
            return
        if what["event"] == "failed":
            write_stderr(what["message"])  # with --quiet as well: it is the error of this call
        elif what["event"] == "finished":
            self.output.say(what["message"])
            write_stdout(finished_text(what))
        elif text := progress_text(what):
            self.output.say(text)

    def told_before(self, findings: Sequence[Finding]) -> None:
        """Say what the check found worth a warning."""
        for finding in findings:
            if finding.severity != Severity.INFO:
                self.output.say(f"{finding.severity}: {finding.message} [{finding.code}]")


def progress_text(what: Event) -> str:
    """Return a line about an event on the way; empty where there is nothing to say."""
    kind = what["event"]
    if kind == "stage":
        return str(what.get("message") or what.get("name") or "")
    if kind == "epoch":
        return epoch_text(what)
    if kind in ("guard", "finding"):
        return f"{what.get('severity', 'info')}: {what.get('message', '')} [{what.get('code', '')}]"
    return ""


def epoch_text(what: Event) -> str:
    return (
        f"round {what['epoch']}: loss {number(what.get('loss'))}, validation {number(what.get('val_loss'))}, "
        f"AUC {number(what.get('val_auc'))}"
    )


def number(value: Any) -> str:
    return "–" if value is None else f"{value:.4f}"


def finished_text(what: Event) -> str:
    """Return the last word: where the run lies."""
    return f"{what['run']} ({duration(what['seconds'])})"
