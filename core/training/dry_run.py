"""A dry run: one short round with the planned settings, in a process of its own, thrown away afterwards."""

import dataclasses
import math
import tempfile
from collections.abc import Sequence
from pathlib import Path

from counterpoise.core.catalog.snapshot import write_split_csv
from counterpoise.core.catalog.types import Catalog, ImageRecord, Part
from counterpoise.core.findings import Finding, Severity, make_finding
from counterpoise.core.jobs.events import Event
from counterpoise.core.jobs.supervisor import supervise
from counterpoise.core.safety.plan import Plan
from counterpoise.core.study.run_folder import RunFolder
from counterpoise.core.training.record import new_config, write_config
from counterpoise.core.training.start import CHILD, make_work

STEPS = 3
MOST_IMAGES = 192
VALIDATION_PER_CLASS = 8
# A loss this many times that of guessing evenly, ln k, after a round is no way to learn.
EXPLODED = 20


def dry_run(plan: Plan) -> tuple[Finding, ...]:
    """Take a few real steps with ``plan``'s settings; return ``dry-run-failed`` where they go wrong."""
    with tempfile.TemporaryDirectory(prefix="counterpoise-dry-run-") as name:
        folder = Path(name)
        small = _bounded(plan, folder)
        run = RunFolder(folder / "run")
        run.root.mkdir()
        write_split_csv(small.catalog, run.split)
        write_config(run, new_config(small))
        work = make_work(run, small.catalog, small.cache, plan.settings.model.weights)
        told: list[Event] = []
        supervise(run, CHILD, work, emit=told.append, restarts=0)
    return judge(told, len(plan.catalog.labels))


def judge(told: Sequence[Event], classes: int) -> tuple[Finding, ...]:
    """Return a finding where the events of a dry run tell of a fault."""
    cause = _cause(told, classes)
    if cause is None:
        return ()
    return (make_finding("dry-run-failed", Severity.BLOCKER, {"cause": cause}, words={"cause": cause}),)


def _cause(told: Sequence[Event], classes: int) -> str | None:
    for event in told:
        if event["event"] == "epoch":
            # In events a value that isn't a number is None.
            losses = [loss for key in ("loss", "val_loss") if (loss := event.get(key)) is not None]
            if len(losses) < 2 or not all(map(math.isfinite, losses)):
                return "the loss was no longer a number"
            if max(losses) > EXPLODED * math.log(max(2, classes)):
                return f"the loss grew to {max(losses):.3g}"
        if event["event"] == "guard" and event.get("code") == "non-finite-step":
            return "a step gave values that aren't numbers"
    if told and told[-1]["event"] == "failed":
        return str(told[-1]["message"]).rstrip(".")
    return None


def _bounded(plan: Plan, folder: Path) -> Plan:
    """Return ``plan`` for few images and one round, everything else as it will run."""
    batch = int(plan.settings.training.batch_size)
    most = min(MOST_IMAGES, max(STEPS * batch, 2 * len(plan.catalog.labels)))
    chosen = [*chosen_images(plan.catalog, "train", most)]
    chosen += chosen_images(plan.catalog, "val", VALIDATION_PER_CLASS * len(plan.catalog.labels))
    catalog = dataclasses.replace(
        plan.catalog, images=tuple(sorted(chosen, key=lambda image: (image.path, image.frame))), findings=()
    )
    training = plan.settings.training.model_copy(
        update={"epochs": 1, "time_budget_minutes": None, "batch_size": min(batch, most)}
    )
    settings = plan.settings.model_copy(update={"training": training})
    return dataclasses.replace(
        plan, catalog=catalog, settings=settings, run=folder / "run", cache=folder / "cache"
    )


def chosen_images(catalog: Catalog, part: Part, most: int) -> tuple[ImageRecord, ...]:
    """Return up to ``most`` images of a part: every class in turn, the largest images of each first."""
    by_label = {
        label: sorted(
            (image for image in catalog.part(part) if image.label == label),
            key=lambda image: (-image.width * image.height, image.content),
        )
        for label in catalog.labels
    }
    longest = max(map(len, by_label.values()), default=0)
    turns = [images[turn] for turn in range(longest) for images in by_label.values() if turn < len(images)]
    return tuple(turns[:most])
