"""Edits: appended, undone, redone, never lost silently."""

from pathlib import Path

import pytest

from counterpoise.core.errors import CounterpoiseError
from counterpoise.core.study.edits import (
    Edit,
    History,
    append_edit,
    append_edits,
    read_edits,
    read_history,
    redo_last,
    undo_last,
)
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


def test_what_was_done_in_one_go_is_undone_in_one(tmp_path: Path):
    file = tmp_path / "edits.jsonl"
    both = (
        Edit("relabel", "a/1.png", -1, "b", was="a", batch="k"),
        Edit("relabel", "a/2.png", -1, "b", batch="k"),
    )
    append_edit(file, A)
    append_edits(file, both)
    assert read_history(file).done == ((A,), both)
    assert undo_last(file) == (A,)
    assert read_history(file) == History(((A,),), (both,))
    assert redo_last(file) == (A, *both)
    assert len(file.read_text().splitlines()) == 5
    assert read_history(file).stepped("redo") == read_history(file)


def test_many_edits_are_written_in_one_go(tmp_path: Path, monkeypatch):
    synced = []
    monkeypatch.setattr("os.fsync", synced.append)
    edits = tuple(Edit("exclude", f"a/{i}.png", batch="k") for i in range(10_000))
    append_edits(tmp_path / "edits.jsonl", edits)
    assert len(synced) == 1
    assert read_edits(tmp_path / "edits.jsonl") == edits
