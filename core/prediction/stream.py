"""Files in, rows out: any number of images in constant memory, decoding ahead of the model."""

import itertools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from counterpoise.core.catalog.readers import is_harmless
from counterpoise.core.catalog.readers.allowance import allowance
from counterpoise.core.catalog.types import NO_FRAME
from counterpoise.core.jobs.pool import FEW_ITEMS, Limits, WorkerDied, robust_map
from counterpoise.core.prediction.decode import MOST_FRAMES, Decoded, Piece, Request, decode
from counterpoise.core.prediction.paths import Candidate, candidates
from counterpoise.core.prediction.predictor import Predictor
from counterpoise.core.prediction.rows import PredictionRow

BATCH = 32
MOST_ENTRIES = 1024
"""Rows that wait for the model together, errors included."""
_READING: Limits[Request] = allowance(lambda request: request.file)


def predict_paths(
    model: Predictor,
    paths: Iterable[Path],
    *,
    workers: int | None = None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Iterator[PredictionRow]:
    """Yield a row for every image of files and folders (recursively), in the order of names.

    Reads as the rows are taken; memory doesn't grow with the number of images. What can't be read is a
    row with an error. ``cancelled`` is asked file by file.
    """
    shown: dict[int, Candidate] = {}
    rows = _Rows(model)
    requests = _requests(paths, shown)
    for index, piece in robust_map(
        partial(decode, fmt=model.format),
        requests,
        workers=workers,
        limits=_READING,
        inline=isinstance(requests, list) and all(is_harmless(request.file) for request in requests),
    ):
        if cancelled():
            return
        candidate = shown.pop(index)
        for decoded in _whole(candidate, piece, model, workers):
            rows.add(_Entry(index, candidate.shown, decoded))
            if rows.full:
                yield from rows.predict()
        rows.add(_Entry(index, candidate.shown, None))
    yield from rows.predict()


def _requests(paths: Iterable[Path], shown: dict[int, Candidate]) -> Iterable[Request]:
    """Turn paths into requests, noting in ``shown`` what each number stands for; few come as a list."""

    def request(index: int, candidate: Candidate) -> Request:
        shown[index] = candidate
        return Request(candidate.file)

    numbered = itertools.starmap(request, enumerate(candidates(paths)))
    few = list(itertools.islice(numbered, FEW_ITEMS))
    return few if len(few) < FEW_ITEMS else itertools.chain(few, numbered)


def _whole(
    candidate: Candidate, piece: Piece | WorkerDied, model: Predictor, workers: int | None
) -> Iterator[Decoded]:
    """Yield all images of a file; those beyond the first piece are asked for now."""
    if isinstance(piece, WorkerDied):
        yield Decoded(NO_FRAME, None, f"it can't be read ({piece.reason})")
        return
    yield from piece.images
    count = len(piece.images) + piece.remaining
    rest = [Request(candidate.file, start) for start in range(MOST_FRAMES, count, MOST_FRAMES)]
    decoder = partial(decode, fmt=model.format)
    inline = is_harmless(candidate.file)
    for index, later in robust_map(
        decoder, rest, workers=workers, limits=_READING, ordered=True, inline=inline
    ):
        if isinstance(later, WorkerDied):
            yield Decoded(rest[index].start, None, f"it can't be read ({later.reason})")
        else:
            yield from later.images


@dataclass(frozen=True)
class _Entry:
    file: int
    path: str
    decoded: Decoded | None
    """None: the file has no more images."""


class _Rows:
    """Gathers images into batches, and gives rows out in the order of files, whatever order they came in."""

    def __init__(self, model: Predictor) -> None:
        self._model = model
        self._entries: list[_Entry] = []
        self._images = 0
        self._waiting: dict[int, list[PredictionRow]] = {}
        self._ended: set[int] = set()
        self._next = 0

    def add(self, entry: _Entry) -> None:
        self._entries.append(entry)
        self._images += entry.decoded is not None and entry.decoded.image is not None

    @property
    def full(self) -> bool:
        return self._images >= BATCH or len(self._entries) >= MOST_ENTRIES

    def predict(self) -> Iterator[PredictionRow]:
        entries, self._entries, self._images = self._entries, [], 0
        images = [e.decoded.image for e in entries if e.decoded and e.decoded.image is not None]
        predicted = iter(self._predictions(images))
        for entry in entries:
            if entry.decoded is None:
                self._ended.add(entry.file)
                continue
            row = self._row(entry.path, entry.decoded, predicted)
            self._waiting.setdefault(entry.file, []).append(row)
        yield from self._in_order()

    def _predictions(self, images: list[NDArray[Any]]) -> list[tuple[str, dict[str, float]]]:
        if not images:
            return []
        labels = self._model.labels.labels
        probabilities = self._model.probabilities(np.stack(images))
        decided = self._model.decide(probabilities)
        return [
            (labels[index], dict(zip(labels, map(float, row), strict=True)))
            for index, row in zip(decided, probabilities, strict=True)
        ]

    @staticmethod
    def _row(path: str, decoded: Decoded, predicted: Iterator[tuple[str, dict[str, float]]]) -> PredictionRow:
        if decoded.image is None:
            return PredictionRow(path, decoded.frame, "", {}, decoded.error)
        return PredictionRow(path, decoded.frame, *next(predicted))

    def _in_order(self) -> Iterator[PredictionRow]:
        while self._next in self._waiting or self._next in self._ended:
            yield from self._waiting.pop(self._next, [])
            if self._next not in self._ended:
                return  # more images of this file are to come
            self._ended.remove(self._next)
            self._next += 1
