"""What this computer can do, found out by trying."""

import importlib
import platform
import shutil
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

from counterpoise.core.cli.output import table
from counterpoise.core.cli.version import product_version
from counterpoise.core.errors import CounterpoiseError
from counterpoise.core.findings.words import size
from counterpoise.core.jobs.job import Job
from counterpoise.core.safety.host import Host, probe_host
from counterpoise.core.study.places import user_cache_dir, user_data_dir

if TYPE_CHECKING:
    from counterpoise.core.jobs.job import JobContext

PACKAGES = (
    "tensorflow", "keras", "onnxruntime", "numpy", "scikit-learn", "Pillow", "pydicom", "imagecodecs",
    "tifffile", "PySide6-Essentials", "pyqtgraph",
)  # fmt: skip
DECODERS = {
    "JPEG, PNG, BMP, GIF, WebP": "PIL.Image",
    "TIFF": "tifffile",
    "DICOM": "pydicom",
    "DICOM, JPEG of all kinds, JPEG-LS, JPEG 2000 and run length": "imagecodecs",
}
LITTLE_MEMORY = 4 * 10**9
LITTLE_DISK = 2 * 10**9


def examine() -> dict[str, Any]:
    """Return the contract's object of ``doctor``; TensorFlow is tried in a child process."""
    host = probe_host()
    tensorflow, devices = try_tensorflow()
    checks = [_memory(host), *(_folder(name) for name in ("data", "cache")), *_decoders(), tensorflow]
    reason = host.gpu_reason
    if not reason and not devices:
        reason = "TensorFlow finds no GPU, although the driver shows a card"
    return {
        "ok": all(check["ok"] for check in checks),
        "checks": [*checks, _gpu_check(host, reason)],
        "versions": versions(),
        "gpu": {
            "available": not reason,
            "reason": reason or None,
            "devices": [
                {"name": g.name, "memory_total": g.memory_total, "memory_free": g.memory_free}
                for g in host.gpus
            ],
        },
    }


def said(name: str, ok: bool, message: str) -> dict[str, Any]:
    return {"name": name, "ok": ok, "message": message}


def _memory(host: Host) -> dict[str, Any]:
    enough = host.memory_total >= LITTLE_MEMORY
    message = f"{size(host.memory_total)} in all, {size(host.memory_free)} free, {host.cores} cores."
    return said("memory", enough, message if enough else f"{message} Training needs at least 4 GB.")


def _folder(name: str) -> dict[str, Any]:
    from counterpoise.core.safety.rules.folders import existing_parent, why_unwritable

    folder = user_data_dir() if name == "data" else user_cache_dir()
    reason = why_unwritable(folder)
    if reason:
        return said(f"{name} folder", False, f"{folder} can't be written: {reason}.")
    free = shutil.disk_usage(existing_parent(folder)).free
    return said(f"{name} folder", free > LITTLE_DISK, f"{folder}, {size(free)} free.")


def _decoders() -> list[dict[str, Any]]:
    checks = []
    for name, module in DECODERS.items():
        try:
            importlib.import_module(module)
        except ImportError as error:
            checks.append(said(name, False, f"can't be read here ({error})."))
        else:
            checks.append(said(name, True, "can be read."))
    return checks


def _gpu_check(host: Host, reason: str) -> dict[str, Any]:
    """A computer without a GPU is fine; one whose GPU can't be used is not."""
    if not reason:
        return said("GPU", True, ", ".join(gpu.name for gpu in host.gpus) + " can be used.")
    return said("GPU", not host.gpus, f"{reason[0].upper()}{reason[1:]}. Training runs on the processor.")


def try_tensorflow() -> tuple[dict[str, Any], list[str]]:
    """Load TensorFlow in a child process; return the check and the names of the GPUs it sees."""
    try:
        with Job(list_gpus) as job:
            told = job.result()
    except CounterpoiseError as error:
        return said("TensorFlow", False, str(error)), []
    return said("TensorFlow", True, f"version {told['version']} works."), told["gpus"]


def list_gpus(_payload: None, _context: "JobContext") -> dict[str, Any]:
    """Run in a child: load TensorFlow, calculate something, and list its GPUs."""
    tf = importlib.import_module("tensorflow")
    if float(tf.reduce_sum(tf.ones((2, 2)))) != 4:
        raise CounterpoiseError("TensorFlow calculates wrongly on this computer. Install it again.")
    return {"version": tf.__version__, "gpus": [gpu.name for gpu in tf.config.list_physical_devices("GPU")]}


def versions() -> dict[str, str | None]:
    found: dict[str, str | None] = {
        "counterpoise": product_version(),
        "python": platform.python_version(),
        "system": platform.platform(),
    }
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = None
    return found


def as_text(told: Mapping[str, Any]) -> str:
    checks = [("ok" if c["ok"] else "!!", c["name"], c["message"]) for c in told["checks"]]
    lines = [f"{mark}  {name}: {message}" for mark, name, message in checks]
    rows = [(name, found or "not installed") for name, found in told["versions"].items()]
    return "\n".join([*lines, "", table(rows)])
