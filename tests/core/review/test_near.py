"""Pairs across parts by features, confirmed by the pixels of real files."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from counterpoise.core.catalog.scan import scan
from counterpoise.core.catalog.sources import open_sources
from counterpoise.core.catalog.types import ImageRecord, Sources
from counterpoise.core.review.near import near_pairs
from counterpoise.core.review.unlike import unit_rows
from counterpoise.core.settings import DataSettings
from tests.support.tissue import tissue

TURNED = Image.Transpose.ROTATE_90


def saved(root: Path, more: Mapping[str, Image.Image]) -> Sources:
    """Save twelve images of train, another of val, and ``more``."""
    shown = {f"train/{'ab'[i % 2]}/{i:02}.png": tissue(i) for i in range(12)}
    for name, image in {**shown, "val/b/other.png": tissue(50), **more}.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        image.save(root / name)
    return open_sources(root)


@pytest.fixture
def looked_at(tmp_path: Path):
    """Return a look at images of train and val, one of which is the first of train turned."""

    def look(known: frozenset[tuple[str, str]] = frozenset(), kind: str = "png", group_by: str = "none"):
        sources = saved(tmp_path / "set", {f"val/a/00x.{kind}": tissue(0).transpose(TURNED)})
        catalog = scan(sources, DataSettings(val=0.1, test=0.0, group_by=group_by))
        images = tuple(image for image in catalog.images if image.part)
        return images, near_pairs(images, rows_of(images), sources, known)

    return look


def rows_of(images: tuple[ImageRecord, ...]) -> np.ndarray:
    """Return features in which both images of ``val`` are near to the first of ``train``."""
    random = np.random.default_rng(0)
    rows = random.normal(size=(len(images), 64)).astype(np.float32)
    names = [image.path for image in images]
    first = names.index("train/a/00.png")
    for place, name in enumerate(names):
        if name.startswith("val/"):
            rows[place] = rows[first] + 0.1 * rows[place]
    return unit_rows(rows)


@pytest.mark.parametrize("kind", ["png", "tif"])
def test_a_copy_that_was_turned_is_found_and_what_only_has_its_features_is_not(looked_at, kind):
    _, pairs = looked_at(kind=kind)
    assert [(pair.a[0], pair.b[0], pair.kind) for pair in pairs] == [
        ("train/a/00.png", f"val/a/00x.{kind}", "near")
    ]
    assert pairs[0].similarity > 0.95


def test_sizes_of_the_files_count_not_those_of_thumbnails(tmp_path):
    """A crop of a large image is as large as that in a thumbnail, and would seem to be stretched.

    Of what is stretched, more must agree than noise leaves here.
    """
    large = tissue(0, (720, 600))
    crop = np.asarray(large.crop((14, 16, 700, 592))) + np.random.default_rng(1).normal(0, 100, (576, 686))
    small = Image.fromarray(crop.clip(0, 255).astype(np.uint8)).transpose(TURNED)
    sources = saved(tmp_path / "set", {"train/a/00.png": large, "val/a/crop.png": small})
    images = tuple(scan(sources, DataSettings()).images)
    pairs = near_pairs(images, rows_of(images), sources, frozenset())
    assert [(pair.a[0], pair.b[0]) for pair in pairs] == [("train/a/00.png", "val/a/crop.png")]


def test_what_the_scan_knows_is_not_told_again(looked_at):
    images, _ = looked_at()
    first, second = sorted(i.content for i in images if i.path.endswith(("a/00.png", "a/00x.png")))
    assert looked_at(known=frozenset({(first, second)}))[1] == ()


def test_pictures_of_one_patient_are_no_pair(looked_at):
    images, pairs = looked_at(group_by="name:^(..)")
    assert {image.part for image in images} == {"train", "val"}
    assert pairs == ()
