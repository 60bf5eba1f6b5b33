"""Probabilities of catalogued images, decoded ahead in worker processes, batch by batch."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from counterpoise.core.catalog.content import content_of
from counterpoise.core.catalog.readers import UnreadableImage, read_bytes, read_frames_of_bytes
from counterpoise.core.catalog.types import ImageRecord, Sources
from counterpoise.core.jobs.pool import WorkerDied, robust_map
from counterpoise.core.pixels.decode import Failure
from counterpoise.core.pixels.format import PixelFormat
from counterpoise.core.pixels.prepare import prepare
from counterpoise.core.pixels.store import ImagesLostError
from counterpoise.core.prediction.predictor import Predictor

BATCH = 32
FRAMES_AT_ONCE = 32
"""Of one file: bounds what travels from a worker at a time."""


@dataclass(frozen=True)
class _Task:
    path: str
    file: Path
    frames: tuple[tuple[int, int, str], ...]
    """Frame, position among the images, content that the scan saw."""


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
    for index, found in robust_map(partial(_decode, fmt=model.format), tasks, workers=workers, inline=True):
        if cancelled and cancelled():
            return None
        if isinstance(found, WorkerDied | str):
            reason = found.reason if isinstance(found, WorkerDied) else found
            failures.append(Failure(tasks[index].path, reason))
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


def _tasks(sources: Sources, images: Sequence[ImageRecord]) -> list[_Task]:
    frames: defaultdict[str, list[tuple[int, int, str]]] = defaultdict(list)
    for position, image in enumerate(images):
        frames[image.path].append((image.frame, position, image.content))
    return [
        _Task(path, sources.locate(path), tuple(wanted[start : start + FRAMES_AT_ONCE]))
        for path, wanted in frames.items()
        for start in range(0, len(wanted), FRAMES_AT_ONCE)
    ]


def _decode(task: _Task, fmt: PixelFormat) -> list[tuple[int, NDArray[Any]]] | str:
    """Return the prepared frames with their positions, or the reason why not."""
    wanted = {frame: (position, content) for frame, position, content in task.frames}
    numbers = sorted(max(frame, 0) for frame in wanted)
    found = []
    try:
        for frame in read_frames_of_bytes(read_bytes(task.file), task.file.name, numbers):
            position, content = wanted.pop(frame.frame)
            if content_of(frame.pixels) != content:
                return "it has changed since the scan"
            found.append((position, prepare(frame, fmt)))
    except UnreadableImage as error:
        return error.reason
    except KeyError:
        return "it has other frames than at the scan"
    return "it has fewer frames than at the scan" if wanted else found
