"""The page about the data: everything on it, nobody named, and the command that writes it."""

import base64
import io
import json
import re
import subprocess
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from counterpoise.core.catalog.distributions.make import PicturesRequest, make_pictures
from counterpoise.core.catalog.scan import scan
from counterpoise.core.catalog.sources import open_sources
from counterpoise.core.catalog.types import Catalog
from counterpoise.core.errors import CounterpoiseError
from counterpoise.core.findings import Finding, Severity
from counterpoise.core.jobs.follow import self_command
from counterpoise.core.report.data_facts import DataReport, gather_data
from counterpoise.core.report.data_page import one_sentence, render_data, write_data_report
from counterpoise.core.settings import DataSettings

PERSON = "Smith_John_1962-03-04.png"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COUNTERPOISE_HOME", str(tmp_path / "home"))


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Two classes of different size, a name that must be escaped, a damaged file, a person's name."""
    root = tmp_path / "hands"
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


def report_of(catalog: Catalog, settings: DataSettings) -> DataReport:
    return gather_data(catalog, settings, make_pictures(PicturesRequest.of(catalog)))


@pytest.fixture
def report(data: Path) -> DataReport:
    settings = DataSettings(group_by="name:^(p[0-9]+)_")
    return report_of(scan(open_sources(data), settings), settings)


def test_the_page_tells_what_was_scanned(report: DataReport) -> None:
    page = render_data(report, now=1.8e9)
    for words in (
        "hands", "27 files seen, 25 images read", "2027-01-15", "25 images in 2 classes of 12 patients",
        "&lt;b&gt;broken&lt;b&gt;", "Research use, not a medical device", "Something besides the content",
        "told apart by a pattern in the file names", "Files passed over", "24 × 20", "Counterpoise 0.1.0",
        "The shape of the image (width over height) alone finds 100 % of", "Python 3",
    ):  # fmt: skip
        assert words in page, words
    assert "<b>broken" not in page


def test_no_path_outside_the_data_and_no_person_stand_on_the_page(report: DataReport, tmp_path: Path) -> None:
    page = render_data(report)
    assert str(tmp_path) not in page
    assert "Smith" not in page
    assert "1962" not in page
    assert len(re.findall(r"img-[0-9a-f]+", page)) >= 2


def test_the_page_asks_for_nothing_from_outside(report: DataReport) -> None:
    page = render_data(report)
    addresses = re.findall(r'(?:src|href)="([^"]*)"', page)
    assert addresses
    assert all(address.startswith("data:image/png;base64,") for address in addresses)
    assert not re.search(r"https?://|@import|<script|url\(", page)
    assert "default-src 'none'" in page


def test_its_pictures_can_be_opened(report: DataReport) -> None:
    page = render_data(report)
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


def test_the_average_of_few_images_isnt_shown_for_it_shows_a_patient(report: DataReport) -> None:
    few = replace(report, pictures=replace(report.pictures, images=(12, 4)))
    page = render_data(few)
    assert page.count("base64,") == 2
    assert "fewer than 5 images are left out" in page
    assert "are left out:" not in render_data(report)


def test_patients_are_counted(report: DataReport) -> None:
    patients = report.patients
    assert patients is not None
    assert (patients.number, patients.low, patients.high, patients.unknown) == (12, 2, 2, 1)
    assert patients.in_several == 12, "each has images of both classes"
    for row in report.classes:
        assert sum(row.patients.values()) >= 12
        assert sum(row.images.values()) == row.used + row.images[""]


def test_where_nobody_knows_patients_it_says_so(data: Path) -> None:
    settings = DataSettings()
    told = report_of(scan(open_sources(data), settings), settings)
    assert told.patients is None
    assert "Nothing tells patients apart" in render_data(told)


def test_the_sentence_names_the_worst(report: DataReport) -> None:
    blocker = Finding("empty-class", Severity.BLOCKER, "Empty.")
    info = Finding("part-made", Severity.INFO, "Made.")
    assert one_sentence(replace(report, findings=(info,))).endswith("would spoil a training.")
    assert "1 thing must be mended" in one_sentence(replace(report, findings=(blocker, info)))


def test_a_folder_whose_name_tells_someone_isnt_named(data: Path) -> None:
    named = data.with_name("Smith_John_1962-03-04")
    data.rename(named)
    settings = DataSettings()
    told = report_of(scan(open_sources(named), settings), settings)
    assert told.name == "Images"


def test_a_place_that_cant_be_written_is_a_sentence(data: Path, tmp_path: Path) -> None:
    settings = DataSettings()
    catalog = scan(open_sources(data), settings)
    pictures = make_pictures(PicturesRequest.of(catalog))
    with pytest.raises(CounterpoiseError, match="can't be written"):
        write_data_report(catalog, settings, pictures, tmp_path / "nowhere" / "x.html")


def command(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*self_command(), "scan", *arguments], capture_output=True, text=True, timeout=120)


def test_the_command_writes_the_page_and_still_prints_one_object(data: Path, tmp_path: Path) -> None:
    out = tmp_path / "report.html"
    out.write_text("an older one", encoding="utf-8")
    done = command(str(data), "--report", str(out), "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["report"] == str(out)
    assert told["images"] == 25
    assert "report of the data" in out.read_text(encoding="utf-8")
    assert not list(data.rglob("*.html"))


@pytest.mark.parametrize(
    ("name", "status"), [("report.pdf", 2), ("nowhere/report.html", 1), ("hands/whole/report.html", 1)]
)
def test_a_report_that_cant_be_is_refused_before_the_scan(
    data: Path, tmp_path: Path, name: str, status: int
) -> None:
    done = command(str(data), "--report", str(tmp_path / name), "--json")
    assert done.returncode == status
    assert set(json.loads(done.stdout)) == {"error"}
    assert not (tmp_path / "home").exists() or not list((tmp_path / "home").rglob("*.sqlite"))
