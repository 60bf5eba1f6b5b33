"""Every pass is told once, also across a resume."""

import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from counterpoise.core.jobs.follow import events_so_far
from counterpoise.core.training.device import device_memory
from counterpoise.core.training.work import Teller


class EpochTeller:
    """Sends ``epoch`` events of a history that grows; those already in ``events.jsonl`` are passed over."""

    def __init__(self, teller: Teller, events: Path, epochs: int, images: int) -> None:
        self._teller = teller
        self._epochs = epochs
        self._images = images
        self._told = last_epoch_told(events)
        self._began = self._at = time.monotonic()
        self._passes = 0

    def history(self, entries: Sequence[Mapping[str, Any]], learning_rate: float) -> None:
        """Tell the entries (``epoch``, ``loss``, ``val_loss``, ``val_auc`` ...) that haven't been told."""
        now = time.monotonic()
        seconds, self._at = now - self._at, now
        self._passes += 1
        for entry in entries[-1:] if entries and entries[-1]["epoch"] == self._told + 1 else entries:
            if entry["epoch"] <= self._told:
                continue
            self._told = int(entry["epoch"])
            self._teller.send(
                "epoch",
                **{"learning_rate": learning_rate, **entry},
                epochs=self._epochs,
                images_per_second=round(self._images / max(seconds, 1e-6), 1),
                seconds_left=round((self._epochs - self._told) * (now - self._began) / self._passes, 1),
                device=self._teller.device,
                **device_memory(self._teller.device),
            )


def last_epoch_told(events: Path) -> int:
    """Return the highest epoch in a run's events, 0 where there is none."""
    return max((int(e["epoch"]) for e in events_so_far(events) if e["event"] == "epoch"), default=0)
