import pytest

from counterpoise.core.findings.words import count, duration, figure, percent, size, some, some_pairs


def test_figures_in_words() -> None:
    assert count(1, "image") == "1 image"
    assert count(1214, "image") == "1,214 images"
    assert count(2, "class", "classes") == "2 classes"
    assert percent(0.1234, 1) == "12.3 %"
    assert [percent(share) for share in (0.985, 0.995, 0.9999, 1.0)] == ["98 %", "99 %", "99 %", "100 %"]
    assert percent(0.99999, 1) == "99.9 %"
    assert some([]) == ""
    assert some(["a"]) == "a"
    assert some(["a", "b", "c"]) == "a, b and c"
    assert some(["a", "b", "c", "d"]) == "a, b, c and 1 more"
    assert some_pairs([("a", "b")]) == "'a' and 'b'"
    assert some_pairs([("a", "b"), ("c", "d")]) == "'a' and 'b'; 'c' and 'd'"
    assert some_pairs([("a", "b"), ("c", "d"), ("e", "f")]) == "'a' and 'b'; 'c' and 'd'; and 1 more"


def test_a_metric_stands_with_its_interval_and_what_cannot_be_computed_is_a_dash() -> None:
    assert figure(None) == "–"
    assert figure({"value": None, "low": None, "high": None}, nothing="none") == "none"
    assert figure({"value": 0.9384, "low": None, "high": None}) == "0.938"
    assert figure({"value": 0.9384, "low": 0.92, "high": 0.95}, 2) == "0.94 (0.92 to 0.95)"


@pytest.mark.parametrize(
    ("number", "text"), [(999, "999 bytes"), (1500, "1.5 kB"), (2.1e9, "2.1 GB"), (5e12, "5.0 TB")]
)
def test_sizes(number: float, text: str) -> None:
    assert size(number) == text


@pytest.mark.parametrize(("seconds", "text"), [(8.2, "8 s"), (180, "3 min"), (7800, "2 h 10 min")])
def test_durations(seconds: float, text: str) -> None:
    assert duration(seconds) == text
