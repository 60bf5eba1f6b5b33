"""``labels.json``."""

import json
from pathlib import Path

import pytest

from counterpoise.core.balance.labels_file import LabelsFile, read_labels
from counterpoise.core.balance.operating import OperatingPoint
from counterpoise.core.errors import CounterpoiseError

LABELS = LabelsFile(
    labels=("normal", "sick"),
    threshold=OperatingPoint(class_="sick", value=0.3),
    prevalence={"normal": 0.8, "sick": 0.2},
)


def test_it_comes_back_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "labels.json"
    path.write_text(LABELS.to_text(), encoding="utf-8")
    assert read_labels(path) == LABELS
    told = json.loads(path.read_text())
    assert set(told) == {"format_version", "labels", "threshold", "prevalence"}
    assert told["threshold"]["class"] == "sick"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"format_version": 2}, "newer Counterpoise"),
        ({"labels": ["a", "a"]}, "damaged"),
        ({"prevalence": {"normal": 1.0}}, "damaged"),
        ({"threshold": {"class": "x", "value": 0.5, "rule": "balanced"}}, "damaged"),
        ({"extra": 1}, "damaged"),
    ],
)
def test_what_is_newer_or_damaged_is_refused(
    tmp_path: Path, change: dict[str, object], sentence: str
) -> None:
    path = tmp_path / "labels.json"
    path.write_text(json.dumps({**json.loads(LABELS.to_text()), **change}), encoding="utf-8")
    with pytest.raises(CounterpoiseError, match=sentence):
        read_labels(path)


@pytest.mark.parametrize("text", ["", "[]", "{", "null"])
def test_rubbish_is_one_sentence(tmp_path: Path, text: str) -> None:
    path = tmp_path / "labels.json"
    path.write_text(text)
    with pytest.raises(CounterpoiseError, match="damaged"):
        read_labels(path)


def test_a_missing_file_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(CounterpoiseError, match="can't be read"):
        read_labels(tmp_path / "labels.json")
