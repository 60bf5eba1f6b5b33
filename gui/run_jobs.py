"""Thin targets of the children that the later steps start. Import no Qt."""

import itertools
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from counterpoise.core.catalog.types import Sources
    from counterpoise.core.jobs.events import Event
    from counterpoise.core.jobs.job import JobContext
    from counterpoise.core.prediction.rows import PredictionRow
    from counterpoise.core.safety.plan import Plan
    from counterpoise.core.training.dry_run import DryRun

MOST_TRIED = 24
"""Rows that the window shows at once."""
TOLD_EVERY = 20


@dataclass(frozen=True)
class PredictRequest:
    """``csv`` is the table to be written; None returns the first few rows instead."""

    model: Path
    paths: tuple[Path, ...]
    csv: Path | None = None


@dataclass(frozen=True)
class ReportRequest:
    run: Path
    out: Path
    sources: "Sources | None"


def predict_job(request: PredictRequest, context: "JobContext") -> dict[str, Any]:
    """Return ``results`` (rows as JSON) or, with a table, ``csv``, ``images``, ``errors``."""
    from counterpoise.core.cli.commands.predict import Tally, write_table
    from counterpoise.core.errors import CounterpoiseError
    from counterpoise.core.prediction.opening import open_model
    from counterpoise.core.prediction.stream import predict_paths

    model, tally = open_model(request.model), Tally()

    def told(number: int, _total: object) -> None:
        if number % TOLD_EVERY == 1:
            context.send("progress", done=number)

    rows: Iterator[PredictionRow] = tally.counted(
        predict_paths(model, request.paths, cancelled=context.cancelled), told
    )
    if request.csv is None:
        return {"results": [row.to_json() for row in itertools.islice(rows, MOST_TRIED)]}
    write_table(request.csv, model.labels.labels, rows)
    if not tally.done:
        request.csv.unlink(missing_ok=True)
        raise CounterpoiseError(tally.sentence())
    return {"csv": str(request.csv), "images": tally.images, "errors": tally.errors}


def report_job(request: ReportRequest, _context: "JobContext") -> str:
    """Write the report; returns its file."""
    from counterpoise.core.report.write import write_report
    from counterpoise.core.study.run_folder import open_finished_run

    write_report(open_finished_run(request.run), request.out, request.sources)
    return str(request.out)


def dry_run_job(plan: "Plan", context: "JobContext") -> "DryRun":
    """Take a few real steps in a further process; its stages and steps are told as they come."""
    from counterpoise.core.training.dry_run import dry_run

    def told(what: "Event") -> None:
        if what["event"] in ("stage", "trial-step"):
            context.send(what["event"], **{k: v for k, v in what.items() if k not in ("event", "time")})

    return dry_run(plan, told, context.cancelled)
