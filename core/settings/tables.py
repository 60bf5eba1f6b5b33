"""The tables of the settings, as the contract names them."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from counterpoise.core.settings.field import Auto, Table, setting

# Strict: neither true nor "3" is a number, though Python could make one of them.
Number = Annotated[float, Field(strict=True)]
Fraction = Annotated[float, Field(ge=0, lt=1, strict=True)]
Between = Annotated[float, Field(gt=0, lt=1, strict=True)]
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False, strict=True)]
Whole = Annotated[int, Field(ge=1, strict=True)]
Seed = Annotated[int, Field(ge=0, strict=True)]
YesNo = Annotated[bool, Field(strict=True)]


def _group_by(value: str) -> str:
    if value in ("auto", "patient-id", "csv", "none") or value.startswith(("name:", "folder:")):
        return value
    raise ValueError("expected auto, patient-id, name:REGEX, folder:REGEX, csv or none")


def _class_name(value: object) -> object:
    """Let classes called 0 and 1 be named without quotes."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _image_size(value: object) -> object:
    if isinstance(value, bool) or (isinstance(value, int) and not 16 <= value <= 1024):
        raise ValueError("expected a whole number from 16 to 1024, or auto")
    return value


class DataSettings(Table):
    labels: str | None = setting(
        None, label="Labels file", help="CSV with columns path and label, and optional patient and split."
    )
    group_by: Annotated[str, AfterValidator(_group_by)] = setting(
        "auto",
        label="Patients",
        help="How images of one patient are recognised, so that they stay in one part: auto, patient-id, "
        "name:REGEX, folder:REGEX, csv or none.",
    )
    positive: Annotated[str, BeforeValidator(_class_name)] = setting(
        "auto",
        label="Class of interest",
        help="With two classes, the one that figures and thresholds speak of.",
    )
    val: Fraction = setting(
        0.2, label="Validation part", help="Share of patients used to choose the best state."
    )
    test: Fraction = setting(0.2, label="Test part", help="Share of patients kept closed until the end.")
    seed: Seed = setting(
        0, label="Seed of the split", help="The same seed gives the same parts.", expert=True
    )
    exclude: tuple[str, ...] = setting(
        (), label="Left out", help="Images to leave out, by path.", expert=True
    )


class WeightingSettings(Table):
    method: Literal["auto", "none", "balanced", "inverse_sqrt", "effective_number", "custom"] = setting(
        "auto",
        label="Class weights",
        help="How much more an image of a rare class counts.",
        choices={
            "auto": "Suggested",
            "none": "No weighting",
            "inverse_sqrt": "Gentle",
            "balanced": "Full",
            "effective_number": "Effective number",
            "custom": "Your own",
        },
    )
    normalize: Literal["mean_one", "sum_one", "none"] = setting(
        "mean_one",
        label="Normalisation",
        help="Mean one keeps the learning rate as it is set.",
        expert=True,
        choices={"mean_one": "Mean one", "sum_one": "Sum one", "none": "None"},
    )
    max_ratio: Annotated[float, Field(ge=1, strict=True)] = setting(
        10.0, label="Largest ratio", help="Computed weights lie at most this far apart.", expert=True
    )
    custom: dict[str, Number] = setting({}, label="Your own weights", help="A number per class.")
    sampling: Literal["natural", "balanced"] = setting(
        "natural",
        label="Sampling",
        help="Balanced draws each class equally often.",
        expert=True,
        choices={"natural": "Each image once", "balanced": "Each class equally often"},
    )
    loss: Literal["cross_entropy", "focal"] = setting(
        "cross_entropy",
        label="Loss",
        help="Focal loss lets easy images count less.",
        expert=True,
        choices={"cross_entropy": "Cross entropy", "focal": "Focal"},
    )
    correct_prior: YesNo = setting(
        True,
        label="Put the prevalence back",
        help="After weighting, probabilities are corrected to fit how common each class is.",
        expert=True,
    )


