"""Patients from DICOM: known by pseudonym, kept together, never stored."""

from pathlib import Path

import numpy as np
import pytest
from pydicom.dataset import FileDataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, SecondaryCaptureImageStorage, generate_uid


def write_dicom(file: Path, seed: int, patient_id: str | None) -> None:
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = SecondaryCaptureImageStorage
    meta.MediaStorageSOPInstanceUID = generate_uid(entropy_srcs=[str(seed)])
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset = FileDataset(str(file), {}, file_meta=meta, preamble=b"\0" * 128)
    dataset.SOPClassUID = meta.MediaStorageSOPClassUID
    dataset.SOPInstanceUID = meta.MediaStorageSOPInstanceUID
    dataset.PatientName = "Doe^Jane"
    if patient_id is not None:
        dataset.PatientID = patient_id
    dataset.Rows, dataset.Columns = 6, 8
    dataset.SamplesPerPixel, dataset.PhotometricInterpretation = 1, "MONOCHROME2"
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit, dataset.PixelRepresentation = 16, 12, 11, 0
    dataset.PixelData = np.random.default_rng(seed).integers(0, 4096, (6, 8), dtype=np.uint16).tobytes()
    file.parent.mkdir(parents=True, exist_ok=True)
    dataset.save_as(file, enforce_file_format=True)


@pytest.fixture
def dicoms(data: Path) -> Path:
    for number in range(24):
        write_dicom(data / "ab"[number % 2] / f"{number}.dcm", number, f"PID-{number // 2 % 6}-{number % 2}")
    return data


def test_patients_stay_in_one_part_under_pseudonyms(dicoms, scanned, found, home):
    catalog = scanned()
    assert len({image.group for image in catalog.images}) == 12
    assert all(image.units == "dicom" and image.bits == 12 for image in catalog.images)
    parts: dict[str, set[str]] = {}
    for image in catalog.images:
        parts.setdefault(image.group, set()).add(image.part)
    assert all(len(each) == 1 for each in parts.values())
    assert not found(catalog, "patients-unknown")
    (finding,) = found(catalog, "identifiers-present")
    assert str(finding.severity) == "info"
    for file in home.rglob("*"):
        if file.is_file():
            content = file.read_bytes()
            assert b"PID-" not in content
            assert b"Doe" not in content
            assert b"Jane" not in content


@pytest.mark.parametrize("patient_id", [None, "", "Anonymous", "0000", "ANON"])
def test_placeholders_are_no_patients(data, scanned, found, patient_id):
    for number in range(6):
        write_dicom(data / "ab"[number % 2] / f"{number}.dcm", number, patient_id)
    catalog = scanned()
    assert {image.group for image in catalog.images} == {""}
    assert found(catalog, "patients-unknown")
