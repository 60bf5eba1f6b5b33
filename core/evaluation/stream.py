"""Probabilities of catalogued images, decoded ahead in worker processes, batch by batch."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from counterpoise.core.catalog.readers import UnreadableImage, is_harmless
from counterpoise.core.catalog.types import ImageRecord, Sources
from counterpoise.core.jobs.pool import FEW_ITEMS, WorkerDied, robust_map
from counterpoise.core.pixels.decode import (
    READING,
    DecodeTask,
    Failure,
    failure_of,
    tasks_by_file,
    wanted_frames,
)
from counterpoise.core.pixels.format import PixelFormat
from counterpoise.core.pixels.prepare import prepare
from counterpoise.core.pixels.store import ImagesLostError
from counterpoise.core.prediction.predictor import Predictor

BATCH = 32
FRAMES_AT_ONCE = 32
"""Of one file: bounds what travels from a worker at a time."""


def predict_records(
    model: Predictor,
    sources: Sources,
    images: Sequence[ImageRecord],
    *,
    workers: int | None = None,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> NDArray[np.float64] | None:
    """Return probabilities [n, k] in the order of ``images``; None where it was cancelled.

    Raises ImagesLostError where an image can't be read any more or isn't the one that was scanned.
    """
    result = np.full((len(images), len(model.labels.labels)), np.nan)
    waiting: list[tuple[int, NDArray[Any]]] = []
    failures: list[Failure] = []
    done = 0

    def predict() -> None:
        positions = [position for position, _ in waiting]
        result[positions] = model.probabilities(np.stack([image for _, image in waiting]))
        waiting.clear()

    if progress:
        progress(0, len(images))
    tasks = _tasks(sources, images)
    results = robust_map(
        partial(_decode, fmt=model.format),
        tasks,
        workers=workers,
        limits=READING,
        inline=len(tasks) < FEW_ITEMS and all(is_harmless(task.file) for task in tasks),
    )
    for index, found in results:
        if cancelled and cancelled():
            return None
        if isinstance(found, WorkerDied):
            found = Failure(tasks[index].path, found.reason, "died")
        if isinstance(found, Failure):
            failures.append(found)
            continue
        waiting.extend(found)
        done += len(found)
        if len(waiting) >= BATCH:
            predict()
            if progress:
                progress(done, len(images))
    if waiting:
        predict()
    if failures:
        raise ImagesLostError(failures)
    if progress:
        progress(done, len(images))
    return result


def _tasks(sources: Sources, images: Sequence[ImageRecord]) -> list[DecodeTask]:
    """Return tasks of at most FRAMES_AT_ONCE frames of a file."""
    return [
        replace(task, frames=task.frames[start : start + FRAMES_AT_ONCE])
        for task in tasks_by_file(sources, enumerate(images))
        for start in range(0, len(task.frames), FRAMES_AT_ONCE)
    ]


def _decode(task: DecodeTask, fmt: PixelFormat) -> list[tuple[int, NDArray[Any]]] | Failure:
    """Return the prepared frames with their positions, or the reason why not."""
    try:
        return [(position, prepare(frame, fmt)) for position, frame in wanted_frames(task)]
    except UnreadableImage as error:
        return failure_of(task, error)
