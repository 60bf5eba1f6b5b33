"""The events of a run as lines of JSON, or as words and a bar for people."""

from contextlib import ExitStack
from pathlib import Path
from typing import Any

from counterpoise.core.cli.output import Output, Progress, write_stderr, write_stdout
from counterpoise.core.cli.show import diagnosis_text
from counterpoise.core.errors import CounterpoiseError
from counterpoise.core.findings.words import duration
from counterpoise.core.jobs.events import LAST, Event
from counterpoise.core.study.run_folder import RunFolder

STAGES = {
    "decode": "Decoding images",
    "scaling": "Fitting the pixel scaling",
    "embed": "Looking at images",
    "head": "Learning the last layer",
    "build": "Building the network",
    "learn": "Learning",
    "finish": "Writing the model",
    "waiting": "Waiting",
}


class Teller:
    """Says each event as it comes; the last line names the run as the caller wrote it.

    On a terminal the stage under way is a bar; elsewhere a few lines tell the rounds.
    """

    def __init__(self, output: Output, run: str | Path) -> None:
        # Loaded now: when a long training ends, the program may have been updated underneath it.
        from counterpoise.core.training.diagnosis import diagnose

        self._diagnose = diagnose
        self.output = output
        self._run = str(run)
        self._bar = ExitStack()
        self._move: Progress = lambda _done, _total: None

    def __call__(self, what: Event) -> None:
        if what["event"] in LAST:
            what = {**what, "run": self._run, "diagnosis": self._diagnosis()}
        if self.output.json:
            self.output.line(what)
        elif what["event"] in LAST:
            self._bar.close()
            self.last(what)
        else:
            self._on_the_way(what)

    def _diagnosis(self) -> list[dict[str, Any]]:
        """Explain the run that has ended; nothing where it went well or its record can't be read."""
        try:
            return [told.to_json() for told in self._diagnose(RunFolder(Path(self._run)))]
        except CounterpoiseError:
            return []

    def last(self, what: Event) -> None:
        """Say how it ended, and why: a fault on stderr, else on stdout where the run lies."""
        if why := diagnosis_text(told for told in what["diagnosis"] if told["message"] != what["message"]):
            self.output.say(why)
        if what["event"] == "failed":
            write_stderr(what["message"])  # with --quiet as well: it is the error of this call
            return
        self.output.say(what["message"])
        write_stdout(f"{what['run']} ({duration(what['seconds'])})")

    def _on_the_way(self, what: Event) -> None:
        kind = what["event"]
        if kind == "stage":
            self._bar.close()
            name = STAGES.get(what["stage"], str(what["stage"]).capitalize())
            self._move = self._bar.enter_context(self.output.progress(name))
        elif kind == "progress":
            self._move(what["done"], what["total"])
        elif kind == "epoch":
            self._move(what["epoch"], what.get("epochs") or what["epoch"])
            if is_told(what["epoch"]):
                self.output.say(epoch_text(what))
        elif kind == "guard" or (kind == "finding" and what["severity"] != "info"):
            self.output.say(f"{what['severity']}: {what['message']} [{what['code']}]")


def is_told(epoch: int) -> bool:
    """Whether a round gets a line: the first three, then every fifth."""
    return epoch <= 3 or epoch % 5 == 0


def epoch_text(what: Event) -> str:
    return (
        f"round {what['epoch']}: loss {number(what.get('loss'))}, validation {number(what.get('val_loss'))}, "
        f"AUC {number(what.get('val_auc'))}"
    )


def number(value: Any) -> str:
    return "–" if value is None else f"{value:.4f}"
