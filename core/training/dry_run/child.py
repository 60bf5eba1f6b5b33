"""The process of a dry run: the training's own parts on a few images, each told with what it took.

Everything is told as it is measured, so that a death on the way leaves what was known until then.
"""

import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

import numpy as np

from counterpoise.core.jobs.job import JobContext
from counterpoise.core.pixels.store import ImageStore
from counterpoise.core.training.dry_run.memory import be_first_to_go, memory_now, peak_memory, peak_of_gpu
from counterpoise.core.training.dry_run.range_test import Climb
from counterpoise.core.training.images.decoded import with_scaling
from counterpoise.core.training.record import RunConfig
from counterpoise.core.training.work import Teller, Work

MOST_STEPS = 30
STEP_SECONDS = 10.0
"""After so long no further trial step is begun, nor one of the range test."""
DECODE_SECONDS = 6.0
DECODED_AT_ONCE = 32


@dataclass(frozen=True)
class Trial:
    """The payload. The first ``hardest`` training images are one batch that holds every class."""

    work: Work
    config: RunConfig
    hardest: int


@dataclass
class Watch(Teller):
    """A teller that also tells what was measured, and remembers when how much was done."""

    waits: bool = False
    marks: list[tuple[float, int]] = field(default_factory=list)

    def progress(self, done: int, total: int) -> None:
        self.marks.append((time.perf_counter(), done))
        super().progress(done, total)

    def measured(self, **values: Any) -> None:
        """Tell figures under names of their own, with the memory's peak so far."""
        self.send("measured", **values, peak_memory_bytes=peak_memory(), gpu_memory_bytes=peak_of_gpu())

    def step(self, loss: float, norm: float, rate: float, seconds: float) -> None:
        """Tell a trial step with the weighted error and the gradient's norm before it."""
        self.send("trial-step", loss=loss, norm=norm, rate=rate, seconds=seconds)

    def climb(self, climb: Climb) -> None:
        """Tell the curve of the range test."""
        self.send("range", result=climb.result())


@contextmanager
def timed(watch: Watch, name: str) -> Iterator[None]:
    """Tell how long the block took."""
    began = time.perf_counter()
    yield
    watch.measured(**{name: time.perf_counter() - began})


def try_steps(trial: Trial, context: JobContext) -> None:
    """Decode, scale and learn a little, in the planned mode, to the end of what a training does."""
    be_first_to_go()
    watch = Watch(context, trial.config.device)
    watch.measured(begun=time.time())
    trial = _decoded(trial, watch)
    if trial.config.settings.model.mode == "features":
        from counterpoise.core.training.dry_run.head import try_head

        try_head(trial, watch)
    else:
        from counterpoise.core.training.dry_run.network import try_network

        try_network(trial, watch)


def _decoded(trial: Trial, watch: Watch) -> Trial:
    """Decode within the time, the hardest first; return the trial with those images, its scaling fitted."""
    work, config = trial.work, trial.config
    count, hardest = len(work.train), trial.hardest
    # A part of the validation comes early: without any, nothing could be judged.
    early = [*range(hardest), *range(count, count + min(len(work.val), 16))]
    late = [i for i in range(len(work.images)) if i not in set(early)]
    watch.stage("decode", len(work.images))
    with ImageStore.open(work.cache, work.sources, work.images, config.format) as store:
        done: list[int] = []
        seconds = 0.0
        for indices in _in_blocks(early) + _in_blocks(late):
            if seconds > DECODE_SECONDS and len(done) >= hardest:
                break
            began = time.perf_counter()
            store.fill(indices=indices)
            took = time.perf_counter() - began
            seconds += took
            done += indices
            usual = indices[0] >= hardest or len(work.images) <= hardest
            watch.send("decoded", images=len(indices), seconds=took, usual=usual)
            watch.progress(len(done), len(work.images))
        there = set(done)
        work = replace(
            work,
            train=tuple(image for i, image in enumerate(work.train) if i in there),
            val=tuple(image for i, image in enumerate(work.val) if count + i in there),
        )
        watch.measured(decode_memory_bytes=memory_now())
    with ImageStore.open(work.cache, work.sources, work.images, config.format) as store:
        store.fill()
        began = time.perf_counter()
        config = with_scaling(work, config, store, watch)
        watch.measured(scaling_seconds_per_image=(time.perf_counter() - began) / max(1, len(work.train)))
    return replace(trial, work=work, config=config)


def _in_blocks(indices: list[int]) -> list[list[int]]:
    return [indices[start : start + DECODED_AT_ONCE] for start in range(0, len(indices), DECODED_AT_ONCE)]


def per_image(marks: list[tuple[float, int]]) -> tuple[float, float] | None:
    """Return the seconds before the first image was done, and those of each further one; None if too few.

    ``marks`` are times and how many were done by then, the first before any work. The middle one of the
    blocks counts: a moment in which the computer was busy with something else must not stand for all.
    """
    moves = [(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(_grown(marks))]
    if not moves:
        return None
    (first_took, first), later = moves[0], moves[1:]
    rate = statistics.median(took / images for took, images in later or moves)
    return max(0.0, first_took - rate * first), rate


def _grown(marks: list[tuple[float, int]]) -> list[tuple[float, int]]:
    """Leave out marks at which no more was done than before."""
    return marks[:1] + [mark for before, mark in pairwise(marks) if mark[1] > before[1]]


def guessing(classes: int) -> float:
    """Return the error of guessing evenly."""
    return float(np.log(max(2, classes)))
