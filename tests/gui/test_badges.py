"""What is only a guess, or true of every file of a set, puts no alarming badge on images."""

import pytest

from counterpoise.core.findings import Finding, Severity
from counterpoise.gui.texts.findings import badge


@pytest.mark.parametrize(
    ("where", "words"),
    [
        ({"names": 2}, "identifiable"),
        ({"metadata": 1, "pixels": 1}, "identifiable"),
        ({"writing": 3}, "writing"),
        ({"dicom-tags": 9}, ""),
    ],
)
def test_identifiers(where, words):
    finding = Finding(
        code="identifiers-present", severity=Severity.INFO, message="x", evidence={"where": where}
    )
    assert badge(finding) == words


def test_others():
    blank = Finding(code="blank-image", severity=Severity.WARNING, message="x")
    assert badge(blank) == "blank"
    assert badge(Finding(code="class-imbalance", severity=Severity.INFO, message="x")) == ""
