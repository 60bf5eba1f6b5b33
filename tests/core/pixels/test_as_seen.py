import numpy as np

from counterpoise.core.catalog.readers import Frame
from counterpoise.core.pixels.as_seen import as_seen, ends_of
from counterpoise.core.pixels.fit import fit_scaling
from counterpoise.core.pixels.format import PixelFormat
from counterpoise.core.pixels.prepare import prepare
from counterpoise.core.settings import ScalingSettings

FORMAT = PixelFormat(size=(8, 8), channels=3, units="uint8")


def test_a_grey_image_reaches_a_network_of_three_channels():
    pixels = np.arange(32 * 32, dtype=np.uint8).reshape(32, 32)
    image = prepare(Frame(pixels, 8, "uint8", "PNG"), FORMAT)
    sample = image[np.newaxis]
    scaling = fit_scaling(ScalingSettings(method="minmax"), FORMAT, [sample])
    seen = as_seen(image, scaling, (2.0, -1.0), sample)
    assert seen.values.shape == (8, 8)  # shown once: the channels are equal
    assert seen.channels == 3
    assert np.isclose(seen.values.min(), -1)
    assert np.isclose(seen.values.max(), 1)
    assert np.allclose(seen.ends, (-1, 1))


def test_a_clipped_scaling_has_the_ends_of_its_clip():
    random = np.random.default_rng(0)
    sample = random.normal(100, 30, (4, 8, 8, 3)).clip(0, 255).astype(np.uint8)
    scaling = fit_scaling(ScalingSettings(method="percentile"), FORMAT, [sample])
    seen = as_seen(sample[0], scaling, (1.0, 0.0), sample)
    assert seen.ends == (0.0, 1.0)
    assert seen.values.shape == (8, 8, 3)


def test_ends_always_differ():
    assert ends_of(np.array([3.0, np.nan])) == (3.0, 4.0)
    assert ends_of(np.array([np.nan])) == (0.0, 1.0)
