"""Every code there is, with its subject, its title and whether a blocker of it can be accepted."""

from dataclasses import dataclass
from enum import StrEnum

from counterpoise.core.errors import UsageError, did_you_mean


class Subject(StrEnum):
    DATA = "data"
    SETTINGS = "settings"
    GUARD = "guard"


@dataclass(frozen=True)
class CodeSpec:
    code: str
    subject: Subject
    title: str
    acceptable: bool = False
    """Whether ``--accept`` lets training start in spite of a blocker."""


def _specs(subject: Subject, titles: dict[str, str], acceptable: tuple[str, ...] = ()) -> list[CodeSpec]:
    return [CodeSpec(code, subject, title, code in acceptable) for code, title in titles.items()]


_ALL = [
    *_specs(
        Subject.DATA,
        {
            "unreadable-image": "Files that can't be read",
            "part-made": "A part was made for you",
            "extension-mismatch": "Names that don't match content",
            "oversized-image": "Images too large to read safely",
            "non-finite-pixels": "Images with values that aren't numbers",
            "blank-image": "Blank images",
            "unsupported-file": "Files passed over",
            "empty-class": "A class without images",
            "single-class": "Only one class",
            "class-too-small": "A class with very few images",
            "class-name-collision": "Class names that look alike",
            "class-imbalance": "Classes of very different size",
            "duplicate-images": "Copies within a class",
            "duplicate-across-classes": "The same image under two labels",
            "duplicate-across-splits": "The same image in two parts",
            "near-duplicate": "Nearly the same image twice",
            "patient-across-splits": "A patient in two parts",
            "patients-unknown": "Patients can't be told apart",
            "shortcut": "Something besides the content gives the class away",
            "mixed-depth": "Different bit depths",
            "mixed-color": "Colour and grey mixed",
            "outlier-size": "Images of unusual size",
            "identifiers-present": "Names or dates of people, or writing",
            "multi-frame": "Files with several images",
            "label-unknown": "Labels that can't be used",
        },
        ("class-too-small", "duplicate-across-splits", "patient-across-splits"),
    ),
    *_specs(
        Subject.SETTINGS,
        {
            "weight-invalid": "A class weight that can't work",
            "weight-ratio-extreme": "Class weights far apart",
            "weight-changes-learning-rate": "The weights change the learning rate",
            "weighting-twice": "Rare classes are lifted twice",
            "pixels-unscaled": "Pixels outside the network's range",
            "scaling-degenerate": "A scaling without a range",
            "scaling-mismatch": "A scaling that doesn't fit the images",
            "learning-rate-too-high": "The learning rate is too high",
            "batch-misses-minority": "Most batches miss a class",
            "batch-too-large": "The batch is larger than the data",
            "memory-short": "Not enough memory",
            "precision-overflow": "Numbers too large for half precision",
            "split-lacks-class": "A part lacks a class",
            "evaluation-too-small": "Too few images for a firm result",
            "image-size-mismatch": "The image size doesn't fit",
            "disk-short": "Not enough disk space",
            "folder-unwritable": "A folder can't be written",
            "augmentation-unsafe": "A variation that may change the meaning",
            "no-gpu": "No GPU",
            "gpu-unusable": "The GPU can't be used",
            "dry-run-failed": "The trial steps failed",
        },
        (
            "weight-ratio-extreme",
            "pixels-unscaled",
            "learning-rate-too-high",
            "memory-short",
            "precision-overflow",
            "dry-run-failed",
            "split-lacks-class",
        ),
    ),
    *_specs(
        Subject.GUARD,
        {
            "non-finite-step": "One step was refused",
            "exploding-loss": "The error exploded",
            "out-of-memory": "Memory ran out",
            "process-died": "The training was interrupted",
            "dead-network": "The network has stopped learning",
            "no-signal": "No difference found so far",
            "class-collapse": "One class for all images",
            "loss-scale-starved": "Half precision skips most steps",
            "source-lost": "The images can't be reached",
            "disk-full": "The disk is full",
            "stalled": "No step for a long time",
            "overfitting": "Learning by heart",
        },
    ),
]
CODES: dict[str, CodeSpec] = {spec.code: spec for spec in _ALL}


def code_spec(code: str) -> CodeSpec:
    """Return the entry of ``code``; an unknown one is a usage error that names the nearest."""
    try:
        return CODES[code]
    except KeyError:
        raise UsageError(f"There is no finding called '{code}'.{did_you_mean(code, CODES)}") from None
