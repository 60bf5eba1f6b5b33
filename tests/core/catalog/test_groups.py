"""Who is on an image."""

import pytest

from counterpoise.core.catalog.groups import Origin, find_groups
from counterpoise.core.errors import CounterpoiseError, UsageError

KEY = b"k" * 32


def origins(*names: str, csv: str = "", patient: str = "", several: bool = False) -> list[Origin]:
    return [Origin(f"a/{name}", csv, patient, several) for name in names]


def test_auto_takes_the_labels_file_then_dicom_then_nothing():
    both = [Origin("a/1", "Doe, Jane", "f00", False), Origin("a/2", "Doe, Jane", "f01", False)]
    source, groups = find_groups("auto", both, KEY)
    assert source == "csv"
    assert groups[0] == groups[1]
    assert "Doe" not in groups[0]
    assert find_groups("auto", origins("1", patient="f00"), KEY) == ("patient-id", ["f00"])
    assert find_groups("auto", origins("1_2.png"), KEY) == ("none", [""])
    assert find_groups("patient-id", both, KEY) == ("patient-id", ["f00", "f01"])
    assert find_groups("none", both, KEY) == ("none", ["", ""])


def test_cells_meant_to_be_empty_are_no_patient():
    cells = [Origin("a/1", "7", "", False), Origin("a/2", "N/A", "", False), Origin("a/3", "0", "", False)]
    _, groups = find_groups("csv", cells, KEY)
    assert [bool(group) for group in groups] == [True, False, True]


def test_by_name_group_one_of_the_pattern_counts():
    source, groups = find_groups("name:^([^_]+)_", origins("x_1.png", "x_2.png", "y_1.png", "z.png"), KEY)
    assert source == "name"
    assert groups[0] == groups[1] != groups[2]
    assert groups[3] == ""


def test_another_key_gives_other_pseudonyms():
    one = find_groups("name:^(.)", origins("a"), b"1" * 32)[1]
    assert one != find_groups("name:^(.)", origins("a"), b"2" * 32)[1]


def test_frames_of_one_file_are_one_patient():
    stacks = origins("s.tif", "s.tif", "t.tif", several=True)
    for asked in ("auto", "patient-id", "name:(Q)"):
        source, groups = find_groups(asked, stacks, KEY)
        assert groups[0] == groups[1] != groups[2]
        assert source == "none", "nobody was named"
    assert find_groups("name:^(s)", stacks, KEY)[0] == "name"


@pytest.mark.parametrize("pattern", ["name:(", "name:^[^_]+_"])
def test_a_pattern_that_cannot_work_is_a_usage_error(pattern):
    with pytest.raises(UsageError, match="pattern"):
        find_groups(pattern, origins("a_1"), KEY)


def test_asking_for_patients_of_a_file_that_names_none():
    with pytest.raises(CounterpoiseError, match="no labels file"):
        find_groups("csv", origins("a_1"), KEY)


def test_by_folder_group_one_of_the_pattern_counts():
    found = [Origin(f"a/{path}", "", "", False) for path in ("p1/x.png", "p1/y.png", "p2/x.png", "z.png")]
    source, groups = find_groups("folder:^[^/]+/([^/]+)", found, KEY)
    assert source == "folder"
    assert groups[0] == groups[1] != groups[2]
    assert groups[3] == ""
