"""DICOM: stored values become real ones, by hand-computed references and pydicom's own sample files."""

import subprocess
import sys

import numpy as np
import pytest
from pydicom.dataset import Dataset

from counterpoise.core.catalog.readers import UnreadableImage, read_frame, read_frames, read_frames_of_bytes

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


def test_a_deflated_file_is_read_and_a_bomb_is_refused(make, monkeypatch):
    path = make.sample("image_dfl.dcm")
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
