"""Which images an evaluation is about: the run's own test part, wherever it lies, or other labelled ones."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from counterpoise.core.catalog.own_images import scan_for
from counterpoise.core.catalog.scan import ScanCancelledError, ScanProgress
from counterpoise.core.catalog.snapshot import SplitRow, matched, missing, read_split_csv
from counterpoise.core.catalog.sources import sources_from_json
from counterpoise.core.catalog.types import Catalog, ImageRecord, Sources
from counterpoise.core.errors import CounterpoiseError
from counterpoise.core.settings import DataSettings
from counterpoise.core.study.places import recall_location
from counterpoise.core.study.run_folder import RunFolder
from counterpoise.core.training.record import RunConfig


@dataclass(frozen=True)
class ToJudge:
    """Labelled images the model hasn't learnt from."""

    split: Literal["test", "external"]
    catalog: Catalog
    images: tuple[ImageRecord, ...]
    missing: int = 0
    """Images of the test part that weren't found."""
    known: int = 0
    """External images left out because they stood in the run's training or validation part."""


def find_images(
    run: RunFolder,
    config: RunConfig,
    sources: Sources | None,
    *,
    progress: Callable[[ScanProgress], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> ToJudge:
    """Return the run's test part (matched by content) or, of other data, all labelled images.

    Data are the run's own where at least half of its test part is among them. Raises CounterpoiseError
    where nothing is found.
    """
    rows = read_split_csv(run.split)
    test = [row for row in rows if row.part == "test"]
    given = sources is not None
    if not test and not given:
        raise CounterpoiseError(
            f"The run {run.root.name} has no test part: expected images kept closed until now. "
            "Give other labelled images with --data."
        )
    sources = sources or _remembered(config, run)
    try:
        settings = _data_settings(config, sources)
        catalog = scan_for(sources, settings, test, progress=progress, cancelled=cancelled)
    except ScanCancelledError:
        raise
    except CounterpoiseError as error:
        raise error if given else _ask_for_data(run, str(error)) from None
    own = matched(catalog, rows)
    lost = sum(row.part == "test" for row in missing(catalog, rows))
    if test and lost <= len(test) / 2:
        return ToJudge("test", own, _in_order(own.part("test")), missing=lost)
    if not given:
        raise _ask_for_data(run, f"{lost:,} of the {len(test):,} images of its test part aren't there")
    return _external(catalog, rows, config)


def _remembered(config: RunConfig, run: RunFolder) -> Sources:
    place = recall_location(config.id)
    if place is None:
        raise _ask_for_data(run, "nothing is remembered about them on this computer")
    return sources_from_json(place)


def _ask_for_data(run: RunFolder, reason: str) -> CounterpoiseError:
    return CounterpoiseError(
        f"The images of the run {run.root.name} weren't found ({reason}). Give their folder with --data."
    )


def _data_settings(config: RunConfig, sources: Sources) -> DataSettings:
    """The run's way of telling patients apart; a labels file is that of ``sources`` or none."""
    changes: dict[str, object] = {"labels": None}
    if config.settings.data.group_by == "csv" and sources.labels is None:
        changes["group_by"] = "auto"
    return config.settings.data.model_copy(update=changes)


def _external(catalog: Catalog, rows: tuple[SplitRow, ...], config: RunConfig) -> ToJudge:
    foreign = [label for label in catalog.labels if label not in config.labels]
    if foreign:
        raise CounterpoiseError(
            f"The data have the class '{foreign[0]}', which the model doesn't know: expected classes among "
            f"{', '.join(config.labels)}. Rename the folder, or leave it out."
        )
    seen = {row.content for row in rows if row.part in ("train", "val")}
    offered = [image for image in catalog.images if (image.path, image.frame) not in catalog.excluded]
    images = tuple(image for image in offered if image.part and image.content not in seen)
    known = sum(image.content in seen for image in offered)
    if not images:
        reason = "all of them were used to make this model" if known else "none can be used"
        raise CounterpoiseError(
            f"The data hold no image to judge the model by ({reason}). Give images that it hasn't seen."
        )
    return ToJudge("external", catalog, _in_order(images), known=known)


def _in_order(images: Sequence[ImageRecord]) -> tuple[ImageRecord, ...]:
    """Sort by what moving and renaming leaves alone, so that resampled intervals stay the same."""
    return tuple(sorted(images, key=lambda image: (image.content, image.group, image.path, image.frame)))
