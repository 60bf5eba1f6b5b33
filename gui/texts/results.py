"""Words of the Results step."""

from collections.abc import Mapping, Sequence
from typing import Any

from counterpoise.core.findings.words import count
from counterpoise.gui.texts.common import RESEARCH_USE

TITLE = "Results"
SUBTITLE = f"What the model can do on images it has never seen. {RESEARCH_USE}"
SUBTITLE_VALIDATION = (
    "What the model can do on the validation images, on which its rounds and its line were chosen. "
    f"{RESEARCH_USE}"
)
WORSE_TITLE = "Worse than on validation ({metric} {value}, likely {low} to {high})"
WORSE_TEXT = (
    "The test images differ from those it learned from, or the choices fitted the validation images. "
    "Trust the test figures."
)
NEXT = "Next: export"
NO_RUN = "There is no trained model yet."
NO_RUN_TEXT = "Train one, and its results appear here."
TO_TRAINING = "Go to training"
CLOSED_TITLE = "The test part is still closed"
CLOSED_TEXT = (
    "{n} were kept aside and have taken no part in any choice. Opening them gives the honest figure. Do it "
    "once, at the end: each choice made after that weakens what the figure is worth, and the report says so."
)
OPEN = "Open the test part"
OPENING = "Opening the test part…"
NO_TEST = "This run has no test part. The figures below are from validation."
VALIDATION_TITLE = "On validation"
VALIDATION_NOTE = "a little kind: the best state was chosen on these images"
CROSS_TITLE = "Tested inside the training part"
CROSS_NOTE = "each image judged by a model that hadn't seen it"
FIGURES_TITLE = "Figures"
INTERVAL_NOTE = "95 % interval"
ROC_TITLE = "Where to draw the line"
ROC_NAME = "Sensitivity against false alarms for each threshold"
ROC_NOTE = "sensitivity against false alarms · drag the point"
SLIDER_NAME = "Threshold"
NO_CURVE = "There is no curve: one of the two sides has no image."
NOT_A_SHARE = "Expected a share above 0 and below 100 %."
BACK_TO_OWN = "Back to the model's own line"
BACK_TO_BALANCED = "Back to where it began"
PREVIEW_NOTE = "a preview"
PREVIEW = "A preview: the model, its report and its exports keep their own line."
PREVIEW_NO_LINE = "A preview: the model, its report and its exports go on naming the likeliest class."
OWN_LINE = "the model's own line"
PREVALENCE = "Where"
PREVALENCE_END = "have it:"
CONFUSION_TITLE = "What it mixed up"
CONFUSION_NOTE = "click a field to see its images"
WORST_TITLE = "Its worst errors"
WORST_NONE = "It made no error on these images."
WORST_NOTE = "surest first"
TRY_TITLE = "Try it on an image"
TRY_TEXT = "Drop an image here, or choose one."
TRY = "Try it on an image"
TRYING = "Looking…"
COMPARE = "Compare runs"
OTHER = "Test on other images…"
OTHER_BUSY = "Judging the model on {}…"
REPORT = "Report…"
REPORTING = "Writing the report…"
REPORTED = "The report is {}."
REPORT_NAME = "report.html"
BACK = "Back to results"
CLASS_LABEL = "Class"
CLASSES_TITLE = "Class by class"
CLASSES_NOTE = "each against all others, 95 % interval"
SHOWN_VALIDATION = "validation images"
SHOWN_TEST = "test images"
NOTHING_TO_SAY = "These images can't show how good the model is: a class has none."
RIGHT_LABEL = "named rightly"
HONEST_TITLE = "No answer yet"
SHOW_REPORT = "Show the report"
HONEST_END = (
    "These images can't answer the question yet: the model does no better than chance would allow. "
    "That is a result too. More images, or images that show the difference, may help."
)
METRICS = {
    "auc": "AUC",
    "accuracy": "Accuracy",
    "balanced_accuracy": "Balanced accuracy",
    "sensitivity": "Sensitivity",
    "specificity": "Specificity",
    "ppv": "PPV",
    "npv": "NPV",
    "macro_f1": "Macro F1",
    "brier": "Calibration (Brier)",
    "ece": "Calibration error (ECE)",
}
METRIC_HELP = {
    "auc": "How often an image of the class is ranked above another one. .5 is chance, 1 perfect.",
    "accuracy": "Share of images named rightly.",
    "balanced_accuracy": "Mean over classes of the share named rightly.",
    "sensitivity": "Share of images of the class that it finds.",
    "specificity": "Share of the other images that it rightly leaves alone.",
    "ppv": "Of those it flags, the share that really belongs there; depends on prevalence.",
    "npv": "Of those it clears, the share that is really clear; depends on prevalence.",
    "macro_f1": "Balance of finding and not flagging wrongly, mean over classes.",
    "brier": "Mean squared error of the probabilities; 0 is perfect.",
    "ece": "How far probabilities and frequencies lie apart.",
}
COMPARE_NOTE = "Return looks at a run"
CLOSED = "closed"
COMPARE_COLUMNS = ("Run", "Way", "AUC on validation", "AUC on test", "Weights", "Scaling", "Test part")
CLASS_COLUMNS = ("Class", "Sensitivity", "Specificity", "PPV", "AUC", "Images")


def said(label: str) -> str:
    return f"said {label}"


def cell(truth: str, guess: str, number: int) -> str:
    if truth == guess:
        return f"{count(number, 'image')} of {truth}, named rightly"
    return f"{count(number, 'image')} of {truth}, called {guess}"


