"""A run that went to its end: nothing learned is named with its cause, and a new run with the fix is fine."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from planted_runs import ran

from counterpoise.core.findings import Severity
from counterpoise.core.safety.check import check
from counterpoise.core.safety.plan import Plan
from counterpoise.core.study.run_folder import RunFolder
from counterpoise.core.training.diagnosis import Explanation, diagnose

GOOD = {"a": (40, 90.0), "b": (40, 170.0)}
SAME = {"a": (60, 120.0), "b": (60, 120.0)}
RAW = {
    "model.mode": "scratch", "model.name": "small_cnn", "training.epochs": 6, "scaling.method": "none",
    "training.optimizer": "sgd", "training.learning_rate": 0.1,
}  # fmt: skip
slow = pytest.mark.slow
MakePlan = Callable[..., Plan]


@pytest.mark.parametrize(
    ("classes", "changes", "code", "words"),
    [
        (GOOD, {"training.learning_rate": 1e-9, "training.epochs": 20}, "dead", "times smaller"),
        pytest.param(
            GOOD, {"training.learning_rate": 1e-6}, "unmoved", "1,000 times smaller than what", marks=slow
        ),
        pytest.param(
            GOOD,
            {"weighting.method": "custom", "weighting.custom": {"a": 1.0, "b": 1e5}},
            "unmoved",
            "counts 100,000 times as much",
            marks=slow,
        ),
        pytest.param(GOOD, {"training.learning_rate": 1e30}, "unstable", "more than a million", marks=slow),
        pytest.param(
            GOOD,
            {"training.learning_rate": 1e6, "training.optimizer": "sgd"},
            "unstable",
            "what sgd bears",
            marks=slow,
        ),
        pytest.param(GOOD, RAW, "unstable", "pixels as they are stored", marks=slow),
    ],
)
def test_a_real_run_gone_wrong_is_mended_by_its_fix(
    plan: MakePlan, classes: Any, changes: dict[str, Any], code: str, words: str
) -> None:
    (found,) = diagnose(ran(plan(classes, **changes)))
    assert found.code == code
    assert words in found.message
    assert found.fix is not None
    again = plan(classes, "again", **{**changes, **found.fix.set})
    assert "learning-rate-too-high" not in [finding.code for finding in check(again).findings]
    assert [told for told in diagnose(ran(again)) if told.severity is not Severity.INFO] == []


@slow
def test_images_without_a_difference_are_told_so_honestly(plan: MakePlan) -> None:
    (found,) = diagnose(ran(plan(SAME)))
    assert found.code == "no-signal"
    assert "doubt the labels, or give more images" in found.message
    assert found.fix is not None
    assert plan(SAME, "again", **found.fix.set).mode == "finetune"


# ---- from what a run has written

FINISHED = {"event": "finished", "stopped": False}


def rounds(*losses: tuple[float, float]) -> list[dict[str, Any]]:
    return [
        {"event": "epoch", "epoch": n, "loss": loss, "val_loss": val_loss, "val_auc": 0.9}
        for n, (loss, val_loss) in enumerate(losses, 1)
    ]


def judged(run: RunFolder, rows: list[tuple[str, str, float]], auc: tuple[float, float, float]) -> RunFolder:
    """Write predictions (label, predicted, p of b) and the figures that diagnosis reads."""
    lines = [f"{n}.png,,val,{t},{p},,{1 - q},{q}" for n, (t, p, q) in enumerate(rows)]
    head = "path,frame,split,label,predicted,group,p_a,p_b"
    run.predictions.write_text("\n".join([head, *lines, ""]), encoding="utf-8")
    per_class = {}
    for label in ("a", "b"):
        n = sum(t == label for t, _, _ in rows)
        value = sum(t == p == label for t, p, _ in rows) / n
        per_class[label] = {"n": n, "sensitivity": {"value": value, "low": 0.0, "high": value + 0.3}}
    figures = {
        "n": len(rows),
        "metrics": {"auc": dict(zip(("value", "low", "high"), auc, strict=True))},
        "per_class": per_class,
    }
    metrics = {"validation": figures, "cross_validated": None}
    run.metrics.write_text(json.dumps(metrics), encoding="utf-8")
    return run


FIRM = (0.9, 0.85, 0.95)
RIGHT = [("a", "a", 0.1 + n / 100) for n in range(10)] + [("b", "b", 0.8 + n / 100) for n in range(10)]
Write = Callable[..., RunFolder]


def only(run: RunFolder) -> Explanation:
    (found,) = diagnose(run)
    return found


def test_nothing_is_said_of_a_run_that_went_well(written: Write) -> None:
    run = judged(written([*rounds((0.7, 0.7), (0.5, 0.5), (0.4, 0.55)), FINISHED]), RIGHT, FIRM)
    assert diagnose(run) == ()


def test_a_class_that_is_never_found_is_named_with_its_images(written: Write) -> None:
    rows = [("a", "a", 0.1 + n / 100) for n in range(12)] + [
        ("b", "a", 0.2),
        ("b", "a", 0.3),
        ("a", "b", 0.6),
    ]
    run = judged(written([FINISHED], **{"evaluation.operating_point": "argmax"}), rows, FIRM)
    found = only(run)
    assert (found.code, found.severity) == ("class-missed", Severity.WARNING)
    assert found.paths == ("12.png", "13.png")
    assert "Of 2 images of 'b' in validation none was found; most were taken for 'a'" in found.message
    assert found.fix is not None
    assert found.fix.set == {"evaluation.operating_point": "balanced"}


def test_one_class_for_all_is_a_collapse(written: Write) -> None:
    rows = [(label, "a", 0.1 + n / 100) for n in range(9) for label in ("a", "b")]
    found = only(judged(written([FINISHED], **{"training.batch_size": 4}), rows, FIRM))
    assert found.code == "collapse"
    assert "66 % of the batches of 4 held no image of 'b'" in found.message
    assert found.fix is not None
    assert "training.batch_size" in found.fix.set


def with_brier(run: RunFolder, value: float, low: float, high: float) -> RunFolder:
    metrics = json.loads(run.metrics.read_text(encoding="utf-8"))
    metrics["validation"]["metrics"]["brier"] = {"value": value, "low": low, "high": high}
    run.metrics.write_text(json.dumps(metrics), encoding="utf-8")
    return run


def test_probabilities_worse_than_the_class_shares_are_told_with_their_cause(written: Write) -> None:
    """The shares of 900 and 100 images alone have a Brier score of .82 on as many of each class."""
    settings = {"weighting.correct_prior": False, "weighting.sampling": "balanced"}
    run = judged(written([*rounds((0.4, 0.5), (0.2, 0.4)), FINISHED], **settings), RIGHT, FIRM)
    assert [told.code for told in diagnose(with_brier(run, 0.85, 0.80, 0.9))] == []
    found = only(with_brier(run, 0.99, 0.95, 1.05))
    assert (found.code, found.severity) == ("worse-than-shares", Severity.WARNING)
    assert "0.990 (0.950 to 1.050), and the shares alone give 0.820" in found.message
    assert "counted up to 9 times" in found.message
    assert found.fix is not None
    assert found.fix.set["weighting.correct_prior"] is True


def test_a_loss_that_stays_at_the_class_shares_is_told_only_where_a_setting_is_to_blame(
    written: Write,
) -> None:
    """The entropy of 900 and 100 images is .325."""
    still = [*rounds((0.3251, 0.33), (0.3249, 0.32), (0.3248, 0.32)), FINISHED]
    run = judged(written(still, **{"training.learning_rate": 1e-7}), RIGHT, FIRM)
    found = only(run)
    assert found.code == "unmoved"
    assert "0.3248, and 0.3251 is what the shares alone give" in found.message
    assert found.fix is not None
    assert found.fix.set == {"training.learning_rate": "auto"}


def test_the_same_answer_for_all_is_a_dead_network(written: Write) -> None:
    rows = [(label, "a", 0.25) for _ in range(9) for label in ("a", "b")]
    settings = {"scaling.method": "none", "training.optimizer": "sgd", "training.learning_rate": 0.01}
    found = only(judged(written([FINISHED], **settings), rows, (0.5, 0.5, 0.5)))
    assert found.code == "dead"
    assert found.fix is not None
    assert found.fix.set == {"scaling.method": "auto"}


@pytest.mark.parametrize(
    ("auc", "changes", "code", "severity"),
    [
        ((0.52, 0.44, 0.6), {}, "no-signal", Severity.WARNING),
        ((0.7, 0.4, 0.9), {}, "too-few", Severity.INFO),
        ((0.55, 0.3, 0.8), {"training.learning_rate": 1e-8}, "no-signal", Severity.WARNING),
        ((0.88, 0.4, 0.99), {"training.epochs": 1}, "too-few", Severity.INFO),
    ],
)
def test_no_signal_and_too_few_images_are_told_apart(
    written: Write, auc: tuple[float, float, float], changes: dict[str, Any], code: str, severity: Severity
) -> None:
    found = only(judged(written([FINISHED], **changes), RIGHT, auc))
    assert (found.code, found.severity) == (code, severity)


def test_the_firmer_figure_counts(written: Write) -> None:
    run = judged(written([FINISHED]), RIGHT, (0.7, 0.4, 0.9))
    metrics = json.loads(run.metrics.read_text())
    crossed = {"n": 200, "metrics": {"auc": {"value": 0.8, "low": 0.7, "high": 0.9}}}
    tested = {**crossed, "split": "test"}
    for firmer in ({"cross_validated": crossed}, {"evaluations": [tested]}):
        run.metrics.write_text(json.dumps({**metrics, **firmer}), encoding="utf-8")
        assert diagnose(run) == ()


def test_learning_by_heart_from_the_first_round(written: Write) -> None:
    run = judged(written([*rounds((0.6, 0.5), (0.4, 0.6), (0.2, 0.9)), FINISHED]), RIGHT, FIRM)
    found = only(run)
    assert (found.code, found.severity) == ("overfitting", Severity.INFO)
    assert "0.600 to 0.200" in found.message
    assert found.fix is not None
    assert found.fix.set["model.mode"] == "features"


DOWN = rounds((0.7, 0.7), (0.6, 0.6), (0.5, 0.5))


@pytest.mark.parametrize(
    ("changes", "end", "code", "mended"),
    [
        ({"training.epochs": 3}, {}, "rounds", {"training.epochs": 6}),
        ({"training.time_budget_minutes": 2.0}, {}, "budget", {"training.time_budget_minutes": 4.0}),
        ({}, {"stopped": True}, "stopped", None),
    ],
)
def test_what_was_cut_off_while_it_got_better(
    written: Write, changes: dict[str, Any], end: dict[str, Any], code: str, mended: dict[str, Any] | None
) -> None:
    found = only(judged(written([*DOWN, {**FINISHED, **end}], **changes), RIGHT, FIRM))
    assert (found.code, found.severity) == (code, Severity.INFO)
    assert (found.fix.set if found.fix else None) == mended


def test_what_was_cut_off_late_is_left_alone(written: Write) -> None:
    flat = rounds(*((0.5 - n / 10_000, 0.5 - n / 10_000) for n in range(30)))
    run = judged(written([*flat, FINISHED], **{"training.epochs": 30}), RIGHT, FIRM)
    assert diagnose(run) == ()
