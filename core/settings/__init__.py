"""All settings, declared once; forms, TOML, `--set` and validation derive from them."""

from counterpoise.core.settings.files import dump_toml, load_settings, read_toml
from counterpoise.core.settings.settings import Settings, build_settings
from counterpoise.core.settings.tables import (
    DataSettings,
    EvaluationSettings,
    ModelSettings,
    ScalingSettings,
    TrainingSettings,
    WeightingSettings,
)

__all__ = [
    "DataSettings",
    "EvaluationSettings",
    "ModelSettings",
    "ScalingSettings",
    "Settings",
    "TrainingSettings",
    "WeightingSettings",
    "build_settings",
    "dump_toml",
    "load_settings",
    "read_toml",
]
