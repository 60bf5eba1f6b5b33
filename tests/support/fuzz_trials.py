"""Harms files, reads them as the scan does, in its worker processes, and judges what came of each."""

import contextlib
import os
import re
import shutil
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from fuzz_samples import samples
from mutations import mutated

from counterpoise.core.catalog.measure import FileReading, measure
from counterpoise.core.catalog.readers import UnreadableImage
from counterpoise.core.catalog.readers.allowance import MEMORY, SECONDS, allowance
from counterpoise.core.catalog.reading import SECONDS_PER_FILE
from counterpoise.core.catalog.thumbnails import thumbnail
from counterpoise.core.jobs.pool import WorkerDied, robust_map

_NOT_PLAIN = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffd]|\\x|\bb['\"]|0x[0-9a-f]{4}|Traceback|Error\b|Exception|\bNone\b"
    r"|__|object at|\w\(\)|[<>{}\[\]=]|(?<!\w)'|'(?!\w)|argument|instances|\barray\b|broadcast|reshape"
    r"|recursion|[A-Z]+_[A-Z]+|numpy|pydicom|tifffile|imagecodecs|errno|literal|unpack"
)
"""What no clinician should be shown: names of Python, of libraries, of bytes."""


@dataclass(frozen=True)
class Outcome:
    """What came of one file."""

    file: Path
    frames: int
    reason: str
    seconds: float
    """Of computing."""
    memory: int
    """Bytes at the peak, all of the worker's."""
    died: str = ""
    """The kind of a worker's end (``WorkerDied.kind``), empty where it lived."""


def read_all(files: Sequence[Path], workers: int | None = None) -> Iterator[Outcome]:
    """Yield the outcome of each file as it comes."""
    results = robust_map(
        partial(_probed, secret=b"key"),
        [str(file) for file in files],
        workers=workers or os.cpu_count(),
        timeout=SECONDS_PER_FILE,
        limits=allowance(lambda file: file),
    )
    for index, result in results:
        if isinstance(result, WorkerDied):
            yield Outcome(files[index], 0, result.reason, 0.0, 0, result.kind)
        else:
            reading, seconds, memory = result
            yield Outcome(files[index], len(reading.frames), reading.reason, seconds, memory)


def _probed(file: str, secret: bytes) -> tuple[FileReading, float, int]:
    reset, status = Path("/proc/self/clear_refs"), Path("/proc/self/status")
    if reset.exists():
        reset.write_text("5")  # the peak of memory starts anew (proc(5))
    began = time.process_time()
    reading = measure(file, secret)
    with contextlib.suppress(UnreadableImage):  # the gallery's way, in the window itself for most formats
        thumbnail(Path(file))
    seconds = time.process_time() - began
    lines = status.read_text().splitlines() if status.exists() else []
    peak = next((int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM")), 0)
    return reading._replace(thumbnails=()), seconds, peak


def mutations(folder: Path, count: int, seed: int) -> Iterator[Path]:
    """Write ``count`` harmed files, all formats in turns; the same for the same seed."""
    healthy = samples()
    names, contents = list(healthy), list(healthy.values())
    rng = np.random.default_rng(seed)
    order = rng.permutation(len(names))
    for index in range(count):
        name = names[order[index % len(names)]]
        file = folder / f"{seed}-{index:06d}-{name}"
        file.write_bytes(mutated(healthy[name], contents, rng))
        yield file


def faults(outcome: Outcome) -> list[str]:
    """Return what is wrong with how a file was dealt with; nothing where it was read or refused well."""
    found = []
    if outcome.died:
        found.append(f"{outcome.died}: {outcome.reason}")
    if outcome.seconds > SECONDS:
        found.append(f"took {outcome.seconds:.1f} s")
    if outcome.memory > MEMORY:
        found.append(f"took {outcome.memory / 2**20:.0f} MiB")
    if bool(outcome.frames) == bool(outcome.reason):
        found.append(f"{outcome.frames} images and the reason {outcome.reason!r}")
    if _NOT_PLAIN.search(outcome.reason):
        found.append(f"not plain: {outcome.reason}")
    return found


def run(files: list[Path], keep: Path | None) -> tuple[list[Outcome], list[str]]:
    """Read ``files``; return the outcomes and the faults, whose files are copied to ``keep``."""
    outcomes, found = [], []
    for outcome in read_all(files):
        outcomes.append(outcome)
        for fault in faults(outcome):
            found.append(f"{outcome.file.name}: {fault}")
            if keep:
                keep.mkdir(parents=True, exist_ok=True)
                shutil.copy(outcome.file, keep)
    if len(outcomes) != len(files):
        found.append(f"{len(files)} files but {len(outcomes)} outcomes")
    return outcomes, found
