"""Pictures of the data: what they are made from, that values stay, and what stands beside them."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from counterpoise.core.catalog.distributions.beside import beside
from counterpoise.core.catalog.distributions.kinds import kinds_of
from counterpoise.core.catalog.distributions.look import Look, look_at
from counterpoise.core.catalog.distributions.make import (
    PicturesCancelledError,
    PicturesRequest,
    common_size,
    make_pictures,
)
from counterpoise.core.catalog.distributions.pictures import BINS, Gathering
from counterpoise.core.catalog.distributions.sample import PER_CLASS, digest_of, sample
from counterpoise.core.catalog.distributions.saved import read_pictures, save_pictures, saved_path
from counterpoise.core.catalog.distributions.sizes import MOST, SizePoint, sizes_of
from counterpoise.core.catalog.distributions.words import about_kinds, about_sizes
from counterpoise.core.catalog.readers import Frame
from counterpoise.core.catalog.types import NO_FRAME, Catalog, ImageRecord, Sources
from counterpoise.core.findings import Finding, Severity

Scan = Callable[..., Catalog]


def record(number: int, label: str = "a", width: int = 8, height: int = 6, **other: object) -> ImageRecord:
    plain = ImageRecord(
        f"{label}/{number}.png", NO_FRAME, label, "", "train", f"{number:064x}", width, height, 1, 8, "uint8",
        "PNG", 0, 255, 128, 40,
    )  # fmt: skip
    return replace(plain, **other)  # type: ignore[arg-type]  # fields by name


def frame(pixels: np.ndarray, padding: float | None = None) -> Frame:
    return Frame(pixels, 16, "uint16", "TIFF", padding=padding)


# ---- the sample


def test_of_a_large_class_some_are_taken_and_the_same_ones_each_time() -> None:
    images = [record(n * 7919 % 1000) for n in range(500)]
    catalog = Catalog(Sources(), tuple(images), (), 500)
    again = replace(catalog, images=tuple(reversed(images)))
    assert len(sample(catalog)) == PER_CLASS
    assert sample(catalog) == sample(again)
    assert len(sample(replace(catalog, images=tuple(images[:30])))) == 30


def test_images_that_are_left_out_are_in_no_picture() -> None:
    catalog = Catalog(Sources(), (record(1), record(2, part="")), (), 2)
    assert [image.content for image in sample(catalog)] == [record(1).content]


def test_another_label_makes_pictures_out_of_date() -> None:
    one = [record(1), record(2)]
    assert digest_of(["a"], one) == digest_of(["a"], list(one))
    assert digest_of(["a"], one) != digest_of(["a"], [record(1), record(2, "b")])
    assert digest_of(["a"], one) != digest_of(["a", "b"], one)


# ---- one image


def test_values_keep_their_depth_and_padding_counts_nowhere() -> None:
    pixels = np.full((40, 40), 3000, np.uint16)
    pixels[:, 30:] = 3001
    pixels[:20] = 0
    seen = look_at(frame(pixels, padding=0), (8, 8), colour=False)
    assert set(seen.values.tolist()) == {3000, 3001}, "one grey level of 12 bits"
    assert np.isnan(seen.small[:3]).all()
    assert seen.small[6, 0, 0] == pytest.approx(3000, abs=0.01)
    pixels[20:, :14] = 0  # most, but not all, of what the third column of the small picture stands for
    thin = look_at(frame(pixels, padding=0), (8, 8), colour=False).small[6]
    assert np.isnan(thin[:3]).all()
    assert not np.isnan(thin[3:]).any()
    plain = look_at(frame(pixels), (8, 8), colour=False)
    assert 0 in plain.values
    assert not np.isnan(plain.small).any()


def test_an_image_of_nothing_but_padding_has_no_values() -> None:
    seen = look_at(frame(np.zeros((4, 4), np.uint16), padding=0), (2, 2), colour=False)
    gathering = Gathering(["a"], [record(1)], (2, 2), 1)
    gathering.add(record(1), seen)
    made = gathering.pictures("", 0)
    assert len(seen.values) == 0
    assert made.shown_mean(0).tolist() == [[0, 0], [0, 0]]


def test_grey_and_colour_are_brought_together() -> None:
    grey, colour = (
        np.full((4, 4), 9, np.uint8),
        np.stack([np.full((4, 4), n, np.uint8) for n in (0, 6, 12)], 2),
    )
    assert look_at(frame(grey), (4, 4), colour=True).small.shape == (4, 4, 3)
    as_grey = look_at(frame(colour), (4, 4), colour=False)
    assert as_grey.small.shape == (4, 4, 1)
    assert set(as_grey.values.tolist()) == {6}


# ---- the pictures


@pytest.fixture
def two(put: Callable[..., Path], data: Path, scanned: Scan) -> Catalog:
    """Noise; images of ``dark`` have a black left half."""
    for n in range(6):
        put(f"plain/{n}.png", seed=n, size=(20, 10))
        pixels = np.random.default_rng(n).integers(100, 256, (10, 20), dtype=np.uint8)
        pixels[:, :10] = 0
        (data / "dark").mkdir(exist_ok=True)
        Image.fromarray(pixels).save(data / "dark" / f"{n}.png")
    return scanned()


def test_a_class_that_differs_is_seen_in_curve_and_mean_image(two: Catalog) -> None:
    told: list[tuple[int, int]] = []
    made = make_pictures(PicturesRequest.of(two), lambda done, total: told.append((done, total)))
    dark, plain = made.labels.index("dark"), made.labels.index("plain")
    assert made.images == (6, 6)
    assert told[-1] == (12, 12)
    assert made.density.sum(axis=1) == pytest.approx(1)
    assert made.density[dark, 0] > 5 * made.density[plain, 0]
    assert made.mean.shape[1:3] == (10, 20)
    assert made.mean[dark, :, :9].max() < 1 < made.mean[plain, :, :9].min()
    assert made.spread[dark, :, :9].max() < 1 < made.spread[plain, :, :9].min()
    assert made.shown_mean(dark).dtype == np.uint8
    assert 0 <= made.heights.min() < made.heights.max() == 1


def test_pictures_are_kept_and_no_file_is_opened_for_them_again(two: Catalog, data: Path) -> None:
    request = PicturesRequest.of(two)
    first = make_pictures(request)
    for file in data.rglob("*.png"):
        file.unlink()
    again = make_pictures(request)
    assert again.images == first.images
    assert np.allclose(again.mean, first.mean, equal_nan=True)
    gone = make_pictures(replace(request, images=request.images[:-1]))
    assert gone.unread == 11
    assert gone.images == (0, 0)
    assert make_pictures(request).unread == 0, "what couldn't be read takes no place of what could"


def test_a_damaged_file_of_pictures_is_made_anew(two: Catalog) -> None:
    request = PicturesRequest.of(two)
    file = saved_path(two.sources)
    save_pictures(file, make_pictures(request))
    whole = file.read_bytes()
    assert read_pictures(file) is not None
    for broken in (b"", whole[: len(whole) // 2], b"PK" + whole[5:], whole.replace(b"density", b"densitx")):
        file.write_bytes(broken)
        assert read_pictures(file) is None
    for place in range(60, len(whole), 97):  # faults of the zip file, of its streams, of the arrays
        file.write_bytes(whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :])
        read_pictures(file)
    assert make_pictures(request).unread == 0


def test_it_can_be_cancelled(two: Catalog) -> None:
    with pytest.raises(PicturesCancelledError):
        make_pictures(PicturesRequest.of(two), cancelled=lambda: True)
    assert read_pictures(saved_path(two.sources)) is None


def test_8_bit_beside_16_bit_runs_as_far() -> None:
    images = [record(1), record(2, "b", units="uint16", bits=16)]
    gathering = Gathering(["a", "b"], images, (1, 1), 1)
    for image, value in zip(images, (255, 65535), strict=True):
        pixels = np.full((4, 4), value, np.uint8 if image.units == "uint8" else np.uint16)
        gathering.add(image, look_at(frame(pixels), (1, 1), colour=False))
    made = gathering.pictures("", 0)
    assert made.scale == "uint16"
    assert made.mean[0] == made.mean[1] == 65535
    assert made.density[0].argmax() == made.density[1].argmax()


def test_whole_numbers_fall_evenly_into_bins() -> None:
    images = [record(1, units="dicom")]
    gathering = Gathering(["a"], images, (1, 1), 1)
    gathering.add(
        images[0], look_at(frame(np.arange(-100, 60, dtype=np.float32)[None]), (1, 1), colour=False)
    )
    made = gathering.pictures("", 0)
    assert len(made.edges) == BINS + 1
    assert set(np.diff(made.edges)) == {3}
    assert made.edges[0] <= -100 < 59 <= made.edges[-1]


def test_each_image_counts_the_same_and_what_lies_beyond_the_axis_at_its_ends() -> None:
    images = [record(n, units="float") for n in range(3)]
    gathering = Gathering(["a"], images, (1, 1), 1)
    for image, value, count in zip(images, (0, 1, 1e6), (1999, 1999, 1), strict=True):
        values = np.full(count, value, np.float32)
        gathering.add(image, Look(values, np.zeros((1, 1, 1), np.float32)))
    made = gathering.pictures("", 0)
    assert made.edges[-1] < 1e6
    assert made.density[0, :5].sum() == pytest.approx(1 / 3)
    assert made.density[0, -5:].sum() == pytest.approx(2 / 3)


def test_without_an_image_there_is_nothing_and_no_fault() -> None:
    made = make_pictures(PicturesRequest(Sources(root=Path("nowhere")), (), ()))
    assert made.heights.shape == (0, BINS)
    assert made.window == (0, 1)


def test_behind_a_class_stand_the_others_or_their_mean() -> None:
    def behind(classes: int) -> int:
        labels = [f"{n}" for n in range(classes)]
        images = [record(n, label) for n, label in enumerate(labels)]
        gathering = Gathering(labels, images, (1, 1), 1)
        for image in images:
            gathering.add(image, look_at(frame(np.full((2, 2), 7, np.uint8)), (1, 1), colour=False))
        return len(gathering.pictures("", 0).behind(0))

    assert (behind(1), behind(3), behind(30)) == (0, 2, 1)


def test_mean_images_have_the_usual_shape() -> None:
    assert common_size([record(1, width=1000, height=500)] * 3 + [record(2, width=10, height=10)]) == (48, 96)
    assert common_size([record(1, width=28, height=28)]) == (28, 28)
    assert common_size([record(1, width=1, height=4000)]) == (96, 1)
    assert common_size([]) == (96, 96)


# ---- sizes and kinds


def test_sizes_are_counted_and_many_are_put_together() -> None:
    few = sizes_of([record(n, width=30 + n % 2) for n in range(5)])
    assert few.points == (SizePoint("a", 30, 6, 3), SizePoint("a", 31, 6, 2))
    assert few.only is None
    images = [record(n, width=100 + n % 90, height=100 + n // 90) for n in range(5000)]
    many = sizes_of(images)
    assert many.step > 1
    assert len(many.points) <= MOST
    assert sum(point.images for point in many.points) == 5000
    point = many.points[0]
    assert point.width % many.step == many.step // 2, "the middle of a step"
    assert sum(many.holds(point, image) for image in images) == point.images
    assert not many.holds(point, replace(images[0], label="b", width=point.width, height=point.height))


def test_one_size_is_said_in_words() -> None:
    assert "8 × 6" in about_sizes(sizes_of([record(1), record(2, "b")]))
    assert "steps" not in about_sizes(sizes_of([record(1), record(2, "b", width=9)]))


def test_kinds_of_files_by_class() -> None:
    images = [record(1), record(2), record(3, "b", bits=12, format="DICOM")]
    kinds = kinds_of(images, ["a", "b"])
    assert [(kind.words, kind.images) for kind in kinds] == [
        ("PNG, 8 bits, grey", (2, 0)),
        ("DICOM, 12 bits, grey", (0, 1)),
    ]
    assert about_kinds(kinds) == ""
    assert "PNG" in about_kinds(kinds[:1])


# ---- findings


def test_a_shortcut_stands_beside_the_pictures_that_show_it(put: Callable[..., Path], scanned: Scan) -> None:
    for n in range(30):
        put(f"a/{n}.png", size=(10, 10))
        put(f"b/{n}.png", size=(20, 10))
    notes = beside(scanned().findings)
    assert [note.title for note in notes["sizes"]] == ["Something besides the content gives the class away"]
    assert "The shape of the image" in notes["sizes"][0].text
    assert "100 %" in notes["sizes"][0].text
    assert notes["kinds"] == ()


def test_a_finding_stands_beside_its_picture_alone() -> None:
    finding = Finding("outlier-size", Severity.INFO, "Far.", ("a/1.png",))
    urgent = Finding("outlier-size", Severity.WARNING, "Farther.")
    notes = beside([finding, urgent, Finding("part-made", Severity.INFO, "Made.")])
    assert {name for name, told in notes.items() if told} == {"sizes"}
    assert [note.text for note in notes["sizes"]] == ["Farther.", "Far."]
    assert notes["sizes"][1].paths == ("a/1.png",)
