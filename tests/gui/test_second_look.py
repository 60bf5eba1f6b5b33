"""The second look in the window: the real job on a tiny set, and what the person decides."""

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from tests_window import family

from counterpoise.core.catalog.alike.copies import CopyPair
from counterpoise.core.catalog.scan import scan
from counterpoise.core.catalog.sources import open_sources
from counterpoise.core.review.confirmed import confirmed_path, read_confirmed
from counterpoise.core.review.digest import digest_of
from counterpoise.core.review.result import Doubt, Estimate, Review, Unlike
from counterpoise.core.review.saved import save_review, saved_path
from counterpoise.core.study.edits import read_edits
from counterpoise.gui.panels.second_look import SecondLookPanel
from counterpoise.gui.studies import study_for
from counterpoise.gui.texts import review as texts


@pytest.fixture
def panel(qtbot, opened):
    made = SecondLookPanel(opened.session)
    qtbot.addWidget(made)
    made.resize(1000, 620)
    made.show()
    yield made
    made.close_down()


def reviewed(session, *, digest=None, near=()):
    """Keep a review of the tiny set: three doubts, one image unlike its class."""
    catalog = session.catalog
    images = [image for image in catalog.images if image.part in ("train", "val")][:4]

    def doubt(image):
        other = next(label for label in catalog.labels if label != image.label)
        return Doubt(image.path, image.frame, image.content, image.label, other, 0.001, 0.999, -0.9)

    last = images[3]
    review = Review(
        digest=digest or digest_of(catalog, session.settings, False),
        images=15,
        classes={"benign": 10, "malignant": 5},
        too_small=(),
        with_test=False,
        estimate=Estimate(2, 1, 4, 15),
        doubts=tuple(doubt(image) for image in images[:3]),
        unlike=(Unlike(last.path, last.frame, last.content, last.label, 2.5),),
        near=near,
    )
    save_review(saved_path(catalog.sources), review)
    return review


@pytest.fixture
def shown(qtbot, panel):
    review = reviewed(panel._session)
    with qtbot.waitSignal(panel.look.changed, check_params_cb=None):
        panel.shown()
    qtbot.waitUntil(lambda: panel.look.review == review)
    qtbot.waitUntil(lambda: panel.list.isVisible())
    panel.list.setFocus()
    panel.list.go_to(0)
    return panel


def press(qtbot, panel, key, modifier=Qt.KeyboardModifier.NoModifier):
    qtbot.keyClick(panel.list, key, modifier)


def marks(panel):
    return [panel.model.suspect(row).mark for row in range(panel.model.rowCount())]


def test_before_the_first_look_it_says_what_it_does(panel):
    assert panel.sentence.text() == texts.TITLE
    assert "Nothing is changed" in panel.note.text()
    assert panel.start.text() == texts.START
    assert panel.start.isEnabled()
    assert not panel.found.isVisible()


def test_a_review_that_is_kept_is_shown_at_once(shown):
    assert shown.sentence.text() == "About 2 of 15 labels may be wrong, likely between 1 and 4."
    assert "benign has only" in shown.note.text() or "malignant has only" in shown.note.text()
    assert [shown.tabs.buttons[name].text() for name in texts.TABS] == [
        "Label doubts · 3", "Unlike their class · 1", "Near-copies · 0"
    ]  # fmt: skip
    assert shown.start.text() == texts.AGAIN
    assert marks(shown) == ["", "", ""]
    assert "over 99\N{NO-BREAK SPACE}%" in shown.detail.words.text()


