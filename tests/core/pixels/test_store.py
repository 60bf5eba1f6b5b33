"""Decode once."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from counterpoise.core.catalog.measure import measure
from counterpoise.core.catalog.readers import read_frame
from counterpoise.core.catalog.types import ImageRecord, Sources
from counterpoise.core.pixels.fit import fit_scaling
from counterpoise.core.pixels.format import PixelFormat
from counterpoise.core.pixels.prepare import prepare
from counterpoise.core.pixels.store import ImagesLostError, ImageStore
from counterpoise.core.settings import ScalingSettings

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


def test_frames_of_one_file_and_single_images_mix(
    tmp_path: Path, make_set: MakeSet, open_store: Open
) -> None:
    sources, images = make_set(2)
    rng = np.random.default_rng(4)
    pages = [Image.fromarray(rng.integers(0, 256, (20, 20), np.uint8)) for _ in range(4)]
    file = tmp_path / "data" / "stack.tif"
    pages[0].save(file, save_all=True, append_images=pages[1:])
    readings = measure(str(file), b"key").frames
    stack = tuple(
        replace(images[0], path="stack.tif", frame=reading.frame, content=reading.content)
        for reading in readings
    )
    assert [image.frame for image in stack] == [0, 1, 2, 3]
    store = open_store(sources, (stack[3], *images, stack[1]))
    assert store.fill()
    expected = [np.asarray(pages[i].resize((16, 16), Image.Resampling.BILINEAR)) for i in (3, 1)]
    assert (store.read([0, 3])[..., 0] == np.stack(expected)).all()


def test_padding_of_dicom_is_a_gap_for_statistics_and_filled_for_the_network(
    tmp_path: Path, make_set: MakeSet
) -> None:
    pydicom = pytest.importorskip("pydicom")
    sources, images = make_set(1)
    file = tmp_path / "data" / "ct.dcm"
    write_ct(pydicom, file)
    reading = measure(str(file), b"key").frames[0]
    image = replace(images[0], path="ct.dcm", content=reading.content, units="dicom")
    fmt = PixelFormat(size=(16, 16), channels=1, units="dicom")
    with ImageStore.open(tmp_path / "cache", sources, (image,), fmt) as store:
        store.fill()
        assert np.isnan(store.read_with_gaps([0])[0, :8]).all()
        assert store.read([0]).min() == -1000
        fitted = fit_scaling(ScalingSettings(method="minmax"), fmt, store.blocks([0]))
    assert fitted.offset == (-1000,)
    assert fitted.scale == (1 / 300,)


def write_ct(pydicom: Any, path: Path) -> None:
    """Write 16 x 16 values of -1000 to -700 whose upper half is padding of -2000."""
    stored = np.linspace(24, 324, 256).reshape(16, 16).astype(np.int16)
    stored[8, 0], stored[-1, -1] = 24, 324
    stored[:8] = -976
    ds = pydicom.Dataset()
    ds.file_meta = pydicom.dataset.FileMetaDataset()
    ds.file_meta.TransferSyntaxUID = pydicom.uid.ExplicitVRLittleEndian
    ds.file_meta.MediaStorageSOPClassUID = ds.SOPClassUID = pydicom.uid.CTImageStorage
    ds.file_meta.MediaStorageSOPInstanceUID = ds.SOPInstanceUID = "1.2.3"
    ds.Rows = ds.Columns = 16
    ds.SamplesPerPixel, ds.PhotometricInterpretation = 1, "MONOCHROME2"
    ds.BitsAllocated = ds.BitsStored = 16
    ds.HighBit, ds.PixelRepresentation = 15, 1
    ds.RescaleSlope, ds.RescaleIntercept = 1, -1024
    ds.PixelPaddingValue = -976
    ds.PixelData = stored.tobytes()
    ds.save_as(path, enforce_file_format=True)
