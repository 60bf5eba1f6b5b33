"""``predictions.csv`` of a run: one line per image of every part opened so far."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from counterpoise.core.catalog.types import NO_FRAME
from counterpoise.core.errors import CounterpoiseError
from counterpoise.core.study.atomic import write_text

COLUMNS = ("path", "frame", "split", "label", "predicted", "group")


@dataclass(frozen=True, slots=True)
class PredictionLine:
    """What a run says of one image whose label is known."""

    path: str
    """As files that leave the study name it."""
    frame: int
    split: str
    label: str
    predicted: str
    group: str
    probabilities: tuple[float, ...]
    """In the order of the labels."""


def write_predictions(path: Path, labels: Sequence[str], lines: Iterable[PredictionLine]) -> None:
    """Write the table in one step; raises OSError."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*COLUMNS, *(f"p_{label}" for label in labels)])
    for line in lines:
        frame = "" if line.frame == NO_FRAME else line.frame
        known = (line.path, frame, line.split, line.label, line.predicted, line.group)
        writer.writerow([*known, *(f"{p:.9g}" for p in line.probabilities)])
    write_text(path, text.getvalue())


def read_predictions(path: Path) -> tuple[tuple[str, ...], tuple[PredictionLine, ...]]:
    """Return labels and lines; raises CounterpoiseError where the table is missing or damaged."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            head, *rows = list(csv.reader(file))
        if tuple(head[: len(COLUMNS)]) != COLUMNS:
            raise ValueError(head)
        labels = tuple(name.removeprefix("p_") for name in head[len(COLUMNS) :])
        return labels, tuple(_line(row, len(labels)) for row in rows)
    except OSError as error:
        raise CounterpoiseError(
            f"{path} can't be read ({error.strerror}): expected a run's predictions. Give a finished run."
        ) from None
    except (ValueError, csv.Error):
        raise CounterpoiseError(
            f"{path} is damaged: expected the columns {', '.join(COLUMNS)} and one per class. "
            "Put it back from a copy of the run."
        ) from None


def _line(row: Sequence[str], classes: int) -> PredictionLine:
    path, frame, split, label, predicted, group, *probabilities = row
    if len(probabilities) != classes:
        raise ValueError(row)
    number = int(frame) if frame else NO_FRAME
    return PredictionLine(path, number, split, label, predicted, group, tuple(map(float, probabilities)))
