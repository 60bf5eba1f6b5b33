"""Hand a run's model on: written, loaded again in its own runtime, compared, described."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from counterpoise.core.catalog.snapshot import read_split_csv
from counterpoise.core.catalog.sources import sources_from_json
from counterpoise.core.catalog.types import Sources
from counterpoise.core.evaluation.metrics_file import read_metrics
from counterpoise.core.export.bundle import complete, new_bundle, refuse_existing
from counterpoise.core.export.card import model_card
from counterpoise.core.export.formats import ExportFormat, export_format
from counterpoise.core.export.held_out import held_out_images
from counterpoise.core.export.parity import compare
from counterpoise.core.jobs.job import JobContext
from counterpoise.core.prediction.opening import open_model
from counterpoise.core.prediction.predictor import Predictor
from counterpoise.core.study.run_folder import RunFolder, open_finished_run
from counterpoise.core.training.record import read_config


@dataclass(frozen=True)
class ExportedFile:
    """One export; fields as in the contract's JSON."""

    format: str
    path: str
    """Relative to OUT; of a SavedModel its ``saved_model.pb``."""
    sha256: str
    images_checked: int
    max_abs_diff: float | None
    """None where the export gave values that are no numbers."""
    verified: bool


@dataclass(frozen=True)
class ExportResult:
    files: tuple[ExportedFile, ...]

    def to_json(self) -> dict[str, Any]:
        """Return the contract's object."""
        return {"files": [asdict(file) for file in self.files]}


def export_run(
    run: RunFolder,
    formats: Sequence[str],
    out: Path,
    sources: Sources | None = None,
    progress: Callable[[str, int, int], None] = lambda *_: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> ExportResult:
    """Export a finished run to ``out/<format>/`` for each of ``formats`` (names of FORMATS).

    Each is loaded again and compared with the run's ``model.keras`` on validation images, looked for in
    ``sources`` (None: where they lay). ``progress(format, done, all)`` is told before each. Loads
    TensorFlow: call it in a child process (``export_job``) where that matters.
    Raises UsageError for an unknown format; CounterpoiseError where the run isn't finished or was
    changed, the images aren't found, a folder isn't empty, or the disk is full.
    """
    chosen = [export_format(name) for name in dict.fromkeys(formats)]
    open_finished_run(run.root)
    for export in chosen:
        refuse_existing(out, export.name)
    config = read_config(run)
    model = open_model(run.root, kind="keras")
    images = held_out_images(run, config.id, model.format, sources)
    reference = model.probabilities(images)
    done: list[ExportedFile] = []
    for index, export in enumerate(chosen):
        if cancelled():
            break
        progress(export.name, index, len(chosen))
        done.append(_export(run, export, out, model, images, reference))
    progress("", len(done), len(chosen))
    return ExportResult(tuple(done))


def _export(
    run: RunFolder,
    export: ExportFormat,
    out: Path,
    model: Predictor,
    images: NDArray[Any],
    reference: NDArray[np.float32],
) -> ExportedFile:
    with new_bundle(out, export.name) as folder:
        export.write(run, folder)
        received = export.load(folder, model.format, model.labels)(images)
        parity = compare(reference, received, model.labels, export.tolerance)
        card = model_card(
            export,
            read_config(run),
            model.labels,
            model.format,
            read_split_csv(run.split),
            read_metrics(run.metrics),
            parity,
        )
        digest = complete(folder, export, model.labels, model.format, card)
    difference = parity.max_abs_diff if np.isfinite(parity.max_abs_diff) else None
    path = f"{export.name}/{export.file}"
    return ExportedFile(export.name, path, digest, parity.images, difference, parity.verified)


def export_job(payload: dict[str, Any], context: JobContext) -> dict[str, Any]:
    """Export in a job's child: ``{"run", "formats", "out", "sources": sources_json or None}``.

    Sends ``progress`` events with ``format``, ``done``, ``total``; returns the contract's JSON.
    """
    sources = payload.get("sources")
    return export_run(
        RunFolder(Path(payload["run"])),
        payload["formats"],
        Path(payload["out"]),
        sources_from_json(sources) if sources else None,
        lambda name, done, total: context.send("progress", format=name, done=done, total=total),
        context.cancelled,
    ).to_json()
