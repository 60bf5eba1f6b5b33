"""The form that suits a set of images."""

from dataclasses import replace

import pytest

from counterpoise.core.catalog.types import ImageRecord
from counterpoise.core.pixels.choose import choose_format

IMAGE = ImageRecord("a.png", -1, "a", "", "train", "0" * 64, 28, 28, 1, 8, "uint8", "PNG", 0, 255, 100, 50)


@pytest.mark.parametrize(
    ("side", "expected"),
    [(10, 32), (20, 64), (24, 96), (28, 96), (48, 96), (49, 96), (56, 224), (72, 224), (3000, 224)],
)
def test_size_enlarges_at_most_four_times(side: int, expected: int) -> None:
    assert choose_format([replace(IMAGE, width=side, height=side + 50)], "auto").size == (expected, expected)


def test_size_is_what_was_asked_but_not_below_the_network() -> None:
    assert choose_format([IMAGE], 128).size == (128, 128)
    assert choose_format([IMAGE], 16, minimum=32).size == (32, 32)


def test_one_image_in_colour_makes_three_channels() -> None:
    assert choose_format([IMAGE, IMAGE], "auto").channels == 1
    assert choose_format([IMAGE, replace(IMAGE, channels=3)], "auto").channels == 3


@pytest.mark.parametrize(
    ("present", "expected"),
    [
        (("uint8",), "uint8"),
        (("uint8", "uint16"), "uint16"),
        (("uint8", "uint16", "dicom"), "dicom"),
        (("dicom", "float", "uint8"), "float"),
    ],
)
def test_units_are_the_widest(present: tuple[str, ...], expected: str) -> None:
    images = [replace(IMAGE, units=units) for units in present]  # type: ignore[arg-type]  # all are units
    assert choose_format(images, "auto").units == expected
