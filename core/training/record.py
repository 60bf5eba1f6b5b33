"""``config.toml`` of a run: everything it was made from, but for the images' places."""

import hashlib
import tomllib
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal
from uuid import uuid4

import tomli_w
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from counterpoise.core.catalog.types import Catalog
from counterpoise.core.errors import CounterpoiseError
from counterpoise.core.pixels.format import PixelFormat
from counterpoise.core.pixels.scaling import FittedScaling
from counterpoise.core.safety.plan import Plan
from counterpoise.core.settings import Settings
from counterpoise.core.settings.files import check_format_version, without_none
from counterpoise.core.study.atomic import write_text
from counterpoise.core.study.run_folder import RunFolder


class RunConfig(BaseModel):
    """The record of a run. ``settings`` hold no ``auto``; ``requested`` are as the user gave them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format_version: Literal[1] = 1
    id: str = Field(pattern=r"^[0-9a-f]{32}$")
    created: str
    """ISO 8601, UTC."""
    version: str
    """Of Counterpoise."""
    accepted: tuple[str, ...] = ()
    """Blockers the user accepted."""
    labels: tuple[str, ...]
    counts: dict[str, int]
    """Training images per class."""
    weights: dict[str, float]
    """Final weight per class."""
    prevalence: dict[str, float]
    """Share of each class in the training part."""
    positive: str | None = None
    device: Literal["cpu", "gpu"]
    format: PixelFormat
    scaling: FittedScaling | None = None
    """Fitted on the training part when the images have been read; None before that."""
    split_sha256: str | None = Field(default=None, pattern=r"^[0-9a-f]{64}$")
    """Of ``split.csv`` as it was written; None in a record made without one."""
    settings: Settings
    requested: Settings


def new_config(plan: Plan, split: Path | None = None) -> RunConfig:
    """Return the record of a run that is about to start; ``split`` is its ``split.csv``, written before."""
    counts = plan.train_counts
    total = sum(counts.values())
    return RunConfig(
        id=uuid4().hex,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        version=version("counterpoise"),
        accepted=plan.accepted,
        labels=plan.catalog.labels,
        counts=counts,
        weights=plan.weights,
        prevalence={label: count / total for label, count in counts.items()},
        positive=plan.positive,
        device="gpu" if plan.settings.training.device == "gpu" else "cpu",
        format=plan.format,
        split_sha256=sha256_of(split) if split else None,
        settings=without_paths(plan.settings, plan.catalog),
        requested=without_paths(plan.requested, plan.catalog),
    )


def sha256_of(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def without_paths(settings: Settings, catalog: Catalog) -> Settings:
    """Return settings that a run may hold: of files outside it only the names, and none that identifies."""
    changes: dict[str, Any] = {}
    if settings.data.exclude:
        changes["data.exclude"] = [catalog.public_path(path) for path in settings.data.exclude]
    if settings.data.labels:
        changes["data.labels"] = settings.data.labels.replace("\\", "/").rpartition("/")[2]
    if settings.model.weights:
        changes["model.weights"] = settings.model.weights.name
    return settings.changed(changes) if changes else settings


def write_config(run: RunFolder, config: RunConfig) -> None:
    """Write ``config.toml`` in one step; raises OSError."""
    write_text(run.config, tomli_w.dumps(without_none(config.model_dump(mode="json"))))


def read_config(run: RunFolder) -> RunConfig:
    """Read ``config.toml``; raises CounterpoiseError where it is missing, damaged or newer than we know."""
    try:
        tables = tomllib.loads(run.config.read_text(encoding="utf-8"))
        check_format_version(tables.get("format_version", 1), run.config)
        return RunConfig.model_validate(tables)
    except OSError as error:
        raise CounterpoiseError(
            f"{run.config} can't be read ({error.strerror}): expected a run's record. "
            "Give the folder of a run."
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, ValidationError) as error:
        reason = str(error).splitlines()[0]
        raise CounterpoiseError(
            f"{run.config} is damaged ({reason}): expected the record of a run as it was written. "
            "Put it back from a copy, or train anew."
        ) from None
