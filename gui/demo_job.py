"""The child that makes the demo images. Imports no Qt."""

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from counterpoise.core.jobs.job import JobContext


def make_demo_images(folder: Path, _context: "JobContext") -> Path:
    """Make the demo images in ``folder``, unless they lie there already, and return it."""
    from counterpoise.core.catalog.demo import make_demo

    if not folder.exists():
        unfinished = folder.with_name(f"{folder.name} (unfinished)")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(parents=True)
        make_demo(unfinished)
        unfinished.rename(folder)
    return folder
