"""``predictions.csv``."""

from pathlib import Path

import pytest

from counterpoise.core.catalog.types import NO_FRAME
from counterpoise.core.errors import CounterpoiseError
from counterpoise.core.figures.predictions import PredictionLine, read_predictions, write_predictions

LINES = (
    PredictionLine("a/x, y.png", NO_FRAME, "val", "a", "b", "p1", (0.25, 0.75)),
    PredictionLine("b/ü.dcm", 3, "test", "b", "b", "", (1e-9, 1 - 1e-9)),
)


def test_it_comes_back(tmp_path: Path) -> None:
    path = tmp_path / "predictions.csv"
    write_predictions(path, ("a", "b"), LINES)
    labels, lines = read_predictions(path)
    assert labels == ("a", "b")
    assert lines == LINES
    head, first, second = path.read_text(encoding="utf-8").splitlines()
    assert head == "path,frame,split,label,predicted,group,p_a,p_b"
    assert first == '"a/x, y.png",,val,a,b,p1,0.25,0.75'
    assert second.startswith("b/ü.dcm,3,test,b,b,,1e-09,")


@pytest.mark.parametrize("text", ["", "x,y\n", "path,frame,split,label,predicted,group,p_a\na,,val,a,a,\n"])
def test_a_damaged_table_is_one_sentence(tmp_path: Path, text: str) -> None:
    path = tmp_path / "predictions.csv"
    path.write_text(text)
    with pytest.raises(CounterpoiseError, match="is damaged"):
        read_predictions(path)
