"""Labels, patients and parts from a CSV file."""

from pathlib import Path

import pytest

from counterpoise.core.catalog.labels_csv import read_labels
from counterpoise.core.catalog.scan import scan
from counterpoise.core.catalog.sources import open_sources
from counterpoise.core.errors import CounterpoiseError
from counterpoise.core.findings import Severity
from counterpoise.core.settings import DataSettings


@pytest.fixture
def flat(put, data: Path) -> Path:
    for number in range(12):
        put(f"images/{number}.png")
    return data


def write(path: Path, lines: list[str], encoding: str = "utf-8") -> Path:
    path.write_bytes("\n".join(lines).encode(encoding))
    return path


def test_labels_override_folders(flat, scanned, found, tmp_path: Path):
    rows = [f"images/{n}.png,{'ab'[n % 2]}" for n in range(11)]
    catalog = scanned(labels=write(tmp_path / "l.csv", ["path,label", *rows], "utf-8-sig"))
    assert catalog.counts() == {"a": 6, "b": 5}
    assert [(s.path, s.reason) for s in catalog.skipped] == [
        ("images/11.png", "not named in the labels file")
    ]
    assert not found(catalog, "label-unknown")


def test_the_labels_file_itself_is_no_foreign_file(flat, scanned):
    rows = [f"images/{n}.png,{'ab'[n % 2]}" for n in range(12)]
    catalog = scanned(labels=write(flat / "labels.csv", ["path,label", *rows]))
    assert catalog.skipped == ()
    assert catalog.files == 12


def test_patients_and_parts(flat, scanned):
    parts = ["train"] * 6 + ["Validation"] * 3 + ["TEST"] * 3
    rows = [f"images/{n}.png;{'ab'[n % 2]};p{n // 2};{parts[n]}" for n in range(12)]
    catalog = scanned(labels=write(flat / "l.csv", ["Path;Label;Patient;Split", *rows]))
    assert [i.part for i in sorted(catalog.images, key=lambda i: int(i.path[7:-4]))] == (
        ["train"] * 6 + ["val"] * 3 + ["test"] * 3
    )
    assert len({image.group for image in catalog.images}) == 6
    assert all("p" not in image.group for image in catalog.images)


def test_rows_without_a_part_are_trained_with(flat, scanned):
    rows = [f"images/{n}.png,{'ab'[n % 2]},{'test' if n < 4 else ''}" for n in range(12)]
    catalog = scanned(labels=write(flat / "l.csv", ["path,label,split", *rows]), val=0.25)
    assert len(catalog.part("test")) == 4
    assert len(catalog.part("val")) == 2
    assert len(catalog.part("train")) == 6


def test_faults_of_rows_are_a_blocker(flat, scanned, found):
    lines = [
        "path,label,split",
        *(f"images/{n}.png,{'ab'[n % 2]}," for n in range(8)),
        "images/nowhere.png,a,",
        "images/8.png,,",
        "images/9.png,a,holdout",
        "../data/images/10.png,b,",
        "images/0.png,b,",
        ",a,",
        "",
    ]
    catalog = scanned(labels=write(flat / "l.csv", lines))
    (finding,) = found(catalog, "label-unknown")
    assert finding.severity is Severity.BLOCKER
    assert (finding.evidence["missing"], finding.evidence["unusable"]) == (1, 5)
    assert "images/nowhere.png" in finding.paths
    assert [row["line"] for row in finding.evidence["rows"]] == [10, 11, 12, 13, 14, 15]
    assert catalog.counts() == {"a": 4, "b": 4}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_encodings_and_separators(tmp_path: Path, encoding, separator):
    lines = [
        separator.join(row) for row in (("label", " PATH "), ("gesünd", "a/b.png"), ("krank", ".\\a\\c.png"))
    ]
    table = read_labels(write(tmp_path / "l.csv", lines, encoding), tmp_path)
    assert [(row.path, row.label) for row in table.rows] == [("a/b.png", "gesünd"), ("a/c.png", "krank")]
    assert not table.problems


def test_absolute_paths_within_data_and_other_unicode_forms(put, data, scanned, found):
    put("x/u\u0308ber.png")
    put("x/plain.png")
    file = write(data / "l.csv", ["path,label", "x/\u00fcber.png,a", f"{data / 'x/plain.png'},b"])
    catalog = scanned(labels=file)
    assert catalog.counts() == {"a": 1, "b": 1}
    assert not found(catalog, "label-unknown")


def test_a_file_without_the_columns_or_images_is_explained(flat, scanned, tmp_path: Path):
    with pytest.raises(CounterpoiseError, match=r"has the columns name, class; expected path and label"):
        scanned(labels=write(tmp_path / "l.csv", ["name,class", "a,b"]))
    with pytest.raises(CounterpoiseError, match="has the columns none"):
        scanned(labels=write(tmp_path / "l.csv", [""]))
    with pytest.raises(CounterpoiseError, match=r"such as 'elsewhere/1\.png'"):
        scanned(labels=write(tmp_path / "l.csv", ["path,label", "elsewhere/1.png,a"]))


def test_labels_from_the_settings(flat, scanned):
    write(flat / "l.csv", ["path,label", *(f"images/{n}.png,{'ab'[n % 2]}" for n in range(12))])
    catalog = scan(open_sources(flat), DataSettings(labels="l.csv"))
    assert catalog.counts() == {"a": 6, "b": 6}
    assert catalog.sources.labels == flat / "l.csv"
    with pytest.raises(CounterpoiseError, match="doesn't exist"):
        scan(open_sources(flat), DataSettings(labels="no.csv"))


def test_part_folders_hold_where_the_file_names_no_parts(put, scanned, found, data: Path, tmp_path: Path):
    lines = ["path,label,patient"]
    for part, number in (("train", 12), ("Validation", 4), ("test", 4)):
        for n in range(number):
            put(f"{part}/{n}.png")
            lines.append(f"{part}/{n}.png,{'ab'[n % 2]},{part}{n // 2}")
    catalog = scanned(labels=write(tmp_path / "l.csv", lines))
    assert catalog.own_parts == ("train", "val", "test")
    assert {image.part for image in catalog.images if image.path.startswith("Validation")} == {"val"}
    assert not found(catalog, "patient-across-splits")
    lines[-1] = "test/3.png,b,train0"
    (finding,) = found(scanned(labels=write(tmp_path / "l.csv", lines)), "patient-across-splits")
    assert finding.severity == Severity.BLOCKER
    named = [line + (",test" if n % 2 else ",train") for n, line in enumerate(lines[1:])]
    catalog = scanned(labels=write(tmp_path / "l.csv", [lines[0] + ",split", *named]))
    assert catalog.own_parts == ("train", "test")  # what the file says counts more


def test_excels_own_first_line_is_read(flat, scanned, found, tmp_path: Path):
    rows = [f"images/{n}.png;{'ab'[n % 2]}" for n in range(12)]
    catalog = scanned(labels=write(tmp_path / "l.csv", ["sep=;", "path;label", *rows, "images/99.png;a"]))
    assert catalog.counts() == {"a": 6, "b": 6}
    (finding,) = found(catalog, "label-unknown")
    assert "line 15" in finding.message


def test_without_a_usable_row_it_says_why(flat, scanned, tmp_path: Path):
    rows = [f"images/{n}.png,{'ab'[n % 2]},fold1" for n in range(12)]
    with pytest.raises(CounterpoiseError, match=r"line 2: 'images/0.png': the split 'fold1' is none of"):
        scanned(labels=write(tmp_path / "l.csv", ["path,label,split", *rows]))
