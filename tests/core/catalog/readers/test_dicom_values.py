"""Odd but lawful DICOM: padding ranges, segmented palettes, float pixels, rescale by frame."""

import io

import numpy as np
import pydicom
import pytest
from pydicom.dataset import Dataset

from counterpoise.core.catalog.measure import edge_of, measure, statistics
from counterpoise.core.pixels.fit import fit_scaling
from counterpoise.core.pixels.format import PixelFormat
from counterpoise.core.pixels.prepare import prepare, prepare_with_gaps
from counterpoise.core.settings import ScalingSettings

LEVELS = (np.arange(32 * 32, dtype=np.uint16).reshape(32, 32) * 3 + 100) % 3000 + 100


def with_padding(values: tuple[int, ...]) -> np.ndarray:
    """Levels with a frame of padding, three pixels wide, of these values in turn."""
    padded = LEVELS.copy()
    border = np.ones(LEVELS.shape, bool)
    border[3:-3, 3:-3] = False
    padded[border] = np.resize(values, int(border.sum()))
    return padded


@pytest.mark.parametrize(
    ("value", "limit", "used"),
    [
        (0, None, (0,)),
        (4000, 4095, (4000, 4050, 4095)),
        (4095, 4000, (4000, 4050, 4095)),
        (10, 0, (0, 10)),
        (3500, 4095, (4095,)),  # none of PixelPaddingValue itself
    ],
)
@pytest.mark.parametrize("photometric", ["MONOCHROME1", "MONOCHROME2"])
def test_a_range_of_padding_counts_in_no_statistic(make, tmp_path, value, limit, used, photometric):
    tags = {"PhotometricInterpretation": photometric, "PixelPaddingValue": value}
    tags |= {"PixelPaddingRangeLimit": limit} if limit is not None else {}
    tags |= {"RescaleSlope": 2, "RescaleIntercept": -1024}
    data = make.dicom(with_padding(used), bits=12, **tags)
    frame = make.only(data)
    inner = (4095 - LEVELS if photometric == "MONOCHROME1" else LEVELS)[3:-3, 3:-3] * 2.0 - 1024
    assert frame.padding is not None
    assert (frame.pixels[3:-3, 3:-3] == inner).all()
    assert statistics(frame) == pytest.approx((inner.min(), inner.max(), inner.mean(), inner.std()))
    (tmp_path / "a.dcm").write_bytes(data)
    (reading,) = measure(str(tmp_path / "a.dcm"), b"key").frames
    assert (reading.minimum, reading.maximum) == (inner.min(), inner.max())
    assert reading.edge == inner.min()  # as the network sees it

    fmt = PixelFormat(size=(32, 32), channels=1, units="dicom")
    scaling = fit_scaling(ScalingSettings(method="zscore"), fmt, [prepare_with_gaps(frame, fmt)[np.newaxis]])
    assert scaling.offset[0] == pytest.approx(inner.mean())
    assert 1 / scaling.scale[0] == pytest.approx(inner.std())
    assert prepare(frame, fmt).min() == inner.min()


def test_an_edge_without_padding_is_itself(make):
    frame = make.only(make.dicom(LEVELS, bits=12))
    assert edge_of(frame.pixels) == pytest.approx(
        np.concatenate([LEVELS[[0, -1]].ravel(), LEVELS[1:-1, [0, -1]].ravel()]).mean()
    )


def rewritten(data: bytes, **tags: object) -> bytes:
    """Return a file with other tags; None takes one away."""
    read = pydicom.dcmread(io.BytesIO(data))
    for keyword, value in tags.items():
        if value is None:
            delattr(read, keyword)
        elif keyword.endswith("Descriptor"):
            read.add_new(keyword, "US", value)
        else:
            setattr(read, keyword, value)
    stream = io.BytesIO()
    read.save_as(stream)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("keyword", "kind", "bits"), [("FloatPixelData", "<f4", 32), ("DoubleFloatPixelData", "<f8", 64)]
)
def test_float_pixels_keep_fractions(make, keyword, kind, bits):
    values = LEVELS / 7 - 100
    data = rewritten(
        make.dicom(LEVELS, RescaleSlope=1, RescaleIntercept=0),
        PixelData=None, BitsStored=None, HighBit=None, PixelRepresentation=None, BitsAllocated=bits,
        **{keyword: values.astype(kind).tobytes()},
    )  # fmt: skip
    frame = make.only(data)
    assert (frame.units, frame.bits, frame.pixels.dtype) == ("dicom", bits, np.float32)
    assert frame.pixels == pytest.approx(values, rel=1e-6)
    assert make.only(rewritten(data, RescaleSlope=2, RescaleIntercept=5)).pixels == pytest.approx(
        values * 2 + 5, rel=1e-6
    )


