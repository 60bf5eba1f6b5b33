"""Names that give someone away, and names that only look like it."""

import pytest

from counterpoise.core.catalog.privacy import identifying_kinds


@pytest.mark.parametrize(
    ("path", "kinds"),
    [
        ("a/Smith_John.png", ("name",)),
        ("a/MUELLER ANNA 12.dcm", ("name",)),
        ("a/Doe^Jane.dcm", ("name",)),
        ("Mr Brown/1.png", ("name",)),
        ("a/James Brown.png", ("name",)),
        ("a/Victoria_Smith.png", ("name",)),
        ("Alexander Brandt/1.png", ("name",)),
        ("a/scan_1962-03-04.png", ("date",)),
        ("a/20190304_12.png", ("date",)),
        ("a/04.03.1962.png", ("date",)),
        ("a/MRN0012345.png", ("record number",)),
        ("a/accession-998877.png", ("record number",)),
        ("Peter Meier 1950-01-31/x.png", ("date", "name")),
    ],
)
def test_identifying(path, kinds):
    assert identifying_kinds(path) == kinds


@pytest.mark.parametrize(
    "path",
    [
        "view/ap/0664ee2b_26e8db49.png",
        "a/19870412ab.png",
        "COVID/2020.03.01.20029769-p21-73.png",
        "a/img119620304.png",
        "train/normal/0001.png",
        "NORMAL2-IM-1440-0001.jpeg",
        "person100_bacteria_475.jpeg",
        "BloodImage_00403_16.jpg",
        "ISIC_0024306.jpg",
        "Normal_Lung/IM-0001.png",
        "1.2.840.113619.2.55.3.2831208458.20190304.dcm.1",
        "Rose_Bengal/1.png",
        "Victoria Blue/1.png",
        "Victoria_Blue_B/1.png",
        "Alexander Disease/2.png",
        "Stain_Victoria/2.png",
        "May_Grunwald_Giemsa/1.png",
        "drusen_dr_12.png",
        "Basal Cell Carcinoma/4.png",
        "05_stomatocyte/img115_005.png",
        "Case_1234.png",
        "John/1.png",
        "MR_small.dcm",
        "mr_brain_12.dcm",
        "DR_Moderate/3.png",
        "Polycythemia_Vera/3.png",
        "Charcot-Marie-Tooth/1.png",
    ],
)
def test_pseudonyms_and_plain_names_are_none(path):
    assert identifying_kinds(path) == ()
