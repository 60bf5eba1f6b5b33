"""What the supervisor needs to know of a run's folder (``study.RunFolder`` gives it)."""

from pathlib import Path
from typing import Protocol


class RunPaths(Protocol):
    @property
    def root(self) -> Path: ...
    @property
    def events(self) -> Path: ...
    @property
    def log(self) -> Path: ...
    @property
    def control(self) -> Path: ...
    @property
    def owner(self) -> Path: ...
