"""What copies of images undergo: size, compression, crop, brightness, turns."""

import io
import random
from collections.abc import Callable

import numpy as np
from PIL import Image, ImageEnhance, ImageOps

R = Image.Resampling
Change = Callable[[Image.Image, random.Random], Image.Image]


def resized(factor: float, how: Image.Resampling) -> Change:
    def change(image: Image.Image, _: random.Random) -> Image.Image:
        width, height = (max(4, round(side * factor)) for side in image.size)
        return image.resize((width, height), how)

    return change


def stored(image: Image.Image, kind: str, **how: int) -> Image.Image:
    stream = io.BytesIO()
    image.save(stream, kind, **how)
    again = Image.open(stream)
    again.load()
    return again


def noisy(image: Image.Image, level: float, draw: random.Random) -> Image.Image:
    pixels = np.asarray(image, np.float64)
    rng = np.random.default_rng(draw.randrange(2**32))
    return Image.fromarray((pixels + rng.normal(0, level, pixels.shape)).clip(0, 255).astype(np.uint8))


def cropped(share: float, middle: bool = False) -> Change:
    """Take ``share`` of each side off, from both ends alike or divided at random."""

    def change(image: Image.Image, draw: random.Random) -> Image.Image:
        bounds = []
        for side in image.size:
            lost = max(1, round(side * share))
            low = lost // 2 if middle else draw.randint(0, lost)
            bounds.append((low, side - lost + low))
        (left, right), (top, bottom) = bounds
        return image.crop((left, top, right, bottom))

    return change


def then(*changes: Change) -> Change:
    def change(image: Image.Image, draw: random.Random) -> Image.Image:
        for each in changes:
            image = each(image, draw)
        return image

    return change


def gamma(value: float) -> Change:
    levels = [round(255 * (i / 255) ** value) for i in range(256)]
    return lambda image, _: image.point(levels * len(image.getbands()))


def quality(value: int) -> Change:
    return lambda image, _: stored(image, "JPEG", quality=value)


REQUIRED: dict[str, Change] = {
    "half, Lanczos": resized(0.5, R.LANCZOS),
    "half, bilinear": resized(0.5, R.BILINEAR),
    "x 0.75, bicubic": resized(0.75, R.BICUBIC),
    "x 0.75, box": resized(0.75, R.BOX),
    "x 1.5, bicubic": resized(1.5, R.BICUBIC),
    "x 1.5, nearest": resized(1.5, R.NEAREST),
    "JPEG 50": quality(50),
    "JPEG 75": quality(75),
    "JPEG 90": quality(90),
    "half, JPEG 75": then(resized(0.5, R.LANCZOS), quality(75)),
    "x 0.75, JPEG 50": then(resized(0.75, R.BICUBIC), quality(50)),
    "crop 1 %": cropped(0.01),
    "crop 2 %": cropped(0.02),
    "crop 3 %": cropped(0.03),
    "crop 5 %": cropped(0.05),
    "crop 5 %, middle": cropped(0.05, middle=True),
    "crop 3 %, JPEG 75": then(cropped(0.03), quality(75)),
    "brighter": lambda image, _: ImageEnhance.Brightness(image).enhance(1.15),
    "less contrast": lambda image, _: ImageEnhance.Contrast(image).enhance(0.8),
    "gamma 0.8": gamma(0.8),
}
EXTRA: dict[str, Change] = {
    "half, nearest": resized(0.5, R.NEAREST),
    "crop 8 %": cropped(0.08),
    "crop 8 %, middle": cropped(0.08, middle=True),
    "turned 1 degree": lambda image, _: image.rotate(1, R.BICUBIC),
    "turned 3 degrees": lambda image, _: image.rotate(3, R.BICUBIC),
    "mirrored": lambda image, _: ImageOps.mirror(image),
}

OTHER: dict[str, Change] = {
    **{f"JPEG {q}": quality(q) for q in (20, 30, 40, 60, 80)},
    **{f"x {factor:g}": resized(factor, R.BICUBIC) for factor in (0.3, 0.4, 0.6, 1.3, 2)},
    "half, box": resized(0.5, R.BOX),
    "WebP 70": lambda image, _: stored(image, "WEBP", quality=70),
    "GIF": lambda image, _: stored(image.convert("L"), "GIF"),
    "to grey": lambda image, _: image.convert("L"),
    **{f"crop {share:.0%}": cropped(share) for share in (0.04, 0.06, 0.07)},
    "border 2 %": lambda image, _: ImageOps.expand(image, max(1, image.width // 50)),
    "darker": lambda image, _: ImageEnhance.Brightness(image).enhance(0.8),
    "more contrast": lambda image, _: ImageEnhance.Contrast(image).enhance(1.25),
    "gamma 1.3": gamma(1.3),
    "sharpened": lambda image, _: ImageEnhance.Sharpness(image).enhance(2),
    "noise": lambda image, draw: noisy(image, 3, draw),
    "turned 2 degrees": lambda image, _: image.rotate(2, R.BICUBIC),
    "upside down": lambda image, _: ImageOps.flip(image),
    "mirrored, half": lambda image, _: ImageOps.mirror(resized(0.5, R.BICUBIC)(image, _)),
}
"""None of these was looked at when the thresholds were chosen."""
