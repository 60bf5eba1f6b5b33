"""The Counterpoise side: its command line, run as a user would, and a look at what came out."""

import csv
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from mistake import Does, Seen, Side
from said import shortened

CLI = (sys.executable, "-m", "counterpoise.core.cli.main")
PLAIN_CNN = ("--set", "model.name=small_cnn", "--set", "training.epochs=8", "--set", "model.image_size=32")
"""The same kind of network as on the Keras side, trained from scratch."""


@dataclass(frozen=True)
class Answer:
    """One finished command with ``--json``."""

    status: int
    lines: tuple[dict[str, Any], ...]
    errors: str

    @property
    def last(self) -> dict[str, Any]:
        return self.lines[-1] if self.lines else {}


@dataclass
class Commands:
    """Runs commands for one mistake in its own folder."""

    work: Path
    seconds: float = 300.0
    began: float = field(default_factory=time.monotonic)

    @property
    def data(self) -> Path:
        return self.work / "set"

    @property
    def run(self) -> Path:
        return self.work / "run"

    @property
    def environment(self) -> dict[str, str]:
        return {**os.environ, "COUNTERPOISE_HOME": str(self.work / "home")}

    def call(self, *arguments: str | Path) -> Answer:
        done = subprocess.run(
            [*CLI, *map(str, arguments), "--json"],
            capture_output=True, text=True, check=False, timeout=self.seconds, env=self.environment,
        )  # fmt: skip
        return Answer(done.returncode, tuple(map(json.loads, done.stdout.splitlines())), done.stderr)

    def train(self, *options: str | Path, data: Path | None = None) -> Answer:
        return self.call("train", data or self.data, "--run", self.run, *options)

    def side(self, does: Does, detail: str, code: str = "", words: str = "", hint: str = "") -> Side:
        """Close the books: words said name the cause, ``hint`` only points to it."""
        said = "names" if words else "hint" if hint else "nothing"
        return Side(does, detail, said, shortened(words or hint), code, time.monotonic() - self.began)


Look = Callable[[Commands, Answer], Seen]


def trains(*options: str, code: str = "", look: Look | None = None) -> Callable[[Commands], Side]:
    """Train on the mistake's folder; ``code`` is the finding or guard that names its cause.

    ``look`` judges a finished run where more must be asked than whether it learned.
    """

    def ours(do: Commands) -> Side:
        return judged(do, do.train(*options), code, look)

    return ours


def judged(do: Commands, answer: Answer, code: str = "", look: Look | None = None) -> Side:
    """Return what a training did and said."""
    if "error" in answer.last:
        return do.side("refused", "It doesn't start.", "", answer.last["error"])
    said = [line for line in answer.lines if line["event"] in ("finding", "guard")]
    spoken = next((line["message"] for line in said if line["code"] == code), "")
    last = answer.last
    if last.get("event") != "finished":
        message = last.get("message", answer.errors)
        named = code and (code in message or spoken) and "unforeseen" not in message
        does: Does = "error" if any(line["event"] == "started" for line in answer.lines) else "refused"
        detail = "It doesn't start." if does == "refused" else "It ends, and can be resumed."
        return do.side(does, detail, code if named else "", message if named else "", message)
    seen = (look or learned)(do, answer)
    return do.side(seen.does, seen.detail, code if spoken else "", spoken)


def learned(do: Commands, answer: Answer) -> Seen:
    """Judge the answers on validation, as ``plain.judge`` does."""
    with (do.run / "predictions.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    names = [key[2:] for key in rows[0] if key.startswith("p_")]
    p = np.array([[float(row[f"p_{name}"]) for name in names] for row in rows])
    if not np.isfinite(p).all():
        return Seen("nan", "The answers are no numbers.")
    if np.ptp(p, axis=0).max() < 1e-4 or len({row["predicted"] for row in rows}) == 1:
        return Seen("dead", f"It calls each of {len(rows)} images '{rows[0]['predicted']}'.")
    found = [
        np.mean([row["predicted"] == name for row in rows if row["label"] == name])
        for name in names
        if any(row["label"] == name for row in rows)
    ]
    return Seen("fine", f"It learns: balanced accuracy {np.mean(found):.2f} on {len(rows)} images.")


def mended(detail: str = "") -> Look:
    """It goes on without what was wrong; the rest must have been learned."""

    def look(do: Commands, answer: Answer) -> Seen:
        seen = learned(do, answer)
        return Seen("mended", f"{detail} {seen.detail}".strip()) if seen.does == "fine" else seen

    return look


def impossible(detail: str) -> Look:
    """There is no way to make the mistake; the ordinary run must have gone well."""

    def look(do: Commands, answer: Answer) -> Seen:
        seen = learned(do, answer)
        return Seen("impossible", f"{detail} {seen.detail}") if seen.does == "fine" else seen

    return look
