"""What is too much or too little: memory, rounds, images for a network from nothing."""

from collections.abc import Iterator

from counterpoise.core.findings import Fix
from counterpoise.core.findings.words import count
from counterpoise.core.models.registry import spec
from counterpoise.core.safety.causes.case import Case, Suspect, said
from counterpoise.core.safety.resolve import MODE_DEFAULTS

TOO_SHORT = 10.0
"""So many times fewer rounds than usual say nothing yet (a rule of thumb, as the next one)."""
FEW_TO_BEGIN_WITH = 2_000
"""Training images below which a network from nothing is likely to learn them by heart."""


def rounds(case: Case) -> Iterator[Suspect]:
    """Too few rounds."""
    epochs, usual = int(case.settings.training.epochs), MODE_DEFAULTS[case.mode].epochs
    fix = Fix("Let it learn as long as it needs", {"training.epochs": "auto"})
    words = {"rounds": count(epochs, "round"), "were": "was" if epochs == 1 else "were", "usual": usual}
    yield Suspect(usual / (TOO_SHORT * epochs), said("rounds", fix, **words))


def memory(case: Case) -> Iterator[Suspect]:
    """What takes memory: the batch, the image size."""
    batch, size = int(case.settings.training.batch_size), int(case.settings.model.image_size)
    if case.mode != "features" and batch > 1:
        fewer = max(1, batch // 2)
        fix = Fix(f"Use batches of {fewer}", {"training.batch_size": fewer})
        yield Suspect(float(batch), said("batch-memory", fix, fewer=fewer, batch=batch))
    smaller = max(size // 2, spec(case.settings.model.name).minimum_size)
    if smaller < size:
        fix = Fix(f"Use images of {smaller} pixels", {"model.image_size": smaller})
        yield Suspect(size / smaller, said("size-memory", fix, smaller=smaller, size=size))


def by_heart(case: Case) -> Iterator[Suspect]:
    """What lets images be learnt by heart: few of them for a network from nothing, no variations."""
    training, images = case.settings.training, case.images
    if case.mode == "scratch" and images < FEW_TO_BEGIN_WITH:
        fix = Fix(
            "Start from the pretrained network",
            {"model.name": "efficientnet_lite0", "model.mode": "features"},
        )
        yield Suspect(FEW_TO_BEGIN_WITH / max(images, 1), said("scratch", fix, images=count(images, "image")))
    if case.mode != "features" and training.augment == "none":
        fix = Fix("Vary the images a little", {"training.augment": "auto"})
        yield Suspect(2.0, said("variations", fix, rounds=int(training.epochs)))
