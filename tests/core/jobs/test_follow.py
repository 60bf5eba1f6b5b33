"""A run's record read while it grows: cut short, replaced, flooded, damaged."""

from counterpoise.core.jobs.events import event, from_line, to_line
from counterpoise.core.jobs.follow import EventFollower, events_so_far


def lines(*kinds):
    return "".join(to_line(event(kind)) for kind in kinds)


def kinds(events):
    return [what["event"] for what in events]


def test_a_file_cut_short_or_replaced_is_read_anew(tmp_path):
    path = tmp_path / "events.jsonl"
    path.write_text(lines("a", "b", "c"))
    follower = EventFollower(path)
    assert kinds(follower.poll()) == ["a", "b", "c"]
    path.write_text(path.read_text().partition("\n")[0] + "\n")
    assert kinds(follower.poll()) == ["a"]
    assert follower.beginnings == 1
    path.write_text(lines("x", "y", "z", "z"))  # longer than what was read
    assert kinds(follower.poll()) == ["x", "y", "z", "z"]
    assert follower.beginnings == 2


def test_a_file_cut_short_that_has_grown_since_is_known_by_its_lines(tmp_path):
    path = tmp_path / "events.jsonl"
    first = lines("a") * 3
    path.write_text(first + lines("b", "b"))
    follower = EventFollower(path)
    follower.poll()
    path.write_text(first + lines("another kind", "another kind", "another kind"))
    assert kinds(follower.poll())[-3:] == ["another kind"] * 3
    assert follower.beginnings == 1


def test_a_file_that_goes_and_comes_back_goes_on(tmp_path):
    path = tmp_path / "events.jsonl"
    path.write_text(lines("a"))
    follower = EventFollower(path)
    follower.poll()
    path.rename(tmp_path / "away")
    assert follower.poll() == []
    assert follower.lost
    (tmp_path / "away").rename(path)
    with path.open("a") as file:
        file.write(lines("b"))
    assert kinds(follower.poll()) == ["b"]
    assert (follower.lost, follower.beginnings) == (False, 0)


def test_a_line_longer_than_is_read_at_once_is_passed_over(tmp_path):
    path = tmp_path / "events.jsonl"
    path.write_text(lines("a") + "x" * 5_000 + "\n" + lines("b"))
    follower = EventFollower(path)
    told = []
    for _ in range(10):
        told += follower.poll(most_bytes=1_000)
    assert kinds(told) == ["a", "b"]
    assert follower.beginnings == 0


def test_events_so_far_passes_over_what_is_no_event(tmp_path):
    path = tmp_path / "events.jsonl"
    path.write_bytes(b"x" * 4_100_000 + b"\n" + lines("a").encode() + b"\xff\xfe\n[]\n" + lines("b").encode())
    assert kinds(events_so_far(path)) == ["a", "b"]


def test_thousands_of_brackets_are_no_event():
    assert from_line("[" * 100_000) is None
