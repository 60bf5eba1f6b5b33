"""Every ``auto`` becomes a value; whatever it becomes is never itself a finding above info."""

import math
from dataclasses import dataclass

from counterpoise.core.balance.operating import DEFAULT_TARGET
from counterpoise.core.balance.positive import positive_class
from counterpoise.core.catalog.types import Catalog
from counterpoise.core.errors import UsageError, did_you_mean
from counterpoise.core.models.registry import spec as model_spec
from counterpoise.core.models.spec import ModelSpec
from counterpoise.core.pixels.format import PixelFormat
from counterpoise.core.pixels.scaling import resolve_scaling_method
from counterpoise.core.safety.host import Host
from counterpoise.core.safety.memory import largest_batch
from counterpoise.core.settings import (
    DataSettings,
    EvaluationSettings,
    ModelSettings,
    Settings,
    TrainingSettings,
)


@dataclass(frozen=True)
class ModeDefaults:
    """What ``auto`` means in one mode. Rates are Adam's."""

    learning_rate: float
    batch_size: int
    epochs: int
    patience: int


MODE_DEFAULTS = {
    # The head on standardised features is convex: many cheap passes, patience on validation.
    "features": ModeDefaults(learning_rate=1e-3, batch_size=64, epochs=100, patience=10),
    # Small steps: the features learnt on a million photographs are to be adapted, not overwritten.
    "finetune": ModeDefaults(learning_rate=1e-4, batch_size=32, epochs=12, patience=4),
    "scratch": ModeDefaults(learning_rate=1e-3, batch_size=32, epochs=30, patience=8),
}
# Plain gradient steps with momentum .9 are ten times as long as the rate says and need larger
# rates than Adam's normalised ones to move at all (Keras' own default for SGD is .01).
SGD_FACTOR = 10
LARGEST_AUTO_BATCH = 256


def resolve_mode(model: ModelSettings) -> tuple[ModelSpec, ModelSettings]:
    """Return the network's description and its settings with a mode it can run.

    A network without pretrained weights can't be used as frozen features, the default mode: it is
    then trained from scratch. A mode that was asked for and can't be is a usage error.
    """
    spec = model_spec(model.name)
    if model.mode in spec.modes:
        return spec, model
    if model.mode == "features":
        return spec, model.model_copy(update={"mode": spec.modes[0]})
    raise UsageError(
        f"The network '{model.name}' can't be used with model.mode '{model.mode}': expected "
        f"{' or '.join(spec.modes)}. Set model.mode or choose another network."
    )


def resolve_data(data: DataSettings, catalog: Catalog) -> DataSettings:
    """Resolve how patients were told apart and which class is the positive one."""
    labels = catalog.labels
    if data.positive != "auto" and data.positive not in labels:
        raise UsageError(
            f"The setting 'data.positive' can't be '{data.positive}': there is no such class."
            f"{did_you_mean(data.positive, labels)}"
        )
    group_by = data.group_by
    if group_by == "auto":
        known = any(image.group for image in catalog.images)
        source = "csv" if catalog.sources.labels or data.labels else "patient-id"
        group_by = source if known else "none"
    positive = positive_class(labels, data.positive) or ""
    return data.model_copy(update={"group_by": group_by, "positive": positive})


def resolve_scaling(settings: Settings, fmt: PixelFormat) -> Settings:
    method = settings.scaling.method
    if method == "auto":
        method = resolve_scaling_method(method, fmt)
    return settings.model_copy(update={"scaling": settings.scaling.model_copy(update={"method": method})})


def resolve_training(
    training: TrainingSettings,
    *,
    mode: str,
    spec: ModelSpec,
    fmt: PixelFormat,
    counts: dict[str, int],
    host: Host,
    sampling: str,
) -> TrainingSettings:
    """Return training settings without ``auto``; ``counts`` are images per class of the training part."""
    defaults = MODE_DEFAULTS[mode]
    changes: dict[str, object] = {}
    optimizer = "adam" if training.optimizer == "auto" else training.optimizer
    changes["optimizer"] = optimizer
    if training.learning_rate == "auto":
        changes["learning_rate"] = suggested_rate(mode, optimizer)
    if training.epochs == "auto":
        changes["epochs"] = defaults.epochs
    if training.patience == "auto":
        changes["patience"] = defaults.patience
    if training.augment == "auto":
        changes["augment"] = suggested_augmentation(mode, fmt)
    device = training.device
    if device == "auto":
        device = "gpu" if host.gpu_usable else "cpu"
        changes["device"] = device
    if training.precision == "auto":
        changes["precision"] = suggested_precision(mode, device, host)
    if training.batch_size == "auto":
        wanted = auto_batch_size(defaults.batch_size, counts, sampling, mode)
        changes["batch_size"] = largest_batch(spec, fmt, mode, device, host, wanted)
    return training.model_copy(update=changes)


def suggested_rate(mode: str, optimizer: str) -> float:
    """Return what ``auto`` means for the learning rate."""
    return MODE_DEFAULTS[mode].learning_rate * (SGD_FACTOR if optimizer == "sgd" else 1)


def suggested_augmentation(mode: str, fmt: PixelFormat) -> str:
    """None on frozen features, which are taken once; grey images keep their sides; else small changes."""
    if mode == "features":
        return "none"
    return "radiograph" if fmt.channels == 1 or fmt.units == "dicom" else "light"


def suggested_precision(mode: str, device: str, host: Host) -> str:
    """bfloat16 where the card is fast at it; it has float32's range, so weights can't overflow it."""
    if mode != "features" and device == "gpu" and host.gpus and host.gpus[0].capability >= (8, 0):
        return "mixed_bfloat16"
    return "float32"


def auto_batch_size(default: int, counts: dict[str, int], sampling: str, mode: str) -> int:
    """Return the default, raised in ``features`` mode until most batches hold the rarest class."""
    present = [count for count in counts.values() if count]
    total = sum(present)
    size = default
    if mode == "features" and sampling == "natural" and present:
        # (1 - q)^b <= 1/2 solved for b, q the share of the rarest class.
        share = min(present) / total
        enough = math.ceil(math.log(0.5) / math.log1p(-share)) if share < 1 else 1
        size = max(default, min(enough, LARGEST_AUTO_BATCH))
    return max(1, min(size, total))


def resolve_evaluation(evaluation: EvaluationSettings) -> EvaluationSettings:
    """Give a wanted sensitivity or specificity its usual value where none was said."""
    if evaluation.operating_point in ("sensitivity", "specificity") and evaluation.target is None:
        return evaluation.model_copy(update={"target": DEFAULT_TARGET})
    return evaluation
