import numpy as np
import pytest

from counterpoise.core.catalog.table_file import read_table, write_table

VALUES = {"name": "Ä\n", "list": [1, 2.5, None]}


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "new folder" / "a.table"
    columns = {
        "whole": np.arange(5, dtype=np.int32),
        "real": np.array([[0.5], [np.nan]]),
        "none": np.zeros(0),
    }
    write_table(path, VALUES, columns)
    return path


def test_what_is_written_is_read(file):
    table = read_table(file)
    assert table.values == VALUES
    assert table.columns["whole"].tolist() == [0, 1, 2, 3, 4]
    np.testing.assert_array_equal(table.columns["real"], [0.5, np.nan])
    assert table.columns["none"].size == 0
    assert [path.name for path in file.parent.iterdir()] == ["a.table"]


def test_one_wrong_byte_anywhere_is_noticed(file):
    whole = file.read_bytes()
    for place in range(len(whole)):
        file.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        with pytest.raises(ValueError, match="damaged"):
            read_table(file)


@pytest.mark.parametrize("length", [0, 5, 30, 60, 200])
def test_a_file_cut_short_is_noticed(file, length):
    file.write_bytes(file.read_bytes()[:length])
    with pytest.raises(ValueError, match="damaged"):
        read_table(file)


def test_nothing_is_left_of_a_table_that_cannot_be_written(file):
    before = file.read_bytes()
    with pytest.raises(ValueError, match="JSON"):
        write_table(file, {"value": float("nan")}, {})
    with pytest.raises(FileExistsError):
        write_table(file / "below a file", VALUES, {})
    assert file.read_bytes() == before
    assert [path.name for path in file.parent.iterdir()] == ["a.table"]


def test_objects_are_no_column(tmp_path):
    path = tmp_path / "a.table"
    write_table(path, {}, {"objects": np.array([{}, []], dtype=object)[:0]})
    with pytest.raises(ValueError, match="objects"):
        read_table(path)
