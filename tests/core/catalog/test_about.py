import io
import math
from collections.abc import Iterator

import numpy as np
import pydicom
import pytest
from pydicom.config import IGNORE, settings
from pydicom.data import get_testdata_file
from pydicom.datadict import DicomDictionary
from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset

from counterpoise.core.catalog.about import About, about
from counterpoise.core.catalog.readers import UnreadableImage

SECRET = "MILLERSECRET"
TEXTS = ("AE", "AS", "CS", "DA", "DS", "DT", "IS", "LO", "LT", "PN", "SH", "ST", "TM", "UC", "UI", "UR", "UT")


@pytest.fixture
def lenient() -> Iterator[None]:
    """Write what no program should write."""
    before = settings.writing_validation_mode
    settings.writing_validation_mode = IGNORE
    yield
    settings.writing_validation_mode = before


def file_of(dataset: Dataset) -> bytes:
    buffer = io.BytesIO()
    dataset.save_as(buffer)
    return buffer.getvalue()


def told(found: About) -> str:
    return " ".join(str(value) for value in vars(found).values())


@pytest.mark.parametrize("secret", [SECRET, "CT MILLERSECRET", "Siemens MILLERSECRET 3T"])
def test_a_secret_in_every_text_is_never_told(lenient, secret):
    source = pydicom.dcmread(get_testdata_file("CT_small.dcm"))
    kept = {name: source[name] for name in ("Rows", "Columns", "BitsAllocated", "BitsStored", "PixelData")}
    dataset = Dataset()
    dataset.file_meta = source.file_meta
    for element in kept.values():
        dataset.add(element)
    for tag, (vr, *_) in DicomDictionary.items():
        if vr in TEXTS and tag >> 16 >= 8 and tag != 0x00080005:  # how texts are encoded
            dataset.add(DataElement(tag, "LO" if vr in ("DS", "IS") else vr, secret, validation_mode=IGNORE))
    dataset.private_block(0x1009, secret, create=True).add_new(1, "LO", secret)
    shared = Dataset()
    measures = Dataset()
    measures.add_new("ImageComments", "LT", secret)
    shared.PixelMeasuresSequence = [measures]
    dataset.SharedFunctionalGroupsSequence = [shared]
    found = about(file_of(dataset))
    assert "MILLER" not in told(found)
    assert "SECRET" not in told(found)


def test_what_a_ct_tells():
    with open(get_testdata_file("CT_small.dcm"), "rb") as file:  # noqa: PTH123  # a path of pydicom's own
        found = about(file.read())
    assert (found.modality, found.maker, found.kvp, found.mas) == ("CT", "GE", 120.0, 170.0)
    assert found.rescale == (1.0, -1024.0)
    assert found.spacing is not None
    assert math.isclose(found.spacing[0], 0.661468)
    assert found.age == ""  # the file says 000Y


def test_what_a_device_is_called():
    dataset = pydicom.dcmread(get_testdata_file("CT_small.dcm"))
    dataset.Manufacturer, dataset.ManufacturerModelName = "SIEMENS", "SOMATOM Definition of Dr. Miller 64"
    dataset.PatientAge, dataset.BodyPartExamined, dataset.ViewPosition = "093Y", "CHEST", "AP"
    found = about(file_of(dataset))
    assert (found.maker, found.model) == ("Siemens", "SOMATOM Definition Dr 64")
    assert (found.age, found.body_part, found.view) == ("90 years or older", "chest", "AP")
    dataset.Manufacturer = "Miller & Sons"
    assert (about(file_of(dataset)).maker, about(file_of(dataset)).model) == ("", "")


def test_measures_of_single_frames():
    path = get_testdata_file("emri_small.dcm")
    if path is None:
        pytest.skip("pydicom-data isn't installed")
    with open(path, "rb") as file:  # noqa: PTH123  # a path of pydicom's own
        found = about(file.read(), frame=3)
    assert (found.modality, found.frames) == ("MR", 10)


def test_other_formats_tell_nothing():
    from PIL import Image

    buffer = io.BytesIO()
    Image.fromarray(np.zeros((4, 4), np.uint8)).save(buffer, "PNG")
    assert about(buffer.getvalue()) == About()


def test_what_is_no_image_is_refused():
    with pytest.raises(UnreadableImage):
        about(b"", "empty.dcm")
