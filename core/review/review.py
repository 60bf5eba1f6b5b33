"""The second look: from a catalog to what is worth a person's eyes. Suggests, and changes nothing.

The test part: its images serve to find near-copies across parts, which needs no labels. Its labels are judged
only where that is asked for: knowing which of them a model doubts tells how well models do there, and mending
just those makes every later figure look better than it is. The estimate never counts them.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from counterpoise.core.catalog.alike.kept import Kept
from counterpoise.core.catalog.sources import copies_file, edits_path
from counterpoise.core.catalog.types import Catalog, ImageRecord, Part
from counterpoise.core.errors import CounterpoiseError
from counterpoise.core.findings.words import some
from counterpoise.core.review.confirmed import confirmed_path, read_confirmed
from counterpoise.core.review.digest import digest_of
from counterpoise.core.review.estimate import estimate
from counterpoise.core.review.features import evened, looked_at, review_plan
from counterpoise.core.review.links import linked
from counterpoise.core.review.near import near_pairs
from counterpoise.core.review.out_of_fold import FIRST, SECOND, Probabilities, components, out_of_fold
from counterpoise.core.review.ranking import margins
from counterpoise.core.review.result import Doubt, Review, Unlike
from counterpoise.core.review.saved import scaling_path
from counterpoise.core.review.trial import drawings, tried
from counterpoise.core.review.unlike import distances, stand_apart, unit_rows
from counterpoise.core.settings import Settings
from counterpoise.core.study.edits import read_edits
from counterpoise.core.training.features.feature_rows import Array
from counterpoise.core.training.work import Interrupted, Teller

FEWEST_UNITS = 3
"""Patients (or images) of a class, so that each can be judged by others."""
LEAST_SHOWN, SHARE_SHOWN, MOST_SHOWN = 200, 0.2, 5000
"""Doubts kept: at least so many, this share of the images, at most so many."""
UNLIKE_SHARE, UNLIKE_LEAST, UNLIKE_MOST = 0.01, 12, 200
JUDGED: tuple[Part, ...] = ("train", "val")


def review(
    catalog: Catalog,
    settings: Settings,
    teller: Teller,
    cache: Path | None = None,
    with_test: bool = False,
) -> Review:
    """Look through the features of all images; embeds those that no training or review has embedded yet.

    Raises CounterpoiseError where there is nothing to compare, Interrupted where it was cancelled,
    ImagesLostError where images can't be read any more.
    """
    parts: tuple[Part, ...] = (*JUDGED, "test") if with_test else JUDGED
    refuse_too_little(catalog.part(*parts))
    plan = review_plan(catalog, settings, cache)
    with looked_at(plan, teller, kept=scaling_path(catalog.sources, cache)) as (images, store):
        features = components(evened(store, teller))
    teller.stage("compare", len(images))
    known = _known_copies(catalog, plan.cache)
    near = near_pairs(images, unit_rows(features), catalog.sources, known, cache, _Tick(teller))
    units = linked(images, _links(images, known, [(pair.a, pair.b) for pair in near]))
    labels, too_small = _judgeable(images, units, parts)
    rows = np.array([i for i, image in enumerate(images) if image.part in parts and image.label in labels])
    judged = _Judged(
        tuple(images[i] for i in rows),
        labels,
        np.array([labels.index(images[i].label) for i in rows], np.intp),
        units[rows],
        np.array([images[i].part != "test" for i in rows]),
    )
    confirmed = read_confirmed(confirmed_path(catalog.sources))
    sure = np.array([(image.content, image.label) in confirmed for image in judged.images], bool)
    teller.stage("judge", len(rows))
    own, seed = features[rows], settings.training.seed
    counted = judged.counts & ~sure
    tick, models = _Tick(teller), FIRST + SECOND + drawings(int(counted.sum()))
    passes = out_of_fold(
        own, judged.truth, judged.units, len(labels), seed, lambda done, _: tick(done, models), sure
    )
    told, trial = tried(
        estimate(passes.first[counted], judged.truth[counted], judged.units[counted]),
        own,
        judged.truth,
        judged.units,
        counted,
        len(labels),
        seed,
        lambda done: tick(FIRST + SECOND + done, models),
    )
    return Review(
        digest=digest_of(catalog, settings, with_test),
        images=len(rows),
        classes={label: int((judged.truth == number).sum()) for number, label in enumerate(labels)},
        too_small=too_small,
        with_test=with_test,
        estimate=replace(told, of=int(judged.counts.sum())),
        doubts=_doubts(judged, passes.second, sure),
        unlike=_unlike(judged, own, teller),
        near=near,
        trial=trial,
        relabelled=_relabelled(catalog),
    )


@dataclass(frozen=True)
class _Judged:
    """The images whose labels are judged, and per image the class, the unit, and whether it counts."""

    images: tuple[ImageRecord, ...]
    labels: tuple[str, ...]
    truth: NDArray[np.intp]
    units: NDArray[np.intp]
    counts: NDArray[np.bool_]


def refuse_too_little(images: Sequence[ImageRecord]) -> None:
    """Raise CounterpoiseError, with what is missing, where fewer than two classes can be compared."""
    units: dict[str, set[str]] = {}
    for image in images:
        units.setdefault(image.label, set()).add(image.group or image.content)
    enough = [label for label, found in units.items() if len(found) >= FEWEST_UNITS]
    if len(enough) >= 2:
        return
    who = "patients" if any(image.group for image in images) else "images"
    has = some([f"{label} ({len(found)})" for label, found in sorted(units.items())], 4) or "none"
    raise CounterpoiseError(
        f"There is too little to compare: expected two classes with at least {FEWEST_UNITS} {who} each in "
        f"the training and validation parts, received {has}. Add images, then look again."
    )


@dataclass(frozen=True)
class _Tick:
    """Passes on progress, and raises Interrupted where it was cancelled."""

    teller: Teller

    def __call__(self, done: int, total: int) -> None:
        if self.teller.wants_pause():
            raise Interrupted
        if total:
            self.teller.progress(done, total)


def _known_copies(catalog: Catalog, cache: Path) -> frozenset[tuple[str, str]]:
    """Return the pairs of contents that the scan found to show the same picture, the smaller first."""
    kept = Kept.read(copies_file(catalog.sources, cache))
    return frozenset(
        (min(pair), max(pair)) for pair, (_, likeness) in kept.verdicts.items() if likeness.kind is not None
    )


def _links(
    images: Sequence[ImageRecord],
    known: frozenset[tuple[str, str]],
    near: Sequence[tuple[tuple[str, int], tuple[str, int]]],
) -> list[tuple[int, int]]:
    """Return the positions of images that are copies of each other."""
    by_content = {image.content: position for position, image in enumerate(images)}
    by_key = {(image.path, image.frame): position for position, image in enumerate(images)}
    found = [(by_content[a], by_content[b]) for a, b in known if a in by_content and b in by_content]
    return found + [(by_key[a], by_key[b]) for a, b in near]


def _judgeable(
    images: Sequence[ImageRecord], units: NDArray[np.intp], parts: Sequence[Part]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the classes with enough units and those without; raises CounterpoiseError for fewer than two."""
    seen = {
        (image.label, int(unit)) for image, unit in zip(images, units, strict=True) if image.part in parts
    }
    number = Counter(label for label, _ in seen)
    enough = tuple(sorted(label for label, found in number.items() if found >= FEWEST_UNITS))
    if len(enough) < 2:
        raise CounterpoiseError(
            "There is too little to compare: expected at least two classes with images that aren't copies of "
            f"each other, received {some(enough) or 'none'}. Add images, then look again."
        )
    return enough, tuple(sorted(set(number) - set(enough)))


