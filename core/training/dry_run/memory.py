"""The memory of this process: its peak, and its readiness to be the one that goes."""

import contextlib
import sys
from pathlib import Path

import psutil

STATUS = Path("/proc/self/status")
VICTIM = Path("/proc/self/oom_score_adj")


def peak_memory() -> int:
    """Return the most bytes that have been resident so far.

    On Linux the kernel's high-water mark of this program: ``getrusage`` would count the one before ``exec``.
    """
    with contextlib.suppress(OSError):
        for line in STATUS.read_text(encoding="ascii", errors="replace").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    memory = psutil.Process().memory_info()
    return int(getattr(memory, "peak_wset", memory.rss))  # the peak is known on Windows


def memory_now() -> int:
    """Return the bytes that are resident."""
    return int(psutil.Process().memory_info().rss)


def be_first_to_go() -> None:
    """If the system runs out of memory, let it end this process and not the user's others."""
    with contextlib.suppress(OSError):
        VICTIM.write_text("1000", encoding="ascii")


def peak_of_gpu() -> int | None:
    """Return the most bytes TensorFlow has taken of the first card, None where it has none."""
    tensorflow = sys.modules.get("tensorflow")
    if tensorflow is None or not tensorflow.config.get_visible_devices("GPU"):
        return None
    return int(tensorflow.config.experimental.get_memory_info("GPU:0")["peak"])
