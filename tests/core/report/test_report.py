"""The page of a run: whole, escaped, without a place or a stranger's address; curves that are right."""

import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from counterpoise.core.errors import CounterpoiseError
from counterpoise.core.findings import Severity
from counterpoise.core.report.curves import Axis, Line, chart, nice_ticks
from counterpoise.core.report.facts import Facts, class_rows, last_told
from counterpoise.core.report.happened import marks_of, round_of
from counterpoise.core.report.write import render, write_report
from counterpoise.core.study.run_folder import RunFolder
from counterpoise.core.training.diagnosis import Explanation


def points_of(svg: str) -> list[list[tuple[float, float]]]:
    lines = re.findall(r'points="([^"]*)"', svg)
    return [[tuple(map(float, point.split(","))) for point in line.split()] for line in lines]  # type: ignore[misc]  # two each


def test_a_curve_passes_through_its_values() -> None:
    svg = str(chart("loss", [Line("training", [(1, 1.0), (2, 0.5), (3, 0.0)])]))
    ((first, middle, last),) = points_of(svg)
    assert first[1] < middle[1] < last[1], "larger values stand higher"
    assert middle[0] == pytest.approx((first[0] + last[0]) / 2, abs=0.1)
    assert middle[1] == pytest.approx((first[1] + last[1]) / 2, abs=0.1)


def test_values_that_are_missing_leave_no_point() -> None:
    svg = str(chart("auc", [Line("validation", [(1, None), (2, 0.5), (3, 0.7)])]))
    assert len(points_of(svg)[0]) == 2
    assert chart("auc", [Line("validation", [(1, None)])]) == ""


def test_words_in_a_chart_are_escaped() -> None:
    svg = str(chart("a<b", [Line("<script>", [(1, 1.0), (2, 2.0)])], [(1, '"&')]))
    ET.fromstring(svg)
    assert "<script>" not in svg


@pytest.mark.parametrize(("low", "high"), [(0, 1), (0.3, 0.3), (-2, 5), (1e-6, 1e-3), (0, 0), (-1, -1)])
def test_ticks_span_the_values(low: float, high: float) -> None:
    ticks = nice_ticks(low, high)
    assert ticks[0] <= low <= high <= ticks[-1]
    assert 2 <= len(ticks) <= 8


def test_an_axis_maps_its_ends() -> None:
    axis = Axis(0, 10, 100, 200)
    assert (axis.at(0), axis.at(10)) == (100, 200)


def test_of_a_round_told_twice_the_later_counts() -> None:
    told = [{"event": "epoch", "epoch": n, "loss": loss} for n, loss in ((1, 3), (2, 2), (2, 1))]
    assert [event["loss"] for event in last_told(told)] == [3, 1]


def figures(labels: tuple[str, ...]) -> dict[str, Any]:
    known = {"value": 0.9, "low": 0.8, "high": 0.95}
    return {
        "split": "test", "time": 1.8e9, "opened": 1, "n": 20, "groups": 20, "classes": list(labels),
        "metrics": {
            **dict.fromkeys(("auc", "accuracy", "balanced_accuracy", "macro_f1", "brier"), known),
            "ece": {"value": 0.1, "low": None, "high": None, "expected_if_calibrated": 0.08},
        },
        "per_class": {
            label: {"n": 10, **dict.fromkeys(("sensitivity", "specificity", "ppv", "npv", "auc"), known)}
            for label in labels
        },
        "confusion": [[10 for _ in labels] for _ in labels],
        "threshold": {"class": None, "value": None, "rule": "balanced", "target": None, "chosen_on": "val"},
    }  # fmt: skip


