"""Pictures for the gallery: small, upright, windowed where the screen can't show the depth."""

import io

import numpy as np
import pytest
from PIL import Image

from counterpoise.core.catalog.readers import Frame, UnreadableImage
from counterpoise.core.catalog.thumbnails import thumbnail, visible


def test_a_jpeg_is_small_upright_and_keeps_its_aspect(tmp_path):
    exif = Image.Exif()
    exif[274] = 6
    path = tmp_path / "a.jpg"
    gradient = np.tile(np.linspace(0, 255, 800).astype(np.uint8), (400, 1))
    Image.fromarray(gradient).save(path, exif=exif)
    picture = thumbnail(path, side=100)
    assert picture.shape == (100, 50, 3)
    assert picture[0].mean() < 10 < 245 < picture[-1].mean()


def test_deep_values_are_windowed_and_padding_is_left_out():
    pixels = np.linspace(1000, 1100, 10_000, dtype=np.float32).reshape(100, 100)
    pixels[:20] = -2000
    shown = visible(Frame(pixels, 16, "dicom", "DICOM", padding=-2000.0))
    assert (shown[:20] == 0).all()
    assert shown[21, 50] < 10 < 245 < shown[-1].max()


def test_a_constant_image_has_a_thumbnail(tmp_path):
    path = tmp_path / "a.png"
    Image.fromarray(np.full((9, 9), 40_000, np.uint16)).save(path)
    assert thumbnail(path, side=64).shape == (9, 9, 3)


def test_a_cut_off_file_has_none(tmp_path):
    stream = io.BytesIO()
    Image.new("RGB", (300, 300), "red").save(stream, "JPEG")
    path = tmp_path / "a.jpg"
    path.write_bytes(stream.getvalue()[:-50])
    with pytest.raises(UnreadableImage):
        thumbnail(path)
