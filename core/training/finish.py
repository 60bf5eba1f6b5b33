"""The end of every training: model, decision, figures on validation, record; the manifest comes last."""

import json
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from counterpoise.core.balance.labels_file import LabelsFile
from counterpoise.core.balance.operating import OperatingPoint, choose_operating_point, decide
from counterpoise.core.figures.figures import figures
from counterpoise.core.figures.predictions import PredictionLine, write_predictions
from counterpoise.core.findings.words import figure
from counterpoise.core.jobs.events import json_safe
from counterpoise.core.models.network import Arrays, Network
from counterpoise.core.models.save import save_network
from counterpoise.core.prediction.manifest import write_manifest
from counterpoise.core.study.atomic import write_text
from counterpoise.core.study.run_folder import gone
from counterpoise.core.training.checkpoints import Checkpoints
from counterpoise.core.training.record import RunConfig
from counterpoise.core.training.work import Work, truth_of


@dataclass(frozen=True)
class Outcome:
    """What a training has come to; probabilities have the prior put back."""

    network: Network
    arrays: Arrays
    val_probabilities: NDArray[np.float32]
    """[n, k], in the order of ``work.val``."""
    cross_validated: NDArray[np.float32] | None = None
    """[n, k], in the order of ``work.train``: each row by a head that hasn't learned from it."""
    stopped: bool = False


def finish(work: Work, config: RunConfig, outcome: Outcome) -> dict[str, Any]:
    """Write the results of a run and mark it finished; return the fields of its ``finished`` event."""
    run, labels = work.run, config.labels
    if not run.is_run:
        raise gone(run)
    truth = truth_of(work.val, labels)
    probabilities = outcome.val_probabilities
    point = choose_operating_point(
        probabilities, truth, labels, config.positive, config.prevalence, config.settings.evaluation
    )
    save_network(outcome.network, outcome.arrays, run.model_keras, run.model_onnx)
    write_text(run.labels, LabelsFile(labels=labels, threshold=point, prevalence=config.prevalence).to_text())
    write_text(run.preprocessing, config.format.model_dump_json(indent=2) + "\n")
    _write_predictions(work, config, probabilities, point)

    def judged(p: NDArray[np.float32], of: NDArray[np.intp], groups: list[str]) -> dict[str, Any]:
        return figures(
            p,
            of,
            groups,
            labels,
            point,
            config.prevalence,
            positive=config.positive,
            deployed_prevalence=config.settings.evaluation.prevalence,
            seed=config.settings.training.seed,
        )

    validation = judged(probabilities, truth, [image.group for image in work.val])
    crossed = None
    if outcome.cross_validated is not None:
        crossed = judged(
            outcome.cross_validated, truth_of(work.train, labels), [image.group for image in work.train]
        )
    metrics = {
        "format_version": 1,
        "validation": validation,
        "cross_validated": crossed,
        "openings": 0,
        "evaluations": [],
    }
    write_text(run.metrics, json.dumps(json_safe(metrics), ensure_ascii=False, indent=2) + "\n")
    fixed = (run.config, run.split, run.model_keras, run.model_onnx, run.labels, run.preprocessing)
    write_manifest(run.root, [path.name for path in fixed])
    # After the manifest: a death in between must not cost what was learned.
    Checkpoints(run.checkpoints).clear()
    return {
        "message": sentence(validation, crossed, outcome.stopped),
        "stopped": outcome.stopped,
        "validation": validation["metrics"],
        "cross_validated": crossed["metrics"] if crossed else None,
    }


def sentence(validation: dict[str, Any], crossed: dict[str, Any] | None, stopped: bool) -> str:
    """Say in one sentence what was reached."""
    begin = "Stopped as asked, with the best state so far" if stopped else "Training has finished"
    said = figure(validation["metrics"]["auc"], nothing="")
    if not said:
        return f"{begin}."
    text = f"{begin}: AUC {said} on {validation['n']:,} validation images"
    other = figure(crossed["metrics"]["auc"], nothing="") if crossed else ""
    return f"{text}, {other} cross-validated inside the training part." if other else f"{text}."


def _write_predictions(
    work: Work, config: RunConfig, probabilities: NDArray[np.float32], point: OperatingPoint
) -> None:
    decided = decide(probabilities, config.labels, point, config.prevalence)
    lines = [
        PredictionLine(
            work.public_path(image.path),
            image.frame,
            "val",
            image.label,
            config.labels[index],
            image.group,
            tuple(map(float, row)),
        )
        for image, row, index in zip(work.val, probabilities, decided, strict=True)
    ]
    lines.sort(key=lambda line: (line.path, line.frame))
    write_predictions(work.run.predictions, config.labels, lines)
