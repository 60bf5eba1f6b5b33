"""Pictures whose decoding could crash are made in a process of their own."""

from pathlib import Path

import numpy as np
import psutil
import pytest
import tifffile
from PIL import Image

from counterpoise.core.catalog.readers import UnreadableImage
from counterpoise.gui.decoding import close_decoding, read_frame, thumbnail

PIXELS = (np.arange(48 * 64).reshape(48, 64) % 60_000).astype(np.uint16)


@pytest.fixture
def tiff(tmp_path: Path):
    tifffile.imwrite(tmp_path / "a.tif", PIXELS)
    yield tmp_path / "a.tif"
    close_decoding()


def workers() -> list[psutil.Process]:
    """Spawned children of this process, but for multiprocessing's own."""
    return [c for c in psutil.Process().children() if "spawn_main" in " ".join(c.cmdline())]


def test_a_tiff_is_decoded_by_a_helper_that_may_die_and_ends_with_the_window(tiff):
    before = workers()
    assert (read_frame(tiff).pixels == PIXELS).all()
    (helper,) = set(workers()) - set(before)
    helper.kill()
    while helper.status() != psutil.STATUS_ZOMBIE:
        pass
    assert thumbnail(tiff).shape == (48, 64, 3)
    assert len(workers()) == len(before) + 1
    close_decoding()
    assert workers() == before


def test_everyday_pictures_need_none(tmp_path):
    Image.fromarray(PIXELS.astype(np.uint8)).save(tmp_path / "a.dcm", "PNG")  # the content decides
    before = workers()
    assert read_frame(tmp_path / "a.dcm").pixels.shape == (48, 64)
    assert workers() == before


def test_a_file_that_was_damaged_since_the_scan_is_told_plainly(tiff):
    tiff.write_bytes(tiff.read_bytes()[:400])
    with pytest.raises(UnreadableImage, match="truncated"):
        read_frame(tiff)
    tiff.unlink()
    with pytest.raises(UnreadableImage, match="can't be opened"):
        thumbnail(tiff)
