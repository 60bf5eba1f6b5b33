"""Features within the memory there is: where it runs out, fewer images are looked at at once."""

import gc
import os
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from onnxruntime.capi import onnxruntime_pybind11_state as onnx_errors

from counterpoise.core.findings import Severity, make_finding
from counterpoise.core.findings.words import count
from counterpoise.core.jobs.memory_record import names_memory
from counterpoise.core.models.session import BEST_BATCH, runner
from counterpoise.core.training.features.feature_store import Embed
from counterpoise.core.training.work import Teller

FAILED = (MemoryError, RuntimeError, onnx_errors.Fail, onnx_errors.RuntimeException)
"""What a network may raise for want of memory; its words tell."""

NO_THREAD = "can't start new thread"
"""Python's word where there is no memory for a thread's stack."""


class CarefulEmbed:
    """Embeds images [n, h, w, c] ``at_once`` at a time, which is halved whenever memory runs out.

    ``make(at_once)`` builds the network for so many; ``failed`` are the errors that may tell of memory.
    """

    def __init__(
        self,
        make: Callable[[int], Embed],
        at_once: int,
        teller: Teller,
        failed: tuple[type[Exception], ...] = FAILED,
    ) -> None:
        self._make, self._teller, self._failed = make, teller, failed
        self._run: Embed | None = None
        self.at_once = max(1, at_once)

    def __call__(self, images: NDArray[np.generic]) -> NDArray[np.float32]:
        """Return features [n, width]; raises MemoryError where not even one image fits."""
        before = self.at_once
        while (features := self._tried(images)) is None:
            self._run = None  # what it holds must be free before it is built anew,
            gc.collect()  # and the error's own frames still hold some
        if self.at_once < before:
            finding = make_finding(
                "out-of-memory",
                Severity.WARNING,
                {"images": self.at_once, "before": before},
                variant="embed",
                words={"images": count(self.at_once, "image")},
            )
            self._teller.guard(finding, epoch=0)
        return features

    def _tried(self, images: NDArray[np.generic]) -> NDArray[np.float32] | None:
        """Return the features, or None where memory ran out and fewer at once are to be tried."""
        try:
            self._run = self._run or self._make(self.at_once)
            return self._run(images)
        except self._failed as error:
            words = f"{type(error).__name__}: {error}"
            if not names_memory(words) and NO_THREAD not in words:
                raise
        if self.at_once == 1:
            raise MemoryError(f"out of memory with a single image: {words}")
        self.at_once //= 2
        return None


def most_on_cpu() -> int:
    """Return how many images are embedded at once on the CPU where memory is no question."""
    return BEST_BATCH * (os.cpu_count() or 1)


def on_cpu(graph: bytes, at_once: int) -> Embed:
    """Return the network ``graph`` for so many images at once: small batches first, then fewer threads."""
    threads = min(os.cpu_count() or 1, at_once)
    return runner(graph, threads, max(1, at_once // threads))


def sliced(embed: Embed, at_once: int) -> Embed:
    """Return ``embed`` called with up to so many images."""

    def run(images: NDArray[np.generic]) -> NDArray[np.float32]:
        starts = range(0, max(len(images), 1), at_once)
        return np.concatenate([embed(images[start : start + at_once]) for start in starts])

    return run
