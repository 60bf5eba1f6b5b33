"""The demo from images to export, step by step, as a user would go."""

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from counterpoise.core.cli.commands.train import train_new
from counterpoise.core.cli.data import DataRequest
from counterpoise.core.cli.output import Output, without_chatter
from counterpoise.core.cli.show import evaluation_text, findings_text, scan_text
from counterpoise.core.cli.training_events import Teller
from counterpoise.core.errors import CounterpoiseError
from counterpoise.core.jobs.events import Event

IMAGES = "images"
PATIENTS = "name:^([^_]+)_"
"""The demo's files are named after their patient: p07_003.png."""
FORMATS = ("keras", "onnx")


def make_images(folder: Path) -> Path:
    """Make the demo images below ``folder``, unless they lie there already; returns their folder.

    Raises CounterpoiseError where the folder holds something else.
    """
    from counterpoise.core.catalog.demo import make_demo

    images = folder / IMAGES
    if images.is_dir():
        return images
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise CounterpoiseError(
            f"The demo can't go to {folder}: expected a new or empty folder, or one with an earlier demo. "
            "Choose another with --out."
        )
    # Made beside and renamed, so that an interrupted start leaves no half demo behind.
    unfinished = folder / f"{IMAGES} (unfinished)"
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True)
    make_demo(unfinished)
    unfinished.rename(images)
    return images


def whole_way(folder: Path, images: Path, output: Output) -> dict[str, Any]:
    """Scan, check, train, evaluate, export and report; returns the results of all of them."""
    from counterpoise.core.catalog.report import scan_json
    from counterpoise.core.cli.export import export_in_child
    from counterpoise.core.evaluation.evaluate import evaluate_run
    from counterpoise.core.evaluation.sentence import one_sentence
    from counterpoise.core.report.write import write_report
    from counterpoise.core.safety.check import check
    from counterpoise.core.study.run_folder import open_finished_run

    place = _free(folder)
    request = DataRequest(images, group_by=PATIENTS, cache=folder / "cache")
    quiet = Output(quiet=True)
    output.say("Looking at the images")
    plan = request.plan(output)
    told: dict[str, Any] = {"data": str(images), "scan": scan_json(plan.catalog)}
    told["check"] = check(plan).to_json()
    output.say("Training")
    run = place / "run"
    status = train_new(quiet, request, run, (), _Progress(output, run))
    if status:
        raise CounterpoiseError(f"The demo couldn't be trained; {run / 'log.txt'} tells more.")
    output.say("Opening the test part")
    finished = open_finished_run(run)
    with without_chatter(output.debug):
        told["evaluate"] = evaluate_run(run).to_json()
    told["sentence"] = one_sentence(told["evaluate"])
    output.say("Exporting")
    told["export"] = export_in_child(output, run, FORMATS, place / "export", None)
    write_report(finished, place / "report.html", None)
    return {**told, "run": str(run), "report": str(place / "report.html")}


class _Progress(Teller):
    """Tells the rounds, and leaves the last word to the demo."""

    def __call__(self, what: Event) -> None:
        if not self.output.json:
            super().__call__(what)
        elif what["event"] == "failed":
            raise CounterpoiseError(what["message"])

    def last(self, what: Event) -> None:
        if what["event"] == "failed":
            raise CounterpoiseError(what["message"])


def _free(folder: Path) -> Path:
    """Return a folder that isn't there yet, so that the demo can be run again."""
    number = 1
    while (place := folder / f"demo-{number}").exists():
        number += 1
    return place


def demo_text(told: Mapping[str, Any]) -> str:
    """Return what was found on the way."""
    urgent = [f for f in told["check"]["findings"] if f not in told["scan"]["findings"]]
    files = [
        f"{f['format']}: {f['path']} (largest difference {f['max_abs_diff']:.1g}, "
        f"{'verified' if f['verified'] else 'NOT VERIFIED'})"
        for f in told["export"]["files"]
    ]
    return "\n\n".join(
        [
            f"Images: {told['data']} (synthetic)",
            scan_text(told["scan"]),
            findings_text(urgent),
            told["sentence"],
            evaluation_text(told["evaluate"]),
            "Exported: " + "; ".join(files),
            f"Run: {told['run']}\nReport: {told['report']}",
        ]
    )
