"""DICOM files in which every text holds a secret that must never be written or said anywhere."""

import io
import lzma
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
from pydicom.datadict import DicomDictionary
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian

WORD, DIGITS, DATE = "Zebrafinch", "7734991", "18870419"
"""Nothing that a program would write by chance; every secret holds one of them."""
PATIENT = f"{WORD}-{DIGITS}-0000"
_SECRETS = {
    "AE": WORD, "CS": WORD.upper(), "LO": f"{WORD} {DIGITS}", "LT": f"{WORD} lives here", "PN": f"{WORD}^Ann",
    "SH": WORD, "ST": f"{WORD} street", "UC": WORD, "UR": f"file:///{WORD}", "UT": f"{WORD} said",
    "DA": DATE, "DT": f"{DATE}101500", "UI": f"1.2.826.0.1.{DIGITS}", "IS": DIGITS, "DS": DIGITS,
}  # fmt: skip
"""A value for each kind of text (DICOM PS3.5, table 6.2-1); ages and times of day tell of nobody alone."""
_PIXEL_TAGS = (
    "PhotometricInterpretation NumberOfFrames RescaleSlope RescaleIntercept RescaleType TransferSyntaxUID "
    "WindowCenter WindowWidth SpecificCharacterSet BurnedInAnnotation MediaStorageSOPClassUID SOPClassUID"
)
_OF_PIXELS = frozenset(_PIXEL_TAGS.split())
"""Texts that decide how pixels are read."""
_DEVICE = "EchoTime Exposure ExposureInuAs ExposureTime KVP RepetitionTime SliceThickness XRayTubeCurrent"
_MEASURES = frozenset(_DEVICE.split())
"""Numbers of the device, which the window shows: no place for a record number."""


def make_secret_dicom(pixels: np.ndarray, **instead: object) -> bytes:
    """A grey 16-bit file with a secret in every text tag there is, nested and private ones too.

    ``instead`` puts other values in tags of pixels, by keyword.
    """
    data = _secret_texts()
    data.PatientID = PATIENT
    data.file_meta = FileMetaDataset()
    data.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    data.file_meta.MediaStorageSOPInstanceUID = _SECRETS["UI"]
    data.file_meta.SourceApplicationEntityTitle = WORD
    data.file_meta.ImplementationVersionName = WORD
    data.file_meta.PrivateInformationCreatorUID = _SECRETS["UI"]
    data.file_meta.PrivateInformation = WORD.encode()
    data.SOPClassUID = "1.2.840.10008.5.1.4.1.1.7"
    data.PhotometricInterpretation, data.SamplesPerPixel = "MONOCHROME2", 1
    data.Rows, data.Columns = pixels.shape
    data.BitsAllocated, data.BitsStored, data.HighBit, data.PixelRepresentation = 16, 12, 11, 0
    data.PixelData = pixels.astype("<u2").tobytes()
    data["PixelData"].VR = "OW"
    item = _secret_texts()
    data.RequestAttributesSequence = [item]
    item.ScheduledProtocolCodeSequence = [_secret_texts()]
    private = data.private_block(0x0099, WORD, create=True)
    for element, kind in enumerate(("LO", "PN", "UT", "UI", "DA")):
        private.add_new(element, kind, _SECRETS[kind])
    private.add_new(0x20, "UN", WORD.encode())
    for keyword, value in instead.items():
        setattr(data, keyword, value)
    stream = io.BytesIO()
    data.save_as(stream, enforce_file_format=True)
    return b"%-128b" % WORD.encode() + stream.getvalue()[128:]  # the preamble, too


def with_pixels(data: bytes, old: np.ndarray, new: np.ndarray, patient: int) -> bytes:
    """Return the same file with other pixels, of another patient: far faster than to write it anew."""
    assert old.shape == new.shape
    data = data.replace(old.astype("<u2").tobytes(), new.astype("<u2").tobytes())
    return data.replace(PATIENT.encode(), f"{PATIENT[:-4]}{patient:04}".encode())


def write_secret_folder(root: Path, each: int = 12) -> bytes:
    """Write two classes of ``each`` files, several of a patient and one twice; return one of them."""
    old = np.arange(48 * 40).reshape(48, 40)
    healthy = make_secret_dicom(old)
    for label, brightness in (("normal", 0), ("sick", 2000)):
        (root / label).mkdir(parents=True)
        for number in range(each):
            noise = np.random.default_rng(number % (each - 1) + brightness).integers(0, 2000, old.shape)
            data = with_pixels(healthy, old, noise + brightness, number // 3 + brightness)
            (root / label / f"{number:02}.dcm").write_bytes(data)
    return healthy


def _secret_texts() -> Dataset:
    data = Dataset()
    for tag, (kind, _, _, _, keyword) in DicomDictionary.items():
        if kind in _SECRETS and keyword and keyword not in _OF_PIXELS | _MEASURES and tag > 0x00080000:
            data.add_new(tag, kind, _SECRETS[kind])
    return data


def texts_of_pixels() -> frozenset[str]:
    return _OF_PIXELS - {"TransferSyntaxUID", "MediaStorageSOPClassUID"}


def secrets_in(held: bytes) -> set[str]:
    """Return which secrets stand in bytes: plain, or packed in a zip or a zlib stream."""
    found = set()
    for layer in _layers(held):
        text = layer.replace(b"\0", b"")  # UTF-16
        found |= {s for s in (WORD, DIGITS, DATE) if re.search(s.encode(), text, re.IGNORECASE)}
    return found


def assert_no_secret(folders: Iterable[Path]) -> int:
    """Fail at the first file, or name of one, that holds a secret; return how many were looked through."""
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    for path in files:
        assert not secrets_in(path.name.encode()), path
        assert not secrets_in(path.read_bytes()), path
    return len(files)


def _layers(held: bytes) -> Iterator[bytes]:
    yield held
    if zipfile.is_zipfile(io.BytesIO(held)):
        with zipfile.ZipFile(io.BytesIO(held)) as packed:
            for name in packed.namelist():
                yield from _layers(packed.read(name))
    for unpack in (zlib.decompress, lzma.decompress):
        try:
            yield unpack(held)
        except (zlib.error, lzma.LZMAError):
            continue
