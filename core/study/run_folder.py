"""Where everything of a run lies."""

from dataclasses import dataclass
from pathlib import Path

from counterpoise.core.errors import CounterpoiseError


@dataclass(frozen=True)
class RunFolder:
    """A run's folder; a pure map of names, reading and writing is done by the rooms that own the files."""

    root: Path

    @property
    def config(self) -> Path:
        return self.root / "config.toml"

    @property
    def split(self) -> Path:
        return self.root / "split.csv"

    @property
    def events(self) -> Path:
        return self.root / "events.jsonl"

    @property
    def log(self) -> Path:
        """What the training process itself printed."""
        return self.root / "log.txt"

    @property
    def control(self) -> Path:
        """Holds ``stop`` or ``pause`` when someone asks for it."""
        return self.root / "control"

    @property
    def owner(self) -> Path:
        """JSON of the supervisor that owns the run: pid and when it began."""
        return self.root / "supervisor.json"

    @property
    def model_keras(self) -> Path:
        return self.root / "model.keras"

    @property
    def model_onnx(self) -> Path:
        return self.root / "model.onnx"

    @property
    def labels(self) -> Path:
        return self.root / "labels.json"

    @property
    def preprocessing(self) -> Path:
        return self.root / "preprocessing.json"

    @property
    def manifest(self) -> Path:
        return self.root / "manifest.json"

    @property
    def predictions(self) -> Path:
        return self.root / "predictions.csv"

    @property
    def metrics(self) -> Path:
        return self.root / "metrics.json"

    @property
    def checkpoints(self) -> Path:
        return self.root / "checkpoints"

    @property
    def is_run(self) -> bool:
        return self.config.is_file()

    @property
    def is_finished(self) -> bool:
        return self.manifest.is_file()


def refuse_occupied(run: RunFolder) -> None:
    """Raise CounterpoiseError where a run can't begin because its folder isn't new or empty."""
    if run.root.exists() and (not run.root.is_dir() or any(run.root.iterdir())):
        go_on = "Add --resume to go on with the run in it, or name" if run.is_run else "Name"
        raise CounterpoiseError(
            f"The folder {run.root} for the run holds something already: expected a new or empty folder. "
            f"{go_on} another folder."
        )


def gone(run: RunFolder) -> CounterpoiseError:
    """Return what is said where the folder of a run disappears under its training."""
    return CounterpoiseError(
        f"The folder of the run, {run.root}, has gone while it was being trained, so nothing can be kept. "
        "Put it back and go on with --resume, or train anew."
    )


def open_run(path: Path) -> RunFolder:
    """Return the run at ``path``; raises CounterpoiseError where there is none."""
    run = RunFolder(path)
    if not run.is_run:
        raise CounterpoiseError(
            f"{path} is not a run: expected a folder with config.toml, made by 'counterpoise train'. "
            "Give the folder that was named with --run."
        )
    return run


def open_finished_run(path: Path) -> RunFolder:
    """Return a run whose model is there; raises CounterpoiseError otherwise."""
    run = open_run(path)
    if not run.is_finished:
        raise CounterpoiseError(
            f"The run {path} hasn't finished, so it has no model yet. "
            "Go on with 'counterpoise train DATA --run RUN --resume'."
        )
    return run
