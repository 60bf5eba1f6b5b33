"""From what a few images took to what all will take."""

import math
import os
from collections.abc import Mapping
from typing import Any

from counterpoise.core.pixels.store import FEW_IMAGES
from counterpoise.core.safety.plan import Plan
from counterpoise.core.training.dry_run.result import Forecast
from counterpoise.core.training.features.feature_rows import IN_MEMORY_BYTES

WORKERS_START = 1.5
"""Seconds until decoding processes work (measured: 1 to 2 on two cores)."""
HEAD_ROUNDS = 30
"""Rounds that the head before fine-tuning usually takes until its patience ends (20 to 40 on five sets)."""
UNSURE = 1.25
"""Factor to either side by which measured times may differ: dry runs repeated on a quiet machine do."""
BYTES_PER_IMAGE = 3_000
"""What a process keeps of an image beside its pixels: names, path, place."""


def forecast(plan: Plan, measured: Mapping[str, Any], step_seconds: float) -> Forecast:
    """Return what the whole training takes, from the figures a dry run told and the seconds of its steps."""
    training = plan.settings.training
    train, val = len(plan.training_images), len(plan.catalog.part("val"))
    epochs, patience = int(training.epochs), int(training.patience)
    parts = _once(plan, measured, train + val)
    a_pass = math.ceil(train / int(training.batch_size)) * step_seconds
    a_pass += val * _figure(measured, "validate_seconds") / max(1, _figure(measured, "validated"))
    if plan.mode != "features":  # the head saves every two seconds, which costs nothing
        a_pass += _figure(measured, "checkpoint_seconds")
    fixed = sum(parts.values())
    low, high = a_pass * min(epochs, patience + 1), a_pass * epochs
    if training.time_budget_minutes is not None:
        left = max(60 * training.time_budget_minutes - fixed, step_seconds)
        low, high = min(low, left), min(high, left)
    # Nobody knows when the patience ends: the middle, by factors, is as far from one end as from the other.
    likely = math.sqrt((fixed + low) * (fixed + high))
    return Forecast(
        seconds=likely,
        seconds_low=(fixed + low) / UNSURE,
        seconds_high=(fixed + high) * UNSURE,
        memory_bytes=_memory(plan, measured, train, val),
        parts={**parts, "learn": likely - fixed},
    )


def _once(plan: Plan, measured: Mapping[str, Any], images: int) -> dict[str, float]:
    """Return the seconds of everything that is done once."""
    train, val = len(plan.training_images), len(plan.catalog.part("val"))
    decode = images * _figure(measured, "decode_seconds_per_image")
    if images > FEW_IMAGES:
        decode = WORKERS_START + decode / (os.cpu_count() or 1)
    judged = val + (train if plan.mode == "features" else 0)
    parts = {
        "start": _figure(measured, "start_seconds"),
        "decode": decode,
        "scaling": train * _figure(measured, "scaling_seconds_per_image"),
        "embed": _figure(measured, "embed_start_seconds")
        + images * _figure(measured, "embed_seconds_per_image"),
        "build": _figure(measured, "build_seconds")
        + _figure(measured, "first_step_seconds")
        + _figure(measured, "first_validate_seconds"),
        "finish": _figure(measured, "finish_seconds")
        + judged * _figure(measured, "figures_seconds_per_image"),
    }
    if plan.mode == "finetune":
        parts["head"] = train * _figure(measured, "head_seconds_per_image")
    return {name: seconds for name, seconds in parts.items() if seconds}


def _memory(plan: Plan, measured: Mapping[str, Any], train: int, val: int) -> int:
    """Return the bytes at the peak, of all the training's processes together."""
    peak = _figure(measured, "peak_memory_bytes") + BYTES_PER_IMAGE * (train + val)
    if plan.mode == "features":
        tried = _figure(measured, "tried_train"), _figure(measured, "tried_val")
        width = 4 * plan.spec.feature_width
        for count, before in zip((train, val), tried, strict=True):
            peak += _kept(count, width) - _kept(before, width)
    workers = min(os.cpu_count() or 1, train + val) if train + val > FEW_IMAGES else 0
    return round(max(peak, (1 + workers) * _figure(measured, "decode_memory_bytes")))


def _kept(rows: float, width: int) -> float:
    """Return the bytes of features that are kept in memory."""
    return rows * width if rows * width <= IN_MEMORY_BYTES else 0.0


def _figure(measured: Mapping[str, Any], name: str) -> float:
    return float(measured.get(name) or 0.0)