def binary_sentence(positive: str, negative: str) -> tuple[str, str]:
    """Return the two lines; ``{}`` stands for the figure that is coloured."""
    return (
        f"Of 100 images of {positive} it finds {{}},",
        f"and it wrongly flags {{}} of 100 images of {negative}.",
    )


def binary_range(found: tuple[int, int], flagged: tuple[int, int]) -> str:
    return f"likely between {found[0]} and {found[1]}, and between {flagged[0]} and {flagged[1]}"


def several_sentence(k: int) -> tuple[str, str]:
    return ("Of 100 images it names {} rightly,", f"choosing among {k} classes.")


def hardest(label: str, share: int, best: str, best_share: int) -> str:
    return f"hardest {label}, {share} of 100; easiest {best}, {best_share} of 100"


def scope(n: int, groups: int | None, opened: int, *, test: bool) -> str:
    images = count(n, "image") + (f" of {count(groups, 'patient')}" if groups and groups != n else "")
    if not test:
        return f"{images} of validation"
    return f"{images} it had never seen · {opened_words(opened)}"


def opened_words(times: int) -> str:
    """Say how often the test part was opened."""
    words = {0: "closed", 1: "opened once", 2: "opened twice"}
    return words.get(times, f"opened {times} times")


def not_an_image(reason: str) -> str:
    return f"This can't be read as an image{f': {reason}' if reason else ''}."


def at_line(sensitivity: float, specificity: float) -> str:
    return f"Finds {100 * sensitivity:.0f} %, leaves {100 * specificity:.0f} % alone"


def values_at(ppv: float | None, npv: float | None) -> str:
    parts = [
        f"{100 * ppv:.0f} % of those it flags have it" if ppv is not None else "",
        f"{100 * npv:.0f} % of the others don't" if npv is not None else "",
    ]
    return ", ".join(part for part in parts if part)


def threshold(value: float) -> str:
    return "nobody is flagged" if value == float("inf") else f"flags from a probability of {value:.3f}"


def error_words(truth: str, guess: str, probability: float) -> str:
    return f"{truth}, called {guess} ({100 * probability:.0f} %)"


def try_words(label: str, probability: float) -> str:
    return f"{label} · probability {100 * probability:.0f} %"


def score(value: float) -> str:
    return f"{value:.3f}".removeprefix("0")


def metric_value(name: str, value: float) -> str:
    if name in ("accuracy", "balanced_accuracy", "sensitivity", "specificity", "ppv", "npv"):
        return f"{100 * value:.0f} %" if value < 0.995 or value == 1 else f"{100 * value:.1f} %"
    return score(value)


def metric_range(name: str, low: float, high: float) -> str:
    if metric_value(name, 0.5).endswith("%"):
        return f"{100 * low:.0f} – {100 * high:.0f}"
    return f"{score(low)} – {score(high)}"


def likely(low: int, high: int) -> str:
    return f"likely between {low} and {high}"


def found_label(name: str) -> str:
    return f"{name}: found"


def hardest_label(name: str) -> str:
    return f"{name}: found, the hardest class"


def flagged_label(name: str) -> str:
    return f"{name}: wrongly flagged"


def metric_name(name: str, prevalence: float | None) -> str:
    """Return the metric's name; a predictive value with the prevalence it holds for."""
    if name == "ppv":
        return f"PPV at {100 * prevalence:g} % prevalence" if prevalence else "PPV among these images"
    return METRICS[name]


def metric(name: str, entry: Mapping[str, Any] | None, *, brackets: bool = False) -> tuple[str, str]:
    """Write value and interval; what can't be computed is a dash."""
    if not entry or entry.get("value") is None:
        return "–", ""
    if entry.get("low") is None or entry.get("high") is None:
        return metric_value(name, entry["value"]), ""
    between = metric_range(name, entry["low"], entry["high"])
    return metric_value(name, entry["value"]), f"({between})" if brackets else between


def crossed(value: str, interval: str) -> str:
    """Tell of the figure from inside the training part."""
    between = f" ({interval})" if interval else ""
    return f"{CROSS_TITLE}, {CROSS_NOTE}: AUC {value}{between}."


def worse(name: str, validation: Mapping[str, Any]) -> str:
    """Say that the test figure lies wholly below the validation figure of ``name``."""
    value, low, high = (metric_value(name, validation[key]) for key in ("value", "low", "high"))
    return WORSE_TITLE.format(metric=METRICS[name], value=value, low=low, high=high)


def on_validation(found: Sequence[tuple[str, Mapping[str, Any] | None]]) -> str:
    """Return the validation figures, each with its interval, for the small print below the test ones."""
    written = [(METRICS[name], *metric(name, entry, brackets=True)) for name, entry in found if entry]
    return f"{VALIDATION_TITLE}: {', '.join(' '.join(filter(None, part)) for part in written)}."


def closed_text(images: int) -> str:
    return CLOSED_TEXT.format(n=count(images, "image"))


def other(folder: str, figures: Mapping[str, Any]) -> tuple[str, str]:
    """Return heading and sentence about other labelled images."""
    auc, between = metric("auc", figures["metrics"]["auc"])
    left_out = figures.get("known_left_out") or 0
    also = f" {count(left_out, 'image')} used in training were left out." if left_out else ""
    where = f"On {count(figures['n'], 'image')} of {folder}"
    return where, f"{figures.get('sentence', '')} AUC {auc} ({between}).{also}"


def stage(name: str, done: int, total: int) -> str:
    """Say what opening the test part is busy with."""
    doing = {"scan": "Finding the images", "predict": "Looking at them"}.get(name, OPENING)
    return f"{doing} · {done:,} of {total:,}" if total else doing
