"""Decode once."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pytest

from counterpoise.core.catalog.readers import read_frame
from counterpoise.core.catalog.types import ImageRecord, Sources
from counterpoise.core.pixels.format import PixelFormat
from counterpoise.core.pixels.prepare import prepare
from counterpoise.core.pixels.store import ImagesLostError, ImageStore

MakeSet = Callable[..., tuple[Sources, tuple[ImageRecord, ...]]]
Open = Callable[..., ImageStore]
FORMAT = PixelFormat(size=(16, 16), channels=1, units="uint8")


@pytest.fixture
def open_store(tmp_path: Path) -> Iterator[Open]:
    """Open stores below one cache, all closed at the end."""
    with ExitStack() as stack:

        def opened(sources: Sources, images: tuple[ImageRecord, ...], **more: int) -> ImageStore:
            return stack.enter_context(ImageStore.open(tmp_path / "cache", sources, images, FORMAT, **more))

        yield opened


def test_it_reads_what_prepare_gives(tmp_path: Path, make_set: MakeSet, open_store: Open) -> None:
    sources, images = make_set(12)
    store = open_store(sources, images)
    told: list[tuple[int, int]] = []
    assert store.fill(progress=lambda done, total: told.append((done, total)))
    assert told[0] == (0, 12)
    assert told[-1] == (12, 12)
    expected = [prepare(read_frame(sources.locate(images[i].path)), FORMAT) for i in (5, 0, 11)]
    assert (store.read([5, 0, 11]) == np.stack(expected)).all()


def test_many_images_are_decoded_by_workers(tmp_path: Path, make_set: MakeSet, open_store: Open) -> None:
    sources, images = make_set(70, side=18)
    store = open_store(sources, images)
    assert store.fill(workers=2)
    assert store.read(range(70)).shape == (70, 16, 16, 1)


def test_a_second_time_nothing_is_decoded(tmp_path: Path, make_set: MakeSet, open_store: Open) -> None:
    sources, images = make_set(5)
    open_store(sources, images).fill()
    for file in (tmp_path / "data").iterdir():
        file.unlink()
    again = open_store(sources, images)
    assert again.fill()
    assert again.read([0, 4]).shape == (2, 16, 16, 1)


def test_another_set_takes_over_what_is_there(tmp_path: Path, make_set: MakeSet, open_store: Open) -> None:
    sources, images = make_set(6)
    first = open_store(sources, images)
    first.fill()
    for file in (tmp_path / "data").iterdir():
        file.unlink()
    fewer = open_store(sources, images[2:5])
    assert fewer.fill()
    assert (fewer.read([0]) == first.read([2])).all()


def test_only_wanted_images_are_decoded(tmp_path: Path, make_set: MakeSet, open_store: Open) -> None:
    sources, images = make_set(6)
    store = open_store(sources, images)
    assert store.fill(indices=[1, 3])
    sources.locate(images[0].path).unlink()
    assert store.read([1, 3]).shape[0] == 2
    with pytest.raises(ImagesLostError):
        store.read([0])


def test_copies_share_a_record(tmp_path: Path, make_set: MakeSet, open_store: Open) -> None:
    sources, images = make_set(3)
    store = open_store(sources, (*images, images[0]))
    store.fill()
    assert (store.read([0]) == store.read([3])).all()


def test_a_damaged_record_is_decoded_anew(tmp_path: Path, make_set: MakeSet, open_store: Open) -> None:
    sources, images = make_set(4)
    store = open_store(sources, images)
    store.fill()
    whole = store.read(range(4))
    path = next((tmp_path / "cache").rglob("*.records"))
    data = bytearray(path.read_bytes())
    data[-600:] = os.urandom(600)
    path.write_bytes(data)
    assert (store.read(range(4)) == whole).all()


def test_lost_and_changed_images_are_named_and_the_rest_is_kept(
    tmp_path: Path, make_set: MakeSet, open_store: Open
) -> None:
    sources, images = make_set(5)
    sources.locate(images[1].path).unlink()
    sources.locate(images[3].path).write_bytes(sources.locate(images[0].path).read_bytes())
    store = open_store(sources, images)
    with pytest.raises(ImagesLostError, match="and 1 more can't be read any more") as lost:
        store.fill()
    assert {failure.path for failure in lost.value.failures} == {images[1].path, images[3].path}
    assert store.read([0, 2, 4]).shape[0] == 3


def test_cancelling_keeps_what_was_decoded(tmp_path: Path, make_set: MakeSet, open_store: Open) -> None:
    sources, images = make_set(5)
    store = open_store(sources, images)
    assert not store.fill(cancelled=lambda: True)
    sources.locate(images[0].path).unlink()
    assert store.read([0]).shape[0] == 1


def test_old_stores_are_dropped_beyond_the_limit(tmp_path: Path, make_set: MakeSet, open_store: Open) -> None:
    cache = tmp_path / "cache"
    sources, images = make_set(3)
    first = open_store(sources, images)
    old = next(cache.rglob("*.records"))
    os.utime(old, (0, 0))
    first.close()
    open_store(sources, images[:2], most_bytes=1000)
    assert not old.exists()
    assert len(list(cache.rglob("*.records"))) == 1
