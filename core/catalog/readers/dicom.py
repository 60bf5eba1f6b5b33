"""DICOM through pydicom: every transfer syntax that free decoders read, as real values."""

import io
import zlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
import pydicom
from pydicom.pixels import apply_color_lut, as_pixel_options, get_decoder
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    JPEG2000TransferSyntaxes,
    JPEGLSTransferSyntaxes,
    RLELossless,
)

from counterpoise.core.catalog.readers import imagecodecs_plugin
from counterpoise.core.catalog.readers.dicom_kinds import what_it_is
from counterpoise.core.catalog.readers.dicom_palette import colour_bits, mend_byte_order
from counterpoise.core.catalog.readers.dicom_values import bits_stored, transform_of
from counterpoise.core.catalog.readers.dicom_windows import modality_of, windows_of
from counterpoise.core.catalog.readers.frame import Frame, Note, UnreadableImage, Window, multi_frame_note
from counterpoise.core.catalog.readers.identifiers import identifier_note, tells_of_somebody
from counterpoise.core.catalog.readers.jp2_boxes import check_boxes
from counterpoise.core.catalog.readers.limits import (
    MAX_FILE_BYTES,
    check_bytes,
    check_finite,
    check_frames,
    check_size,
    decoding,
)
from counterpoise.core.catalog.types import NO_FRAME

_PIXELS = ("PixelData", "FloatPixelData", "DoubleFloatPixelData")
_DIRECTORY = "1.2.840.10008.1.3.10"
_IDENTIFYING = {
    "name": ("PatientName", "OtherPatientNames", "PatientMotherBirthName", "ReferringPhysicianName"),
    "date": ("PatientBirthDate",),
    "record number": ("OtherPatientIDs", "AccessionNumber", "MedicalRecordLocator"),
    "place": ("PatientAddress", "InstitutionName", "InstitutionAddress"),
}
imagecodecs_plugin.register()


def read_dicom(data: bytes, wanted: Iterable[int] | None = None) -> Iterator[Frame]:
    """Yield the frames ``wanted`` (None: all), each decoded when asked for.

    Grey values are inverted (MONOCHROME1) and rescaled, palettes applied, YBR turned into RGB; nothing is
    windowed and no overlay drawn.
    """
    with decoding("DICOM file"):
        dataset = _open(data)
        count = int(dataset.get("NumberOfFrames") or 1)
        check_frames(count)
        indices = list(range(count) if wanted is None else wanted)
        stored = _stored(dataset, indices, whole=wanted is None)
        notes, modality = _notes(dataset, count), modality_of(dataset)
        patient = str(dataset.get("PatientID") or "").strip() or None
    for index in indices:
        with decoding("DICOM file"):
            try:
                values, properties = next(stored, (None, {}))
            except RuntimeError as error:  # pydicom's list of what each decoder said
                name = dataset.file_meta.TransferSyntaxUID.name.partition(" (Process")[0]
                raise UnreadableImage(f"no decoder can read its pixels ({name}): they are damaged") from error
            if values is None:
                raise UnreadableImage(f"the DICOM file is truncated: frame {index} of {count} is missing")
            pixels, padding, windows = _real(dataset, index, values, properties)
        check_finite(pixels)
        yield Frame(
            pixels=pixels,
            bits=colour_bits(dataset) or bits_stored(dataset),
            units="dicom",
            format="DICOM",
            frame=index if count > 1 else NO_FRAME,
            n_frames=count,
            padding=padding,
            patient_id=patient,
            windows=windows,
            modality=modality,
            notes=notes,
        )


