"""The catalogue of findings, copied: the registry holds these codes and no others."""

from counterpoise.core.findings import CODES, Subject
from counterpoise.core.findings.sentences import SENTENCES

DATA = [
    "unreadable-image",
    "part-made",
    "extension-mismatch",
    "oversized-image",
    "non-finite-pixels",
    "blank-image",
    "unsupported-file",
    "empty-class",
    "single-class",
    "class-too-small",
    "class-name-collision",
    "class-imbalance",
    "duplicate-images",
    "duplicate-across-classes",
    "duplicate-across-splits",
    "near-duplicate",
    "patient-across-splits",
    "patients-unknown",
    "shortcut",
    "mixed-depth",
    "mixed-color",
    "outlier-size",
    "identifiers-present",
    "multi-frame",
    "label-unknown",
]
"""``label-unknown`` is listed under the settings, and found by the scan."""
SETTINGS = [
    "weight-invalid",
    "weight-ratio-extreme",
    "weight-changes-learning-rate",
    "weighting-twice",
    "pixels-unscaled",
    "scaling-degenerate",
    "scaling-mismatch",
    "learning-rate-too-high",
    "batch-misses-minority",
    "batch-too-large",
    "memory-short",
    "precision-overflow",
    "split-lacks-class",
    "evaluation-too-small",
    "image-size-mismatch",
    "disk-short",
    "folder-unwritable",
    "augmentation-unsafe",
    "no-gpu",
    "gpu-unusable",
    "dry-run-failed",
]
GUARDS = [
    "non-finite-step",
    "exploding-loss",
    "out-of-memory",
    "process-died",
    "dead-network",
    "no-signal",
    "class-collapse",
    "loss-scale-starved",
    "source-lost",
    "disk-full",
    "stalled",
    "overfitting",
]
SILENT_SO_FAR: frozenset[str] = frozenset()
"""Codes that no rule tells of yet."""


def test_the_registry_is_the_catalogue() -> None:
    told = {subject: {c for c, spec in CODES.items() if spec.subject == subject} for subject in Subject}
    assert told == {Subject.DATA: set(DATA), Subject.SETTINGS: set(SETTINGS), Subject.GUARD: set(GUARDS)}


def test_every_code_has_a_title_of_its_own_and_a_sentence() -> None:
    titles = [spec.title for spec in CODES.values()]
    assert len(set(titles)) == len(titles)
    spoken = {key.partition(".")[0] for key in SENTENCES}
    assert set(CODES) - spoken <= SILENT_SO_FAR