def test_enter_relabels_as_suggested_and_goes_on(qtbot, shown):
    session = shown._session
    doubt = shown.look.review.doubts[0]
    press(qtbot, shown, Qt.Key.Key_Return)
    assert marks(shown) == [texts.MARKS["relabelled"], "", ""]
    assert shown.list.currentIndex().row() == 1
    qtbot.waitUntil(lambda: len(read_edits(session.study.edits)) > 0)
    edit = read_edits(session.study.edits)[-1]
    assert (edit.kind, edit.path, edit.value) == ("relabel", doubt.path, doubt.suggested)
    qtbot.waitUntil(lambda: shown.look.stale)
    assert texts.STALE in shown.note.text()

    press(qtbot, shown, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert marks(shown) == ["", "", ""]
    assert shown.list.currentIndex().row() == 0
    qtbot.waitUntil(lambda: not shown.look.stale)


def test_a_label_found_right_is_remembered_in_the_study(qtbot, shown):
    doubt = shown.look.review.doubts[0]
    press(qtbot, shown, Qt.Key.Key_C)
    assert marks(shown) == [texts.MARKS["right"], "", ""]
    file = confirmed_path(shown._session.catalog.sources)
    qtbot.waitUntil(lambda: (doubt.content, doubt.label) in read_confirmed(file))
    assert file.parent == shown._session.study.root
    assert shown.decided.text() == "1 label found right"
    press(qtbot, shown, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert marks(shown) == ["", "", ""]
    qtbot.waitUntil(lambda: not read_confirmed(file))


def test_what_could_not_be_kept_is_said_and_shown_as_it_is(qtbot, shown):
    (shown._session.study.root / "confirmed.jsonl").symlink_to(shown._session.study.root / "no" / "folder")
    with qtbot.waitSignal(shown._session.problem) as told:
        press(qtbot, shown, Qt.Key.Key_C)
        assert marks(shown) == [texts.MARKS["right"], "", ""]
    assert "can't be kept" in told.args[0]
    qtbot.waitUntil(lambda: marks(shown) == ["", "", ""])


def test_x_leaves_out_and_takes_in_again(qtbot, shown):
    press(qtbot, shown, Qt.Key.Key_X)
    assert marks(shown) == [texts.MARKS["out"], "", ""]
    press(qtbot, shown, Qt.Key.Key_Left)
    assert shown.detail.out.text() == texts.TAKE_IN
    press(qtbot, shown, Qt.Key.Key_X)
    assert marks(shown) == ["", "", ""]


def test_images_unlike_their_class_offer_no_label(qtbot, shown):
    qtbot.mouseClick(shown.tabs.buttons["unlike"], Qt.MouseButton.LeftButton)
    assert shown.model.rowCount() == 1
    assert "2.5 times as far" in shown.detail.words.text()
    assert not shown.detail.relabel.isVisible()
    press(qtbot, shown, Qt.Key.Key_Return)
    assert marks(shown) == [""]


def test_all_of_a_tab_can_be_seen_in_the_gallery_in_their_order(qtbot, shown):
    with qtbot.waitSignal(shown.keys_asked) as asked:
        qtbot.mouseClick(shown.gallery, Qt.MouseButton.LeftButton)
    doubts = shown.look.review.doubts
    assert asked.args[0] == tuple(doubt.key for doubt in doubts)
    assert asked.args[2] == {doubt.path: texts.badge(doubt) for doubt in doubts}
    qtbot.mouseClick(shown.tabs.buttons["near"], Qt.MouseButton.LeftButton)
    assert shown.nothing.text() == texts.EMPTY["near"]
    assert not shown.gallery.isVisible()


def test_one_of_a_pair_can_be_left_out(qtbot, panel):
    a, b = (
        image for image in panel._session.catalog.images if image.path in ("benign/b02.png", "benign/b05.png")
    )
    pair = CopyPair((a.path, a.frame), (b.path, b.frame), "near", 0.95)
    reviewed(panel._session, near=(pair,))
    panel.shown()
    qtbot.waitUntil(lambda: panel.look.review is not None)
    qtbot.mouseClick(panel.tabs.buttons["near"], Qt.MouseButton.LeftButton)
    assert panel.detail.portraits[1].isVisible()
    qtbot.mouseClick(panel.detail.out1, Qt.MouseButton.LeftButton)
    out = {image.path for image in panel._session.catalog.images if not image.part}
    assert b.path in out
    assert marks(panel) == [texts.MARKS["out"]]
    with qtbot.waitSignal(panel.pairs_asked) as asked:
        qtbot.mouseClick(panel.closer, Qt.MouseButton.LeftButton)
    assert [(one.path, other.path) for one, other in asked.args[0]] == [(a.path, b.path)]


def test_what_was_edited_elsewhere_since_is_taken_back_first(qtbot, shown):
    edits = shown._session.edits
    press(qtbot, shown, Qt.Key.Key_C)
    edits.leave_out([shown.model.suspect(2).images[0]])
    assert marks(shown) == [texts.MARKS["right"], "", texts.MARKS["out"]]
    press(qtbot, shown, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert marks(shown) == [texts.MARKS["right"], "", ""]
    assert not edits.can_undo


@pytest.fixture
def step(qtbot, opened):
    """The inspect step of the real window with a review of its images in the third tab."""
    pair = tuple((image.path, image.frame) for image in opened.session.catalog.images[:2])
    reviewed(opened.session, near=(CopyPair(*pair, "near", 0.95),))
    opened.go("inspect")
    step = opened.step("inspect")
    step.show_tab("second_look")
    qtbot.waitUntil(lambda: step.panels["second_look"].look.review is not None)
    return step


def test_doubts_are_seen_in_the_gallery_and_there_is_a_way_back(qtbot, step):
    panel, gallery = step.panels["second_look"], step.gallery
    doubts = panel.look.review.doubts
    panel.gallery.click()
    assert step.views.currentWidget() is step.overview
    shown = [gallery.image(row) for row in range(gallery.model.rowCount())]
    assert [(image.path, image.frame) for image in shown] == [doubt.key for doubt in doubts]
    assert gallery.words_of(0)[1] == texts.badge(doubts[0])
    assert texts.badge(doubts[0]) == f"{doubts[0].suggested}? 99 %"
    gallery.leave_out([shown[0]])
    assert not panel._session.catalog.named(doubts[0].key)[0].part
    panel._session.edits.undo()
    assert panel._session.catalog.named(doubts[0].key)[0].part
    assert step.way_back.isVisible()
    step.way_back.click()
    assert step.views.currentWidget() is panel
    assert not step.way_back.isVisible()
    assert not gallery.actions_row.out_button.isVisible()


def test_one_is_seen_large_then_the_next_and_escape_comes_back(qtbot, step):
    panel = step.panels["second_look"]
    doubts = panel.look.review.doubts
    panel.list.go_to(0)
    press(qtbot, panel, Qt.Key.Key_Space)
    assert step.views.currentWidget() is step.viewer
    assert step.viewer.image.path == doubts[0].path
    step.viewer.moved.emit(1)
    assert step.viewer.image.path == doubts[1].path
    assert panel.list.currentIndex().row() == 1
    step.viewer.leave_out_asked.emit()
    assert step.views.currentWidget() is step.viewer
    assert step.viewer.image.part == ""
    step.viewer.closed.emit()
    assert step.views.currentWidget() is panel
    assert marks(panel) == ["", texts.MARKS["out"], ""]


def test_near_copies_are_seen_side_by_side(qtbot, step):
    panel = step.panels["second_look"]
    panel.tabs.buttons["near"].click()
    assert panel.closer.text() == texts.SIDE_BY_SIDE
    press(qtbot, panel, Qt.Key.Key_Space)
    pairs, near = step.pairs, panel.look.review.near[0]
    assert step.views.currentWidget() is pairs
    assert [image.path for image in pairs.pairs[0]] == [near.a[0], near.b[0]]
    pairs.leave_out_asked.emit(pairs.pairs[0][1])
    assert marks(panel) == [texts.MARKS["out"]]
    pairs.closed.emit()
    assert step.views.currentWidget() is panel


def test_another_review_is_shown_from_its_beginning(qtbot, shown):
    shown.list.go_to(2)
    shown.look.review = replace(shown.look.review, with_test=True)
    shown.look.changed.emit()
    assert shown.list.currentIndex().row() == 0
    assert shown.with_test.isChecked()


def test_a_review_of_other_images_is_told_to_be_out_of_date(qtbot, panel):
    reviewed(panel._session, digest="another")
    panel.shown()
    qtbot.waitUntil(lambda: panel.look.stale)
    assert texts.STALE in panel.note.text()


def test_another_study_brings_its_own(qtbot, shown):
    session = shown._session
    session.take(None, session.settings)
    assert shown.look.review is None
    assert shown.sentence.text() == texts.TITLE
    assert not shown.start.isEnabled()
    assert texts.NO_CATALOG in shown.note.text()


@pytest.fixture
def planted(qtbot, window, tmp_path):
    """The window with stripes in two directions, one image of each in the other's folder."""
    random = np.random.default_rng(0)
    for turned, name in enumerate(("level", "upright")):
        for i in range(24):
            wave = np.sin(np.arange(40) / random.uniform(1.0, 1.6) + random.uniform(0, 6))
            pixels = 128 + 60 * np.broadcast_to(wave[:, None], (40, 40)) + random.normal(0, 25, (40, 40))
            folder = tmp_path / "stripes" / (("upright", "level")[turned] if i == 0 else name)
            folder.mkdir(parents=True, exist_ok=True)
            made = (pixels.T if turned else pixels).clip(0, 255).astype(np.uint8)
            Image.fromarray(made).save(folder / f"{name}{i:02d}.png")
    session = window.session
    study, _ = study_for([tmp_path / "stripes"])
    changed = study.load_settings().changed({"model.image_size": 32, "data.val": 0.1, "data.test": 0.0})
    study.save_settings(changed)
    session.take(study, changed)
    session.show_catalog(scan(open_sources(study.root), session.settings.data))
    return window


@pytest.mark.slow
def test_the_whole_way_on_planted_labels(qtbot, planted):
    panel = SecondLookPanel(planted.session)
    qtbot.addWidget(panel)
    panel.show()
    panel.shown()
    told = []
    panel.look.progressed.connect(lambda stage, *_: told.append(stage))
    qtbot.mouseClick(panel.start, Qt.MouseButton.LeftButton)
    assert panel.start.text() == texts.CANCEL
    assert panel.progress.isVisible()
    qtbot.waitUntil(lambda: not panel.look.running, timeout=120_000)
    assert panel.look.note == ""
    assert {"scan", "decode", "embed", "judge"} <= set(told)
    first = {doubt.path for doubt in panel.look.review.doubts[:2]}
    assert first == {"upright/level00.png", "level/upright00.png"}
    assert not panel.look.stale
    panel.close_down()


def test_cancelling_frees_the_panel_at_once(qtbot, panel):
    panel.shown()
    panel.look.start()
    panel.look.cancel()
    assert not panel.look.running
    assert panel.look.note == texts.CANCELLED
    qtbot.waitUntil(lambda: not panel.look._job._ending, timeout=60_000)


@pytest.mark.slow
def test_why_there_is_nothing_to_compare_is_said(qtbot, panel):
    catalog = panel._session.catalog
    session = panel._session
    session.show_catalog(replace(catalog, images=tuple(i for i in catalog.images if i.label == "benign")))
    for file in (catalog.sources.root / "malignant").iterdir():
        file.unlink()
    panel.look.start()
    qtbot.waitUntil(lambda: not panel.look.running, timeout=60_000)
    assert "too little to compare" in panel.note.text()


def test_closing_the_window_ends_the_look(opened):
    opened.go("inspect")
    step = opened.step("inspect")
    step.show_tab("second_look")
    look = step.panels["second_look"].look
    before = family()
    look.start()
    assert look.running
    opened.close_quietly()
    assert not look.running
    assert family() <= before
