"""What a dry run has measured, and what follows for the whole training."""

from dataclasses import dataclass
from typing import Any

from counterpoise.core.findings import Finding
from counterpoise.core.jobs.events import json_safe
from counterpoise.core.training.dry_run.range_test import RateRange


@dataclass(frozen=True)
class Forecast:
    """What the whole training will take. Seconds on this computer, as busy as now; bytes at the peak."""

    seconds: float
    """The likely one, between the two below: nobody knows when the patience ends."""
    seconds_low: float
    """If it stops as early as it may, on a good day."""
    seconds_high: float
    """If it takes all its rounds, on a bad one."""
    memory_bytes: int
    parts: dict[str, float]
    """Seconds of each part of the work, ``learn`` for all rounds."""


@dataclass(frozen=True)
class DryRun:
    """What a dry run says. Lists are step by step; values not measured are None."""

    findings: tuple[Finding, ...]
    steps: int
    seconds: float
    """The dry run itself, from its start to its end."""
    losses: tuple[float | None, ...]
    """The error that is minimised, so weighted; None where it wasn't a number."""
    gradient_norms: tuple[float | None, ...]
    val_loss: float | None
    peak_memory_bytes: int | None
    """Resident, of the process that trained; None where it told none before it died."""
    gpu_memory_bytes: int | None
    seconds_per_step: float | None
    decode_seconds_per_image: float | None
    embed_seconds_per_image: float | None
    start_seconds: float | None
    """Until the process could begin."""
    checkpoint_seconds: float | None
    forecast: Forecast | None
    rate_range: RateRange | None
    why_no_range: str | None
    """Why there is no range test, as a sentence."""

    @property
    def ok(self) -> bool:
        return not self.findings

    @property
    def predicted_seconds(self) -> float | None:
        return self.forecast.seconds if self.forecast else None

    @property
    def predicted_memory_bytes(self) -> int | None:
        return self.forecast.memory_bytes if self.forecast else None

    def to_json(self) -> dict[str, Any]:
        """Return what ``check --dry-run --json`` has under ``dry_run``."""
        forecast = self.forecast
        safe: dict[str, Any] = json_safe(
            {
                "ok": self.ok,
                "findings": [finding.code for finding in self.findings],
                "steps": self.steps,
                "seconds": self.seconds,
                "losses": self.losses,
                "gradient_norms": self.gradient_norms,
                "val_loss": self.val_loss,
                "peak_memory_bytes": self.peak_memory_bytes,
                "gpu_memory_bytes": self.gpu_memory_bytes,
                "seconds_per_step": self.seconds_per_step,
                "decode_seconds_per_image": self.decode_seconds_per_image,
                "embed_seconds_per_image": self.embed_seconds_per_image,
                "start_seconds": self.start_seconds,
                "checkpoint_seconds": self.checkpoint_seconds,
                "predicted_seconds": self.predicted_seconds,
                "predicted_seconds_low": forecast.seconds_low if forecast else None,
                "predicted_seconds_high": forecast.seconds_high if forecast else None,
                "predicted_memory_bytes": self.predicted_memory_bytes,
                "predicted_parts": forecast.parts if forecast else None,
                "rate_range": self.rate_range.to_json() if self.rate_range else None,
                "why_no_range": self.why_no_range,
            }
        )
        return safe
