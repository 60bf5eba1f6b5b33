"""Names, dates and record numbers are noticed by kind; their values never leave the reader."""

import pytest
from PIL import Image, PngImagePlugin

from counterpoise.core.catalog.readers.identifiers import kinds_in_text


@pytest.mark.parametrize(
    ("key", "value", "kinds"),
    [
        ("Author", "Erika Muster", {"name"}),
        ("Comment", "Muster^Erika", {"name"}),
        ("Description", "Patient: Muster", {"name"}),
        ("PatientID", "4711", {"record number"}),
        ("Comment", "MRN 0012345", {"record number"}),
        ("Comment", "seen on 12.03.2019", {"date"}),
        ("Comment", "20190312", {"date"}),
        ("Creation Time", "12 Mar 2019", {"date"}),
        ("Title", "0664ee2b", set()),
        ("Software", "Program 2019.03.12", set()),
        ("date:create", "2024-05-01T10:00:00+00:00", set()),
        ("comment", "CREATOR: gd-jpeg v1.0 (using IJG JPEG v62), quality = 90", set()),
        ("Artist", "anonymous", set()),
        ("Comment", "Created with GIMP", set()),
        ("dpi", "300", set()),
    ],
)
def test_kinds_in_text(key, value, kinds):
    assert kinds_in_text(key, value) == kinds


def test_text_chunks_and_exif_are_noted_without_values(make):
    info = PngImagePlugin.PngInfo()
    info.add_text("Patient", "Erika Muster")
    exif = Image.Exif()
    exif[0x0132] = "2019:03:12 10:00:00"
    for data, kind in (
        (make.saved(make.GREY, "PNG", pnginfo=info), "name"),
        (make.saved(make.GREY, "JPEG", exif=exif), "date"),
        (make.tiff(make.GREY, datetime="2019:03:12 10:00:00"), "date"),
    ):
        (note,) = make.only(data).notes
        assert note == ("identifiers-present", {"where": "metadata", "kinds": [kind]})


def test_plain_files_are_silent(make):
    for image_format in ("PNG", "JPEG", "GIF", "WebP", "BMP", "TIFF"):
        assert make.only(make.saved(make.GREY, image_format)).notes == ()


def test_dicom_tags_and_burned_in_text_are_told_apart(make):
    frame = make.only(make.dicom(make.GREY, PatientName="Muster^Erika", PatientID="4711"))
    assert frame.patient_id == "4711"
    assert frame.notes == (("identifiers-present", {"where": "dicom-tags", "kinds": ["name"]}),)
    burned = make.only(make.dicom(make.GREY, BurnedInAnnotation="YES"))
    assert burned.notes == (("identifiers-present", {"where": "pixels", "kinds": ["name"]}),)
    assert "Muster" not in repr(frame)
    assert "4711" not in repr(frame)


@pytest.mark.parametrize(
    "name", ["", "ANONYMOUS^^^^", "Anonymous^Patient", "anonymized", "REMOVED", "Unknown"]
)
def test_what_anonymisation_leaves_behind_is_no_name(make, name):
    data = make.dicom(make.GREY, PatientName=name, PatientBirthDate="", InstitutionName="none")
    assert make.only(data).notes == ()
