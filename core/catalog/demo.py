"""The demo: a folder of synthetic blood cells with what real folders have wrong with them."""

import io
from pathlib import Path

import imagecodecs
import numpy as np
from PIL import Image

from counterpoise.core.catalog.smear import Field, make_slide, paint

COUNTS = {"eosinophil": 20, "lymphocyte": 100, "neutrophil": 240}
"""Images per class before the planted faults; the differential of healthy blood is about as uneven."""
PATIENTS = 40
DEEP = ("neutrophil", 42)
"""Kind and number of the image written with 16 bits."""
README = """These images are synthetic. They were drawn by a program from a seed and show nobody's blood.

They look like a stained blood smear: {kinds}. File names begin with the patient
(p07_003.png is the third image of patient p07).

Some faults were planted on purpose, so that a first look shows what Counterpoise notices:
- {truncated} is cut off;
- {copy} and {original} are the same image under two labels;
- {deep} has 16 bits, all others have 8;
- there are twelve times as many neutrophils as eosinophils.
"""


def make_demo(folder: Path, seed: int = 0) -> None:
    """Write the demo's class folders and a README into ``folder``, the same bytes for the same ``seed``.

    Makes ``folder`` where it is missing; files of the same name are overwritten.
    """
    random = np.random.default_rng(seed)
    slides = [make_slide(random) for _ in range(PATIENTS)]
    names = _Names(random)
    files: dict[str, list[str]] = {}
    for kind, count in COUNTS.items():
        (folder / kind).mkdir(parents=True, exist_ok=True)
        for index in range(count):
            patient = int(random.integers(PATIENTS)) if kind != "eosinophil" else 2 * index % PATIENTS
            name = f"{kind}/{names.next_of(patient)}"
            files.setdefault(kind, []).append(name)
            write = _write_deep if (kind, index) == DEEP else _write
            write(folder / name, paint(kind, slides[patient], random))
    planted = _plant_faults(folder, files, names)
    planted["deep"] = files[DEEP[0]][DEEP[1]]
    kinds = ", ".join(f"{count} {kind}s" for kind, count in COUNTS.items())
    (folder / "README.txt").write_text(README.format(kinds=kinds, **planted), encoding="utf-8")


class _Names:
    """Numbers the images of each patient; gaps, as after somebody sorted images out."""

    def __init__(self, random: np.random.Generator) -> None:
        self._random = random
        self._last = [0] * PATIENTS

    def next_of(self, patient: int) -> str:
        self._last[patient] += 1 + int(self._random.random() < 0.1)
        return f"p{patient + 1:02d}_{self._last[patient]:03d}.png"


def _plant_faults(folder: Path, files: dict[str, list[str]], names: _Names) -> dict[str, str]:
    """Plant what the README tells of; returns the names it needs."""
    truncated, original = files["neutrophil"][17], files["lymphocyte"][5]
    data = (folder / truncated).read_bytes()
    (folder / truncated).write_bytes(data[: 3 * len(data) // 5])
    patient = int(Path(original).name[1:3]) - 1
    copy = f"neutrophil/{names.next_of(patient)}"
    (folder / copy).write_bytes((folder / original).read_bytes())
    return {"truncated": truncated, "original": original, "copy": copy}


def _write(path: Path, image: Field) -> None:
    stream = io.BytesIO()
    Image.fromarray(np.rint(image * 255).astype(np.uint8)).save(stream, "PNG", compress_level=1)
    path.write_bytes(stream.getvalue())


def _write_deep(path: Path, image: Field) -> None:
    path.write_bytes(imagecodecs.png_encode(np.rint(image * 65535).astype(np.uint16)))
