"""The dry run in the Check step: real trial steps, what is shown of them, and what follows."""

from dataclasses import replace

import psutil
import pytest
from PySide6.QtCore import Qt

from counterpoise.core.findings import Severity, make_finding
from counterpoise.core.training.dry_run import DryRun, RateRange
from counterpoise.core.training.dry_run.result import Forecast
from counterpoise.gui.texts import check as texts

RATES = tuple(10.0 ** (n / 4 - 6) for n in range(25))
TRIED = DryRun(
    findings=(),
    steps=3,
    seconds=9.0,
    losses=(0.7, 0.5, 0.4),
    gradient_norms=(1.0, 1.0, 1.0),
    val_loss=0.5,
    peak_memory_bytes=400_000_000,
    gpu_memory_bytes=None,
    seconds_per_step=0.004,
    decode_seconds_per_image=0.001,
    embed_seconds_per_image=0.01,
    start_seconds=1.0,
    checkpoint_seconds=0.01,
    forecast=Forecast(150.0, 100.0, 200.0, 1_900_000_000, {"decode": 100.0, "learn": 50.0}),
    rate_range=RateRange(RATES, tuple(1.0 for _ in RATES), tuple(1.0 for _ in RATES), 1e-4, 0.02, 3e-3, 0.5),
    why_no_range=None,
)


@pytest.fixture
def step(opened):
    opened.go("check")
    return opened.step("check")


def take(qtbot, step, tried) -> None:
    with qtbot.waitSignal(step.session.check_changed, timeout=60_000):
        step.session.take_dry_run(step.session.plan, tried)


def failed():
    words = {"cause": "the error grew", "why": "Lower the rate."}
    return make_finding("dry-run-failed", Severity.BLOCKER, {"symptom": "exploding"}, words=words)


def test_real_trial_steps_are_drawn_and_put_into_figures(qtbot, step):
    card = step.dry_run
    qtbot.mouseClick(card.button, Qt.MouseButton.LeftButton)
    assert card.button.text() == texts.CANCEL
    assert card.progress.isVisible()
    qtbot.waitUntil(lambda: not card.busy, timeout=240_000)
    qtbot.waitUntil(lambda: step.session.dry_run is not None, timeout=60_000)
    assert step.session.dry_run.ok
    assert card.outcome.itemAt(0).widget().severity == "good"
    assert len(step.curves.loss.points("error")) == step.session.dry_run.steps == 30
    assert step.curves.rates.plot.isVisible()
    assert not card.progress.isVisible()


def test_cancelling_answers_at_once_and_leaves_no_process(qtbot, step):
    card = step.dry_run
    with qtbot.waitSignal(card.began):
        qtbot.mouseClick(card.button, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(card.button, Qt.MouseButton.LeftButton)
    assert not card.busy
    assert card.note.text() == texts.DRY_RUN_CANCELLED
    assert card.button.text() == texts.DRY_RUN
    qtbot.waitUntil(lambda: not card._steps._ending, timeout=60_000)
    assert not [c for c in psutil.Process().children(recursive=True) if "dry_run_job" in str(c.cmdline())]
    assert step.session.dry_run is None


def test_what_was_measured_is_said_in_plain_words():
    facts = {name: words for name, words, _ in texts.dry_run_facts(TRIED)}
    assert facts == {
        "Training takes": "about 2 min (2 min to 3 min)",
        "Its memory": "about 1.9 GB at the most",
        "Tried": "3 steps, 4 ms each",
        "Memory then": "400 MB",
    }


def test_a_blocker_of_the_dry_run_stands_until_accepted_or_changed(qtbot, step, opened):
    take(qtbot, step, replace(TRIED, findings=(failed(),)))
    assert [f.code for f in step.open_blockers] == ["dry-run-failed"]
    assert not opened.footer.main.isEnabled()
    with qtbot.waitSignal(step.session.check_changed, timeout=60_000):
        step.session.accept("dry-run-failed")
    assert opened.footer.main.isEnabled()
    with qtbot.waitSignal(step.session.check_changed, timeout=60_000):
        step.session.accept("dry-run-failed", accepted=False)
    assert not opened.footer.main.isEnabled()
    with qtbot.waitSignal(step.session.check_changed, timeout=60_000):
        step.session.change({"training.learning_rate": 2e-3})
    assert not step.open_blockers
    assert step.session.dry_run is None
    assert step.dry_run.note.text() == texts.DRY_RUN_CHANGED
    assert not step.curves.isVisible()


def test_how_results_are_judged_doesnt_outdate_it(qtbot, step):
    take(qtbot, step, TRIED)
    with qtbot.waitSignal(step.session.check_changed, timeout=60_000):
        step.session.change({"evaluation.operating_point": "argmax"})
    assert step.session.dry_run is TRIED
    assert step.curves.isVisible()


def test_the_suggested_rate_is_taken_with_one_click(qtbot, step):
    take(qtbot, step, TRIED)
    rates = step.curves.rates
    low, high = rates.band.getRegion()
    assert (low, high) == pytest.approx((-4, -1.69897), abs=1e-4)
    assert rates.take.text() == "Use 0.003"
    with qtbot.waitSignal(step.session.check_changed, timeout=60_000):
        qtbot.mouseClick(rates.take, Qt.MouseButton.LeftButton)
    assert step.session.settings.training.learning_rate == 3e-3


@pytest.mark.parametrize(
    ("rate", "words"),
    [(1e-3, "lies inside"), (1e-5, "learns slowly"), (0.1, "may swing"), (0.7, "too high")],
)
def test_the_words_say_where_the_planned_rate_lies(rate, words):
    assert words in texts.range_words(TRIED.rate_range, rate)


def test_without_a_range_test_it_says_why(qtbot, step):
    take(qtbot, step, replace(TRIED, rate_range=None, why_no_range="A step takes 5.0 s."))
    assert not step.curves.rates.plot.isVisible()
    assert step.curves.rates.words.text() == "A step takes 5.0 s."
