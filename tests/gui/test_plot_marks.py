"""Marks on a plot: one a round, words that don't cover each other, sentences by pointer and by key."""

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QToolTip

from counterpoise.core.findings.registry import CODES, Subject
from counterpoise.gui.run_story import Mark, RunStory
from counterpoise.gui.texts import train as texts
from counterpoise.gui.widgets.curves import Curves, plot_marks

GUARDS = [code for code, spec in CODES.items() if spec.subject is Subject.GUARD]


@pytest.fixture
def curves(qtbot, window):
    made = Curves()
    qtbot.addWidget(made)
    made.resize(700, 420)
    with qtbot.waitExposed(made):
        made.show()
    return made


def shown(curves, marks):
    epochs = {n: {"epoch": n, "loss": 1 / n, "val_loss": 1 / n, "val_auc": 0.8} for n in range(1, 31)}
    curves.set_story(RunStory(phase="learning", epochs=epochs, marks=tuple(marks)))
    return curves.loss.marks


def test_every_guard_has_words_and_a_title():
    assert set(GUARDS) <= set(texts.MARKS)
    assert all(texts.guard_title(code) != code for code in GUARDS)


def test_what_happened_in_one_round_is_one_mark_that_tells_all():
    marks = [Mark(3, "overfitting", "A.", 1.0, severity="info"), Mark(3, "exploding-loss", "B.", 2.0)]
    (mark,) = plot_marks([*marks, Mark(3, "exploding-loss", "C.", 3.0)])
    assert (mark.place, mark.words, mark.severity) == (3, "went back +1", "warning")
    assert all(sentence in mark.sentence for sentence in ("A.", "B.", "C.", "The error exploded"))
    (many,) = plot_marks([Mark(1, "stalled", f"{n}.", 0.0) for n in range(9)])
    assert many.sentence.endswith("and 4 more")


def test_words_never_cover_each_other(curves):
    marks = shown(curves, [Mark(n, code, "x", 0.0) for n, code in enumerate(GUARDS * 2, 1)])
    boxes = [
        line.label.mapRectToScene(line.label.boundingRect()).adjusted(1, 1, -1, -1)
        for line in marks.lines
        if line.label.isVisible()
    ]
    assert len(boxes) > 4
    assert not any(a.intersects(b) for number, a in enumerate(boxes) for b in boxes[:number])
    scene = curves.loss.getViewBox().sceneBoundingRect()
    assert all(box.right() <= scene.right() + 3 for box in boxes)


def test_the_pointer_tells_the_sentence(qtbot, curves):
    marks = shown(curves, [Mark(5, "exploding-loss", "It <grew>.", 0.0)])
    where = QPoint(round(marks._x(5)) + 2, 60)
    told = []
    marks.chosen.connect(told.append)
    plot = curves.loss.viewport()
    assert curves.loss.viewportEvent(QHelpEvent(QEvent.Type.ToolTip, where, plot.mapToGlobal(where)))
    assert told == [5]
    assert "It &lt;grew&gt;." in QToolTip.text()
    far = QPoint(round(marks._x(20)), 60)
    assert marks.at(far.x()) is None


def test_keys_go_from_mark_to_mark(qtbot, curves):
    marks = shown(curves, [Mark(n, "stalled", f"Round {n}.", 0.0) for n in (2, 9, 20)])
    assert curves.auc.focusPolicy() == Qt.FocusPolicy.NoFocus
    curves.loss.setFocus()
    qtbot.waitUntil(lambda: marks.current == 2)
    for key, number in (
        (Qt.Key.Key_Left, 1),
        (Qt.Key.Key_Home, 0),
        (Qt.Key.Key_Left, 0),
        (Qt.Key.Key_End, 2),
    ):
        qtbot.keyClick(curves.loss, key)
        assert marks.current == number
        assert f"Round {(2, 9, 20)[number]}." in curves.loss.accessibleDescription()
    qtbot.keyClick(curves.loss, Qt.Key.Key_Escape)
    assert marks.current is None


def test_a_plot_without_marks_is_passed_over(curves):
    shown(curves, [])
    assert curves.loss.focusPolicy() == Qt.FocusPolicy.NoFocus
