"""The installed product checks itself, each part in a process of its own."""

import os
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from importlib import resources
from importlib.metadata import entry_points
from pathlib import Path
from typing import TYPE_CHECKING, Any

from counterpoise.core.cli.output import Output
from counterpoise.core.errors import CounterpoiseError
from counterpoise.core.findings.words import count
from counterpoise.core.jobs.job import Job

if TYPE_CHECKING:
    from counterpoise.core.jobs.job import JobContext

RESOURCES = ("icons", "fonts", "style", "report")


def self_test(output: Output) -> dict[str, Any]:
    """Return the contract's object; ``seconds_to_window`` is None where the window can't be opened."""
    seconds: list[float] = []
    checks = []
    tests: dict[str, Callable[[], str]] = {
        "window": lambda: _window(seconds),
        "resources": _resources,
        "training": _training,
    }
    for name, test in tests.items():
        output.say(f"Testing {name}")
        began = time.perf_counter()
        try:
            ok, message = True, test()
        except CounterpoiseError as error:
            ok, message = False, str(error)
        checks.append(
            {"name": name, "ok": ok, "seconds": round(time.perf_counter() - began, 3), "message": message}
        )
    return {
        "ok": all(check["ok"] for check in checks),
        "seconds_to_window": round(seconds[0], 3) if seconds else None,
        "checks": checks,
    }


def _window(seconds: list[float]) -> str:
    with Job(open_and_close_window) as job:
        seconds.append(float(job.result()))
    return f"The window opens in {seconds[0]:.2f} s."


def open_and_close_window(_payload: None, _context: "JobContext") -> float:
    """Run in a child: load the front end and let it show its window offscreen; seconds, imports included."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    began = time.perf_counter()
    found = list(entry_points(group="counterpoise.front_ends", name="gui"))
    if not found:
        raise CounterpoiseError("The window isn't installed. Install the whole of counterpoise.")
    try:
        front_end = sys.modules[found[0].load().__module__]
    except ImportError as error:
        raise CounterpoiseError(
            f"The window can't be opened: a part of it is missing ({error}). Install it again, and on Linux "
            "the system libraries that the README names."
        ) from None
    front_end.self_test_window()
    return time.perf_counter() - began


def _resources() -> str:
    folder = resources.files("counterpoise.resources")
    missing = [name for name in RESOURCES if not any(True for _ in folder.joinpath(name).iterdir())]
    if missing:
        raise CounterpoiseError(f"The parts {', '.join(missing)} are missing. Install counterpoise again.")
    return "Icons, fonts, style and report are there."


def _training() -> str:
    """Train one round on a few demo images, in child processes, and leave nothing behind."""
    from counterpoise.core.cli.data import DataRequest
    from counterpoise.core.cli.tiny import PER_CLASS, make_tiny_images
    from counterpoise.core.study.run_folder import open_finished_run
    from counterpoise.core.training.start import train

    with tempfile.TemporaryDirectory(prefix="counterpoise-") as name:
        folder = Path(name)
        make_tiny_images(folder / "images")
        request = DataRequest(
            folder / "images", cache=folder / "cache", overrides=("training.epochs=1", "training.device=cpu")
        )
        told: list[dict[str, Any]] = []
        train(request.plan(Output(quiet=True), folder / "run"), emit=told.append)
        if told[-1]["event"] != "finished":
            raise CounterpoiseError(told[-1]["message"])
        open_finished_run(folder / "run")
        return f"One round of training on {count(2 * PER_CLASS, 'image')} went through."


def as_text(told: Mapping[str, Any]) -> str:
    lines = [
        f"{'ok' if c['ok'] else '!!'}  {c['name']} ({c['seconds']:.1f} s): {c['message']}"
        for c in told["checks"]
    ]
    return "\n".join([*lines, "All is well." if told["ok"] else "Something is missing."])
