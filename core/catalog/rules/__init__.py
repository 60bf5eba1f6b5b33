"""Findings about the data: one small rule each, from a context to findings."""

from collections.abc import Callable, Iterable

from counterpoise.core.catalog.context import Context
from counterpoise.core.catalog.rules.blank_image import blank_image
from counterpoise.core.catalog.rules.class_imbalance import class_imbalance
from counterpoise.core.catalog.rules.class_name_collision import class_name_collision
from counterpoise.core.catalog.rules.class_too_small import class_too_small
from counterpoise.core.catalog.rules.duplicate_across_classes import duplicate_across_classes
from counterpoise.core.catalog.rules.duplicate_across_splits import duplicate_across_splits
from counterpoise.core.catalog.rules.duplicate_images import duplicate_images
from counterpoise.core.catalog.rules.empty_class import empty_class
from counterpoise.core.catalog.rules.extension_mismatch import extension_mismatch
from counterpoise.core.catalog.rules.identifiers_present import identifiers_present
from counterpoise.core.catalog.rules.label_unknown import label_unknown
from counterpoise.core.catalog.rules.left_out import (
    non_finite_pixels,
    oversized_image,
    unreadable_image,
    unsupported_file,
)
from counterpoise.core.catalog.rules.mixed_color import mixed_color
from counterpoise.core.catalog.rules.mixed_depth import mixed_depth
from counterpoise.core.catalog.rules.multi_frame import multi_frame
from counterpoise.core.catalog.rules.near_duplicate import near_duplicate
from counterpoise.core.catalog.rules.outlier_size import outlier_size
from counterpoise.core.catalog.rules.part_made import part_made
from counterpoise.core.catalog.rules.patient_across_splits import patient_across_splits
from counterpoise.core.catalog.rules.patients_unknown import patients_unknown
from counterpoise.core.catalog.rules.shortcut import shortcut
from counterpoise.core.catalog.rules.single_class import single_class
from counterpoise.core.findings import Finding, by_urgency

Rule = Callable[[Context], Iterable[Finding]]

RULES: tuple[Rule, ...] = (
    label_unknown,
    empty_class,
    single_class,
    class_too_small,
    patient_across_splits,
    duplicate_across_splits,
    duplicate_across_classes,
    near_duplicate,
    unreadable_image,
    oversized_image,
    non_finite_pixels,
    blank_image,
    identifiers_present,
    class_name_collision,
    shortcut,
    class_imbalance,
    mixed_depth,
    mixed_color,
    patients_unknown,
    part_made,
    duplicate_images,
    extension_mismatch,
    multi_frame,
    outlier_size,
    unsupported_file,
)
"""In the order in which findings of the same severity are told."""


def judge(context: Context) -> tuple[Finding, ...]:
    """Return what all rules find, the most urgent first."""
    return by_urgency([finding for rule in RULES for finding in rule(context)])
