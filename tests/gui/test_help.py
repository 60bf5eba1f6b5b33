"""The help: it knows every code, can be searched, and opens at the step in hand."""

import re

import pytest
from PySide6.QtCore import Qt

from counterpoise.core.findings.registry import CODES
from counterpoise.core.findings.sentences import SENTENCES
from counterpoise.gui.help import HelpWindow, show_help
from counterpoise.gui.help_pages import pages
from counterpoise.gui.help_search import search
from counterpoise.gui.steps import STEPS
from counterpoise.gui.texts import help as texts
from counterpoise.gui.theme import Choice, apply_theme, colours


@pytest.fixture
def help_window(qtbot, qapp):
    made = HelpWindow()
    qtbot.addWidget(made)
    made.open("steps")
    with qtbot.waitActive(made):
        made.show()
    return made


def found(words):
    return [hit.section.address for hit in search([s for p in pages().values() for s in p.sections], words)]


def test_every_code_has_its_place_with_title_and_sentence():
    sections = {section.anchor: section for section in pages()["findings"].sections}
    for code, spec in CODES.items():
        assert spec.title in sections[code].title
        spoken = [key for key in SENTENCES if key == code or key.startswith(f"{code}.")]
        assert len(sections[code].text) >= 40 * len(spoken)


def test_no_page_has_a_gap_left_or_a_link_that_leads_nowhere():
    anchors = {name: {s.anchor for s in page.sections} for name, page in pages().items()}
    targets = [link for page in pages().values() for link in re.findall(r'href="([^"]+)"', page.html)]
    for target in [*targets, *texts.OF_STEP.values()]:
        name, _, anchor = target.partition("#")
        assert name in anchors
        assert not anchor or anchor in anchors[name]
    own = [page.html for name, page in pages().items() if name != "comparison"]  # which quotes Python
    assert not [html for html in own if "{" in html or "}" in html]


def test_every_step_has_a_page():
    assert set(texts.OF_STEP) == {entry.name for entry in STEPS}


def test_the_comparison_tells_every_mistake_with_both_sides():
    page = pages()["comparison"]
    told = [section for section in page.sections if "Plain Keras" in section.text and section.anchor]
    assert len(told) >= 33
    assert all("Counterpoise" in section.text for section in told)
    assert f"of {len(told)}" in page.sections[0].text


def test_search_finds_titles_first_and_needs_all_words():
    assert found("near-duplicate")[0] == "findings#near-duplicate"
    assert found("NaN")[-1].startswith("comparison")
    assert not found("NaN")[0].startswith("comparison")
    assert found("prevalence flag")[0] == "figures#prevalence"
    assert found("") == []
    assert found("no such word anywhere") == []


@pytest.mark.parametrize("step", ["balance", "results"])
def test_f1_opens_the_page_of_the_step(qtbot, window, step):
    window.go(step)
    qtbot.keyClick(window, Qt.Key.Key_F1)
    qtbot.waitUntil(lambda: window.findChild(HelpWindow) is not None)  # the button is seen going down first
    made = window.findChild(HelpWindow)
    assert made.isVisible()
    assert made.address == texts.OF_STEP[step]
    assert show_help(window, "data") is made
    assert made.address == "steps#data"


def test_the_help_goes_with_its_window(qtbot, window):
    made = show_help(window, "data")
    window.close()
    assert not made.isVisible()


def test_keyboard_alone_searches_opens_and_goes_back(qtbot, help_window):
    qtbot.keyClick(help_window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert help_window.field.hasFocus()
    qtbot.keyClicks(help_window.field, "smearing nothing")
    assert help_window.nothing.isVisible()
    help_window.field.clear()
    qtbot.keyClicks(help_window.field, "people dates")
    qtbot.keyClick(help_window.field, Qt.Key.Key_Down)
    assert help_window.list.hasFocus()
    assert help_window.address == "findings#identifiers-present"
    assert len(help_window.view.extraSelections()) >= 1
    qtbot.keyClick(help_window, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert help_window.address == "steps"
    qtbot.keyClick(help_window, Qt.Key.Key_Escape)  # empties the search first
    assert help_window.isVisible()
    assert help_window.list.count() == len(texts.PAGES)
    qtbot.keyClick(help_window, Qt.Key.Key_Escape)
    assert not help_window.isVisible()


def test_a_link_leads_on_and_scrolls_there(qtbot, help_window):
    help_window.view.asked.emit("findings#dry-run-failed")
    assert help_window.address == "findings#dry-run-failed"
    assert help_window.view.verticalScrollBar().value() > 0
    assert help_window.list.currentItem().text() == texts.PAGES["findings"]


def test_it_follows_the_theme_and_keeps_its_place(qapp, help_window):
    help_window.open("findings#shortcut")
    place = help_window.view.verticalScrollBar().value()
    before = colours().name
    apply_theme(qapp, Choice.DARK if before == "light" else Choice.LIGHT)
    assert colours().name != before
    assert help_window.view.verticalScrollBar().value() == place
    assert colours().muted.lower() in help_window.view.toHtml().lower()
    apply_theme(qapp, Choice(before))
