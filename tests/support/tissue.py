"""Grey pictures with detail at every scale, as X-rays and tissue have it; each seed is another one."""

import numpy as np
from PIL import Image


def tissue(seed: int, size: tuple[int, int] = (120, 100)) -> Image.Image:
    """Return an 8-bit grey image of ``size`` (width, height): noise whose amplitude falls with frequency."""
    rng = np.random.default_rng(seed)
    width, height = size
    rows, columns = np.fft.fftfreq(height)[:, None], np.fft.rfftfreq(width)[None]
    frequency = np.maximum(np.hypot(rows, columns), 1 / max(size))
    noise = np.fft.rfft2(rng.normal(size=(height, width))) / frequency**1.3
    pixels = np.fft.irfft2(noise, s=(height, width))
    pixels = (pixels - pixels.mean()) / pixels.std() * 45 + 120
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))
