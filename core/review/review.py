"""The second look: from a catalog to what is worth a person's eyes. Suggests, and changes nothing.

The test part: its images serve to find near-copies across parts, which needs no labels. Its labels are judged
only where that is asked for: knowing which of them a model doubts tells how well models do there, and mending
just those makes every later figure look better than it is. The estimate never counts them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from counterpoise.core.catalog.alike.kept import Kept
from counterpoise.core.catalog.sources import copies_file, edits_path
from counterpoise.core.catalog.types import Catalog, ImageRecord, Part
from counterpoise.core.review.confirmed import Confirmed, confirmed_path, read_confirmed
from counterpoise.core.review.digest import digest_of
from counterpoise.core.review.enough import judgeable, refuse_too_little
from counterpoise.core.review.estimate import estimate
from counterpoise.core.review.features import evened, looked_at, review_plan
from counterpoise.core.review.links import linked
from counterpoise.core.review.near import near_pairs
from counterpoise.core.review.out_of_fold import FIRST, SECOND, Probabilities, components, out_of_fold
from counterpoise.core.review.ranking import margins
from counterpoise.core.review.result import Doubt, Estimate, Review, Trial, Unlike
from counterpoise.core.review.saved import scaling_path
from counterpoise.core.review.trial import drawings, tried
from counterpoise.core.review.unlike import distances, stand_apart, unit_rows
from counterpoise.core.settings import Settings
from counterpoise.core.study.edits import read_edits
from counterpoise.core.training.features.feature_rows import Array
from counterpoise.core.training.work import Interrupted, Teller

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
    refuse_too_little(catalog.part(*JUDGED))
    plan = review_plan(catalog, settings, cache)
    teller.device = "gpu" if plan.settings.training.device == "gpu" else "cpu"
    with looked_at(plan, teller, kept=scaling_path(catalog.sources, cache)) as (images, store):
        features = components(evened(store, teller))
    teller.stage("compare", len(images))
    known = _known_copies(catalog, plan.cache)
    near = near_pairs(images, unit_rows(features), catalog.sources, known, cache, _Tick(teller))
    units = linked(images, _links(images, known, [(pair.a, pair.b) for pair in near]))
    labels, too_small = judgeable(images, units, parts)
    rows = np.array([i for i, image in enumerate(images) if image.part in parts and image.label in labels])
    teller.stage("judge", len(rows))
    confirmed = read_confirmed(confirmed_path(catalog.sources))
    judged = _judged([images[i] for i in rows], labels, units[rows], confirmed)
    own = features[rows]
    probabilities, told, trial = _heard(judged, own, settings.training.seed, _Tick(teller))
    return Review(
        digest=digest_of(catalog, settings, with_test),
        images=len(rows),
        classes={label: int((judged.truth == number).sum()) for number, label in enumerate(labels)},
        too_small=too_small,
        with_test=with_test,
        estimate=told,
        doubts=_doubts(judged, probabilities),
        unlike=_unlike(judged, own, _Tick(teller)),
        near=near,
        trial=trial,
        relabelled=_relabelled(catalog),
    )


@dataclass(frozen=True)
class _Judged:
    """The images whose labels are judged, and what is known of each [n]."""

    images: Sequence[ImageRecord]
    labels: tuple[str, ...]
    truth: NDArray[np.intp]
    """The class, as a place in ``labels``."""
    units: NDArray[np.intp]
    """What mustn't be parted (see ``linked``)."""
    counts: NDArray[np.bool_]
    """Whether the estimate counts it: not in the test part."""
    sure: NDArray[np.bool_]
    """Whether a person found the label right."""


def _judged(
    images: Sequence[ImageRecord], labels: tuple[str, ...], units: NDArray[np.intp], confirmed: Confirmed
) -> _Judged:
    return _Judged(
        images,
        labels,
        np.array([labels.index(image.label) for image in images], np.intp),
        units,
        np.array([image.part != "test" for image in images], bool),
        np.array([(image.content, image.label) in confirmed for image in images], bool),
    )


def _heard(
    judged: _Judged, features: Array, seed: int, tick: Callable[[int, int], None]
) -> tuple[Probabilities, Estimate, Trial | None]:
    """Return what others say of each image [n, classes], how many labels are wrong, and the trial of that."""
    truth, units, classes = judged.truth, judged.units, len(judged.labels)
    counted = judged.counts & ~judged.sure
    models = FIRST + SECOND + drawings(int(counted.sum()))
    passes = out_of_fold(
        features, truth, units, classes, seed, lambda done, _: tick(done, models), judged.sure
    )
    found = estimate(passes.first[counted], truth[counted], units[counted])
    told, trial = tried(
        found,
        features,
        truth,
        units,
        counted,
        classes,
        seed,
        lambda done: tick(FIRST + SECOND + done, models),
    )
    return passes.second, replace(told, of=int(judged.counts.sum())), trial


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


def _relabelled(catalog: Catalog) -> int:
    """Return how many images carry another label by a person's edit."""
    edits = read_edits(edits_path(catalog.sources))
    return len({(edit.path, edit.frame) for edit in edits if edit.kind == "relabel"})


def _doubts(judged: _Judged, probabilities: Probabilities) -> tuple[Doubt, ...]:
    scores, best = margins(probabilities, judged.truth)
    most = min(max(LEAST_SHOWN, round(SHARE_SHOWN * len(scores))), MOST_SHOWN)
    order = [int(i) for i in np.argsort(scores, kind="stable") if scores[i] < 0 and not judged.sure[i]][:most]
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


def _unlike(judged: _Judged, features: Array, tick: Callable[[int, int], None]) -> tuple[Unlike, ...]:
    far = distances(unit_rows(features), judged.truth, judged.units, lambda: tick(0, 0))
    apart = stand_apart(far, judged.truth)
    most = min(max(UNLIKE_LEAST, round(UNLIKE_SHARE * len(far))), UNLIKE_MOST, len(far))
    return tuple(
        Unlike(image.path, image.frame, image.content, image.label, round(float(far[i]), 2))
        for i in np.argsort(-far, kind="stable")[:most]
        if apart[i]
        for image in (judged.images[i],)
    )
