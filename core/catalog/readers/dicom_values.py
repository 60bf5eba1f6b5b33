"""From stored DICOM values to those that mean something: inversion, modality transform, padding."""

import logging
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Values = NDArray[Any]
# It logs every odd value as it stands in the file, and that may be a name.
logging.getLogger("pydicom").disabled = True


@dataclass(frozen=True)
class Transform:
    """What turns the stored values of one grey frame into its real ones.

    MONOCHROME1 is inverted before the modality transform: (2^BitsStored - 1) - v for unsigned and
    -1 - v for signed values. Then rescale slope and intercept (DICOM PS3.3 C.11.1) or the table of the
    Modality LUT Sequence.
    """

    top: int | None
    """Inversion is ``top - v``; None where there is none."""
    slope: float
    intercept: float
    table: tuple[int, Values] | None
    """First stored value mapped, and the table; values outside take its ends."""
    padding: tuple[float, float] | None
    """Range of stored values that are padding, both ends included; NaN stands for NaN."""
    padding_value: float = 0

    def apply(self, stored: Values) -> tuple[Values, float | None]:
        """Return real values [h, w] and the value that marks padding (None: there is none in this frame).

        All padding becomes the image of PixelPaddingValue, also where a range is padding.
        """
        real = self._real(stored)
        if self.padding is None:
            return real, None
        low, high = self.padding
        mask = np.isnan(stored) if np.isnan(low) else (stored >= low) & (stored <= high)
        if not mask.any():
            return real, None
        value = self._real(
            np.array([[self.padding_value]], stored.dtype if stored.dtype.kind == "f" else np.int64)
        )[0, 0]
        if np.isnan(value):  # any number that no other pixel has stands for it
            value = np.nextafter(np.nanmin(real), np.float32(-np.inf)) if not mask.all() else np.float32(0)
        real[mask] = value
        return real, float(value)

    def window(self, center: float, width: float) -> tuple[float, float] | None:
        """Return a window of the file in our values, which run backwards after an inversion."""
        if self.top is None:
            return center, width
        if self.table is not None:
            return None
        return self.slope * self.top + 2 * self.intercept - center, width

    def _real(self, stored: Values) -> Values:
        if stored.dtype.kind == "f":
            return (stored * self.slope + self.intercept).astype(np.float32)
        values: Values = stored.astype(np.int64 if stored.dtype.itemsize > 2 else np.int32)
        if self.top is not None:
            np.subtract(self.top, values, out=values)
        if self.table is not None:
            first, table = self.table
            mapped: Values = table[np.clip(values - first, 0, len(table) - 1)]
            return mapped
        if self.slope == 1 and self.intercept == 0:
            return values.astype(np.float32)
        return (values.astype(np.float64) * self.slope + self.intercept).astype(np.float32)


def transform_of(dataset: Any, frame: int) -> Transform:
    """Read the transform of one frame, from its functional groups where it has them."""
    group = functional_group(dataset, frame, "PixelValueTransformationSequence")
    bits = bits_stored(dataset)
    signed = int(dataset.get("PixelRepresentation", 0) or 0) == 1
    inverted = dataset.get("PhotometricInterpretation") == "MONOCHROME1" and "PixelData" in dataset
    padding, reach = _padding(dataset, bits, signed)
    return Transform(
        top=(-1 if signed else 2**bits - 1) if inverted else None,
        slope=_number(group.get("RescaleSlope"), 1.0),
        intercept=_number(group.get("RescaleIntercept"), 0.0),
        table=_modality_table(dataset, signed),
        padding=reach,
        padding_value=padding,
    )


def _padding(dataset: Any, bits: int, signed: bool) -> tuple[float, tuple[float, float] | None]:
    """Return the padding's own value and the range of values that are padding; None where there is none.

    Float pixels have tags of their own (DICOM PS3.3, C.7.6.24 and C.7.6.25).
    """
    kind = next((kind for kind in ("DoubleFloat", "Float") if f"{kind}PixelData" in dataset), "")
    padding = dataset.get(f"{kind}PixelPaddingValue")
    limit = dataset.get(f"{kind}PixelPaddingRangeLimit", padding)
    if padding is None or limit is None:
        return 0, None
    if kind:
        padding, limit = float(padding), float(limit)
    else:
        padding, limit = _with_sign(int(padding), bits, signed), _with_sign(int(limit), bits, signed)
    return padding, (min(padding, limit), max(padding, limit))


def functional_group(dataset: Any, frame: int, keyword: str) -> Any:
    """Return the item that rules a frame: its own functional group, the shared one, or the dataset."""
    per_frame = dataset.get("PerFrameFunctionalGroupsSequence") or ()
    shared = dataset.get("SharedFunctionalGroupsSequence") or ()
    for groups in (per_frame[frame : frame + 1], shared[:1]):
        for group in groups:
            if items := group.get(keyword):
                return items[0]
    return dataset


def bits_stored(dataset: Any) -> int:
    """BitsStored where it makes sense, else BitsAllocated; 32 for float pixels."""
    allocated = int(dataset.get("BitsAllocated") or 32)
    stored = int(dataset.get("BitsStored") or allocated)
    return stored if 0 < stored <= allocated else allocated


def _number(value: Any, default: float) -> float:
    return default if value is None or value == "" else float(value)


def _with_sign(value: int, bits: int, signed: bool) -> int:
    """Mend a padding value written with the other sign than the pixels have."""
    if signed and value >= 2 ** (bits - 1):
        return value - (2**16 if value >= 2**bits else 2**bits)
    return value % 2**16 if not signed and value < 0 else value


def _modality_table(dataset: Any, signed: bool) -> tuple[int, Values] | None:
    items = dataset.get("ModalityLUTSequence")
    if not items:
        return None
    entries, first, bits = (int(number) for number in items[0].LUTDescriptor)
    entries = entries or 2**16
    data = items[0].LUTData
    if isinstance(data, bytes):
        order = "<" if dataset.original_encoding[1] in (True, None) else ">"
        width = "u1" if len(data) < 2 * entries and bits <= 8 else f"{order}u2"
        data = np.frombuffer(data, width)
    table = np.asarray(data, np.float32).reshape(-1)[:entries]
    if not len(table):
        raise ValueError("the Modality LUT is empty")
    return first - 2**16 if signed and first >= 2**15 else first, table
