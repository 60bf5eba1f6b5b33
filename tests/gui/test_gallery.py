"""The gallery in the real window: choosing, editing by mouse and keyboard, undo, what stays in its place."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu, QToolTip

from counterpoise.core.findings import Finding, Severity
from counterpoise.core.study.edits import read_edits
from counterpoise.gui import gallery_feed
from counterpoise.gui.pairing import has_pairs, pairs_of
from counterpoise.gui.preferences import Preferences
from counterpoise.gui.session import Session
from counterpoise.gui.texts import gallery as gallery_texts
from counterpoise.gui.texts import inspect as texts
from counterpoise.gui.widgets import gallery_view

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
OF_ONE = slice(3, 6)
"""Images without a copy elsewhere."""


@pytest.fixture
def step(opened):
    opened.go("inspect")
    return opened.step("inspect")


@pytest.fixture
def card(step):
    return step.gallery


def kinds(card) -> list[str]:
    return [edit.kind for edit in read_edits(card._session.study.edits)]


def rows(card) -> list[str]:
    return [card.model.image(row).path for row in range(card.model.rowCount())]


def with_patients(opened, part: str = "train") -> None:
    """Let three images be of one patient, in ``part``."""
    session = opened.session
    images = session.catalog.images
    known = tuple(replace(image, group="p", part=part) for image in images[OF_ONE])
    session.show_catalog(replace(session.catalog, images=(*images[:3], *known, *images[6:])))


def test_choosing_by_keyboard(qtbot, card):
    gallery, chosen = card.gallery, card.model.selection
    gallery.go_to(0)
    qtbot.keyClick(gallery, Qt.Key.Key_Right, SHIFT)
    qtbot.keyClick(gallery, Qt.Key.Key_Right, SHIFT)
    assert chosen.rows.tolist() == [0, 1, 2]
    qtbot.keyClick(gallery, Qt.Key.Key_Right, CTRL)
    qtbot.keyClick(gallery, Qt.Key.Key_Right, CTRL)
    qtbot.keyClick(gallery, Qt.Key.Key_Space, CTRL)
    assert chosen.rows.tolist() == [0, 1, 2, 4]
    assert texts.chosen(4) in card.words.text()
    qtbot.keyClick(gallery, Qt.Key.Key_I, CTRL)
    assert chosen.count == 15
    qtbot.keyClick(gallery, Qt.Key.Key_A, CTRL)
    assert chosen.count == 19
    qtbot.keyClick(gallery, Qt.Key.Key_Escape)
    assert chosen.count == 0
    qtbot.keyClick(gallery, Qt.Key.Key_End)
    assert gallery.current == 18
    assert "malignant" in gallery.accessibleDescription()


def test_sections_are_chosen_by_their_heading_or_by_key(qtbot, card):
    card.filters.sections._choose("class")
    assert card.model.arrangement.titles == ("benign", "malignant")
    gallery = card.gallery
    qtbot.mouseClick(gallery.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    assert card.model.selection.rows.tolist() == list(range(12))
    gallery.go_to(13)
    qtbot.keyClick(gallery, Qt.Key.Key_S)
    assert card.model.selection.count == 7
    assert gallery.current == 13


def test_choosing_by_mouse(qtbot, card):
    gallery, viewport = card.gallery, card.gallery.viewport()
    left = Qt.MouseButton.LeftButton
    qtbot.mouseClick(viewport, left, pos=gallery.field(1).center())
    qtbot.mouseClick(viewport, left, CTRL, pos=gallery.field(3).center())
    assert card.model.selection.rows.tolist() == [1, 3]
    qtbot.mouseClick(viewport, left, SHIFT, pos=gallery.field(5).center())
    assert card.model.selection.rows.tolist() == [1, 3, 4, 5]
    qtbot.mousePress(viewport, left, pos=gallery.field(6).center())
    qtbot.mouseMove(viewport, gallery.field(8).center())
    qtbot.mouseRelease(viewport, left, pos=gallery.field(8).center())
    assert card.model.selection.rows.tolist() == [6, 7, 8]


def test_an_edited_image_stays_in_its_place_until_sorted_again(qtbot, card, opened):
    card.filters._facet("class", "benign")
    assert card.model.rowCount() == 12
    card.gallery.go_to(4)
    path = card.model.image(4).path
    opened.session.edits.relabel(card.gallery.chosen(), "malignant")
    assert (card.model.rowCount(), card.row, card.model.image(4).path) == (12, 4, path)
    assert card.model.badge(4) == ("now malignant", True)
    assert card.again_button.isVisible()
    with qtbot.waitSignal(opened.session.scan_ended, timeout=60_000):
        opened.session.scan()
    assert (card.model.rowCount(), card.row, card.model.image(4).path) == (12, 4, path)
    qtbot.keyClick(card.gallery, Qt.Key.Key_F5)
    assert card.model.rowCount() == 11
    assert path not in rows(card)
    assert not card.again_button.isVisible()


def test_one_action_is_one_undo_also_after_opening_again(qtbot, card, opened, home):
    session = opened.session
    card.gallery.choose_all()
    before = session.catalog.images
    qtbot.keyClick(card.gallery, Qt.Key.Key_X)
    assert {image.part for image in session.catalog.images} == {""}
    assert not session.catalog.present
    number = sum(bool(image.part) for image in before)
    qtbot.waitUntil(lambda: len(kinds(card)) == number, timeout=5000)
    session.edits.undo()
    assert session.catalog.images == before
    session.edits.redo()
    qtbot.waitUntil(lambda: len(kinds(card)) == number, timeout=5000)
    other = Session(Preferences(home / "other.ini"))
    other.take(session.study, session.settings)
    qtbot.waitUntil(lambda: other.edits.can_undo, timeout=5000)
    other.show_catalog(session.catalog)
    assert other.edits.last == f"{number} images left out"
    other.edits.undo()
    assert [image.part for image in other.catalog.images] == [image.part for image in before]
    other.edits.close()
    assert kinds(card) == []
    other.close()


def test_an_edit_made_just_before_closing_is_kept_and_starts_no_scan(qapp, card, opened):
    session = opened.session
    session.edits.leave_out([card.model.image(2)])
    opened.close_quietly()
    assert kinds(card) == ["exclude"]
    qapp.processEvents()
    assert not session.scans._soon.isActive()


def test_an_edit_that_cannot_be_kept_is_said_and_taken_back(qtbot, card, opened):
    session = opened.session
    edits = session.study.edits
    edits.mkdir()  # nothing can be appended to a folder
    with qtbot.waitSignal(session.problem, timeout=5000) as said:
        session.edits.leave_out([card.model.image(2)])
    assert "can't be" in said.args[0]
    assert not session.edits.can_undo
    edits.rmdir()


def test_a_move_that_would_divide_a_patient_is_asked_about(qtbot, card, opened):
    with_patients(opened)
    card.gallery.go_to(3)
    card.actions_row.move_to(card.gallery.chosen(), "test")
    assert card.actions_row.question.isVisible()
    assert kinds(card) == []
    qtbot.keyClick(opened.focusWidget(), Qt.Key.Key_Space)  # the first answer: all together
    assert not card.actions_row.question.isVisible()
    assert [image.part for image in opened.session.catalog.images[OF_ONE]] == ["test"] * 3
    qtbot.waitUntil(lambda: kinds(card) == ["move"] * 3, timeout=5000)
    opened.session.edits.undo()
    assert [image.part for image in opened.session.catalog.images[OF_ONE]] == ["train"] * 3


@pytest.mark.parametrize(
    "leave", ["choose", "filter", "tab", "large", "step", "escape", "escape below", "edit"]
)
def test_the_question_before_a_move_goes_with_what_it_was_asked_of(qtbot, card, step, opened, leave):
    with_patients(opened)
    card.gallery.go_to(3)
    card.actions_row.move_to(card.gallery.chosen(), "test")
    assert card.actions_row.question.isVisible()
    {
        "choose": lambda: card.gallery.go_to(7),
        "filter": lambda: card.filters._facet("part", "Training"),
        "tab": step.tabs.buttons["pictures"].click,
        "large": lambda: step._look(3),
        "step": lambda: opened.go("data"),
        "escape": lambda: qtbot.keyClick(opened.focusWidget(), Qt.Key.Key_Escape),
        "escape below": lambda: qtbot.keyClick(card.gallery, Qt.Key.Key_Escape),
        "edit": lambda: opened.session.edits.leave_out([opened.session.catalog.images[4]]),
    }[leave]()
    assert card.actions_row.question.isHidden()
    step.show_tab("overview")
    assert card.actions_row.question.isHidden()
    assert kinds(card) in ([], ["exclude"])


def test_the_question_stays_while_other_images_change(card, opened):
    with_patients(opened)
    card.gallery.go_to(3)
    card.actions_row.move_to(card.gallery.chosen(), "test")
    opened.session.edits.leave_out([opened.session.catalog.images[9]])
    assert card.actions_row.question.isVisible()


def test_a_move_that_divides_nothing_is_done(card, opened):
    with_patients(opened)
    card.actions_row.move_to([card.model.image(row) for row in range(3, 6)], "val")
    assert not card.actions_row.question.isVisible()
    assert opened.session.catalog.images[3].part == "val"


def test_the_menu_offers_what_fits_and_names_the_keys(card, opened):
    with_patients(opened)
    card.gallery.go_to(3)
    menu = card.actions_row.menu(card.gallery.chosen())
    words = [action.text() for action in menu.actions() if action.text()]
    assert words[0] == "Look closer\tSpace"
    assert "Take in again\tT" not in words
    patient = next(action for action in menu.actions() if "patient" in action.text())
    patient.trigger()
    assert card.model.rowCount() == 3
    menu.deleteLater()


def test_what_is_left_out_is_not_moved_and_says_why(qtbot, card, opened):
    card.gallery.go_to(4)
    opened.session.edits.leave_out(card.gallery.chosen())
    assert card.actions_row.move_button.isVisible()
    assert not card.actions_row.move_button.isEnabled()
    qtbot.keyClick(card.gallery, Qt.Key.Key_M)
    assert QToolTip.text() == gallery_texts.NO_MOVE
    QToolTip.hideText()
    assert card.actions_row.findChild(QMenu) is None
    menu = card.actions_row.menu(card.gallery.chosen())
    move = next(action for action in menu.actions() if action.text() == gallery_texts.MOVE)
    assert not move.isEnabled()
    menu.deleteLater()
    opened.session.edits.undo()
    assert card.actions_row.move_button.isEnabled()


def test_a_patient_whose_images_alone_are_shown_stands_in_a_chip(qtbot, card, opened):
    with_patients(opened)
    card.gallery.go_to(3)
    qtbot.keyClick(card.gallery, Qt.Key.Key_P)
    assert card.model.rowCount() == 3
    assert card.by_finding.text().startswith("Patient p")
    assert card.by_finding.property("filtering")
    card.by_finding._choose(None)  # all images
    assert card.model.rowCount() == 19
    assert not card.by_finding.property("filtering")


def test_images_asked_for_keep_their_order(card):
    wanted = (("malignant/m02.png", -1), ("benign/b07.png", -1), ("gone.png", -1))
    card.show_keys(wanted, "Doubts", {"benign/b07.png": "doubtful"})
    assert rows(card) == ["malignant/m02.png", "benign/b07.png"]
    assert card.model.badge(1) == ("doubtful", False)
    assert card.by_finding.text().startswith("Doubts")
    assert "as listed" in card.filters.sort.text()
    card.filters.clear()
    assert "as listed" not in card.filters.sort.text()
    assert card.model.rowCount() == 19
    assert card.model.badge(rows(card).index("benign/b07.png"))[0] != "doubtful"


def test_searching_waits_until_the_typing_pauses(qtbot, card):
    with qtbot.waitSignal(card.filtered, timeout=5000):
        qtbot.keyClicks(card.filters.search, "m0 mal")
    assert card.model.rowCount() == 6
    assert card.filters.clear_button.isVisible()


def test_a_bar_shows_its_images(card, step):
    card.filters.search.setText("nothing of the kind")
    step.bars.chosen.emit("malignant", "train")
    assert {card.model.image(row).part for row in range(card.model.rowCount())} == {"train"}
    assert step.overview.gallery.by_finding.key is None
    assert (card.filters.search.text(), card.filters._typed.isActive()) == ("", False)


def test_bars_switch_to_patients(card, step, opened):
    assert not step.overview.unit.isVisible()
    with_patients(opened)
    assert step.overview.unit.isVisible()
    images = sum(step.bars._counts["benign"].values())
    step.overview.unit.buttons["patient"].click()
    assert sum(step.bars._counts["benign"].values()) == images - 2


def test_tabs_and_what_they_ask_for(qtbot, step, card):
    for name in ("pictures", "patients"):
        step.tabs.buttons[name].click()
        assert step.views.currentWidget() is step.panels[name]
    step.panels["patients"].keys_asked.emit((("benign/b03.png", -1),), "One of them")
    assert step.views.currentWidget() is step.overview
    assert step.tabs.current == "overview"
    assert rows(card) == ["benign/b03.png"]


def test_pairs_are_seen_side_by_side(qtbot, step, opened):
    finding = next(f for f in opened.session.catalog.findings if f.evidence.get("pairs"))
    step.findings.pairs_asked.emit(finding)
    assert step.views.currentWidget() is step.pairs
    assert [image.path for image in step.pairs.pairs[0]] == ["benign/b00.png", "malignant/same.png"]
    step.pairs.closed.emit()
    assert step.views.currentWidget() is step.overview


def test_copies_within_a_class_are_paired_with_the_one_that_is_kept(opened):
    images = opened.session.catalog.images
    kept, copy, other = (replace(images[i], content="x", label="benign") for i in (2, 3, 4))
    catalog = replace(opened.session.catalog, images=(replace(kept, part=""), copy, replace(other, part="")))
    paths = tuple(image.path for image in catalog.images)
    finding = Finding("duplicate-images", Severity.INFO, "Copies.", paths, {"sets": [list(paths)]})
    assert has_pairs(finding)
    found = [(a.path, b.path) for a, b in pairs_of(finding, catalog)]
    assert found == [(copy.path, kept.path), (copy.path, other.path)]
    assert not has_pairs(replace(finding, evidence={}))


def test_pictures_grow_and_shrink_and_stay_so(qtbot, card, opened):
    gallery = card.gallery
    gallery.go_to(7)
    side = gallery.field(7).width()
    qtbot.keyClick(gallery, Qt.Key.Key_Plus)
    assert gallery.field(7).width() > side
    assert gallery.viewport().rect().intersects(gallery.field(7))
    assert opened.session.preferences.picture_size == pytest.approx(1.25)
    card.smaller_pictures.click()
    assert gallery.field(7).width() == side
    for _ in range(20):
        qtbot.keyClick(gallery, Qt.Key.Key_Minus)
    assert gallery.field(7).width() >= 40


def test_what_a_painting_has_no_time_for_follows(qtbot, card, monkeypatch):
    gallery, images = card.gallery, [card.model.image(row) for row in range(card.model.rowCount())]
    qtbot.waitUntil(lambda: all(card.thumbnails.get(image) for image in images), timeout=20_000)
    monkeypatch.setattr(gallery_view, "PAINTING_S", -1.0)
    gallery.set_picture_size(0.8)  # all pictures are made anew
    gallery.viewport().repaint()
    assert len(gallery.missing) == 19
    monkeypatch.setattr(gallery_view, "PAINTING_S", 0.0005)
    qtbot.waitUntil(lambda: not gallery.missing, timeout=5000)


def test_what_fits_no_filter_leaves_the_keyboard_in_the_gallery(qtbot, card):
    card.gallery.setFocus()
    card.filters._facet("class", "bird")
    assert card.model.rowCount() == 0
    assert "0 of 19" in card.words.text()
    assert card.gallery.hasFocus()
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Space, Qt.Key.Key_X, Qt.Key.Key_R, Qt.Key.Key_S, Qt.Key.Key_End):
        qtbot.keyClick(card.gallery, key)
    assert kinds(card) == []
    card.filters.clear()
    qtbot.keyClick(card.gallery, Qt.Key.Key_Right)
    assert card.row >= 0


def test_orders_that_would_change_nothing_are_not_offered(card, opened):
    words = [action.text() for action in card.filters.sort.chip_menu.actions()]
    assert {"File name", "Class", "Part", "Brightness"} <= set(words)
    assert not {"Depth", "Patient"} & set(words)
    with_patients(opened)
    assert "Patient" in [action.text() for action in card.filters.sort.chip_menu.actions()]


def test_files_that_give_no_image_are_listed_with_their_reasons(qtbot, step, opened):
    finding = next(f for f in opened.session.catalog.findings if f.code == "unreadable-image")
    step.findings.files_asked.emit(finding)
    assert step.views.currentWidget() is step.files
    (path, reason), *others = step.files.files.rows
    assert (path, others) == ("benign/cut.png", [])
    assert reason not in ("", texts.NOT_IN_DATA)
    qtbot.keyClick(step.files.table, Qt.Key.Key_Escape)
    assert step.views.currentWidget() is step.overview


def test_the_large_view_edits_what_it_shows(qtbot, step, card, opened):
    card.gallery.go_to(1)
    qtbot.keyClick(card.gallery, Qt.Key.Key_Space)
    card.model.selection.only(5)  # whatever the gallery has chosen
    qtbot.mouseClick(step.viewer.out, Qt.MouseButton.LeftButton)
    out = [image.path for image in opened.session.catalog.images if not image.part]
    assert step.viewer.image.path in out
    assert card.model.image(5).path not in out
    assert step.viewer.out.text() == gallery_texts.TAKE_IN
    assert not step.viewer.move_to.isEnabled()
    qtbot.keyClick(step.viewer.view, Qt.Key.Key_T)
    assert all(image.part for image in opened.session.catalog.images if image.path == step.viewer.image.path)
    assert step.viewer.out.text() == texts.LEAVE_OUT
    step.viewer.closed.emit()


def test_the_large_view_moves_and_asks_where_that_divides(qtbot, step, card, opened):
    with_patients(opened)
    card.gallery.go_to(3)
    qtbot.keyClick(card.gallery, Qt.Key.Key_Space)
    asked = []
    step.viewer.move_asked.connect(asked.append)
    qtbot.keyClick(step.viewer.view, Qt.Key.Key_M)
    assert asked
    card.actions_row.findChild(QMenu).close()
    card.actions_row.move_to(step._looked_at(), "test")
    assert step.views.currentWidget() is step.overview  # where the question stands
    assert card.actions_row.question.isVisible()
    assert opened.focusWidget().text().startswith("Move all 3")


def test_a_filter_set_before_a_new_catalog_is_sorted_shows_its_images(qtbot, card, opened, monkeypatch):
    monkeypatch.setattr(gallery_feed, "AT_ONCE", 0)
    session = opened.session
    session.show_catalog(replace(session.catalog, images=session.catalog.images[5:]))
    card.filters._facet("class", "malignant")
    with qtbot.waitSignal(card.feed.fed):
        pass
    assert {card.model.image(row).label for row in range(card.model.rowCount())} == {"malignant"}
    assert card.model.rowCount() == 7


def test_another_frame_in_the_large_view_is_offered_what_fits_it(step, opened):
    session = opened.session
    first, second, *others = session.catalog.images
    frames = replace(first, frame=0), replace(second, path=first.path, frame=1, part="")
    session.show_catalog(replace(session.catalog, images=(*frames, *others)))
    step._look(0)
    assert step.viewer.out.text() == texts.LEAVE_OUT
    step.viewer.slider.setValue(1)
    assert step.viewer.out.text() == gallery_texts.TAKE_IN
    assert not step.viewer.move_to.isEnabled()
