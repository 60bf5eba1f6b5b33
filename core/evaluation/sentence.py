"""A result in one sentence, for people; honest where the data can't answer the question."""

from collections.abc import Mapping
from typing import Any

CHANCE = 0.5


def one_sentence(evaluation: Mapping[str, Any]) -> str:
    """Return what the figures of ``evaluate`` say.

    With two classes: how many of 100 are found and how many of the others are flagged; with more: how
    many of 100 are named rightly, and which class is hardest.
    """
    if not evaluation["n"]:
        return "There is no image to judge the model by, so nothing can be said yet."
    auc = evaluation["metrics"]["auc"]
    if auc["value"] is None:
        return (
            f"All {evaluation['n']:,} images here are of one class, so they can't show whether the model "
            "tells the classes apart."
        )
    if auc["low"] is not None and auc["low"] <= CHANCE:
        return _no_answer(evaluation)
    return _of_two(evaluation) if len(evaluation["classes"]) == 2 else _of_many(evaluation)


def plain(label: str) -> str:
    """Return a class name as words: no underscores."""
    return " ".join(label.replace("_", " ").split())


def _no_answer(evaluation: Mapping[str, Any]) -> str:
    auc, n = evaluation["metrics"]["auc"], evaluation["n"]
    return (
        f"These {n:,} images don't answer the question yet: the model may do no better than a coin (AUC "
        f"{auc['value']:.2f}, likely between {auc['low']:.2f} and {auc['high']:.2f}). That is no fault of "
        "yours: the images may not show it, or more of them are needed."
    )


def _of_two(evaluation: Mapping[str, Any]) -> str:
    classes = evaluation["classes"]
    positive = evaluation["threshold"]["class"] or classes[1]
    other = next(label for label in classes if label != positive)
    found = evaluation["per_class"][positive]["sensitivity"]
    spared = evaluation["per_class"][positive]["specificity"]
    what = plain(positive)
    if found["value"] is None or spared["value"] is None:
        return "One of the two classes has no image here, so the model can't be judged fairly."
    return (
        f"Of 100 images of {what} it finds {_hundred(found['value'])}{_likely(found)}, and wrongly flags "
        f"{_hundred(1 - spared['value'])} of 100 images of {plain(other)}."
    )


def _of_many(evaluation: Mapping[str, Any]) -> str:
    accuracy = evaluation["metrics"]["accuracy"]
    found = {
        label: figures["sensitivity"]["value"]
        for label, figures in evaluation["per_class"].items()
        if figures["sensitivity"]["value"] is not None
    }
    sentence = (
        f"It names the right one of {len(evaluation['classes'])} classes for {_hundred(accuracy['value'])} "
        f"of 100 images{_likely(accuracy)}"
    )
    hardest, easiest = min(found, key=found.__getitem__), max(found, key=found.__getitem__)
    if found[hardest] == found[easiest]:
        return f"{sentence}."
    return (
        f"{sentence}; it is best at {plain(easiest)} ({_hundred(found[easiest])} of 100 found) and finds "
        f"{plain(hardest)} hardest ({_hundred(found[hardest])} of 100)."
    )


def _hundred(share: float) -> str:
    """Return a share as a number of 100; never 0 or 100 for what isn't none or all."""
    if 0 < share < 0.005:
        return "fewer than 1"
    if 0.995 < share < 1:
        return "more than 99"
    return f"{100 * share:.0f}"


def _likely(metric: Mapping[str, float | None]) -> str:
    low, high = metric["low"], metric["high"]
    if low is None or high is None:
        return ""
    return f", likely between {100 * low:.0f} and {100 * high:.0f}"
