"""Writing in a picture is noticed, over anatomy and in boxes; a side marker, rulers and textures are none."""

import io

import numpy as np
import pydicom
import pytest
from PIL import Image, ImageDraw, ImageFont

from counterpoise.core.catalog.burned_in import looks_written_on, share_looked_at
from counterpoise.core.catalog.measure import measure
from counterpoise.core.findings import Severity
from tests.support.deep_files import dicom


def body(width: int = 640, height: int = 480, seed: int = 0) -> np.ndarray:
    """A smooth grey picture of bright and dark areas with grain, such as an X-ray."""
    rng = np.random.default_rng(seed)
    coarse = Image.fromarray(rng.integers(20, 180, (6, 8), dtype=np.uint8)).resize(
        (width, height), Image.Resampling.BICUBIC
    )
    return np.clip(np.asarray(coarse) + rng.normal(0, 4, (height, width)), 0, 190).astype(np.uint8)


def with_text(
    picture: np.ndarray, text: str, size: int = 18, ink: int = 255, box: int | None = None
) -> np.ndarray:
    image = Image.fromarray(picture)
    pen, font = ImageDraw.Draw(image), ImageFont.load_default(size)
    place = (12, 14)
    if box is not None:
        left, top, right, bottom = pen.textbbox(place, text, font)
        pen.rectangle((left - 4, top - 4, right + 4, bottom + 4), box)
    pen.text(place, text, ink, font)
    return np.asarray(image)


@pytest.mark.parametrize(("ink", "box"), [(255, None), (255, 0), (190, 30), (0, 255)])
@pytest.mark.parametrize("size", [12, 18, 32])
def test_a_name_with_a_date_is_noticed(ink, box, size):
    assert looks_written_on(with_text(body(), "DOE^JANE 1962-03-04", size, ink, box))


def test_in_colour_and_in_large_pictures():
    large = np.asarray(Image.fromarray(body()).resize((2560, 1920)))
    assert looks_written_on(with_text(large, "Mueller, Anna", 60))
    assert looks_written_on(np.repeat(with_text(body(), "Mueller, Anna 12.03.2019")[..., None], 3, 2))


@pytest.mark.parametrize("text", ["L", "R", "AP", "PA 2"])
def test_a_marker_is_no_name(text):
    assert not looks_written_on(with_text(body(), text, 30))


def _ruler(pen):
    for i in range(30):
        pen.line((20 + 16 * i, 440, 20 + 16 * i, 448 + 8 * (i % 5 == 0)), 255, 2)


def _grid(pen):
    for i in range(30):
        pen.line((24 * i, 0, 24 * i, 480), 255)
        pen.line((0, 24 * i, 640, 24 * i), 255)


def _dots(pen):
    for i in range(25):
        pen.ellipse((20 + 24 * i, 30, 32 + 24 * i, 42), 255)


def _wires(pen):
    for i in range(8):
        pen.arc((40 * i, -100, 40 * i + 300, 400), 10, 170, 240, 3)


@pytest.mark.parametrize("draw", [_ruler, _grid, _dots, _wires])
def test_what_only_looks_like_it(draw):
    image = Image.fromarray(body())
    draw(ImageDraw.Draw(image))
    assert not looks_written_on(np.asarray(image))


def test_textures_and_small_pictures():
    rng = np.random.default_rng(0)
    assert not looks_written_on(rng.integers(0, 256, (400, 500), dtype=np.uint8))
    assert not looks_written_on(np.where(rng.random((400, 500)) < 0.03, 255, 40).astype(np.uint8))
    assert not any(looks_written_on(body(seed=seed)) for seed in range(5))
    for shape in [(1, 1), (28, 28), (1, 4000), (4000, 1), (17, 300), (300, 17)]:
        assert not looks_written_on(rng.integers(0, 256, shape, dtype=np.uint8))


def test_a_scan_tells_of_it_as_a_guess(healthy, scanned, found):
    assert not found(scanned(), "identifiers-present")
    Image.fromarray(with_text(body(), "DOE^JANE 1962-03-04")).save(healthy / "cat" / "written.png")
    Image.fromarray(body(seed=3)).save(healthy / "cat" / "plain.png")
    (finding,) = found(scanned(), "identifiers-present")
    assert (finding.severity, finding.paths) == (Severity.INFO, ("cat/written.png",))
    assert finding.evidence["where"] == {"writing": 1}
    assert "guess" in finding.message
    assert "looked at" not in finding.message


def test_what_the_file_says_is_burned_in_is_no_guess(healthy, scanned, found):
    levels = with_text(body(), "DOE^JANE 1962-03-04").astype(np.uint16) * 16
    data = pydicom.dcmread(io.BytesIO(dicom(levels)))
    data.BurnedInAnnotation = "YES"
    data.save_as(healthy / "cat" / "written.dcm", enforce_file_format=True)
    (finding,) = found(scanned(), "identifiers-present")
    assert (finding.severity, finding.paths) == (Severity.WARNING, ("cat/written.dcm",))
    assert finding.evidence["where"] == {"pixels": 1}


def test_of_a_large_set_a_share_is_looked_at(tmp_path):
    assert [share_looked_at(number) for number in (0, 1, 500, 2000, 100_000)] == [1, 1, 1, 0.25, 0.2]
    for index in range(12):
        file = tmp_path / f"{index}.png"
        Image.fromarray(with_text(body(320, 160, seed=index), "DOE^JANE 1962-03-04")).save(file)
    told = [
        sum("writing" in measure(str(file), b"key", share).frames[0].notes for file in tmp_path.iterdir())
        for share in (0.0, 0.5, 1.0)
    ]
    assert told[0] == 0
    assert 0 < told[1] < told[2] == 12
