import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from counterpoise.gui.texts import check as texts
from counterpoise.gui.widgets.finding_card import FindingCard, VerdictCard


@pytest.fixture
def step(opened):
    opened.go("check")
    return opened.step("check")


def cards(step) -> list[VerdictCard]:
    widgets = [step.findings.itemAt(i).widget() for i in range(step.findings.count())]
    return [widget for widget in widgets if isinstance(widget, VerdictCard)]


def change(qtbot, session, **settings):
    with qtbot.waitSignal(session.check_changed, timeout=10_000):
        assert session.change({key.replace("__", "."): value for key, value in settings.items()}) == ""


def test_findings_stand_in_order_of_urgency_with_their_fixes(qtbot, step, opened):
    change(
        qtbot, step.session, weighting__method="custom", weighting__custom={"benign": 1, "malignant": 1000}
    )
    shown = [card for card in cards(step) if isinstance(card, FindingCard)]
    urgency = {"blocker": 0, "warning": 1, "info": 2}
    ranks = [urgency[card.severity] for card in shown]
    assert ranks == sorted(ranks)
    assert shown[0].finding.code == "weight-ratio-extreme"
    assert not opened.footer.main.isEnabled()
    fix = next(b for b in shown[0].findChildren(QPushButton) if b.text() == shown[0].finding.fix.label)
    with qtbot.waitSignal(step.session.check_changed, timeout=10_000):
        qtbot.mouseClick(fix, Qt.MouseButton.LeftButton)
    assert "weight-ratio-extreme" not in [f.code for f in step.open_blockers]


def test_a_blocker_can_be_accepted_and_that_taken_back(qtbot, step, opened):
    change(
        qtbot, step.session, weighting__method="custom", weighting__custom={"benign": 1, "malignant": 1000}
    )
    before = [f.code for f in step.open_blockers]
    assert "weight-ratio-extreme" in before

    def press(words):
        card = next(c for c in cards(step) if getattr(c, "finding", None) and c.finding.code == before[0])
        made = next(b for b in card.findChildren(QPushButton) if b.text() == words)
        with qtbot.waitSignal(step.session.check_changed, timeout=10_000):
            qtbot.mouseClick(made, Qt.MouseButton.LeftButton)

    press(texts.ACCEPT)
    assert before[0] not in [f.code for f in step.open_blockers]
    assert opened.footer.main.isEnabled() == (not step.open_blockers)
    press(texts.WITHDRAW)
    assert [f.code for f in step.open_blockers] == before


def test_without_blockers_it_is_kind(step, opened):
    assert not step.open_blockers
    assert opened.footer.main.isEnabled()
    assert step.what_runs.isVisible()


def test_the_class_of_interest_is_guessed_and_asked(qtbot, step):
    chips = step.interest.chips
    assert chips.current == "malignant"
    assert texts.GUESSED in chips.buttons["malignant"].text()
    with qtbot.waitSignal(step.session.check_changed, timeout=20_000):
        qtbot.mouseClick(chips.buttons["benign"], Qt.MouseButton.LeftButton)
    assert step.session.plan.positive == "benign"
    assert texts.GUESSED not in chips.buttons["benign"].text()