def _relabelled(catalog: Catalog) -> int:
    """Return how many images carry another label by a person's edit."""
    edits = read_edits(edits_path(catalog.sources))
    return len({(edit.path, edit.frame) for edit in edits if edit.kind == "relabel"})


def _doubts(judged: _Judged, probabilities: Probabilities, sure: NDArray[np.bool_]) -> tuple[Doubt, ...]:
    scores, best = margins(probabilities, judged.truth)
    most = min(max(LEAST_SHOWN, round(SHARE_SHOWN * len(scores))), MOST_SHOWN)
    order = [int(i) for i in np.argsort(scores, kind="stable") if scores[i] < 0 and not sure[i]][:most]
    return tuple(
        Doubt(
            path=judged.images[i].path,
            frame=judged.images[i].frame,
            content=judged.images[i].content,
            label=judged.images[i].label,
            suggested=judged.labels[best[i]],
            probability=round(float(probabilities[i, judged.truth[i]]), 4),
            suggested_probability=round(float(probabilities[i, best[i]]), 4),
            score=round(float(scores[i]), 4),
        )
        for i in order
    )


def _unlike(judged: _Judged, features: Array, teller: Teller) -> tuple[Unlike, ...]:
    tick = _Tick(teller)
    far = distances(unit_rows(features), judged.truth, judged.units, lambda: tick(0, 0))
    apart = stand_apart(far, judged.truth)
    most = min(max(UNLIKE_LEAST, round(UNLIKE_SHARE * len(far))), UNLIKE_MOST, len(far))
    return tuple(
        Unlike(image.path, image.frame, image.content, image.label, round(float(far[i]), 2))
        for i in np.argsort(-far, kind="stable")[:most]
        if apart[i]
        for image in (judged.images[i],)
    )
