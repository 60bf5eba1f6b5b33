"""The page about the data: everything on it, nobody named, and the command that writes it."""

import base64
import hashlib
import io
import json
import re
import subprocess
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from counterpoise.core.catalog.distributions.make import PicturesRequest, make_pictures
from counterpoise.core.catalog.scan import scan
from counterpoise.core.catalog.sources import open_sources
from counterpoise.core.catalog.types import NO_FRAME, Catalog, ImageRecord, Sources
from counterpoise.core.cli import edge
from counterpoise.core.errors import CounterpoiseError
from counterpoise.core.findings import Finding, Severity
from counterpoise.core.jobs.follow import self_command
from counterpoise.core.report.data_facts import DataReport, gather_data, name_of
from counterpoise.core.report.data_page import one_sentence, render_data, write_data_report
from counterpoise.core.settings import DataSettings

PERSON = "Smith_John_1962-03-04.png"


@pytest.fixture(scope="module", autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COUNTERPOISE_HOME", str(folder))
        yield folder


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two classes of different size, a name that must be escaped, a damaged file, a person's name."""
    root = tmp_path_factory.mktemp("place") / "hands"
    random = np.random.default_rng(0)
    for label, size in (("<b>broken</b>", (20, 24)), ("whole", (20, 20))):
        folder = root / label.replace("/", "")
        folder.mkdir(parents=True)
        for n in range(12):
            Image.fromarray(random.integers(0, 256, size, dtype=np.uint8)).save(folder / f"p{n}_{n}.png")
    (root / "whole" / "p3_cut.png").write_bytes((root / "whole" / "p0_0.png").read_bytes()[:150])
    (root / "whole" / PERSON).write_bytes(b"no image at all")
    Image.fromarray(random.integers(0, 256, (20, 20), dtype=np.uint8)).save(root / "whole" / f"a_{PERSON}")
    return root


@pytest.fixture(scope="module")
def catalog(data: Path) -> Catalog:
    return scan(open_sources(data), DataSettings(group_by="name:^(p[0-9]+)_"))


@pytest.fixture(scope="module")
def report(catalog: Catalog) -> DataReport:
    return gather_data(catalog, make_pictures(PicturesRequest.of(catalog)))


@pytest.fixture(scope="module")
def page(report: DataReport) -> str:
    return render_data(report, now=1.8e9)


def test_the_page_tells_what_was_scanned(page: str) -> None:
    for words in (
        "hands", "27 files seen, 25 images read", "2027-01-15", "25 images in 2 classes of 12 patients",
        "&lt;b&gt;broken&lt;b&gt;", "Research use, not a medical device", "Something besides the content",
        "told apart by a pattern in the file names", "Files passed over", "24 × 20", "Counterpoise 0.1.0",
        "The shape of the image (width over height) alone finds 100 % of", "Python 3",
    ):  # fmt: skip
        assert words in page, words
    assert "<b>broken" not in page


def test_no_path_outside_the_data_and_no_person_stand_on_the_page(page: str, data: Path) -> None:
    assert str(data.parent) not in page
    assert "Smith" not in page
    assert "1962" not in page
    assert len(re.findall(r"img-[0-9a-f]+", page)) >= 2


def test_what_stands_beside_a_picture_names_nobody(catalog: Catalog, report: DataReport) -> None:
    far = Finding("outlier-size", Severity.INFO, f"whole/a_{PERSON} is far.", (f"whole/a_{PERSON}",))
    page = render_data(gather_data(replace(catalog, findings=(far,)), report.pictures))
    assert page.count("is far") == 2, "among the findings and beside the sizes"
    assert "Smith" not in page


def test_the_page_asks_for_nothing_from_outside(page: str) -> None:
    addresses = re.findall(r'(?:src|href)="([^"]*)"', page)
    assert addresses
    assert all(address.startswith("data:image/png;base64,") for address in addresses)
    assert not re.search(r"https?://|@import|<script|url\(", page)
    assert "default-src 'none'" in page


def test_its_pictures_can_be_opened(page: str) -> None:
    drawings = re.findall(r"<svg.*?</svg>", page, re.DOTALL)
    for svg in drawings:
        ET.fromstring(svg)
    large = [svg for svg in drawings if 'role="img"' in svg]
    assert len(large) == 2, "curves and sizes"
    assert large[0].count('class="curve"') == 2
    assert large[0].count('class="dot"') == 25
    assert large[1].count('class="sign"') == 2, "one sign for each size of a class"
    held = re.findall(r"base64,([^\"]+)", page)
    assert len(held) == 4, "mean and standard deviation of two classes"
    assert Image.open(io.BytesIO(base64.b64decode(held[0]))).size == (20, 20)


def test_the_average_of_few_images_isnt_shown_for_it_shows_a_patient(page: str, report: DataReport) -> None:
    assert "are left out:" not in page
    few = render_data(replace(report, pictures=replace(report.pictures, images=(12, 4))))
    assert few.count("base64,") == 2
    assert "fewer than 5 images are left out" in few


def test_patients_are_counted_and_nobody_is_named(page: str, report: DataReport) -> None:
    assert (
        "12 patients, told apart by a pattern in the file names; 2 images each. 12 patients have images in "
        "more than one class. For 1 image nobody knows the patient; each counts as a patient of its own."
    ) in page
    patients = report.patients
    assert patients is not None
    assert not {f"p{n}" for n in range(12)} & {patient.name for patient in patients.each}
    for row in report.classes:
        assert sum(row.patients.values()) >= 12
        assert sum(row.images.values()) == row.used + row.images[""]


def test_where_nobody_knows_patients_it_says_so(report: DataReport) -> None:
    assert "Nothing tells patients apart" in render_data(replace(report, patients=None))


def test_it_says_what_names_of_files_tell(page: str, report: DataReport) -> None:
    assert "p3_cut.png" in page, "a name of a file, which tells the patient here"
    assert "are shown as they are, and they tell whose image it is, except those that look like" in page
    by_tag = replace(report, patients=replace(report.patients, source="patient-id"))
    for other in (by_tag, replace(report, patients=None)):
        assert "are shown as they are, except those that look like" in render_data(other)


def record(path: str, frame: int, group: str) -> ImageRecord:
    content = hashlib.sha256(f"{path} {frame}".encode()).hexdigest()
    return ImageRecord(
        path, frame, "a", group, "train", content, 8, 6, 1, 8, "uint8", "DICOM", 0, 255, 128, 40
    )


@pytest.mark.parametrize(("source", "patients"), [("patient-id", 2), ("none", None)])
def test_frames_tell_patients_apart_only_where_files_name_them(
    report: DataReport, source: str, patients: int | None
) -> None:
    frames = [record(f"a/{p}.dcm", frame, f"pseudonym{p}") for p in (1, 2) for frame in range(3)]
    images = (*frames, record("a/3.png", NO_FRAME, ""))
    unknown = Finding("patients-unknown", Severity.INFO, "1 of 7 images has no patient.")
    told = gather_data(
        Catalog(Sources(root=Path("x")), images, (), 3, (unknown,), group_source=source), report.pictures
    )
    assert (told.patients and len(told.patients.each)) == patients


def test_the_sentence_names_the_worst(report: DataReport) -> None:
    blocker = Finding("empty-class", Severity.BLOCKER, "Empty.")
    info = Finding("part-made", Severity.INFO, "Made.")
    assert one_sentence(replace(report, findings=(info,))).endswith("would spoil a training.")
    assert "1 thing must be mended" in one_sentence(replace(report, findings=(blocker, info)))


def test_a_folder_whose_name_tells_someone_isnt_named() -> None:
    named = Catalog(Sources(root=Path("Smith_John_1962-03-04")), (), (), 0)
    assert name_of(named) == "Images"
    assert name_of(replace(named, sources=Sources(root=Path("hands")))) == "hands"


def test_a_place_that_cant_be_written_is_a_sentence(
    catalog: Catalog, report: DataReport, tmp_path: Path
) -> None:
    with pytest.raises(CounterpoiseError, match="can't be written"):
        write_data_report(catalog, report.pictures, tmp_path / "nowhere" / "x.html")


def test_the_command_writes_the_page_and_still_prints_one_object(data: Path, tmp_path: Path) -> None:
    out = tmp_path / "report.html"
    out.write_text("an older one", encoding="utf-8")
    command = [*self_command(), "scan", str(data), "--report", str(out), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["report"] == str(out)
    assert told["images"] == 25
    assert "report of the data" in out.read_text(encoding="utf-8")
    assert not list(data.rglob("*.html"))


@pytest.mark.parametrize(
    ("name", "status", "said"),
    [
        ("{place}/report.pdf", 2, "expected a name that ends in .html"),
        ("{place}/nowhere/report.html", 1, "its folder doesn't exist"),
        ("{place}/hands/whole/report.html", 1, "would lie among the images"),
    ],
)
def test_a_report_that_cant_be_is_refused_before_the_scan(
    data: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    name: str,
    status: int,
    said: str,
) -> None:
    monkeypatch.setenv("COUNTERPOISE_HOME", str(tmp_path / "home"))
    assert edge.run(["scan", str(data), "--report", name.format(place=data.parent), "--json"]) == status
    assert said in json.loads(capsys.readouterr().out)["error"]
    assert not list(tmp_path.rglob("*.sqlite"))
