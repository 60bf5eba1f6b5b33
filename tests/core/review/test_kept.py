"""What is kept of a second look: the review itself, and the labels that a person found right."""

import json
from dataclasses import replace

import pytest

from counterpoise.core.catalog.alike.copies import CopyPair
from counterpoise.core.errors import CounterpoiseError
from counterpoise.core.pixels.scaling import FittedScaling
from counterpoise.core.review.confirmed import read_confirmed, write_confirmed
from counterpoise.core.review.features import as_before
from counterpoise.core.review.result import Doubt, Estimate, Review, Trial, Unlike
from counterpoise.core.review.saved import read_review, save_review

FOUND = Review(
    digest="d",
    images=5,
    classes={"a": 3, "b": 2},
    too_small=("c",),
    with_test=False,
    estimate=Estimate(1, 0, 2, 5),
    doubts=(Doubt("a/1.png", -1, "00", "a", "b", 0.1, 0.9, -0.8),),
    unlike=(Unlike("a/2.png", 3, "01", "a", 2.5),),
    near=(CopyPair(("a/1.png", -1), ("b/1.png", 0), "near", 0.97),),
    trial=Trial(20, 50, 0.9),
)


def test_a_review_comes_back_as_it_was(tmp_path):
    file = tmp_path / "reviews" / "one.json"
    save_review(file, FOUND)
    assert read_review(file) == FOUND


def test_a_review_from_before_there_were_trials_is_read(tmp_path):
    file = tmp_path / "one.json"
    save_review(file, FOUND)
    values = json.loads(file.read_text())
    del values["trial"]
    file.write_text(json.dumps(values))
    assert read_review(file) == replace(FOUND, trial=None)


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"format_version": 2}', '{"format_version": 1, "digest": "d"}']
)
def test_what_is_no_review_is_none(tmp_path, text):
    (tmp_path / "r.json").write_text(text)
    assert read_review(tmp_path / "r.json") is None
    assert read_review(tmp_path / "missing.json") is None


def test_a_disk_that_will_not_have_it_costs_only_the_memory(tmp_path):
    (tmp_path / "reviews").write_text("a file in the way")
    save_review(tmp_path / "reviews" / "one.json", FOUND)


def fitted(offset, scale, method="percentile"):
    return FittedScaling(method=method, offset=(offset,), scale=(scale,), clip=(0.0, 1.0))


def test_a_scaling_that_moved_by_a_hair_stays_so_that_features_serve_again(tmp_path):
    file = tmp_path / "reviews" / "s.json"
    first = fitted(100.0, 0.001)
    assert as_before(first, file) == first
    assert as_before(fitted(101.0, 0.001005), file) == first
    for moved in (fitted(140.0, 0.001), fitted(100.0, 0.0011), fitted(100.0, 0.001, "minmax")):
        file.unlink()
        assert as_before(first, file) == first
        assert as_before(moved, file) == moved
        assert as_before(moved, file) == moved


def test_labels_found_right_hold_for_content_and_label_until_taken_back(tmp_path):
    file = tmp_path / "confirmed.jsonl"
    assert read_confirmed(file) == frozenset()
    write_confirmed(file, [("00", "a"), ("01", "b")])
    write_confirmed(file, [("01", "b")], right=False)
    assert read_confirmed(file) == {("00", "a")}


def test_a_line_cut_off_by_a_crash_harms_no_other(tmp_path):
    file = tmp_path / "confirmed.jsonl"
    write_confirmed(file, [("00", "a")])
    with file.open("a") as handle:
        handle.write('{"content": "01", "la')
    write_confirmed(file, [("02", "c")])
    assert read_confirmed(file) == {("00", "a"), ("02", "c")}
    assert all(json.loads(line)["right"] for line in file.read_text().splitlines() if line.endswith("}"))


def test_a_place_that_cannot_be_written_is_said(tmp_path):
    (tmp_path / "confirmed.jsonl").mkdir()
    with pytest.raises(CounterpoiseError, match="can't be kept"):
        write_confirmed(tmp_path / "confirmed.jsonl", [("00", "a")])
