"""Start a run, or go on with one: the folder is written here, the work is done by the supervised child."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from counterpoise.core.catalog.snapshot import matched, missing, read_split_csv, write_split_csv
from counterpoise.core.catalog.sources import sources_json
from counterpoise.core.catalog.types import Catalog, ImageRecord
from counterpoise.core.errors import CounterpoiseError
from counterpoise.core.findings import Finding
from counterpoise.core.findings.words import count, some
from counterpoise.core.jobs.events import Event, event
from counterpoise.core.jobs.follow import EventFollower
from counterpoise.core.jobs.supervisor import supervise
from counterpoise.core.safety.plan import Plan, default_cache
from counterpoise.core.study.places import recall_location, remember_location
from counterpoise.core.study.run_folder import RunFolder
from counterpoise.core.training.record import RunConfig, new_config, read_config, write_config
from counterpoise.core.training.work import TrainingImage, Work

CHILD = "counterpoise.core.training.child:train_run"
Emit = Callable[[Event], None]
MOST_PATHS = 10
"""Files that a finding kept with a run names."""


def train(plan: Plan, *, emit: Emit, run_name: str | None = None, findings: Sequence[Finding] = ()) -> int:
    """Train what ``plan`` says in its folder ``plan.run``, new or empty; return the exit status.

    ``emit`` gets every event; the last one, ``finished`` or ``failed``, carries ``run``: the folder as
    the caller wrote it (``run_name``). The plan's checks are the caller's business; what they found
    (``findings``) is recorded in the run's events. Raises
    CounterpoiseError where the folder holds something or can't be written.
    """
    if plan.run is None:
        raise ValueError("expected a plan with a folder for the run")
    run = RunFolder(plan.run)
    prepare_run(run, plan)
    work = make_work(run, plan.catalog, plan.cache, plan.settings.model.weights)
    work = replace(work, findings=tuple(public_finding(finding, plan.catalog) for finding in findings))
    return _supervised(run, work, emit, run_name)


def resume(
    run: RunFolder,
    catalog: Catalog | None,
    *,
    emit: Emit,
    cache: Path | None = None,
    run_name: str | None = None,
) -> int:
    """Go on with a run from its last saved state, with the settings it was started with.

    ``catalog`` is DATA as it is now (it may have moved; images are found by content); for a finished
    run, which nothing changes, it may be None. Raises CounterpoiseError where images of its training or
    validation part are missing.
    """
    config = read_config(run)
    if run.is_finished:
        emit(_already_finished(run, run_name))
        return 0
    if catalog is None:
        raise CounterpoiseError("The run hasn't finished, and its images weren't given. Give DATA again.")
    rows = read_split_csv(run.split)
    lost = [row for row in missing(catalog, rows) if row.part in ("train", "val")]
    if lost:
        raise CounterpoiseError(
            f"{count(len(lost), 'image')} of the run can't be found in DATA, such as "
            f"{some([row.path for row in lost])}: expected the images it was started with. Give the folder "
            "that holds them, or train anew."
        )
    catalog = matched(catalog, rows)
    remembered = recall_location(config.id) or {}
    weights = remembered.get("weights")
    remember_location(config.id, {**sources_json(catalog.sources), "weights": weights})
    work = make_work(run, catalog, cache or default_cache(catalog), Path(weights) if weights else None)
    return _supervised(run, work, emit, run_name)


def prepare_run(run: RunFolder, plan: Plan) -> RunConfig:
    """Write split and record of a new run; raises CounterpoiseError where that can't be."""
    if run.root.exists() and (not run.root.is_dir() or any(run.root.iterdir())):
        advice = (
            "Add --resume to go on with it, or name another folder." if run.is_run else "Name another folder."
        )
        raise CounterpoiseError(
            f"The run folder {run.root} holds something already: expected a new or empty folder. {advice}"
        )
    config = new_config(plan)
    try:
        run.root.mkdir(parents=True, exist_ok=True)
        write_split_csv(plan.catalog, run.split)
        write_config(run, config)
    except OSError as error:
        raise CounterpoiseError(
            f"The run folder {run.root} can't be written ({error.strerror}). Name a folder that can."
        ) from None
    weights = plan.settings.model.weights
    place = {**sources_json(plan.catalog.sources), "weights": str(weights.absolute()) if weights else None}
    remember_location(config.id, place)
    return config


def make_work(run: RunFolder, catalog: Catalog, cache: Path, weights: Path | None) -> Work:
    """Return what the child needs."""

    def order(image: ImageRecord) -> tuple[str, str, int]:
        return (image.content, image.path, image.frame)

    val = sorted(catalog.part("val"), key=order)
    return Work(
        root=run.root.absolute(),
        sources=catalog.sources,
        cache=cache.absolute(),
        train=tuple(sorted(catalog.part("train"), key=order)),
        val=tuple(TrainingImage(image, catalog.public_path(image.path)) for image in val),
        weights_file=weights.absolute() if weights else None,
    )


def public_finding(finding: Finding, catalog: Catalog) -> dict[str, Any]:
    """Return a finding as a run may keep it: a few paths as files that leave the study name them."""
    message = finding.message
    for path in finding.paths:
        message = message.replace(path, catalog.public_path(path))
    paths = [catalog.public_path(path) for path in finding.paths[:MOST_PATHS]]
    return {**finding.to_json(), "message": message, "paths": paths, "evidence": {}}


def _supervised(run: RunFolder, work: Work, emit: Emit, run_name: str | None) -> int:
    name = run_name if run_name is not None else str(run.root)

    def named(what: Event) -> None:
        emit({**what, "run": name} if what["event"] in ("finished", "failed") else what)

    sources = work.sources
    folders = [sources.root, sources.study, *(folder for _, folder in sources.classes)]
    private = (*(folder for folder in folders if folder), work.cache)
    return supervise(run, CHILD, work, emit=named, private=private)


def _already_finished(run: RunFolder, run_name: str | None) -> Event:
    """Return the last line of a run that has ended before."""
    follower = EventFollower(run.events)
    last: dict[str, Any] = {}
    while told := follower.poll():
        last = next((e for e in reversed(told) if e["event"] == "finished"), last)
    fields = {key: value for key, value in last.items() if key not in ("event", "time", "message", "seconds")}
    return event(
        "finished",
        **{"stopped": False, **fields},
        message="The run had finished before; nothing was changed.",
        seconds=0.0,
        run=run_name if run_name is not None else str(run.root),
    )
