"""The model card of a bundle: what the model is for, what it was made from, how well it does."""

import json
from collections import Counter
from collections.abc import Mapping
from functools import partial
from importlib.resources import files
from typing import Any

from jinja2 import Environment, StrictUndefined

from counterpoise.core.balance.labels_file import LabelsFile
from counterpoise.core.catalog.snapshot import SplitRow
from counterpoise.core.catalog.types import PARTS
from counterpoise.core.export.formats import ExportFormat
from counterpoise.core.export.parity import Parity
from counterpoise.core.findings.words import figure
from counterpoise.core.pixels.format import PixelFormat
from counterpoise.core.training.record import RunConfig

UNITS = {
    "uint8": "0 to 255, as 8-bit images hold them",
    "uint16": "0 to 65535, as 16-bit images hold them (8-bit images times 257)",
    "dicom": "rescaled DICOM values, such as Hounsfield units",
    "float": "the float values of the source files",
}


def template(name: str) -> str:
    """Return a template of ``resources/bundle``."""
    return files("counterpoise.resources").joinpath("bundle", name).read_text(encoding="utf-8")


def render(name: str, values: Mapping[str, Any]) -> str:
    """Fill a template of ``resources/bundle``; a value it lacks is an error."""
    environment = Environment(
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
    )
    environment.filters |= {"cell": _cell, "figure": partial(figure, nothing="can't be computed")}
    return environment.from_string(template(name)).render(values)


def model_card(
    export: ExportFormat,
    config: RunConfig,
    labels: LabelsFile,
    fmt: PixelFormat,
    rows: tuple[SplitRow, ...],
    metrics: Mapping[str, Any],
    parity: Parity,
) -> str:
    """Return ``model-card.md``. ``metrics`` is what ``read_metrics`` gives."""
    counts = Counter((row.label, row.part) for row in rows)
    patients = {row.group for row in rows if row.part and row.group}
    return render(
        "model-card.md.j2",
        {
            "export": export,
            "config": config,
            "labels": labels,
            "format": fmt,
            "units": UNITS[fmt.units],
            "counts": [(label, *(counts[label, part] for part in PARTS)) for label in labels.labels],
            "patients": len(patients),
            "validation": metrics.get("validation") or {},
            "evaluations": metrics["evaluations"],
            "openings": metrics["openings"],
            "parity": parity,
            "scaling": json.dumps(config.scaling.to_json()) if config.scaling else "{}",
        },
    )


def _cell(value: object) -> str:
    """Return text that can't break a Markdown table."""
    return str(value).replace("|", "\\|").replace("\n", " ")
