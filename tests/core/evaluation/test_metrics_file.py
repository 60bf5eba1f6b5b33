"""``metrics.json``."""

from pathlib import Path

import pytest

from counterpoise.core.errors import CounterpoiseError
from counterpoise.core.evaluation.metrics_file import read_metrics, write_metrics


def test_what_is_missing_is_added(tmp_path: Path) -> None:
    path = tmp_path / "metrics.json"
    write_metrics(path, {"format_version": 1, "validation": {}})
    assert read_metrics(path) == {"format_version": 1, "validation": {}, "openings": 0, "evaluations": []}


def test_nan_is_never_written(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="JSON"):
        write_metrics(tmp_path / "metrics.json", {"a": float("nan")})
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{", "damaged"),
        ("[]", "damaged"),
        ('{"openings": "x"}', "damaged"),
        ('{"format_version": 9}', "newer Counterpoise"),
    ],
)
def test_a_damaged_or_newer_file_is_one_sentence(tmp_path: Path, text: str, sentence: str) -> None:
    path = tmp_path / "metrics.json"
    path.write_text(text)
    with pytest.raises(CounterpoiseError, match=sentence):
        read_metrics(path)


def test_a_missing_file_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(CounterpoiseError, match="can't be read"):
        read_metrics(tmp_path / "metrics.json")
