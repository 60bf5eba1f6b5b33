"""The list of findings: after a fix it stays where it was, and the keys stay with it."""

import pytest
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from counterpoise.core.findings import Finding, Fix, Severity
from counterpoise.gui.widgets.finding_card import FindingCard
from counterpoise.gui.widgets.findings_list import FindingsList


def finding(number):
    fix = Fix("Leave it out", {"data.exclude": [f"{number}.png"]})
    return Finding("blank-image", Severity.WARNING, f"{number}. " + "Have a look. " * 20, fix=fix)


@pytest.fixture
def found(qtbot):
    page = QWidget()
    qtbot.addWidget(page)
    column = QVBoxLayout(page)
    made = FindingsList()
    column.addWidget(QPushButton("before"))
    column.addWidget(made)
    page.resize(400, 300)
    with qtbot.waitActive(page):
        page.show()
    made.show_findings([finding(number) for number in range(12)])
    qtbot.waitUntil(lambda: made.area.verticalScrollBar().maximum() > 600)
    page.found = made  # held as long as the page
    yield made
    page.close()


def test_after_a_fix_the_list_keeps_its_place_and_the_focus(qtbot, found):
    card = found.findChildren(FindingCard)[4]
    button = card.findChild(QPushButton)
    found.area.ensureWidgetVisible(button)
    button.setFocus()
    bar = found.area.verticalScrollBar()
    place = bar.value()
    assert 0 < place < bar.maximum()
    found.show_findings([finding(number) for number in range(12) if number != 4])
    assert found.hasFocus()
    qtbot.waitUntil(lambda: not found._go_back.isActive() and len(found.findChildren(FindingCard)) == 11)
    assert bar.value() == place
    assert found.hasFocus()


def test_without_the_focus_it_takes_none(qtbot, found):
    before = found.parentWidget().findChild(QPushButton)
    before.setFocus()
    found.show_findings([finding(1)])
    assert before.hasFocus()
