"""``labels.json``: what a model decides between, and how."""

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, model_validator

from counterpoise.core.balance.operating import OperatingPoint
from counterpoise.core.settings.files import read_json


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
    return read_json(path, LabelsFile, f"The file {path.name} of the model", "Make the model anew.")
