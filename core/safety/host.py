"""What this computer has: memory, cores, GPUs, and why a GPU can't be used. Never loads TensorFlow."""

import os
import platform
from ctypes.util import find_library
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import psutil

CGROUP = Path("/sys/fs/cgroup")


@dataclass(frozen=True)
class Gpu:
    """One card; memory in bytes."""

    name: str
    memory_total: int
    memory_free: int
    capability: tuple[int, int] = (0, 0)
    """CUDA compute capability; from (8, 0) on bfloat16 is fast."""


@dataclass(frozen=True)
class Host:
    """Memory in bytes, as far as this process may use it (control groups counted)."""

    memory_total: int
    memory_free: int
    cores: int
    gpus: tuple[Gpu, ...] = ()
    gpu_reason: str = ""
    """Why no GPU can be used, as a clause (``no NVIDIA driver was found``); empty where one can."""

    @property
    def gpu_usable(self) -> bool:
        return bool(self.gpus) and not self.gpu_reason


def probe_host() -> Host:
    """Look at the machine; takes milliseconds."""
    memory = psutil.virtual_memory()
    limit, used = _cgroup_memory()
    total = min(memory.total, limit or memory.total)
    free = min(memory.available, total - used if limit else memory.available)
    gpus, reason = probe_gpus()
    return Host(total, max(free, 0), _cores(), gpus, reason)


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _cgroup_memory() -> tuple[int | None, int]:
    """Return the control group's limit (None without one) and what is used of it, caches not counted."""
    try:
        limit = (CGROUP / "memory.max").read_text().strip()
        used = int((CGROUP / "memory.current").read_text())
        stat = dict(line.split() for line in (CGROUP / "memory.stat").read_text().splitlines())
    except (OSError, ValueError):
        return None, 0
    return (int(limit) if limit.isdigit() else None), max(0, used - int(stat.get("inactive_file", 0)))


def probe_gpus() -> tuple[tuple[Gpu, ...], str]:
    """Return the NVIDIA cards that the driver shows, and why they can't be used (empty where they can)."""
    import pynvml

    try:
        pynvml.nvmlInit()
    except pynvml.NVMLError as error:
        return (), _why_no_driver(error)
    try:
        handles = [pynvml.nvmlDeviceGetHandleByIndex(i) for i in range(pynvml.nvmlDeviceGetCount())]
        gpus = tuple(_describe(handle) for handle in handles)
    except pynvml.NVMLError as error:
        return (), f"the NVIDIA driver doesn't answer ({error})"
    finally:
        pynvml.nvmlShutdown()
    return gpus, why_unusable(gpus)


def _describe(handle: object) -> Gpu:
    import pynvml

    memory = pynvml.nvmlDeviceGetMemoryInfo(handle)
    name = pynvml.nvmlDeviceGetName(handle)
    capability = tuple(pynvml.nvmlDeviceGetCudaComputeCapability(handle))
    return Gpu(str(name), int(memory.total), int(memory.free), (int(capability[0]), int(capability[1])))


def _why_no_driver(error: Exception) -> str:
    system = platform.system()
    if system == "Darwin":
        return "TensorFlow uses no GPU on a Mac"
    if "Library" in type(error).__name__ or "Not Found" in str(error):
        return "no NVIDIA driver was found"
    return f"the NVIDIA driver doesn't answer ({error})"


def why_unusable(gpus: tuple[Gpu, ...], system: str | None = None) -> str:
    """Return why the cards found can't be used by TensorFlow; empty where they can."""
    if not gpus:
        return "no NVIDIA card was found"
    if (system or platform.system()) == "Windows":
        return "TensorFlow has no GPU support on native Windows since version 2.11; WSL 2 has it"
    if os.environ.get("CUDA_VISIBLE_DEVICES") in ("", "-1"):
        return "the environment variable CUDA_VISIBLE_DEVICES hides every card"
    if not (_has_package("nvidia.cudnn") or find_library("cudnn")):
        return "the CUDA libraries are missing; install 'counterpoise[gpu]'"
    return ""


def _has_package(name: str) -> bool:
    try:
        return find_spec(name) is not None
    except ModuleNotFoundError:
        return False
