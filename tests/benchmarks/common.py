"""What the benchmarks share: real images, whole commands timed from outside."""

import json
import resource
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DATA = Path(__file__).parents[2].parent / "shared" / "data"


@dataclass(frozen=True)
class Done:
    """One finished command: its wall time, the CPU time of all its processes, its JSON answer."""

    seconds: float
    cpu_seconds: float
    answer: Any


def counterpoise(*arguments: str | Path) -> Done:
    """Run one command with ``--json``; a failure ends the benchmark with its words."""
    command = [sys.executable, "-m", "counterpoise.core.cli.main", *map(str, arguments), "--json"]
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    seconds, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        sys.exit(f"{' '.join(command)}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}")
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Done(seconds, cpu, json.loads(done.stdout.splitlines()[-1]))


def need(name: str) -> Path:
    """Return a real image set; the benchmark ends where it is missing."""
    if not (DATA / name).is_dir():
        sys.exit(f"The images of {name} aren't here: expected them in shared/data beside the checkout.")
    return DATA / name
