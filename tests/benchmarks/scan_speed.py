"""How fast a scan is beside bare processes that read, hash and decode the same files.

    python tests/benchmarks/scan_speed.py [FOLDER] [--files 10000]

Prints, from one run: the scan's time over the bare time with as many processes (goal: at most 1.5),
and the time of a second scan without changes (goal: under 1 s). Without FOLDER, files of three kinds
are made: small grey PNG, larger colour JPEG, 16-bit PNG. Bare and scan alternate, best of two each.
"""

import argparse
import hashlib
import os
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from io import BytesIO
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from PIL import Image

from counterpoise.core.catalog.scan import scan
from counterpoise.core.catalog.sources import open_sources
from counterpoise.core.settings import DataSettings


def read_bare(file: str) -> str:
    """Read, hash and decode a file: what no scan can do without."""
    data = Path(file).read_bytes()
    with Image.open(BytesIO(data)) as image:
        image.load()
        hashlib.sha256(image.tobytes())
    return hashlib.sha256(data).hexdigest()


def make_files(folder: Path, number: int) -> None:
    """Write files of three kinds in two classes; each is different."""
    rng = np.random.default_rng(0)
    ground = rng.normal(size=(300, 300, 3)).cumsum(axis=0).cumsum(axis=1)
    ground = ((ground - ground.min()) / np.ptp(ground) * 200).astype(np.uint8)
    for label in ("a", "b"):
        (folder / label).mkdir(parents=True)
    for index in range(number):
        file = folder / "ab"[index % 2] / f"{index:06}"
        noise = rng.integers(0, 40, (200, 200, 3), dtype=np.uint8)
        y, x = rng.integers(0, 100, 2)
        pixels = ground[y : y + 200, x : x + 200] + noise
        if index % 10 < 6:
            Image.fromarray(pixels[:64, :64, 0]).save(file.with_suffix(".png"))
        elif index % 10 < 9:
            Image.fromarray(pixels).save(file.with_suffix(".jpg"), quality=90)
        else:
            Image.fromarray(pixels[:96, :96, 0].astype(np.uint16) * 256).save(file.with_suffix(".png"))


def time_bare(files: list[str], workers: int) -> float:
    began = time.perf_counter()
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        for _ in pool.map(read_bare, files, chunksize=64):
            pass
    return time.perf_counter() - began


def time_scan(folder: Path, cache: Path, workers: int) -> float:
    began = time.perf_counter()
    scan(open_sources(folder), DataSettings(), cache=cache, workers=workers)
    return time.perf_counter() - began


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--files", type=int, default=10_000)
    arguments = parser.parse_args()
    workers = os.cpu_count() or 1
    with tempfile.TemporaryDirectory() as temporary:
        os.environ["COUNTERPOISE_HOME"] = str(Path(temporary) / "home")
        folder = arguments.folder or Path(temporary) / "data"
        if arguments.folder is None:
            make_files(folder, arguments.files)
        files = [str(file) for file in sorted(folder.glob("*/*"))]
        bare, first, second = [], [], []
        for turn in range(2):
            cache = Path(temporary) / f"cache{turn}"
            bare.append(time_bare(files, workers))
            first.append(time_scan(folder, cache, workers))
            second.append(time_scan(folder, cache, workers))
    print(f"{len(files):,} files, {workers} processes")
    print(f"bare reading, hashing, decoding  {min(bare):6.2f} s")
    ratio = min(first) / min(bare)
    print(f"scan                             {min(first):6.2f} s   ratio {ratio:.2f} (goal 1.5)")
    print(f"second scan without changes      {min(second):6.2f} s   (goal 1 s)")


if __name__ == "__main__":
    main()
