"""disk-short and folder-unwritable: whether run and cache have a place."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from counterpoise.core.findings import Finding, Severity, make_finding
from counterpoise.core.findings.words import size
from counterpoise.core.safety.plan import Plan

# Two checkpoints, the best state and the final models, each with weights and two moments.
COPIES_OF_PARAMETERS = 12
RUN_BYTES = 20_000_000
"""Tables, log and events, generously."""


def existing_parent(path: Path) -> Path:
    """Return the nearest folder above (or at) ``path`` that exists."""
    path = path.absolute()
    while not path.exists() and path != path.parent:
        path = path.parent
    return path


def why_unwritable(path: Path) -> str:
    """Return why nothing can be written at ``path``, empty where it can; leaves nothing behind."""
    parent = existing_parent(path)
    if not parent.is_dir():
        return f"{parent.name} is a file, not a folder"
    if not os.access(parent, os.W_OK | os.X_OK):
        return "writing there is not allowed"
    try:
        # Rights say little on network shares and read-only disks: try it.
        with tempfile.TemporaryFile(dir=parent):
            return ""
    except OSError as error:
        return (error.strerror or "writing failed").lower()


def folder_unwritable(plan: Plan) -> Iterator[Finding]:
    for purpose, path in (("run", plan.run), ("cache", plan.cache)):
        if path is None:
            continue
        reason = why_unwritable(path)
        if reason:
            yield make_finding(
                "folder-unwritable",
                Severity.BLOCKER,
                {"purpose": purpose, "reason": reason},
                words={"folder": path},
            )
    if plan.run is not None and plan.run.is_dir() and any(plan.run.iterdir()):
        yield make_finding(
            "folder-unwritable",
            Severity.BLOCKER,
            {"purpose": "run", "reason": "not empty"},
            variant="occupied",
            words={"folder": plan.run},
        )


def bytes_of_cache(plan: Plan) -> int:
    """Decoded images and, in ``features`` mode, one row of features each."""
    height, width = plan.format.size
    record = height * width * plan.format.channels * plan.format.dtype.itemsize
    if plan.mode == "features":
        record += 4 * plan.spec.feature_width
    return record * len(plan.catalog.part("train", "val", "test"))


def bytes_of_run(plan: Plan) -> int:
    return 4 * plan.spec.parameters * COPIES_OF_PARAMETERS + RUN_BYTES


def disk_short(plan: Plan) -> Iterator[Finding]:
    needs: dict[int, tuple[Path, int]] = {}
    for path, need in ((plan.cache, bytes_of_cache(plan)), (plan.run, bytes_of_run(plan))):
        if path is not None:
            parent = existing_parent(path)
            disk = parent.stat().st_dev
            needs[disk] = (parent, need + needs.get(disk, (parent, 0))[1])
    for parent, need in needs.values():
        usage = shutil.disk_usage(parent)
        # A place that isn't on a disk, such as /proc, has no room to tell of: folder-unwritable.
        if need > usage.free and usage.total:
            yield make_finding(
                "disk-short",
                Severity.BLOCKER,
                {"needed_bytes": need, "free_bytes": usage.free},
                words={"needed": size(need), "free": size(usage.free), "folder": parent},
            )
