import pytest
from PySide6.QtCore import Qt

from counterpoise.core.settings import Settings
from counterpoise.gui.texts import balance as texts


@pytest.fixture
def step(opened):
    opened.go("balance")
    return opened.step("balance")


def wait_for_check(qtbot, session):
    with qtbot.waitSignal(session.check_changed, timeout=10_000):
        pass


def test_the_suggested_card_is_chosen_and_means_auto(qtbot, step):
    session = step.session
    assert step.cards.current == step.cards.suggested()
    with qtbot.waitSignal(session.check_changed, timeout=10_000):
        qtbot.mouseClick(step.cards.buttons["balanced"], Qt.MouseButton.LeftButton)
    assert session.settings.weighting.method == "balanced"
    weights = session.plan.weights
    assert weights["malignant"] > weights["benign"]
    assert (
        f"malignant: {session.plan.train_counts['malignant']} images"
        in step.weights.bars.accessibleDescription()
    )
    qtbot.mouseClick(step.cards.buttons[step.cards.suggested()], Qt.MouseButton.LeftButton)
    assert session.settings.weighting.method == "auto"


def test_bars_are_there_at_once_and_the_old_verdict_is_pale_until_the_check_is_over(qtbot, step):
    session, bars = step.session, step.weights.bars
    assert step.verdict.held.isEnabled()
    old = bars.accessibleDescription()
    with qtbot.waitSignal(session.check_changed, timeout=10_000):
        qtbot.mouseClick(step.cards.buttons["balanced"], Qt.MouseButton.LeftButton)
        ahead = bars.accessibleDescription()
        assert ahead != old
        assert not step.verdict.held.isEnabled()
        assert step.verdict.note_label.text() == texts.CHECKING
    assert bars.accessibleDescription() == ahead
    assert step.verdict.held.isEnabled()
    assert step.verdict.note_label.text() == ""


def test_own_weights_begin_with_the_present_ones_and_are_judged(qtbot, step):
    session = step.session
    assert step.weights.own.isHidden()
    with qtbot.waitSignal(session.check_changed, timeout=10_000):
        qtbot.mouseClick(step.cards.buttons["custom"], Qt.MouseButton.LeftButton)
    assert set(session.settings.weighting.custom) == {"benign", "malignant"}
    field = step.weights.own.field("malignant")
    assert not field.isHidden()
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, "500")
    with qtbot.waitSignal(session.check_changed, timeout=10_000):
        qtbot.keyClick(field, Qt.Key.Key_Return)
    assert session.settings.weighting.custom["malignant"] == 500
    codes = [f.code for f in session.check_result.findings]
    assert "weight-ratio-extreme" in codes
    shown = [
        step.verdict.list.itemAt(i).widget().title_label.text() for i in range(step.verdict.list.count())
    ]
    assert texts.GOES_TOGETHER not in shown
    field.selectAll()
    qtbot.keyClicks(field, "much")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert field.property("invalid") == "true"
    assert session.settings.weighting.custom["malignant"] == 500


@pytest.mark.parametrize("method", [key for key, _ in texts.SCALINGS])
def test_every_scaling_shows_a_real_image_before_and_after(qtbot, step, method):
    panel = step.scaling
    qtbot.waitUntil(lambda: panel.picture.sides is not None, timeout=20_000)
    before = panel.picture.sides
    if method != panel.chips.current:
        qtbot.mouseClick(panel.chips.buttons[method], Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: panel.picture.sides is not before, timeout=10_000)
    stored, seen = panel.picture.sides
    assert (stored.low, stored.high) == (0, 255)
    assert stored.values.shape[:2] == seen.values.shape[:2]
    assert seen.high > seen.low
    assert step.session.settings.scaling.method == method
    assert panel.window_fields.isHidden() == (method != "window")


def test_the_fold_holds_a_form_that_refuses_in_a_line(qtbot, step):
    assert step.form is None
    step.fold.click()
    editor = step.form.editor("training.learning_rate")
    assert editor.placeholderText().startswith("Suggested: 0.")
    editor.setFocus()
    qtbot.keyClicks(editor, "-1")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert "training.learning_rate" in step.form._notes["training.learning_rate"].text()
    assert step.session.settings == Settings()
    editor.selectAll()
    qtbot.keyClicks(editor, "0.01")
    with qtbot.waitSignal(step.session.check_changed, timeout=10_000):
        qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert step.session.settings.training.learning_rate == 0.01
    step.fold.click()
    assert step.form.isHidden()


def test_as_stored_says_what_a_pretrained_network_still_does(qtbot, step):
    session = step.session
    for mode, words in (("features", texts.AS_STORED_PRETRAINED), ("scratch", texts.SCALING_HELP["none"])):
        assert not session.change({"model.mode": mode, "scaling.method": "none"})
        qtbot.waitUntil(lambda words=words: step.scaling.note.text().startswith(words), timeout=20_000)
