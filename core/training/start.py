"""Start a run, or go on with one: the folder is written here, the work is done by the supervised child."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from counterpoise.core.catalog.own_images import scan_for
from counterpoise.core.catalog.report import public_finding
from counterpoise.core.catalog.snapshot import matched, missing, read_split_csv, write_split_csv
from counterpoise.core.catalog.sources import cache_folder, sources_from_json, sources_json
from counterpoise.core.catalog.types import Catalog, ImageRecord, Sources
from counterpoise.core.errors import CounterpoiseError
from counterpoise.core.findings import MOST_PATHS, Finding
from counterpoise.core.findings.words import count, some
from counterpoise.core.jobs.events import Event, event
from counterpoise.core.jobs.follow import events_so_far
from counterpoise.core.jobs.supervisor import supervise
from counterpoise.core.safety.plan import Plan
from counterpoise.core.study.places import recall_location, remember_location
from counterpoise.core.study.run_folder import RunFolder, refuse_occupied
from counterpoise.core.training.record import RunConfig, new_config, read_config, sha256_of, write_config
from counterpoise.core.training.work import Work, safer

CHILD = "counterpoise.core.training.child:train_run"
Emit = Callable[[Event], None]
"""Files that a finding kept with a run names."""


def train(plan: Plan, findings: Sequence[Finding] = (), *, emit: Emit) -> int:
    """Train what ``plan`` says in its folder ``plan.run``, new or empty; return the exit status.

    ``findings``, those of the check, go into the run's events. ``emit`` gets every event; the last one is
    ``finished`` or ``failed``. Refusing blockers is the caller's business. Raises CounterpoiseError where
    the folder holds something or can't be written.
    """
    if plan.run is None:
        raise ValueError("expected a plan with a folder for the run")
    run = RunFolder(plan.run)
    config = prepare_run(run, plan)
    work = make_work(run, plan.catalog, plan.cache, plan.settings.model.weights)
    return _supervised(work, config, _told(findings, plan.catalog), emit)


def resume(run: RunFolder, data: Catalog | Sources | None, cache: Path | None = None, *, emit: Emit) -> int:
    """Go on with a run from its last saved state, with the settings it was started with.

    ``data`` is DATA as it is now, scanned or not: it may have moved, images are found by content. None
    takes the place that was remembered. A finished run isn't changed, nor its images looked for. Raises
    CounterpoiseError where images of its training or validation part are missing.
    """
    config = read_config(run)
    if run.is_finished:
        emit(_already_finished(run))
        return 0
    _check_split(run, config)
    remembered = recall_location(config.id) or {}
    catalog = data if isinstance(data, Catalog) else _scanned(run, config, data, remembered, cache)
    catalog = _as_in_run(run, catalog)
    weights = remembered.get("weights")
    remember_location(config.id, {**sources_json(catalog.sources), "weights": weights})
    place = cache or cache_folder(catalog.sources)
    work = make_work(run, catalog, place, Path(weights) if weights else None)
    return _supervised(work, config, [], emit)


def _check_split(run: RunFolder, config: RunConfig) -> None:
    """Raise CounterpoiseError where ``split.csv`` isn't the one the run began with."""
    read_split_csv(run.split)  # says what is wrong with a file that is no table
    if config.split_sha256 not in (None, sha256_of(run.split)):
        raise CounterpoiseError(
            f"{run.split} was changed since the run began: expected the images, labels and parts it was "
            "started with. Put the file back from a copy, or train anew."
        )


def _scanned(
    run: RunFolder,
    config: RunConfig,
    sources: Sources | None,
    remembered: dict[str, Any],
    cache: Path | None,
) -> Catalog:
    known = sources_from_json(remembered)
    if sources is None:
        if known.root is None and not known.classes:
            raise CounterpoiseError("The run's images can't be found on this computer. Give DATA again.")
        sources = known
    # Labels, parts and patients come from the run itself: a file that held them isn't needed again.
    if sources.labels is None and known.labels is not None and sources.root is not None:
        sources = replace(sources, loose=True)
    settings = config.settings.data.model_copy(update={"labels": None, "exclude": (), "group_by": "none"})
    wanted = [row for row in read_split_csv(run.split) if row.part in ("train", "val")]
    return scan_for(sources, settings, wanted, cache=cache)


def _as_in_run(run: RunFolder, catalog: Catalog) -> Catalog:
    """Return the images of the run with the labels and parts they had; raises CounterpoiseError."""
    rows = read_split_csv(run.split)
    lost = [row for row in missing(catalog, rows) if row.part in ("train", "val")]
    if lost:
        raise CounterpoiseError(
            f"{count(len(lost), 'image')} of the run can't be found in DATA, such as "
            f"{some([row.path for row in lost])}: expected the images it was started with. Give the folder "
            "that holds them, or train anew."
        )
    return matched(catalog, rows)


def prepare_run(run: RunFolder, plan: Plan) -> RunConfig:
    """Write split and record of a new run; raises CounterpoiseError where that can't be."""
    refuse_occupied(run)
    try:
        run.root.mkdir(parents=True, exist_ok=True)
        write_split_csv(plan.catalog, run.split)
        config = new_config(plan, run.split)
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

    return Work(
        root=run.root.absolute(),
        sources=catalog.sources,
        cache=cache.absolute(),
        train=tuple(sorted(catalog.part("train"), key=order)),
        val=tuple(sorted(catalog.part("val"), key=order)),
        public_names=dict(catalog.public_names),
        weights_file=weights.absolute() if weights else None,
    )


def _told(findings: Sequence[Finding], catalog: Catalog) -> list[Event]:
    """Return findings as a run may keep them: a few paths each, and no name that identifies anyone."""
    few = (replace(finding, paths=finding.paths[:MOST_PATHS]) for finding in findings)
    return [event("finding", **public_finding(catalog, finding).to_json()) for finding in few]


def _supervised(work: Work, config: RunConfig, findings: Sequence[Event], emit: Emit) -> int:
    settings = config.settings
    run = work.run
    started = event(
        "started",
        mode=settings.model.mode,
        model=settings.model.name,
        device=config.device,
        epochs=int(settings.training.epochs),
        labels=list(config.labels),
        images={"train": len(work.train), "val": len(work.val)},
        resumed=run.events.is_file(),
    )
    sources = work.sources
    folders = [sources.root, sources.study, *(folder for _, folder in sources.classes)]
    private = (*(folder for folder in folders if folder), work.cache)
    return supervise(
        run, CHILD, work, emit=emit, first=[started, *findings], private=private, after_memory=safer
    )


def _already_finished(run: RunFolder) -> Event:
    """Return the last line of a run that has ended before."""
    last: Event = {}
    for told in events_so_far(run.events):
        last = told if told["event"] == "finished" else last
    fields = {key: value for key, value in last.items() if key not in ("event", "time", "message", "seconds")}
    message = "The run had finished before; nothing was changed."
    return event("finished", **{"stopped": False, **fields}, message=message, seconds=0.0)
