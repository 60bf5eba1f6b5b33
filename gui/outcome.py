"""What a finished run found: its figures, and its predictions as arrays. No Qt; read it in the background."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import numpy.typing as npt

from counterpoise.core.balance.labels_file import LabelsFile, read_labels
from counterpoise.core.study.run_folder import RunFolder

if TYPE_CHECKING:
    from counterpoise.core.figures.predictions import PredictionLine

Shown = Literal["val", "test"]
Cell = tuple[int, int]


@dataclass(frozen=True)
class Predictions:
    """Rows of ``predictions.csv`` of one part; arrays are joined by position."""

    paths: tuple[str, ...]
    frames: tuple[int, ...]
    truth: npt.NDArray[np.intp]
    """Index into the labels; -1 for a label the model doesn't know."""
    predicted: npt.NDArray[np.intp]
    probabilities: npt.NDArray[np.float64]
    """[n, k]"""

    def __len__(self) -> int:
        return len(self.paths)

    def in_cell(self, cell: Cell) -> list[int]:
        """Return the rows of a cell of the confusion matrix (truth, said)."""
        return [int(i) for i in np.flatnonzero((self.truth == cell[0]) & (self.predicted == cell[1]))]

    def worst_errors(self, most: int) -> list[int]:
        """Return the rows that are wrong, the surest of the wrong class first."""
        wrong = np.flatnonzero((self.truth != self.predicted) & (self.truth >= 0))
        sure = self.probabilities[wrong, self.predicted[wrong]] - self.probabilities[wrong, self.truth[wrong]]
        return [int(i) for i in wrong[np.argsort(-sure, kind="stable")][:most]]


@dataclass(frozen=True)
class Outcome:
    """Everything the results step shows of a run."""

    run: RunFolder
    labels: LabelsFile
    positive: str | None
    mode: str
    validation: Mapping[str, Any] | None
    """Figures as in the contract's ``evaluate``."""
    cross_validated: Mapping[str, Any] | None
    test: Mapping[str, Any] | None
    openings: int
    test_images: int
    parts: Mapping[str, Predictions]

    @property
    def shown(self) -> Shown:
        """The part whose figures are shown: test once it was opened."""
        return "test" if self.test is not None else "val"

    @property
    def figures(self) -> Mapping[str, Any] | None:
        return self.test if self.test is not None else self.validation

    @property
    def predictions(self) -> Predictions | None:
        return self.parts.get(self.shown)

    @property
    def names(self) -> tuple[str, ...]:
        return self.labels.labels

    @property
    def of_interest(self) -> str | None:
        """With two classes the one that sentences and thresholds speak of."""
        if len(self.names) != 2:
            return None
        return self.labels.threshold.class_ or self.positive or self.names[-1]

    @property
    def no_better_than_chance(self) -> bool:
        """Whether the interval of the AUC holds what guessing would give."""
        auc = (self.figures or {}).get("metrics", {}).get("auc") or {}
        low = auc.get("low")
        return low is not None and low <= 0.5

    @property
    def worse_than_validation(self) -> str:
        """The metric whose test interval lies wholly below its validation interval; empty without one."""
        for name in ("auc", "accuracy"):
            test, validation = (
                ((figures or {}).get("metrics") or {}).get(name) or {}
                for figures in (self.test, self.validation)
            )
            high, low = test.get("high"), validation.get("low")
            if high is not None and low is not None and high < low:
                return name
        return ""


def read_outcome(run: RunFolder) -> Outcome:
    """Read a finished run; raises CounterpoiseError where a file is missing or damaged."""
    from counterpoise.core.evaluation.metrics_file import read_metrics
    from counterpoise.core.figures.predictions import read_predictions
    from counterpoise.core.training.record import read_config

    labels, metrics, config = read_labels(run.labels), read_metrics(run.metrics), read_config(run)
    own = [found for found in metrics["evaluations"] if found.get("split") == "test"]
    names, lines = read_predictions(run.predictions)
    return Outcome(
        run=run,
        labels=labels,
        positive=config.positive,
        mode=config.settings.model.mode,
        validation=metrics.get("validation"),
        cross_validated=metrics.get("cross_validated"),
        test=own[-1] if own else None,
        openings=metrics["openings"],
        test_images=_count_test(run),
        parts={
            part: _arrays([line for line in lines if line.split == part], names) for part in ("val", "test")
        },
    )


def _count_test(run: RunFolder) -> int:
    from counterpoise.core.catalog.snapshot import read_split_csv

    return sum(row.part == "test" for row in read_split_csv(run.split))


def _arrays(lines: "Sequence[PredictionLine]", names: Sequence[str]) -> Predictions:
    number = {name: i for i, name in enumerate(names)}
    return Predictions(
        tuple(line.path for line in lines),
        tuple(line.frame for line in lines),
        np.array([number.get(line.label, -1) for line in lines], np.intp),
        np.array([number.get(line.predicted, -1) for line in lines], np.intp),
        np.array([line.probabilities for line in lines], np.float64).reshape(len(lines), len(names)),
    )
