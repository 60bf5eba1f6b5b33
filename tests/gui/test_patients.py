"""The tab about patients in the real window: what is known, what names offer, and one click to use it."""

import time
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QCoreApplication, Qt
from tests_window import family

from counterpoise.core.catalog.scan import scan
from counterpoise.core.catalog.sources import open_sources
from counterpoise.core.errors import CounterpoiseError
from counterpoise.gui.panels.patients import PatientsPanel
from counterpoise.gui.studies import study_for
from counterpoise.gui.texts import patients as texts

SOON = 20_000


@pytest.fixture
def images(tmp_path):
    """Eight patients with one to four images in two classes; p0 is in both; one image is nobody's."""
    draw = np.random.default_rng(0)
    root = tmp_path / "cells"
    names = [f"{'ab'[p % 2]}/p{p}_{i}" for p in range(8) for i in range(1 + p % 4)]
    for name in [*names, "b/p0_9", "a/stray"]:
        file = root / f"{name}.png"
        file.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(draw.integers(0, 255, (32, 32), dtype=np.uint8)).save(file)
    return root


def take(session, images, **data):
    study, _ = study_for([images])
    session.take(study, study.load_settings().changed({f"data.{key}": value for key, value in data.items()}))
    rescan(session)


def rescan(session):
    """Read the images in this process, which saves a second a test."""
    session.show_catalog(scan(open_sources(session.study.root), session.settings.data))


@pytest.fixture
def in_window(qtbot, window, images, monkeypatch):
    """The tab in the real window."""
    monkeypatch.setattr("counterpoise.gui.scanning.GRACE_MS", 0)
    take(window.session, images)
    window.go("inspect")
    step = window.step("inspect")
    step.show_tab("patients")
    found = step.panels["patients"]
    qtbot.waitUntil(lambda: not found.work.looking, timeout=SOON)
    return found


@pytest.fixture
def make(qtbot, session, images):
    """Make the tab alone, with settings of the data."""
    made = []

    def make(**data):
        take(session, images, **data)
        panel = PatientsPanel(session)
        made.append(panel)
        qtbot.addWidget(panel)
        panel.resize(1000, 620)
        panel.show()
        panel.shown()
        qtbot.waitUntil(lambda: not panel.work.looking, timeout=SOON)
        return panel

    yield make
    for panel in made:
        panel.close_down()


def read_again(qtbot, panel, session):
    """Take the place of the scan that a change starts."""
    assert session.scanning
    assert panel.now.busy.text() == texts.READING
    session.cancel_scan()
    session.scans.close()
    rescan(session)
    qtbot.waitUntil(lambda: not panel.work.looking, timeout=SOON)


def test_a_proposal_is_accepted_with_one_click_and_its_patients_are_shown(qtbot, window, in_window):
    panel, session = in_window, window.session
    assert panel.now.sentence.text() == texts.UNKNOWN
    card = panel.ways.proposals.itemAt(0).widget()
    assert card.body.numbers.text() == "8 patients, 1 to 4 images each, typically 3"
    assert "1 file doesn’t fit, such as stray.png" in card.body.cautions.text()
    assert "1 patient has images in several classes" in card.body.cautions.text()
    assert card.body.examples.accessibleName().startswith("p0_0.png: patient p0; p2_0.png: patient p2")
    qtbot.mouseClick(card.use, Qt.MouseButton.LeftButton)
    assert session.settings.data.group_by == "name:^([^_]+)_"
    assert (panel.now.sentence.text(), panel.now.source.text()) == (texts.SORTING, "")
    read_again(qtbot, panel, session)
    assert panel.now.sentence.text() == "8 patients on 21 images, 1 without"
    assert "everything before the first _" in panel.now.source.text()
    assert panel.ways.proposals.itemAt(0).widget().use.isHidden()
    qtbot.mouseClick(panel.now.which.buttons["classes"], Qt.MouseButton.LeftButton)
    (patient,) = panel.now.table.patients.rows
    assert (patient.name, patient.classes) == ("p0", ("a", "b"))
    panel.now.table.setFocus()
    panel.now.table.selectRow(0)
    qtbot.keyClick(panel.now.table, Qt.Key.Key_Return)
    step = window.step("inspect")
    qtbot.waitUntil(lambda: step.gallery.model.rowCount() == 2, timeout=SOON)
    shown = [step.gallery.model.image(row).path for row in range(2)]
    assert shown == ["a/p0_0.png", "b/p0_9.png"]
    assert step.tabs.current == "overview"
    assert window.line.undo.isVisible()
    window.line.undo.click()
    assert session.settings.data.group_by == "auto"


