"""The networks there are; a new one is one file and one entry."""

from counterpoise.core.errors import UsageError, did_you_mean
from counterpoise.core.models import efficientnet_lite0, small_cnn
from counterpoise.core.models.spec import ModelSpec

_SPECS = {
    spec.name: spec
    for spec in (
        ModelSpec(
            name="efficientnet_lite0",
            label="EfficientNet-Lite0",
            help="Knows everyday photographs already; the best start for almost every set of images.",
            modes=("features", "finetune", "scratch"),
            minimum_size=32,
            feature_width=efficientnet_lite0.FEATURE_WIDTH,
            parameters=3_413_024,
            batch_statistics=True,
            channels=3,
            native=(255 / 128, -127 / 128),
            layers=efficientnet_lite0.layers,
            weights=efficientnet_lite0.pretrained,
        ),
        ModelSpec(
            name="small_cnn",
            label="Plain CNN",
            help="Three times convolution and pooling, trained from nothing; needs many images.",
            modes=("scratch",),
            minimum_size=16,
            feature_width=small_cnn.FEATURE_WIDTH,
            parameters=646_208,
            batch_statistics=False,
            channels=None,
            native=None,
            layers=small_cnn.layers,
        ),
    )
}


def model_names() -> tuple[str, ...]:
    """Return the names that ``model.name`` can take."""
    return tuple(_SPECS)


def spec(name: str) -> ModelSpec:
    """Return the entry of ``name``; raises UsageError with the nearest known name."""
    try:
        return _SPECS[name]
    except KeyError:
        raise UsageError(f"There is no network called '{name}'.{did_you_mean(name, _SPECS)}") from None
