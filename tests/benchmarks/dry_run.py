"""How well a dry run foretells: predicted against real time and memory, and how long it takes itself.

    python tests/benchmarks/dry_run.py [CASE ...]

Each case runs `check --dry-run`, then `train` with the same settings and an empty cache, on the same machine
one after the other; ratios are real over predicted. Memory is the greatest sum over the training's processes
(proportional set size, looked at ten times a second). Learning rates are tried too: the least validation loss
with the suggested rate against the default one.
"""

import json
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import psutil
from common import counterpoise, need

from counterpoise.core.catalog.demo import make_demo

SCRATCH = ("--set", "model.name=small_cnn", "--set", "model.mode=scratch", "--set", "model.image_size=64")
FINETUNE = ("--set", "model.mode=finetune", "--set", "model.image_size=64", "--set", "training.epochs=4")
CASES: dict[str, tuple[str, tuple[str, ...]]] = {
    "demo": ("", ()),
    "pneumoniamnist": ("pneumoniamnist", ()),
    "bccd": ("bccd_crops", ("--group-by", r"name:^(BloodImage_\d+)_")),
    "finetune": ("bccd_crops", ("--group-by", r"name:^(BloodImage_\d+)_", *FINETUNE)),
    "scratch": ("bccd_crops", ("--group-by", r"name:^(BloodImage_\d+)_", *SCRATCH)),
}
LOOK_EVERY = 0.1


class MemoryWatch(threading.Thread):
    """The greatest sum of a process' children's memory, in bytes."""

    def __init__(self, process: psutil.Process) -> None:
        super().__init__(daemon=True)
        self._process, self.peak, self.over = process, 0, threading.Event()

    def run(self) -> None:
        while not self.over.wait(LOOK_EVERY):
            try:
                used = [_memory(child) for child in self._process.children(recursive=True)]
            except psutil.NoSuchProcess:
                continue
            self.peak = max(self.peak, sum(used))


def _memory(process: psutil.Process) -> int:
    try:
        return int(process.memory_full_info().pss)
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return 0


def trained(
    data: Path, run: Path, options: tuple[str, ...], cache: Path
) -> tuple[float, int, dict[str, Any]]:
    """Return seconds from ``started`` to the end, peak memory, and the last event of a real training."""
    command = [sys.executable, "-m", "counterpoise.core.cli.main", "train", str(data), "--run", str(run)]
    began = 0.0
    with subprocess.Popen(
        [*command, "--json", "--cache", str(cache), *options], stdout=subprocess.PIPE, text=True
    ) as process:
        watch = MemoryWatch(psutil.Process(process.pid))
        watch.start()
        last: dict[str, Any] = {}
        for line in process.stdout or ():
            last = json.loads(line)
            began = began or time.perf_counter()
        seconds = time.perf_counter() - began
        watch.over.set()
    if last.get("event") != "finished":
        sys.exit(f"{' '.join(command)} ended with {last}")
    return seconds, watch.peak, last


def best_loss(run: Path) -> float:
    """Return the least validation loss of a run."""
    events = map(json.loads, (run / "events.jsonl").read_text().splitlines())
    return min(e["val_loss"] for e in events if e["event"] == "epoch" and e["val_loss"] is not None)


def case(name: str) -> None:
    where, options = CASES[name]
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder)
        data = need(where) if where else base / "demo"
        if not where:
            make_demo(data)
        told = counterpoise("check", data, "--dry-run", "--cache", base / "first", *options).answer["dry_run"]
        seconds, memory, _ = trained(data, base / "run", options, base / "second")
        low, high = told["predicted_seconds_low"], told["predicted_seconds_high"]
        print(
            f"{name}: dry run {told['seconds']:.1f} s, {told['steps']} steps; training {seconds:.1f} s, "
            f"predicted {told['predicted_seconds']:.1f} ({low:.1f} to {high:.1f}): ratio "
            f"{seconds / told['predicted_seconds']:.2f}; memory {memory / 1e6:.0f} MB, predicted "
            f"{told['predicted_memory_bytes'] / 1e6:.0f}: ratio {memory / told['predicted_memory_bytes']:.2f}"
        )
        parts = ", ".join(f"{part} {took:.1f} s" for part, took in told["predicted_parts"].items())
        print(f"    predicted parts: {parts}")
        if (tried := told["rate_range"]) is None:
            print(f"    no range test: {told['why_no_range']}")
            return
        rate = ("--set", f"training.learning_rate={tried['suggested']:g}")
        trained(data, base / "other", (*options, *rate), base / "second")
        ends = best_loss(base / "run"), best_loss(base / "other")
        print(
            f"    rates: safe {tried['safe_low'] or 0:.2g} to {tried['safe_high']:.2g}, too high from "
            f"{tried['too_high'] or float('inf'):.2g}; least validation loss {ends[0]:.3f} with the "
            f"default rate, {ends[1]:.3f} with the suggested {tried['suggested']:g}"
        )


if __name__ == "__main__":
    for chosen in sys.argv[1:] or CASES:
        case(chosen)