def test_nothing_is_said_before_all_images_are_read(qtbot, session, make):
    panel = make()
    catalog = session.catalog
    session.take(session.study, session.settings)
    session.show_catalog(replace(catalog, unread=3))
    assert panel.now.sentence.text() == texts.NOT_YET
    assert panel.ways.proposals.count() == 0
    assert not panel.ways.no_proposal.text()
    assert not panel.ways.isEnabled()
    session.show_catalog(catalog)
    qtbot.waitUntil(lambda: panel.work.ready, timeout=SOON)
    assert panel.now.sentence.text() == texts.UNKNOWN
    assert panel.ways.proposals.count() == 1


def test_the_table_sorts_by_its_headings(make):
    panel = make(group_by="name:^([^_]+)_")
    table = panel.now.table
    assert [patient.name for patient in table.patients.rows][:2] == ["p3", "p7"]
    table.sortByColumn(0, Qt.SortOrder.AscendingOrder)
    assert [patient.name for patient in table.patients.rows] == [f"p{n}" for n in range(8)]
    table.sortByColumn(1, Qt.SortOrder.DescendingOrder)
    assert [patient.images for patient in table.patients.rows] == [4, 4, 3, 3, 2, 2, 2, 1]


def test_an_own_pattern_is_tried_while_it_is_typed(qtbot, session, make):
    panel = make()
    own = panel.ways.own
    qtbot.keyClicks(own.regex, "^(p[0-3]")
    assert own.words.text().startswith("The pattern isn’t complete")
    assert not own.use.isEnabled()
    qtbot.keyClicks(own.regex, ")")
    qtbot.waitUntil(own.use.isEnabled, timeout=SOON)
    assert own.body.numbers.text() == "4 patients, 2 to 4 images each, typically 3"
    own.regex.setText("^p[0-3]")
    assert own.words.text() == texts.no_group("name")
    own.regex.setText("(Q)")
    qtbot.waitUntil(lambda: "fits no file name" in own.words.text(), timeout=SOON)
    qtbot.mouseClick(own.of.buttons["folder"], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "fits no folder" in own.words.text(), timeout=SOON)
    place = own.preset.findText("Everything before the first _")
    own.preset.setCurrentIndex(place)
    own.preset.activated.emit(place)
    assert own.group_by == "name:^([^_]+)_"
    qtbot.waitUntil(own.use.isEnabled, timeout=SOON)
    qtbot.keyClick(own.regex, Qt.Key.Key_Return)
    assert session.settings.data.group_by == "name:^([^_]+)_"


def test_a_labels_file_says_what_it_would_change_before_it_is_used(qtbot, session, make, tmp_path):
    panel = make()
    file = tmp_path / "who.csv"
    rows = [f"{image.path},{image.label},who{i % 3}" for i, image in enumerate(session.catalog.images[:-2])]
    file.write_text("\n".join(["path,label,patient", *rows]), "utf-8")
    panel.ways.others.try_labels(file)
    qtbot.waitUntil(panel.ways.others.use.isVisible, timeout=SOON)
    assert "3 patients on 20 images" in panel.ways.others.words.text()
    assert "2 images aren’t named in it and would be left out" in panel.ways.others.words.text()
    panel.ways.others.use.click()
    assert (session.settings.data.group_by, session.settings.data.labels) == ("csv", str(file))
    read_again(qtbot, panel, session)
    assert panel.now.sentence.text() == "3 patients on 20 images"
    assert "who.csv" in panel.now.source.text()
    assert "who.csv" in panel.ways.others.words.text()
    assert panel.ways.others.no_labels.isVisible()
    file.write_text("path,patient\na/p0_0.png,x\n", "utf-8")
    panel.ways.others.try_labels(file)
    qtbot.waitUntil(lambda: "expected path and label" in panel.ways.others.words.text(), timeout=SOON)
    assert not panel.ways.others.use.isVisible()
    panel.ways.others.no_labels.click()
    assert (session.settings.data.group_by, session.settings.data.labels) == ("auto", None)


