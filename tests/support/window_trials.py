"""What children of the window's tests do; importable in a spawned child through sys.path."""

import json
import os
import time
from pathlib import Path
from typing import Any

from counterpoise.core.jobs.job import JobContext


def own(how: dict[str, Any], context: JobContext) -> int:
    """Supervise a child that does as ``how`` says; tells its parent once the run is owned."""
    from counterpoise.core.jobs.supervisor import supervise
    from counterpoise.core.study.run_folder import RunFolder

    told = []

    def emit(event: dict[str, Any]) -> None:
        if not told:
            told.append(event)
            context.send("progress")

    patience = float(how.get("patience", 30.0))
    return supervise(RunFolder(Path(how["root"])), learn, how, emit=emit, patience=patience)


def learn(how: dict[str, Any], context: JobContext) -> dict[str, Any]:
    """Send a round every ``every`` s, the first after ``before``; obey after ``slow``, or be ``deaf``."""
    context.send("started", mode="features", device="cpu")
    context.send("stage", stage="learn")
    time.sleep(float(how.get("before", 0)))
    number = 0
    while True:
        number += 1
        context.send("epoch", epoch=number, epochs=10**6, loss=0.5, val_loss=0.6, val_auc=0.8)
        for command in [] if how.get("deaf") else context.commands():
            time.sleep(float(how.get("slow", 0)))
            return {"stopped": True} if command == "stop" else {"paused": True}
        time.sleep(float(how.get("every", 0.05)))


def flood(how: dict[str, Any], context: JobContext) -> None:
    """Append events to ``path``, ``rate`` a second for ``seconds``, with garbage and very long lines."""
    path, rate = Path(how["path"]), int(how["rate"])
    with path.open("ab") as file:
        number = 0
        for tenth in range(int(10 * how["seconds"])):
            began = time.monotonic()
            for _ in range(rate // 10):
                number += 1
                told = {"event": "epoch", "time": time.time(), "epoch": number, "loss": 0.5, "val_auc": 0.7}
                file.write(json.dumps(told).encode() + b"\n")
            if tenth % 10 == 5:
                file.write(b"x" * 1_000_000 + b"\n" + os.urandom(2_000).replace(b"\n", b"") + b"\n{}\n[1]\n")
            file.flush()
            time.sleep(max(0.0, 0.1 - (time.monotonic() - began)))


def wait(seconds: float, context: JobContext) -> None:
    """Do nothing, and hear nothing."""
    context.send("progress", pid=os.getpid())
    time.sleep(seconds)
