"""What will run: a catalog, settings without ``auto``, and what follows from them."""

import math
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from counterpoise.core.balance.weights import class_weights, mean_weight, resolve_weighting
from counterpoise.core.catalog.sources import cache_folder
from counterpoise.core.catalog.types import PARTS, Catalog, ImageRecord
from counterpoise.core.errors import CounterpoiseError
from counterpoise.core.models.spec import ModelSpec
from counterpoise.core.pixels.choose import choose_format
from counterpoise.core.pixels.format import PixelFormat
from counterpoise.core.safety import resolve
from counterpoise.core.safety.host import Host, probe_host
from counterpoise.core.safety.sample import PixelSample, draw_sample
from counterpoise.core.settings import Settings, WeightingSettings


@dataclass(frozen=True)
class Plan:
    """A training that could start, judged by the rules of ``safety.rules``."""

    catalog: Catalog
    requested: Settings
    """As asked for, ``auto`` included."""
    settings: Settings
    """As they will run."""
    format: PixelFormat
    spec: ModelSpec
    weights: dict[str, float]
    """Final weight per class, after cap and normalisation; NaN where a custom one is missing."""
    effective_learning_rate: float
    """The rate times the mean weight over training images; NaN where weights can't work."""
    positive: str | None
    run: Path | None
    cache: Path
    accepted: tuple[str, ...] = ()
    host: Host = field(default_factory=probe_host)

    @cached_property
    def train_counts(self) -> dict[str, int]:
        """Images per class in the training part."""
        return self.catalog.counts("train")

    @cached_property
    def training_images(self) -> tuple[ImageRecord, ...]:
        return self.catalog.part("train")

    @cached_property
    def sample(self) -> PixelSample | None:
        """A few training images, decoded; None where none can be read."""
        return draw_sample(self.catalog.sources, self.training_images, self.format)

    @property
    def mode(self) -> str:
        return self.settings.model.mode


def make_plan(
    catalog: Catalog,
    settings: Settings,
    run: Path | None = None,
    cache: Path | None = None,
    accepted: tuple[str, ...] = (),
    host: Host | None = None,
) -> Plan:
    """Resolve every ``auto`` for these images on this computer.

    Raises UsageError for settings that name what doesn't exist (a network, a class), CounterpoiseError
    where the weights file is missing. Faults that the rules judge (weights that can't work, a part
    without images) don't stop it.
    """
    host = host or probe_host()
    _find_weights(settings.model.weights)
    counts = catalog.counts("train")
    spec, model = resolve.resolve_mode(settings.model)
    # Of all parts: one form must hold whatever the test part brings, colour or 16 bits.
    images = catalog.part(*PARTS) or catalog.images
    fmt = choose_format(images, model.image_size, spec.minimum_size)
    weighting = resolve_weighting(present(counts), settings.weighting)
    training = resolve.resolve_training(
        settings.training,
        mode=model.mode,
        spec=spec,
        fmt=fmt,
        counts=counts,
        host=host,
        sampling=weighting.sampling,
    )
    data = resolve.resolve_data(settings.data, catalog)
    resolved = resolve.resolve_scaling(settings, fmt).model_copy(
        update={
            "data": data,
            "weighting": weighting,
            "model": model.model_copy(update={"image_size": fmt.size[0]}),
            "training": training,
            "evaluation": resolve.resolve_evaluation(settings.evaluation),
        }
    )
    weights = final_weights(counts, weighting)
    return Plan(
        catalog=catalog,
        requested=settings,
        settings=resolved,
        format=fmt,
        spec=spec,
        weights=weights,
        effective_learning_rate=float(training.learning_rate) * mean_weight(counts, weights),
        positive=data.positive or None,
        run=run,
        cache=cache or cache_folder(catalog.sources),
        accepted=accepted,
        host=host,
    )


def _find_weights(file: Path | None) -> None:
    if file is not None and not file.is_file():
        raise CounterpoiseError(
            f"The weights file {file} of model.weights doesn't exist. Give a file that does, or leave it out."
        )


def present(counts: dict[str, int]) -> dict[str, int]:
    """Return the classes that have images; an empty one is a blocker of its own and weighs nothing."""
    return {label: count for label, count in counts.items() if count}


def valid_custom(counts: dict[str, int], custom: dict[str, float]) -> bool:
    """Whether there is a finite, positive weight for every class and for no other."""
    return set(custom) == set(counts) and all(math.isfinite(w) and w > 0 for w in custom.values())


def final_weights(counts: dict[str, int], weighting: WeightingSettings) -> dict[str, float]:
    """Return one weight per class; where custom ones can't work, as given, NaN for a missing one.

    A class without training images has none of its own: it gets the largest, which no rule minds.
    """
    if weighting.method == "custom" and not valid_custom(counts, weighting.custom):
        return {label: float(weighting.custom.get(label, math.nan)) for label in counts}
    found = class_weights(present(counts), weighting)
    return {label: float(found.get(label, max(found.values(), default=1.0))) for label in counts}
