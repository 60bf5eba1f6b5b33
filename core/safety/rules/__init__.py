"""Every rule that judges a plan, by its code, in the order in which findings of equal urgency are told."""

from counterpoise.core.safety.rules.augmentation_unsafe import augmentation_unsafe
from counterpoise.core.safety.rules.batch_misses_minority import batch_misses_minority
from counterpoise.core.safety.rules.batch_too_large import batch_too_large
from counterpoise.core.safety.rules.evaluation_too_small import evaluation_too_small
from counterpoise.core.safety.rules.folders import disk_short, folder_unwritable
from counterpoise.core.safety.rules.gpu import gpu_unusable, no_gpu
from counterpoise.core.safety.rules.image_size_mismatch import image_size_mismatch
from counterpoise.core.safety.rules.learning_rate_too_high import learning_rate_too_high
from counterpoise.core.safety.rules.memory_short import memory_short
from counterpoise.core.safety.rules.pixels_unscaled import pixels_unscaled
from counterpoise.core.safety.rules.precision_overflow import precision_overflow
from counterpoise.core.safety.rules.rule import Rule
from counterpoise.core.safety.rules.scaling_degenerate import scaling_degenerate
from counterpoise.core.safety.rules.scaling_mismatch import scaling_mismatch
from counterpoise.core.safety.rules.split_lacks_class import split_lacks_class
from counterpoise.core.safety.rules.weight_changes_learning_rate import weight_changes_learning_rate
from counterpoise.core.safety.rules.weight_invalid import weight_invalid
from counterpoise.core.safety.rules.weight_ratio_extreme import weight_ratio_extreme
from counterpoise.core.safety.rules.weighting_twice import weighting_twice

RULES: dict[str, Rule] = {
    "weight-invalid": weight_invalid,
    "weight-ratio-extreme": weight_ratio_extreme,
    "split-lacks-class": split_lacks_class,
    "scaling-degenerate": scaling_degenerate,
    "pixels-unscaled": pixels_unscaled,
    "learning-rate-too-high": learning_rate_too_high,
    "precision-overflow": precision_overflow,
    "batch-too-large": batch_too_large,
    "memory-short": memory_short,
    "disk-short": disk_short,
    "folder-unwritable": folder_unwritable,
    "weighting-twice": weighting_twice,
    "weight-changes-learning-rate": weight_changes_learning_rate,
    "batch-misses-minority": batch_misses_minority,
    "scaling-mismatch": scaling_mismatch,
    "image-size-mismatch": image_size_mismatch,
    "evaluation-too-small": evaluation_too_small,
    "gpu-unusable": gpu_unusable,
    "no-gpu": no_gpu,
    "augmentation-unsafe": augmentation_unsafe,
}
