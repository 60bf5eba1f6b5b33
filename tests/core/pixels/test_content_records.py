"""Records keyed by content, lent from set to set."""

import hashlib
from pathlib import Path

import numpy as np

from counterpoise.core.pixels.content_records import ContentRecords


def content(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()


def opened(folder: Path, *names: str, form: str = "form") -> ContentRecords:
    return ContentRecords.open(folder, form, [content(n) for n in names], (2,), np.dtype("<f4"))


def put(records: ContentRecords, name: str, value: float) -> None:
    records.file.write(records.distinct.index(content(name)), np.full(2, value, "<f4"))


def test_copies_share_a_record(tmp_path: Path) -> None:
    with (records := opened(tmp_path, "a", "b", "a")).file:
        assert records.file.count == 2
        assert records.slots[0] == records.slots[2] != records.slots[1]


def test_what_another_set_holds_is_taken_over(tmp_path: Path) -> None:
    with (first := opened(tmp_path, "a", "b")).file:
        put(first, "a", 1.0)
    with (second := opened(tmp_path, "a", "b", "c")).file:
        second.borrow()
        filled = second.file.filled()[second.slots]
        assert list(filled) == [True, False, False]
        assert second.file.read(second.slots[:1]).tolist() == [[1.0, 1.0]]


def test_another_form_lends_nothing_and_a_listing_cut_off_does_no_harm(tmp_path: Path) -> None:
    with (first := opened(tmp_path, "a", "b")).file:
        put(first, "a", 1.0)
        put(first, "b", 2.0)
    with (other := opened(tmp_path, "a", form="another")).file:
        other.borrow()
        assert not other.file.filled().any()
    listing = next(first.file.path.parent.glob("*.contents"))
    listing.write_bytes(listing.read_bytes()[:40])
    with (third := opened(tmp_path, "a", "b", "c")).file:
        third.borrow()
        assert third.file.filled().sum() == 1