@pytest.fixture
def facts() -> Facts:
    from counterpoise.core.pixels.format import PixelFormat
    from counterpoise.core.settings import Settings
    from counterpoise.core.training.record import RunConfig

    labels = ("<b>bad</b>", "good", "so-so")
    config = RunConfig(
        id="0" * 32, created="2026-01-02T03:04:05+00:00", version="1", labels=labels,
        accepted=("pixels-unscaled",), counts=dict.fromkeys(labels, 30), weights=dict.fromkeys(labels, 1.0),
        prevalence=dict.fromkeys(labels, 1 / 3), device="cpu",
        format=PixelFormat(size=(96, 96), channels=1, units="uint8"),
        settings=Settings().changed({"training.epochs": 3}),
        requested=Settings().changed({"training.epochs": 3}),
    )  # fmt: skip
    epochs = tuple(
        {"event": "epoch", "time": 1.8e9 + n, "epoch": n, "loss": 1 / n, "val_loss": 2 / n, "val_auc": 0.9,
         "learning_rate": 0.1 / n}
        for n in (1, 2, 3)
    )  # fmt: skip
    guard = {
        "event": "guard", "time": 1.8e9 + 1.5, "code": "non-finite-step", "severity": "warning",
        "message": "One <step>.",
    }  # fmt: skip
    end = {"event": "finished", "time": 1.8e9 + 9, "message": "Done.", "stopped": True, "seconds": 9.0}
    finding = {**guard, "event": "finding", "code": "no-gpu", "message": "No GPU."}
    told = figures(labels)
    return Facts(
        name="run", config=config, validation=told, cross_validated=None, tests=(told, told),
        external=({**told, "split": "external"},), openings=2, classes=class_rows((), config), patients=7,
        findings=(finding,), epochs=epochs, guards=(guard,), story=(guard, end),
    )  # fmt: skip


def test_the_page_tells_everything_and_escapes_names(facts: Facts) -> None:
    page = render(facts)
    for words in (
        "Research use, not a medical device", "opened 2 times", "Trained in spite of", "pixels-unscaled",
        "On other images", "Stopped by the user", "One &lt;step&gt;.", "&lt;b&gt;bad&lt;/b&gt;", "7 patients",
        "training.epochs", "chosen",
    ):  # fmt: skip
        assert words in page, words
    assert "<b>bad" not in page
    assert page.count("<svg") == 3


def test_what_happened_is_a_table_and_a_mark_in_the_curves(facts: Facts) -> None:
    guards = tuple(
        {**facts.guards[0], "epoch": epoch, "code": code, "paths": ["<x>.png"], "message": f"{code} {epoch}."}
        for epoch, code in ((2, "exploding-loss"), (2, "out-of-memory"), (9, "source-lost"))
    )
    facts = replace(facts, guards=guards, story=guards)
    assert [place for place, _ in marks_of(facts)] == [2, 3]  # the last round that is drawn
    page = render(facts)
    for title, epoch in (
        ("The error exploded", 2),
        ("Memory ran out", 2),
        ("The images can&#39;t be reached", 9),
    ):
        assert re.search(rf"<td>{epoch}</td><th scope=\"row\">{title}</th>", page), title
    assert "Images: &lt;x&gt;.png" in page
    svg = page[page.index("<svg") :]
    assert svg.count('class="mark"') == 2 * 3, "two rounds in three curves"
    assert "Round 2: The error exploded. exploding-loss 2.\nRound 2: Memory ran out." in svg


def test_a_guard_that_names_no_round_is_placed_by_the_clock(facts: Facts) -> None:
    assert round_of({"time": 1.8e9 + 1.5}, facts.epochs) == 2
    assert round_of({"time": 1.8e9 + 99}, facts.epochs) == 3
    assert round_of({"time": 0.0, "epoch": 7}, facts.epochs) == 7
    assert round_of({"time": 0.0}, ()) is None


def test_the_explanation_stands_on_the_page(facts: Facts) -> None:
    why = Explanation("no-signal", Severity.WARNING, "No difference was found", "AUC <0.5.")
    page = render(replace(facts, explanations=(why,)))
    assert '<p class="note warning"><strong>No difference was found.</strong> AUC &lt;0.5.</p>' in page


def test_the_page_asks_for_nothing_from_outside(facts: Facts) -> None:
    page = render(facts)
    assert not re.search(r"https?://|src=|@import|<script", page)
    assert "default-src 'none'" in page


def test_a_run_that_isnt_one_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(CounterpoiseError):
        write_report(RunFolder(tmp_path), tmp_path / "report.html")
    assert not list(tmp_path.iterdir())
