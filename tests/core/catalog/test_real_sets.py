"""Real images: nothing is said about them that a careful expert would call untrue."""

from pathlib import Path

import pytest

REAL = Path(__file__).resolve().parents[4] / "shared" / "data"
needs_real = pytest.mark.skipif(not REAL.is_dir(), reason="the real image sets aren't on this computer")


@needs_real
def test_hannover_by_patient(scanned, found):
    catalog = scanned(REAL / "hannover_cxr" / "view")
    assert catalog.counts() == {"ap": 194, "pa": 49}
    (finding,) = found(catalog, "patients-unknown")
    assert finding.evidence["patients"] == 71
    grouped = scanned(REAL / "hannover_cxr" / "view", group_by=finding.fix.set["data.group_by"])
    by_csv = scanned(REAL / "hannover_cxr", labels=REAL / "hannover_cxr" / "sex.csv")
    assert {str(f.severity) for f in by_csv.findings} == {"info"}
    for each in (catalog, grouped):  # lying patients were taken with another machine, in another format
        (finding,) = found(each, "shortcut")
        assert finding.evidence["properties"][0]["property"] == "aspect"
        assert [f.code for f in each.findings if str(f.severity) != "info"] == ["shortcut"]
    assert len({image.group for image in grouped.images}) == 71
    assert len({image.group for image in by_csv.images}) == 71
    assert by_csv.counts() == {"f": 63, "m": 180}


@needs_real
def test_pneumoniamnist_keeps_its_parts_and_tells_of_its_copies(scanned, found):
    catalog = scanned(REAL / "pneumoniamnist")
    assert catalog.own_parts == ("train", "val", "test")
    assert catalog.counts() == {"normal": 1583, "pneumonia": 4273}
    (finding,) = found(catalog, "duplicate-across-splits")
    assert str(finding.severity) == "warning"
    assert finding.evidence["contents"] == 8
    assert not [f for f in catalog.findings if str(f.severity) == "blocker"]
    assert [f.code for f in catalog.findings if str(f.severity) == "warning"] == ["duplicate-across-splits"]
    assert not found(scanned(REAL / "pneumoniamnist", exclude=finding.fix.set["data.exclude"]), finding.code)


@needs_real
def test_rbc12_by_smear(scanned, found):
    catalog = scanned(REAL / "rbc12_crops", group_by="name:^([^_]+)_")
    assert len(catalog.labels) == 13
    twice, finding = [f for f in catalog.findings if str(f.severity) != "info"]
    # Two cells were photographed twice, in overlapping pictures, and labelled differently.
    assert (twice.code, twice.evidence["n_pairs"]) == ("near-duplicate", 2)
    assert {path.rpartition("/")[2].partition("_")[0] for path in twice.paths} == {
        "img94",
        "img95",
        "img271",
        "img277",
    }
    assert finding.code == "shortcut"  # its elliptocytes come from brighter pictures than the others
    assert {p["class"] for p in finding.evidence["properties"]} == {"12_elliptocyte"}
    for label in catalog.labels:
        for part, share in (("val", 0.2), ("test", 0.2)):
            assert abs(catalog.counts(part)[label] / catalog.counts()[label] - share) < 0.03
    assert len({(i.group, i.part) for i in catalog.images}) == len({i.group for i in catalog.images})
