"""Export in a child process, so that what TensorFlow prints and takes stays there."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from counterpoise.core.cli.output import Output
from counterpoise.core.jobs.job import Job

if TYPE_CHECKING:
    from counterpoise.core.catalog.types import Sources


def export_in_child(
    output: Output, run: Path, formats: tuple[str, ...], out: Path, sources: "Sources | None"
) -> dict[str, Any]:
    """Export and verify; returns the contract's object. A fault is raised with the child's sentence."""
    from counterpoise.core.catalog.sources import sources_json
    from counterpoise.core.study.run_folder import open_finished_run

    open_finished_run(run)
    payload = {
        "run": str(run),
        "formats": formats,
        "out": str(out),
        "sources": sources_json(sources) if sources else None,
    }
    output.say("Writing and verifying")
    with Job("counterpoise.core.export.export:export_job", payload) as job:
        told: dict[str, Any] = job.result()
    return told
