"""Image files made in memory; the fixture ``make`` hands out everything here."""

import io
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import imagecodecs
import numpy as np
import pydicom
import pytest
import tifffile
from PIL import Image
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, generate_uid

from counterpoise.core.catalog.readers import Frame, read_frames_of_bytes

COLOUR = np.kron(np.random.default_rng(0).integers(0, 256, (12, 16, 3)), np.ones((8, 8, 1))).astype(np.uint8)
GREY = np.ascontiguousarray(COLOUR[..., 0])
DEEP = GREY.astype(np.uint16) * 257 ^ 5


def saved(pixels: np.ndarray, image_format: str, mode: str | None = None, **options: Any) -> bytes:
    stream = io.BytesIO()
    image = Image.fromarray(pixels)
    (image.convert(mode) if mode else image).save(stream, image_format, **options)
    return stream.getvalue()


def tiff(pixels: np.ndarray, **options: Any) -> bytes:
    stream = io.BytesIO()
    tifffile.imwrite(stream, pixels, **options)
    return stream.getvalue()


def deep_colour_png(pixels: np.ndarray) -> bytes:
    return imagecodecs.png_encode(pixels)


def dicom(stored: np.ndarray, bits: int | None = None, frames: int = 0, **tags: Any) -> bytes:
    """A grey DICOM file of stored integers [h, w], or [frames, h, w]."""
    data = Dataset()
    data.file_meta = FileMetaDataset()
    data.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    data.SOPClassUID, data.SOPInstanceUID = "1.2.840.10008.5.1.4.1.1.7", generate_uid(entropy_srcs=["x"])
    data.Rows, data.Columns = stored.shape[-2:]
    data.SamplesPerPixel, data.PhotometricInterpretation = 1, "MONOCHROME2"
    data.BitsAllocated = 8 * stored.dtype.itemsize
    data.BitsStored = bits or data.BitsAllocated
    data.HighBit = data.BitsStored - 1
    data.PixelRepresentation = int(stored.dtype.kind == "i")
    if frames:
        data.NumberOfFrames = frames
    for keyword, value in tags.items():
        setattr(data, keyword, value)
    data.PixelData = stored.tobytes() + b"\0" * (stored.nbytes % 2)
    data["PixelData"].VR = "OW" if stored.dtype.itemsize > 1 else "OB"
    stream = io.BytesIO()
    data.save_as(stream, enforce_file_format=True)
    return stream.getvalue()


def frames_of(data: bytes, name: str = "") -> list[Frame]:
    return list(read_frames_of_bytes(data, name))


def only(data: bytes, name: str = "") -> Frame:
    (frame,) = frames_of(data, name)
    return frame


def sample(name: str) -> Path:
    """One of the DICOM files that pydicom brings along."""
    return next(Path(pydicom.__file__).parent.glob(f"data/test_files/**/{name}"))


@pytest.fixture(scope="session")
def make() -> ModuleType:
    return sys.modules[__name__]
