"""Edits: appended, undone, redone, never lost silently."""

from pathlib import Path

import pytest

from counterpoise.core.errors import CounterpoiseError
from counterpoise.core.study.edits import Edit, append_edit, read_edits, redo_last, undo_last
from counterpoise.core.study.lock import locked

A = Edit("relabel", "a/1.png", -1, "b")
B = Edit("exclude", "a/ü,\n2.png", 3)
C = Edit("move", "a/3.png", -1, "test")


def test_undo_and_redo_are_entries(tmp_path: Path):
    file = tmp_path / "s" / "edits.jsonl"
    assert read_edits(file) == ()
    assert undo_last(file) == ()
    assert not file.exists()
    for edit in (A, B, C):
        append_edit(file, edit)
    assert read_edits(file) == (A, B, C)
    assert undo_last(file) == (A, B)
    assert undo_last(file) == (A,)
    assert redo_last(file) == (A, B)
    append_edit(file, C)
    assert redo_last(file) == (A, B, C)  # nothing to redo after a new edit
    assert read_edits(file) == (A, B, C)
    assert len(file.read_text().splitlines()) == 7


def test_a_line_cut_off_by_a_crash_is_passed_over(tmp_path: Path):
    file = tmp_path / "edits.jsonl"
    append_edit(file, A)
    with file.open("a") as handle:
        handle.write('{"kind": "exclude", "pa')
    assert read_edits(file) == (A,)
    append_edit(file, C)
    assert read_edits(file) == (A, C)


@pytest.mark.parametrize(
    "line", ['{"kind": "paint", "path": "x"}', '{"kind": "exclude", "colour": 1}', '{"path": 1}']
)
def test_an_unknown_edit_is_told(tmp_path: Path, line):
    (tmp_path / "edits.jsonl").write_text(line + "\n")
    with pytest.raises(CounterpoiseError, match="Line 1 of"):
        read_edits(tmp_path / "edits.jsonl")


def test_one_writer_at_a_time(tmp_path: Path):
    with (
        locked(tmp_path),
        pytest.raises(CounterpoiseError, match="in use by another"),
        locked(tmp_path, patience=0),
    ):
        pass
    with locked(tmp_path, patience=0):
        pass
