"""Thumbnails on disk: found by content, limited in size, made anew where damaged."""

import numpy as np
import pytest

from counterpoise.core.catalog.content import content_of
from counterpoise.core.catalog.thumbnail_codec import EXACT_SIDE, pack, unpack
from counterpoise.core.catalog.thumbnail_store import NAME, ThumbnailStore, thumbnails_of
from counterpoise.core.catalog.types import Sources

RNG = np.random.default_rng(0)


def picture(*shape: int) -> np.ndarray:
    return RNG.integers(0, 256, shape, dtype=np.uint8)


@pytest.mark.parametrize("shape", [(1, 1), (28, 28), (EXACT_SIDE, 3), (70, EXACT_SIDE, 3)])
def test_small_ones_are_kept_to_the_pixel(shape):
    pixels = picture(*shape)
    found = unpack(pack(pixels))
    assert found is not None
    assert found.shape == pixels.shape
    assert (found == pixels).all()


@pytest.mark.parametrize("shape", [(160, 120), (100, 160, 3)])
def test_larger_ones_are_nearly_the_same_in_a_few_kilobytes(shape):
    ramp = np.linspace(0, 255, int(np.prod(shape))).astype(np.uint8).reshape(shape)
    packed = pack(ramp)
    assert len(packed) < 8000
    found = unpack(packed)
    assert found is not None
    assert np.abs(found.astype(int) - ramp).mean() < 3


@pytest.mark.parametrize("data", [b"", b"J", b"Jnothing", b"Z\x02\x02\x01xx", b"P\x09\x09\x03ab", b"?"])
def test_damaged_bytes_give_nothing(data):
    assert unpack(data) is None


def test_what_was_put_is_there_after_opening_again(tmp_path):
    pixels = picture(20, 30)
    content = content_of(pixels)
    store = ThumbnailStore.open(tmp_path / "thumbnails")
    assert store.get(content) is None
    store.put(content, pixels)
    store.close()
    assert store.get(content) is None  # closed
    again = ThumbnailStore.open(tmp_path / "thumbnails")
    found = again.get(content)
    again.close()
    assert found is not None
    assert (found == pixels).all()


def test_a_damaged_file_is_made_anew(tmp_path):
    (tmp_path / NAME).write_bytes(b"no database at all" * 100)
    store = ThumbnailStore.open(tmp_path)
    store.put("ab" * 32, picture(5, 5))
    assert store.get("ab" * 32) is not None
    store.close()


def test_pages_that_a_power_cut_tore_cost_their_pictures_alone(tmp_path):
    store = ThumbnailStore.open(tmp_path)
    store.put_packed((f"{number:064x}", pack(picture(40, 40))) for number in range(100))
    store.close()
    with (tmp_path / NAME).open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * 100_000)
    store = ThumbnailStore.open(tmp_path)
    assert store.get(f"{5:064x}") is None
    store.put(f"{5:064x}", picture(5, 5))
    assert store.get(f"{5:064x}") is not None
    store.close()


def test_a_folder_that_cannot_be_made_keeps_nothing(tmp_path):
    (tmp_path / "file").write_text("")
    store = ThumbnailStore.open(tmp_path / "file")
    store.put("ab" * 32, picture(5, 5))
    assert store.get("ab" * 32) is None
    store.close()


def test_beyond_the_limit_the_oldest_go(tmp_path):
    store = ThumbnailStore(tmp_path, most=400_000)
    for number in range(200):
        store.put(f"{number:064x}", picture(60, 60))
    assert store.get(f"{0:064x}") is None
    assert store.get(f"{199:064x}") is not None
    store.close()
    assert (tmp_path / NAME).stat().st_size < 600_000


def test_a_study_keeps_its_own(tmp_path, home):
    of_study = Sources(root=tmp_path, study=tmp_path / "study")
    for store in (thumbnails_of(of_study, tmp_path / "other"), thumbnails_of(Sources(root=tmp_path))):
        store.put("ab" * 32, picture(5, 5))
        store.close()
    assert (tmp_path / "study" / "cache" / "thumbnails" / NAME).is_file()
    assert (home / "cache" / "thumbnails" / NAME).is_file()