@pytest.mark.parametrize(("keyword", "kind", "bits"), [("Float", "<f4", 32), ("DoubleFloat", "<f8", 64)])
@pytest.mark.parametrize(
    ("value", "limit", "used"), [(-5.5, None, -5.5), (-9, -5, -6.25), (np.nan, None, np.nan)]
)
def test_float_pixels_have_padding_too(make, keyword, kind, bits, value, limit, used):
    values = LEVELS / 7.0
    values[:4] = used
    tags = {f"{keyword}PixelData": values.astype(kind).tobytes(), f"{keyword}PixelPaddingValue": value}
    tags |= {f"{keyword}PixelPaddingRangeLimit": limit} if limit is not None else {}
    data = rewritten(
        make.dicom(LEVELS), PixelData=None, BitsStored=None, HighBit=None, PixelRepresentation=None,
        BitsAllocated=bits, **tags,
    )  # fmt: skip
    frame = make.only(data)
    inner = values[4:]
    assert (frame.pixels == frame.padding).sum() == 4 * 32
    assert statistics(frame)[:3] == pytest.approx((inner.min(), inner.max(), inner.mean()))


def test_segmented_palettes(make):
    """Runs, ramps and repetitions (DICOM PS3.3, C.7.9.2) become the table they stand for."""
    ramp = [0, 1, 0, 1, 255, 65535]  # one value of its own, 0, then 255 steps up to 65535
    data = rewritten(
        make.dicom(np.arange(256, dtype=np.uint8).reshape(16, 16)), PhotometricInterpretation="PALETTE COLOR"
    )
    tags: dict[str, object] = {}
    for colour, words in (("Red", ramp), ("Green", [0, 1, 0, 1, 255, 0]), ("Blue", [0, 2, 7, 9, 1, 254, 9])):
        tags[f"{colour}PaletteColorLookupTableDescriptor"] = [256, 0, 16]
        tags[f"Segmented{colour}PaletteColorLookupTableData"] = np.array(words, "<u2").tobytes()
    frame = make.only(rewritten(data, **tags))
    flat = frame.pixels.reshape(-1, 3)
    assert (frame.channels, frame.bits) == (3, 16)
    assert flat[:, 0] == pytest.approx(np.arange(256) * 257, abs=1)
    assert (flat[:, 1] == 0).all()
    assert flat[:, 2].tolist() == [7.0] + [9.0] * 255


def test_frames_of_one_file_are_rescaled_each_by_its_own_and_else_by_the_shared_one(make):
    def group(slope: float, intercept: float) -> Dataset:
        outer, inner = Dataset(), Dataset()
        inner.RescaleSlope, inner.RescaleIntercept = slope, intercept
        outer.PixelValueTransformationSequence = [inner]
        return outer

    stored = np.stack([LEVELS, LEVELS, LEVELS])
    data = make.dicom(
        stored, bits=12, frames=3, RescaleSlope=50, RescaleIntercept=50,
        SharedFunctionalGroupsSequence=[group(3, 7)],
        PerFrameFunctionalGroupsSequence=[group(0.5, -10), Dataset(), group(2, 1)],
    )  # fmt: skip
    first, second, third = make.frames_of(data)
    assert (first.pixels == LEVELS * 0.5 - 10).all()
    assert (second.pixels == LEVELS * 3.0 + 7).all()
    assert (third.pixels == LEVELS * 2.0 + 1).all()


@pytest.mark.parametrize(("bits", "low"), [(16, -32768), (12, -2048)])
def test_signed_monochrome1_turns_about_minus_one_half(make, bits, low):
    stored = np.linspace(low, -low - 1, 1024).astype(np.int16).reshape(32, 32)
    kept = stored if bits == 16 else (stored & 0x0FFF).astype(np.int16)  # the upper bits are not part of it
    frame = make.only(make.dicom(kept, bits=bits, PhotometricInterpretation="MONOCHROME1"))
    assert (frame.pixels == -1.0 - stored).all()
