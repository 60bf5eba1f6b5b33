"""What is wrong with a run, by what can be seen of it."""

import pytest

from counterpoise.core.jobs.stall import QUIET
from counterpoise.core.jobs.supervisor import PATIENCE_WITH_CHILD
from counterpoise.gui.answering import DEAF_AFTER, SILENT_AFTER, SUPERVISOR_PATIENCE, Look, Trouble, judge
from counterpoise.gui.texts import trouble as texts


@pytest.mark.parametrize(
    ("look", "asked", "waited", "expected"),
    [
        (Look(), "", 0, None),
        (Look(quiet=SILENT_AFTER - 1), "", 0, None),
        (Look(quiet=SILENT_AFTER + 1), "", 0, Trouble.SILENT),
        (Look(quiet=300, usual=20), "", 0, None),  # it always takes its time
        (Look(quiet=700, usual=20), "", 0, Trouble.SILENT),
        (Look(record=False, quiet=500), "", 0, Trouble.RECORD),
        (Look(halted=True, quiet=500), "pause", 60, Trouble.HALTED),
        (Look(folder=False, record=False, halted=True), "", 0, Trouble.FOLDER),
        (Look(), "pause", 5, None),
        (Look(), "pause", 15, Trouble.SLOW),
        (Look(), "pause", DEAF_AFTER + 1, Trouble.DEAF),
        (Look(unread=True), "pause", 5, None),
        (Look(unread=True), "pause", 12, Trouble.DEAF),
        (Look(unread=True), "stop", 12, Trouble.DEAF),
        (Look(), "stop", 600, None),  # judging and saving may take that long, as long as it speaks
        (Look(quiet=600), "stop", 600, Trouble.SILENT),
    ],
)
def test_the_most_telling_trouble_is_named(look, asked, waited, expected):
    assert judge(look, asked, waited) is expected


@pytest.mark.parametrize("trouble", Trouble)
def test_every_trouble_has_a_title_and_a_sentence(trouble):
    said = texts.text(trouble, "pause", 50.0, 130.0)
    assert texts.TITLES[trouble]
    assert said.endswith(".")


def test_the_window_knows_how_long_the_supervisor_waits():
    assert SILENT_AFTER == 2 * QUIET
    assert SUPERVISOR_PATIENCE == PATIENCE_WITH_CHILD
