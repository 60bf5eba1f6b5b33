"""What a child does for tests of want of memory, under a limit that the system keeps."""

import resource
from typing import Any

import numpy as np
import psutil

from counterpoise.core.jobs.job import JobContext
from counterpoise.core.models.arrays import initial_arrays
from counterpoise.core.models.assemble import FEATURES, assemble
from counterpoise.core.models.onnx_builder import build_onnx
from counterpoise.core.models.registry import spec
from counterpoise.core.models.session import runner
from counterpoise.core.pixels.format import PixelFormat
from counterpoise.core.pixels.scaling import FittedScaling
from counterpoise.core.training.child import train_run
from counterpoise.core.training.features.careful_embed import CarefulEmbed
from counterpoise.core.training.work import Teller, Work


def embed_within(spare: int, context: JobContext) -> dict[str, float]:
    """Embed 16 images with ``spare`` bytes of address space; tell how, and how far it is from the truth."""
    known = spec("efficientnet_lite0")
    scaling = FittedScaling(method="minmax", offset=(0.0,) * 3, scale=(1 / 255,) * 3)
    fmt = PixelFormat(size=(320, 320), channels=3, units="uint8")
    network = assemble(known, fmt, scaling, 2, "features").until(FEATURES)
    graph = build_onnx(network, initial_arrays(network, known, "features"))
    images = np.random.default_rng(0).integers(0, 256, (16, 320, 320, 3), np.uint8)
    expected = runner(graph, 1, 1)(images[:2])

    def make(at_once: int):
        return runner(graph, min(2, at_once), max(1, at_once // 2))

    used = psutil.Process().memory_info().vms
    resource.setrlimit(resource.RLIMIT_AS, (used + spare, resource.RLIM_INFINITY))
    embed = CarefulEmbed(make, 16, Teller(context, "cpu"))
    found = embed(images)
    return {"at_once": embed.at_once, "off": float(np.abs(found[:2] - expected).max())}


def train_within(payload: tuple[Work, int], context: JobContext) -> dict[str, Any]:
    """Train the run of ``work``; from the first step on it has ``spare`` bytes of address space left."""
    work, spare = payload

    class Limited(JobContext):
        """The child's own side of the pipe, which sees the stages go by."""

        def __init__(self) -> None:
            pass

        def send(self, kind: str, **fields: Any) -> None:
            context.send(kind, **fields)
            if fields.get("stage") == "learn":
                used = psutil.Process().memory_info().vms
                resource.setrlimit(resource.RLIMIT_AS, (used + spare, resource.RLIM_INFINITY))

        def commands(self) -> list[str]:
            return context.commands()

    return train_run(work, Limited())
