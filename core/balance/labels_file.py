"""``labels.json``: what a model decides between, and how."""

import json
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from counterpoise.core.balance.operating import OperatingPoint
from counterpoise.core.errors import CounterpoiseError
from counterpoise.core.settings.files import check_format_version


class LabelsFile(BaseModel):
    """Classes in the order of the outputs, the operating point, and each class's share in training."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format_version: Literal[1] = 1
    labels: tuple[str, ...]
    threshold: OperatingPoint
    prevalence: dict[str, float]

    @model_validator(mode="after")
    def _agree(self) -> "LabelsFile":
        if set(self.prevalence) != set(self.labels) or len(set(self.labels)) != len(self.labels):
            raise ValueError("labels and prevalence must name the same classes, each once")
        if self.threshold.class_ is not None and self.threshold.class_ not in self.labels:
            raise ValueError("the threshold's class must be one of the labels")
        return self

    def to_text(self) -> str:
        """Return the file's JSON."""
        return self.model_dump_json(by_alias=True, indent=2) + "\n"


def read_labels(path: Path) -> LabelsFile:
    """Read ``labels.json``; raises CounterpoiseError where it is missing, damaged or newer than we know."""
    try:
        tables = json.loads(path.read_text(encoding="utf-8"))
        check_format_version(tables.get("format_version", 1), path)
        return LabelsFile.model_validate(tables)
    except OSError as error:
        raise CounterpoiseError(
            f"The file {path.name} of the model can't be read ({error.strerror}). Make the model anew."
        ) from None
    except (ValueError, AttributeError, ValidationError) as error:
        reason = str(error).splitlines()[0]
        raise CounterpoiseError(
            f"The file {path.name} of the model is damaged ({reason}). Make the model anew."
        ) from None