def _open(data: bytes) -> Any:
    """Parse, and refuse what has no pixels or too many."""
    _refuse_bomb(data)
    dataset = pydicom.dcmread(io.BytesIO(data), force=True)
    meta = dataset.file_meta
    if meta.get("MediaStorageSOPClassUID") == _DIRECTORY:
        raise UnreadableImage("the directory of a DICOM disc, which holds no image", "unsupported-file")
    if not any(keyword in dataset for keyword in _PIXELS):
        if "SOPClassUID" not in dataset and "Rows" not in dataset:
            raise UnreadableImage("the DICOM file is truncated or holds no image")
        raise UnreadableImage(f"the DICOM file has no pixels{what_it_is(dataset)}")
    columns, rows = int(dataset.get("Columns") or 0), int(dataset.get("Rows") or 0)
    check_size(columns, rows)
    check_bytes(
        columns, rows, int(dataset.get("SamplesPerPixel") or 1), int(dataset.get("BitsAllocated") or 8)
    )
    if "TransferSyntaxUID" not in meta:
        implicit, little = dataset.original_encoding
        explicit = ExplicitVRLittleEndian if little else ExplicitVRBigEndian
        meta.TransferSyntaxUID = ImplicitVRLittleEndian if implicit else explicit
    mend_byte_order(dataset)
    return dataset


def _refuse_bomb(data: bytes) -> None:
    """Raise where a deflated file would unpack to more than the largest file we read."""
    if DeflatedExplicitVRLittleEndian.encode() not in data[132:1024]:
        return
    start = 144 + int.from_bytes(data[140:144], "little")  # behind the group of the file's meta information
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
    size, rest = 0, data[start:]
    while rest and not unpacker.eof:
        size += len(unpacker.decompress(rest, 1 << 24))
        rest = unpacker.unconsumed_tail
        if size > MAX_FILE_BYTES:
            raise UnreadableImage("the DICOM file unpacks to more than 2 GB", "oversized-image")


def _stored(dataset: Any, indices: Sequence[int], whole: bool) -> Iterator[tuple[Any, dict[str, Any]]]:
    """Yield stored values [h, w] or [h, w, 3] and pydicom's description of each frame."""
    syntax = dataset.file_meta.TransferSyntaxUID
    decoder, options = get_decoder(syntax), as_pixel_options(dataset)
    if syntax in JPEG2000TransferSyntaxes:
        check_boxes(dataset.get("PixelData") or b"")
    if syntax in (*JPEG2000TransferSyntaxes, *JPEGLSTransferSyntaxes):
        # iter_array corrects signs in place, in memory that these decoders give read-only (pydicom 3.0.2).
        return (decoder.as_array(dataset, index=index, **options) for index in indices)
    if syntax == RLELossless:
        options["decoding_plugin"] = imagecodecs_plugin.LABEL
    return iter(decoder.iter_array(dataset, indices=None if whole else indices, **options))


def _real(
    dataset: Any, index: int, stored: np.ndarray[Any, Any], properties: dict[str, Any]
) -> tuple[np.ndarray[Any, np.dtype[np.float32]], float | None, tuple[Window, ...]]:
    """Return real values, the padding's value, and the file's own windows in those values."""
    if stored.ndim == 3:
        if stored.shape[2] != 3:
            raise UnreadableImage(f"it has {stored.shape[2]} samples per pixel; expected 1 or 3")
        space = str(properties.get("photometric_interpretation", "RGB"))
        if space not in ("RGB", "YBR_RCT", "YBR_ICT"):
            raise UnreadableImage("its colour space can't be read; expected RGB, YBR or a palette")
        return stored.astype(np.float32), None, ()
    if dataset.get("PhotometricInterpretation") == "PALETTE COLOR":
        colours = apply_color_lut(stored, dataset)[..., :3]
        return np.ascontiguousarray(colours, np.float32), None, ()
    transform = transform_of(dataset, index)
    pixels, padding = transform.apply(stored)
    return pixels, padding, windows_of(dataset, index, transform)


def _notes(dataset: Any, count: int) -> tuple[Note, ...]:
    in_tags = {
        kind
        for kind, keywords in _IDENTIFYING.items()
        if any(tells_of_somebody(dataset.get(keyword)) for keyword in keywords)
    }
    burned = str(dataset.get("BurnedInAnnotation") or "").strip().upper() == "YES"
    in_pixels = identifier_note("pixels", ["name"]) if burned else ()
    return (*multi_frame_note(count), *in_pixels, *identifier_note("dicom-tags", in_tags))