def test_a_pattern_in_use_that_fits_nothing_is_said(make):
    panel = make(group_by="name:(Q)")
    assert panel.now.sentence.text() == texts.NO_MATCH
    assert "name:(Q)" in panel.now.source.text()


def test_a_labels_file_that_went_away_is_said(qtbot, session, make, tmp_path):
    panel = make()
    session.change({"data.labels": str(tmp_path / "gone.csv"), "data.group_by": "csv"})
    qtbot.waitUntil(panel.now.fault.isVisible, timeout=SOON)
    assert "gone.csv doesn't exist" in panel.now.fault.text()
    session.change({"data.labels": None, "data.group_by": "auto"})
    assert not panel.now.fault.isVisible()


def test_each_image_a_patient_is_a_way_too(qtbot, session, make):
    panel = make()
    panel.ways.others.each.click()
    assert session.settings.data.group_by == "none"
    read_again(qtbot, panel, session)
    assert panel.now.sentence.text() == texts.OWN_EACH
    assert not panel.ways.others.dicom.isVisible()


def test_a_labels_file_of_the_study_before_is_not_offered(qtbot, session, make, tmp_path):
    panel = make()
    file = tmp_path / "who.csv"
    file.write_text("path,label,patient\na/p0_0.png,a,x\n", "utf-8")
    panel.ways.others.try_labels(file)
    session.take(session.study, session.settings)
    with qtbot.assertNotEmitted(panel.work.labels_tried):
        panel.work._pool.waitForDone()
        QCoreApplication.processEvents()
    assert not panel.ways.others.use.isVisible()


def out_of_memory(*_):
    raise CounterpoiseError("No memory is left.")


def test_a_fault_while_looking_is_said(make, monkeypatch):
    monkeypatch.setattr("counterpoise.gui.patients.propose", out_of_memory)
    assert make().now.sentence.text() == "No memory is left."


def test_a_trial_that_cannot_start_is_said(qtbot, make, monkeypatch):
    monkeypatch.setattr("counterpoise.core.jobs.helper.Worker", out_of_memory)
    own = make().ways.own
    own.regex.setText("(p)")
    qtbot.waitUntil(lambda: own.words.text() == "No memory is left.", timeout=SOON)


FOR_EVER = "^((([0-9a-z_.]*)*)*)*#"


def test_a_pattern_that_takes_for_ever_is_said(qtbot, make, monkeypatch):
    monkeypatch.setattr("counterpoise.gui.patients._SECONDS", 0.1)
    own = make().ways.own
    own.regex.setText(FOR_EVER)
    qtbot.waitUntil(lambda: own.words.text() == texts.TOO_SLOW, timeout=SOON)
    assert not own.use.isEnabled()


def test_closing_ends_a_pattern_that_takes_for_ever(qtbot, make, monkeypatch):
    monkeypatch.setattr("counterpoise.gui.patients._SECONDS", 60)
    monkeypatch.setattr("counterpoise.gui.patients._WAIT", 60)
    before, panel = family(), make()
    panel.ways.own.regex.setText(FOR_EVER)
    qtbot.waitUntil(lambda: bool(panel.work.trying and family() - before), timeout=SOON)
    began = time.monotonic()
    panel.close_down()
    assert time.monotonic() - began < 20
    assert not panel.work.trying
    assert family() <= before
