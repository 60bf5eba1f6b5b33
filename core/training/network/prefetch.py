"""Batches made ready by a thread while the network works on the one before."""

from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import numpy as np
from numpy.typing import NDArray

from counterpoise.core.pixels.augment import augment
from counterpoise.core.pixels.store import ImageStore

AHEAD = 3


def prefetched(
    store: ImageStore, batches: Sequence[NDArray[np.intp]], preset: str, seed: int, epoch: int
) -> Iterator[tuple[NDArray[np.intp], NDArray[Any]]]:
    """Yield positions [b] and images [b, h, w, c] of each batch, varied by ``preset``.

    What an image becomes depends on seed, epoch and its position alone.
    """

    def make(positions: NDArray[np.intp]) -> NDArray[Any]:
        images = store.read(positions)
        if preset != "none":
            for row, position in enumerate(positions):
                images[row] = augment(images[row], preset, (seed, epoch, int(position)))
        return images

    with ThreadPoolExecutor(1, "prefetch") as thread:
        waiting: list[Future[NDArray[Any]]] = [thread.submit(make, batch) for batch in batches[:AHEAD]]
        try:
            for number, batch in enumerate(batches):
                images = waiting.pop(0).result()
                if number + AHEAD < len(batches):
                    waiting.append(thread.submit(make, batches[number + AHEAD]))
                yield batch, images
        finally:
            for future in waiting:
                future.cancel()
