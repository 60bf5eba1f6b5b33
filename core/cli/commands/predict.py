"""counterpoise predict MODEL PATH..."""

import csv
import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from counterpoise.core.cli.options import PATH, cache_of_call, quick_flags
from counterpoise.core.cli.output import Output, without_chatter, write_stdout
from counterpoise.core.errors import CounterpoiseError
from counterpoise.core.findings.words import count
from counterpoise.core.jobs.events import json_safe
from counterpoise.core.study.atomic import whole_text

if TYPE_CHECKING:
    from counterpoise.core.prediction.rows import PredictionRow

NOTHING = "None of the files could be predicted: expected readable images, received {what}. {first}"


@click.command("predict")
@click.argument("model", type=PATH)
@click.argument("paths", nargs=-1, required=True, type=PATH)
@click.option("--csv", "table", type=PATH, metavar="FILE", help="Write a table instead.")
@cache_of_call
@quick_flags
@click.pass_obj
def command(output: Output, model: Path, paths: tuple[Path, ...], table: Path | None) -> int:
    """Apply a run or an exported model to files and folders, any number of them."""
    from counterpoise.core.prediction.opening import open_model
    from counterpoise.core.prediction.stream import predict_paths

    if not model.exists():
        raise CounterpoiseError(
            f"The model {model} doesn't exist. Give a run, or a folder that 'counterpoise export' has made."
        )
    with without_chatter(output.debug):
        opened = open_model(model)
        tally = Tally()
        with output.progress("Predicting") as move:
            rows = tally.counted(predict_paths(opened, paths), move)
            if table is not None:
                write_table(table, opened.labels.labels, rows)
            elif output.json:
                write_json(rows, tally)
            else:
                for row in rows:
                    write_stdout(line_of(row))
        if table is not None and tally.done:
            told = {"csv": str(table), "images": tally.images, "errors": tally.errors}
            output.result(told, f"{table}: {count(tally.images, 'row')}, {count(tally.errors, 'error')}")
    if tally.done:
        return 0
    if output.json and table is None:
        return 1  # the sentence stands in the object that was written
    raise CounterpoiseError(tally.sentence())


class Tally:
    """Counts rows as they pass."""

    def __init__(self) -> None:
        self.images = 0
        self.errors = 0
        self.first = ""

    @property
    def done(self) -> int:
        return self.images - self.errors

    def counted(self, rows: "Iterable[PredictionRow]", move: Any) -> "Iterator[PredictionRow]":
        for row in rows:
            self.images += 1
            if row.error:
                self.errors += 1
                self.first = self.first or f"{row.path}: {row.error}."
            move(self.images, None)
            yield row

    def sentence(self) -> str:
        what = f"{count(self.errors, 'file')} with an error" if self.errors else "no image"
        return NOTHING.format(what=what, first=self.first or "Give image files or folders with images.")


def write_json(rows: "Iterable[PredictionRow]", tally: Tally) -> None:
    """Write the one object row by row, so that memory doesn't grow; a fault midway stands at its end."""
    out = sys.stdout
    out.write('{"results": [')
    fault: CounterpoiseError | None = None
    try:
        for number, row in enumerate(rows):
            line = json.dumps(json_safe(row.to_json()), ensure_ascii=False, allow_nan=False)
            out.write((", " if number else "") + line)
    except CounterpoiseError as error:
        fault = error
    out.write("]")
    if fault or not tally.done:
        out.write(f', "error": {json.dumps(str(fault) if fault else tally.sentence(), ensure_ascii=False)}')
    out.write("}\n")
    out.flush()
    if fault:
        raise click.exceptions.Exit(1)


def write_table(path: Path, labels: Iterable[str], rows: "Iterable[PredictionRow]") -> None:
    """Write the contract's table; the file appears when it is whole."""
    labels = list(labels)
    try:
        with whole_text(path) as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(["path", "frame", "predicted", *(f"p_{label}" for label in labels), "error"])
            for row in rows:
                told = row.to_json()
                frame = "" if told["frame"] is None else told["frame"]
                shares = told["probabilities"] or {}
                numbers = (shares.get(label, "") for label in labels)
                writer.writerow([told["path"], frame, told["predicted"] or "", *numbers, told["error"] or ""])
    except OSError as error:
        raise CounterpoiseError(
            f"The table {path} can't be written ({error.strerror}). Choose a file in a folder that exists "
            "and can be written."
        ) from None


def line_of(row: "PredictionRow") -> str:
    """Return ``path  class  .97`` for a terminal."""
    name = row.path if row.frame < 0 else f"{row.path} #{row.frame}"
    if row.error:
        return f"{name}\terror\t{row.error}"
    return f"{name}\t{row.predicted}\t{row.probabilities[row.predicted]:.3f}"
