"""Faults to be planted in copies of image sets: functions of the folder that holds the classes."""

import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import tifffile
from PIL import Image, PngImagePlugin

Plant = Callable[[Path], object]
Change = Callable[[Image.Image], Image.Image]


def files(folder: Path) -> list[Path]:
    return sorted(file for file in folder.rglob("*") if file.is_file())


def first_class(root: Path) -> Path:
    return sorted(root.iterdir())[0]


def each(change: Change, ending: str = "", share: float = 1.0, **how: Any) -> Callable[[Path], None]:
    """Change so many images of the first class."""

    def plant(root: Path) -> None:
        chosen = files(first_class(root))
        for file in chosen[: round(share * len(chosen))]:
            with Image.open(file) as image:
                image.load()
                made = change(image)
            file.unlink()
            made.save(file.with_suffix(ending or file.suffix), **how)

    return plant


def same(image: Image.Image) -> Image.Image:
    return image


def larger(image: Image.Image) -> Image.Image:
    return image.resize((image.width * 3 // 2, image.height * 3 // 2), Image.Resampling.BICUBIC)


def wider(image: Image.Image) -> Image.Image:
    return image.resize((image.width * 5 // 4, image.height * 4 // 5), Image.Resampling.BICUBIC)


def framed(image: Image.Image) -> Image.Image:
    """Paint a black border over the outermost pixels; the size stays."""
    pixels, rim = np.array(image), max(1, image.width // 20)
    pixels[:rim], pixels[-rim:], pixels[:, :rim], pixels[:, -rim:] = 0, 0, 0, 0
    return Image.fromarray(pixels)


def brighter(by: int) -> Change:
    return lambda image: Image.fromarray(np.clip(np.array(image, np.int16) + by, 0, 255).astype(np.uint8))


def deep(image: Image.Image) -> Image.Image:
    return Image.fromarray(np.array(image.convert("L")).astype(np.uint16) * 257)


def in_colour(image: Image.Image) -> Image.Image:
    return image.convert("RGB")


def tinted(image: Image.Image) -> Image.Image:
    return Image.fromarray((np.array(image.convert("RGB")) * np.array([1, 0.9, 0.8])).astype(np.uint8))


def again(source: str, to: str, change: Change = lambda image: image, **how: Any) -> Callable[[Path], None]:
    """Put a changed copy of the first image of a folder into another folder."""

    def plant(root: Path) -> None:
        with Image.open(files(root / source)[0]) as image:
            change(image).save(root / to, **how)

    return plant


def half(image: Image.Image) -> Image.Image:
    return image.resize((image.width // 2, image.height // 2), Image.Resampling.LANCZOS)


def cropped(image: Image.Image) -> Image.Image:
    rim = max(1, round(0.02 * image.width))
    return image.crop((rim, rim, image.width, image.height))


def cut_short(root: Path) -> None:
    file = files(root)[0]
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    (first_class(root) / "empty.png").touch()


def oversized(root: Path) -> None:
    header = files(root)[0].read_bytes()
    chunk = b"IHDR" + struct.pack(">II", 60_000, 60_000) + header[24:29]
    crc = struct.pack(">I", zlib.crc32(chunk))
    (first_class(root) / "huge.png").write_bytes(header[:12] + chunk + crc + header[33:])


def not_a_number(root: Path) -> None:
    pixels = np.array(Image.open(files(root)[0]), np.float32)
    pixels[3, 3] = np.nan
    tifffile.imwrite(first_class(root) / "nan.tif", pixels)


def blank(root: Path) -> None:
    Image.new("L", (28, 28), 12).save(first_class(root) / "blank.png")


def only(number: int) -> Callable[[Path], None]:
    """Leave so many images in the first class."""

    def plant(root: Path) -> None:
        for file in files(first_class(root))[number:]:
            file.unlink()

    return plant


def named_for_a_person(root: Path) -> None:
    files(root)[0].rename(first_class(root) / "Smith_John_1962-03-04.png")


def tagged(root: Path) -> None:
    text, file = PngImagePlugin.PngInfo(), files(root)[0]
    text.add_text("PatientName", "Jane Doe")
    with Image.open(file) as image:
        image.load()
    image.save(file, pnginfo=text)


def named_by_patient(root: Path, across: bool = False) -> None:
    """Name files p01_03.png, patients of three images; ``across``: one of train is in test, too."""
    for part in sorted(root.iterdir()):
        for label in sorted(part.iterdir()):
            for index, file in enumerate(files(label)):
                file.rename(file.with_name(f"{part.name}{label.name}{index // 3:02}_{index:03}.png"))
    if across:
        files(root / "train/normal")[0].rename(root / "test/normal/trainnormal00_900.png")


def stack(root: Path) -> None:
    frames = [Image.open(file) for file in files(root)[:3]]
    frames[0].save(first_class(root) / "stack.tif", save_all=True, append_images=frames[1:])


def labelled(root: Path) -> None:
    rows = [f"{file.relative_to(root).as_posix()},{file.parent.name}" for file in files(root)]
    (root / "labels.csv").write_text("\n".join(["path,label", *rows, "gone.png,normal"]))
