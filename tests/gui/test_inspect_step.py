import time
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt

from counterpoise.core.findings import Finding, Fix, Severity
from counterpoise.core.study.edits import read_edits
from counterpoise.gui.counts import by_part, legend, sums_of
from counterpoise.gui.gallery_filter import Wish, arrange, badges
from counterpoise.gui.gallery_table import make_table
from counterpoise.gui.steps.base import State
from counterpoise.gui.widgets.image_view import windowed


@pytest.fixture
def step(qtbot, opened):
    opened.go("inspect")
    return opened.step("inspect")


def test_bars_findings_and_gallery_are_filled(step, opened):
    catalog = opened.session.catalog
    assert step.gallery.model.rowCount() == len(catalog.images) == 19
    assert {name for name, _, _ in step.bars.bars()} == {"benign", "malignant"}
    assert {finding.code for finding in catalog.findings} >= {"duplicate-across-classes", "unreadable-image"}
    assert step.state is State.ATTENTION
    assert step.next_hint


def test_counts_add_up(opened):
    counts = by_part(opened.session.catalog)
    assert sum(sum(parts.values()) for parts in counts.values()) == 19
    entries, ratio = legend(sums_of(counts))
    assert [part for part, _ in entries][:3] == ["train", "val", "test"]
    assert ratio.endswith("to 1")


def test_filters(opened):
    catalog = opened.session.catalog
    table = make_table(catalog, {})
    assert len(arrange(table, Wish()).places) == 19
    only = arrange(table, Wish({"class": "malignant"})).places
    assert {catalog.images[i].label for i in only} == {"malignant"}
    assert arrange(table, Wish(paths=frozenset({"benign/b00.png"}))).places.tolist() == [0]
    assert badges(catalog)["benign/b00.png"] == "two labels"


def test_show_images_of_a_finding(qtbot, step, opened):
    finding = next(f for f in opened.session.catalog.findings if f.code == "duplicate-across-classes")
    step.findings.show_asked.emit(finding)
    shown = {step.gallery.model.image(row).path for row in range(step.gallery.model.rowCount())}
    assert shown == {"benign/b00.png", "malignant/same.png"}


def test_other_steps_can_ask_for_images(step, opened):
    opened.go("data")
    opened.session.show_images(["benign/b03.png"])
    assert opened.current == "inspect"
    assert step.gallery.model.rowCount() == 1


def test_thumbnails_arrive(qtbot, step):
    image = step.gallery.model.image(0)
    qtbot.waitUntil(lambda: step.gallery.thumbnails.get(image) is not None, timeout=20_000)
    assert not step.gallery.thumbnails.get(image).isNull()


def test_leaving_out_relabelling_and_undo_by_keyboard(qtbot, step, opened):
    session, gallery = opened.session, step.gallery.gallery
    gallery.setFocus()
    gallery.go_to(2)
    image = step.gallery.model.image(2)
    qtbot.keyClick(gallery, Qt.Key.Key_X)
    assert step.gallery.model.image(2).part == ""
    qtbot.waitUntil(lambda: [e.kind for e in read_edits(session.study.edits)] == ["exclude"], timeout=5000)
    assert step.undo_button.isVisible()
    qtbot.keyClick(gallery, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert step.gallery.model.image(2) == image
    qtbot.waitUntil(lambda: read_edits(session.study.edits) == (), timeout=5000)
    session.edits.relabel([image], "malignant")
    assert session.catalog.counts()["malignant"] == 8
    with qtbot.waitSignal(session.scan_ended, timeout=60_000):
        session.scan()
    assert session.catalog.counts()["malignant"] == 8
    assert [f.severity for f in session.catalog.findings if f.code == "unreadable-image"] == [
        Severity.WARNING
    ]


def test_the_gallery_keeps_its_place_after_an_edit(qtbot, step, opened):
    step.gallery.gallery.go_to(7)
    opened.session.edits.leave_out([step.gallery.model.image(7)])
    assert step.gallery.row == 7


def test_the_large_view(qtbot, step, opened):
    gallery = step.gallery.gallery
    gallery.go_to(1)
    qtbot.keyClick(gallery, Qt.Key.Key_Space)
    assert step.views.currentWidget() is step.viewer
    qtbot.waitUntil(lambda: not step.viewer.view.target().isEmpty(), timeout=10_000)
    first = step.viewer.image
    qtbot.keyClick(step.viewer.view, Qt.Key.Key_Right)
    assert step.viewer.image != first
    assert step.gallery.row == 2
    qtbot.keyClick(step.viewer.view, Qt.Key.Key_Escape)
    assert step.views.currentWidget() is not step.viewer


def test_a_fix_can_be_taken_back(qtbot, opened):
    session = opened.session
    before = session.settings
    fix = Fix("Take 8", {"training.batch_size": 8})
    finding = Finding("batch-too-large", Severity.BLOCKER, "Too large.", fix=fix)
    session.apply_fix(finding)
    assert session.settings.training.batch_size == 8
    assert opened.line.undo.isVisible()
    qtbot.mouseClick(opened.line.undo, Qt.MouseButton.LeftButton)
    assert session.settings == before


def test_ctrl_z_takes_back_what_was_done_last_a_fix_or_an_edit(qtbot, step, opened):
    session = opened.session
    before = session.settings
    session.edits.leave_out([session.catalog.images[3]])
    session.apply("Take 8", {"training.batch_size": 8})
    step.findings.setFocus()
    keys = (Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(step.findings, *keys)
    assert session.settings == before
    assert session.edits.can_undo
    assert not opened.line.isVisible()
    qtbot.keyClick(step.findings, *keys)
    assert not session.edits.can_undo

    session.apply("Take 8", {"training.batch_size": 8})
    session.edits.leave_out([session.catalog.images[3]])
    qtbot.keyClick(step.findings, *keys)
    assert not session.edits.can_undo
    assert session.settings != before


def test_the_gallery_holds_a_hundred_thousand(qtbot, step, opened):
    catalog = opened.session.catalog
    image = catalog.images[0]
    many = tuple(replace(image, path=f"benign/{i:06d}.png") for i in range(100_000))
    began = time.process_time()
    step.gallery.show_catalog(replace(catalog, images=many, findings=()))
    qtbot.waitUntil(lambda: step.gallery.model.rowCount() == 100_000, timeout=20_000)
    bar = step.gallery.gallery.verticalScrollBar()
    bar.setValue(bar.maximum())
    step.gallery.gallery.grab()
    assert time.process_time() - began < 3


def test_windowing():
    values = np.array([[-1000, 40, 240]], np.float32)
    assert windowed(values, 40 - 200, 40 + 200).tolist() == [[0, 128, 255]]
    assert windowed(values, 40 - 200, 40 + 200, inverted=True).tolist() == [[255, 127, 0]]
    assert windowed(np.array([[7]], np.uint8), 0.0, 255.0).tolist() == [[7]]
