"""Words of the Balance and scale step."""

from collections.abc import Mapping

TITLE = "Balance and scale"
SUBTITLE = "How much each class counts, and in which range the network sees the pixels."
NEXT = "Next: check"
WEIGHTINGS = (
    ("none", "No weighting", "Every image counts the same"),
    ("inverse_sqrt", "Gentle", "Rare classes count more, by the square root"),
    ("balanced", "Full", "Every class counts the same"),
    ("custom", "Your own", "A number per class"),
)
BARS_TITLE = "What each class counts"
BARS_NAME = "Training images and weight of each class"
CHECK_TITLE = "Check, as you choose"
GOES_TOGETHER = "These settings go together"
CHECKING = "Checking…"
NOT_CHECKED = "The check follows when the images have been read."
MORE_FINDINGS = "{} more at the next step."
SCALING_TITLE = "Scaling"
SCALINGS = (
    ("auto", "Automatic"),
    ("minmax", "Darkest to brightest"),
    ("zscore", "Average and spread"),
    ("percentile", "1st to 99th percentile"),
    ("window", "Window"),
    ("image_zscore", "Each image by itself"),
    ("none", "As stored"),
)
SCALING_HELP = {
    "auto": "The range fits the images and the network, without losing anything.",
    "minmax": "The darkest value of the training images becomes 0, the brightest 1.",
    "zscore": "The average of the training images becomes 0, their spread 1.",
    "percentile": "As darkest to brightest, but the rarest 1 % at both ends are cut off.",
    "window": "Only the values around a centre are kept, as at a viewing station.",
    "image_zscore": "Each image gets average 0 and spread 1. Absolute values are lost.",
    "none": "Raw values reach the network.",
}
AS_STORED_PRETRAINED = (
    "Raw values, brought only by a fixed map into the range that the pretrained network was made for."
)
AS_STORED = "as stored"
AS_SEEN = "as the network sees it"
BEFORE_NAME = "Pixel values as stored"
AFTER_NAME = "Pixel values after scaling"
WINDOW_CENTRE = "Centre"
WINDOW_WIDTH = "Width"
ANOTHER_IMAGE = "Another image"
NO_PICTURE = "The picture follows when the images have been read."
ENGINEERS = "For engineers: optimizer, learning rate, batch, precision, clipping, focal loss, sum to one"
FORM = (
    (
        "Weighting",
        (
            "weighting.method",
            "weighting.normalize",
            "weighting.max_ratio",
            "weighting.sampling",
            "weighting.loss",
            "weighting.correct_prior",
        ),
    ),
    (
        "Network and training",
        (
            "model.name",
            "model.image_size",
            "training.optimizer",
            "training.learning_rate",
            "training.batch_size",
            "training.epochs",
            "training.patience",
            "training.time_budget_minutes",
            "training.clip_norm",
            "training.precision",
            "training.augment",
            "training.device",
            "training.seed",
            "model.weights",
        ),
    ),
    (
        "Parts and decision",
        (
            "data.positive",
            "data.seed",
            "data.val",
            "data.test",
            "evaluation.operating_point",
            "evaluation.target",
            "evaluation.prevalence",
        ),
    ),
)
NOT_A_NUMBER = "Expected a number, such as 1.5."


def images(number: int) -> str:
    return f"{number:,} image{'' if number == 1 else 's'}"


def counts(weight: float | None) -> str:
    """Return ``counts 1.45``, or what is wrong with the weight."""
    if weight is None:
        return "no weight"
    if weight != weight or abs(weight) == float("inf"):
        return "no usable number"
    digits = 2 if weight >= 0.1 or weight <= 0 else 4
    return f"counts {weight:.{digits}f}"


def bar_words(name: str, number: int, weight: float | None) -> str:
    return f"{name}: {images(number)}, {counts(weight)}"


def rate_sentence(mean: float, effective: float | None, chosen: float | None) -> str:
    """Say what the weights do to the learning rate."""
    if effective is None:
        return ""
    if abs(mean - 1) < 0.005:
        return (
            f"Together each image counts {mean:.2f} on average, so the learning rate stays what it is: "
            f"{rate(effective)}"
        )
    origin = f"from {rate(chosen)} " if chosen else ""
    return (
        f"Together each image counts {mean:.3g} on average, so steps are as with a learning rate changed "
        f"{origin}to {rate(effective)}"
    )


def rate(value: float) -> str:
    return f"{value:.4f}" if value >= 0.0005 else f"{value:.2g}"


def mean_weight(counts_: Mapping[str, int], weights: Mapping[str, float]) -> float:
    """Return the mean weight over images."""
    total = sum(counts_.values()) or 1
    return sum(n * weights.get(c, 0.0) for c, n in counts_.items()) / total


def scaled_range(low: float, high: float) -> tuple[str, str]:
    """Write the ends of an axis shortly: ``0``, ``255``, ``−1``."""

    def write(value: float) -> str:
        text = f"{value:.0f}" if abs(value) >= 20 or float(value).is_integer() else f"{value:.2g}"
        return text.replace("-", "−")

    return write(low), write(high)


def own_weight(name: str) -> str:
    return f"Weight of {name}"


def sample_note(number: int) -> str:
    return f"The picture is measured on {images(number)} of the training part." if number else ""


def batch_holds(batch: int, name: str, chance: float) -> str:
    """Say how likely a batch is to hold the rarest class."""
    share = "practically always" if chance > 0.9999 else f"{100 * chance:.4g} % of the time"
    return f"A batch of {batch} holds {name}: {share}"


def weight_ratio(ratio: float) -> str:
    if ratio < 1.005:
        return "Every image counts the same."
    return (
        f"The weights lie {ratio:.1f} to 1 apart. Above 20 to 1 we warn; above 100 to 1 training is likely "
        "to fail without an error."
    )
