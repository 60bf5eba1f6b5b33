"""Open a run's test part, or judge the run on other labelled images."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from counterpoise.core.catalog.sources import sources_from_json
from counterpoise.core.catalog.types import Sources
from counterpoise.core.errors import CounterpoiseError
from counterpoise.core.evaluation.images import ToJudge, find_images
from counterpoise.core.evaluation.metrics_file import read_metrics, write_metrics
from counterpoise.core.evaluation.sentence import one_sentence
from counterpoise.core.evaluation.stream import predict_records
from counterpoise.core.figures.figures import figures
from counterpoise.core.figures.predictions import PredictionLine, read_predictions, write_predictions
from counterpoise.core.jobs.job import JobContext
from counterpoise.core.prediction.opening import open_model
from counterpoise.core.prediction.predictor import Predictor
from counterpoise.core.study.run_folder import RunFolder, open_finished_run
from counterpoise.core.training.record import RunConfig, read_config

Progress = Callable[[str, int, int], None]
"""Stage (``scan`` or ``predict``), how many are done, of how many."""


class EvaluationCancelledError(CounterpoiseError):
    """The user stopped it; nothing was opened."""

    def __init__(self) -> None:
        super().__init__("The evaluation was stopped, and the test part stays closed. Start it again.")


@dataclass(frozen=True)
class Evaluation:
    """Figures on one set of images, and what was predicted for each."""

    figures: Mapping[str, Any]
    lines: tuple[PredictionLine, ...]

    @property
    def sentence(self) -> str:
        return one_sentence(self.figures)

    def to_json(self) -> dict[str, Any]:
        """Return the contract's object."""
        return dict(self.figures)


def evaluate_run(
    run_path: Path,
    sources: Sources | None = None,
    *,
    workers: int | None = None,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Evaluation:
    """Evaluate a finished run on its test part or, with other ``sources``, on these ("external").

    The test part counts as opened from here on, and its predictions join ``predictions.csv``; every
    evaluation is added to ``metrics.json``. Without ``sources`` the images are looked for where they lay
    at training. Raises CounterpoiseError where there is no finished run, no model, or no image.
    """
    run = open_finished_run(run_path)
    config = read_config(run)
    metrics = read_metrics(run.metrics)
    model = open_model(run.root)
    to_judge = find_images(
        run,
        config,
        sources,
        progress=(lambda p: progress("scan", p.done, p.total)) if progress else None,
        cancelled=cancelled,
    )
    probabilities = predict_records(
        model,
        to_judge.catalog.sources,
        to_judge.images,
        workers=workers,
        progress=(lambda done, total: progress("predict", done, total)) if progress else None,
        cancelled=cancelled,
    )
    if probabilities is None:
        raise EvaluationCancelledError
    opened = metrics["openings"] + (to_judge.split == "test")
    found = _judge(model, config, to_judge, probabilities, opened)
    # The opening is on record before anyone sees a figure.
    metrics["openings"] = opened
    metrics["evaluations"].append({"time": time.time(), **found.figures})
    write_metrics(run.metrics, metrics)
    if to_judge.split == "test":
        _add_predictions(run, model.labels.labels, found.lines)
    return found


def _judge(
    model: Predictor, config: RunConfig, to_judge: ToJudge, probabilities: NDArray[np.float64], opened: int
) -> Evaluation:
    labels = model.labels.labels
    index = {label: number for number, label in enumerate(labels)}
    truth = np.array([index[image.label] for image in to_judge.images], np.intp)
    predicted = model.decide(probabilities)
    told = figures(
        probabilities,
        truth,
        [image.group for image in to_judge.images],
        labels,
        model.labels.threshold,
        model.labels.prevalence,
        positive=config.positive,
        deployed_prevalence=config.settings.evaluation.prevalence,
        seed=config.settings.training.seed,
    )
    told = {"split": to_judge.split, **told, "opened": opened}
    told |= {"missing": to_judge.missing, "known_left_out": to_judge.known}
    lines = tuple(
        PredictionLine(
            to_judge.catalog.public_path(image.path),
            image.frame,
            to_judge.split,
            image.label,
            labels[decision],
            image.group,
            tuple(map(float, row)),
        )
        for image, decision, row in zip(to_judge.images, predicted, probabilities, strict=True)
    )
    return Evaluation(told, lines)


def _add_predictions(run: RunFolder, labels: tuple[str, ...], lines: tuple[PredictionLine, ...]) -> None:
    before: tuple[PredictionLine, ...] = ()
    if run.predictions.exists():
        _, before = read_predictions(run.predictions)
    kept = tuple(line for line in before if line.split != "test")
    new = sorted(lines, key=lambda line: (line.path, line.frame))
    write_predictions(run.predictions, labels, (*kept, *new))


def evaluate_job(payload: Mapping[str, Any], context: JobContext) -> dict[str, Any]:
    """Evaluate in a child process: ``run`` (path), ``sources`` (JSON or None); returns the figures."""
    sources = payload.get("sources")
    evaluation = evaluate_run(
        Path(payload["run"]),
        sources_from_json(sources) if sources else None,
        progress=lambda stage, done, total: context.send("progress", stage=stage, done=done, total=total),
        cancelled=context.cancelled,
    )
    return {**evaluation.to_json(), "sentence": evaluation.sentence}