class ScalingSettings(Table):
    method: Literal["auto", "minmax", "zscore", "image_zscore", "percentile", "window", "none"] = setting(
        "auto",
        label="Pixel scaling",
        help="The range in which the network sees the pixels.",
        choices={
            "auto": "Suggested",
            "minmax": "Darkest to brightest",
            "zscore": "Average and spread",
            "percentile": "1st to 99th percentile",
            "window": "Window",
            "image_zscore": "Each image by itself",
            "none": "As stored",
        },
    )
    window: tuple[Number, Number] | None = setting(
        None, label="Window", help="Centre and width, in the units of the images."
    )


class ModelSettings(Table):
    name: str = setting("efficientnet_lite0", label="Network", help="Which network learns.")
    mode: Literal["features", "finetune", "scratch"] = setting(
        "features",
        label="Way of training",
        help="Quick looks at every image once and learns from that; thorough adapts the whole network.",
        choices={"features": "Quick", "finetune": "Thorough", "scratch": "From scratch"},
    )
    image_size: Annotated[Whole | Auto, BeforeValidator(_image_size)] = setting(
        "auto", label="Image size", help="Side of the square the network sees.", unit="pixels", expert=True
    )
    weights: Path | None = setting(
        None, label="Weights file", help="Start from these weights instead of the bundled ones.", expert=True
    )


class TrainingSettings(Table):
    optimizer: Literal["auto", "adam", "adamw", "sgd", "rmsprop"] = setting(
        "auto", label="Optimizer", help="How steps are taken.", expert=True
    )
    learning_rate: Positive | Auto = setting(
        "auto", label="Learning rate", help="How large the steps are.", expert=True
    )
    batch_size: Whole | Auto = setting(
        "auto", label="Batch size", help="Images per step.", unit="images", expert=True
    )
    epochs: Whole | Auto = setting("auto", label="Rounds", help="Passes over the training part.", expert=True)
    time_budget_minutes: Positive | None = setting(
        None, label="Time budget", help="Finish within this time, with the best state.", unit="minutes"
    )
    clip_norm: Positive | None = setting(
        None,
        label="Gradient clipping",
        help="Longest step allowed, as the norm of the gradient.",
        expert=True,
    )
    precision: Literal["auto", "float32", "mixed_bfloat16", "mixed_float16"] = setting(
        "auto", label="Precision", help="Half precision is faster on some GPUs.", expert=True
    )
    augment: Literal["auto", "none", "light", "radiograph", "microscopy", "photo"] = setting(
        "auto",
        label="Variations",
        help="Small seeded changes to training images, so that the network learns what matters.",
        choices={
            "auto": "Suggested",
            "none": "None",
            "light": "Light: small shifts and brightness",
            "radiograph": "X-ray, CT, MRI: no flips",
            "microscopy": "Microscopy: flips and any rotation",
            "photo": "Photographs: flips, zoom, brightness",
        },
    )
    patience: Whole | Auto = setting(
        "auto", label="Patience", help="Rounds without improvement before it ends.", expert=True
    )
    seed: Seed = setting(0, label="Seed", help="The same seed gives the same run.", expert=True)
    device: Literal["auto", "cpu", "gpu"] = setting(
        "auto",
        label="Device",
        help="Where it trains.",
        choices={"auto": "Suggested", "cpu": "CPU", "gpu": "GPU"},
    )


class EvaluationSettings(Table):
    operating_point: Literal["balanced", "argmax", "sensitivity", "specificity"] = setting(
        "balanced",
        label="Where to draw the line",
        help="Balanced weighs missed and false alarms alike; or ask for a sensitivity or specificity.",
        choices={
            "balanced": "Balanced",
            "argmax": "Most probable class",
            "sensitivity": "At a sensitivity",
            "specificity": "At a specificity",
        },
    )
    target: Between | None = setting(
        None, label="Target", help="The sensitivity or specificity asked for, 0 to 1."
    )
    prevalence: Between | None = setting(
        None,
        label="Prevalence",
        help="How common the class of interest is where the model will be used, 0 to 1.",
    )
