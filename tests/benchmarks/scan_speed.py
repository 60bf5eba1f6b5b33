"""How fast a scan is beside bare worker processes that do the same decoding of the same files.

    python tests/benchmarks/scan_speed.py [FOLDER] [--rounds 3]

A scan lists, reads, decodes and hashes images, takes statistics, sketch and thumbnail, looks for writing,
keeps it all, splits and judges. The bare processes read, decode, hash and make thumbnails by the same
functions, and nothing else. Prints, from one run with both in turns, the median of bare over scan with as
many processes (goal: at least .8), the same for processes that only decode, by Pillow, and the time of a
second scan without changes. Without FOLDER: synthetic JPEGs of 12 megapixels, and real images large, small
and tiny (by hard links, so that there are enough to outlast the start of the processes). The search for
copies comes after the reading and is measured by near_copies.
"""

import argparse
import os
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from common import DATA
from PIL import Image

from counterpoise.core.catalog.content import content_of
from counterpoise.core.catalog.readers import read_bytes, read_frames_of_bytes
from counterpoise.core.catalog.scan import scan
from counterpoise.core.catalog.sources import open_sources
from counterpoise.core.catalog.thumbnail_codec import pack
from counterpoise.core.catalog.thumbnails import medium, shrunk, visible
from counterpoise.core.settings import DataSettings

REAL = {"hannover_cxr/view": 1500, "bccd_crops": 20_000, "pneumoniamnist/train": 40_000}


def same_work(file: str) -> int:
    """Read, decode and hash a file and make its thumbnail, as a scan does."""
    size = 0
    for frame in read_frames_of_bytes(read_bytes(Path(file)), file.rpartition(os.sep)[2]):
        content_of(frame.pixels)
        size += len(pack(shrunk(medium(visible(frame)))))
    return size


def only_decode(file: str) -> int:
    """Read and decode a file by Pillow."""
    with Image.open(file) as image:
        return int(np.asarray(image).shape[0])


def make_photographs(folder: Path, number: int = 80) -> None:
    """Write JPEGs of 12 megapixels in two classes; each is different."""
    rng = np.random.default_rng(0)
    ground = Image.fromarray(rng.integers(0, 256, (30, 40, 3), dtype=np.uint8)).resize((4000, 3000))
    pixels = np.asarray(ground).astype(np.int16)
    for index in range(number):
        noisy = pixels + rng.integers(-8, 9, (3000, 4000, 1), dtype=np.int16)
        file = folder / "ab"[index % 2] / f"{index:03}.jpg"
        file.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(noisy.clip(0, 255).astype(np.uint8)).save(file, quality=90)


def make_links(folder: Path, source: Path, number: int) -> None:
    """Fill ``folder`` with ``number`` links to the images of ``source``, copied once."""
    copies = folder.with_name(folder.name + " copied")
    shutil.copytree(source, copies)
    files = sorted(copies.glob("*/*"))
    for index in range(number):
        file = files[index % len(files)]
        link = folder / file.parent.name / f"{index:06}{file.suffix}"
        link.parent.mkdir(parents=True, exist_ok=True)
        os.link(file, link)


def time_bare(work: Callable[[str], int], files: list[str], workers: int) -> float:
    began = time.perf_counter()
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        for _ in pool.map(work, files, chunksize=16):
            pass
    return time.perf_counter() - began


def time_scan(folder: Path, cache: Path, workers: int) -> float:
    began = time.perf_counter()
    scan(open_sources(folder), DataSettings(), cache=cache, workers=workers, copies=False)
    return time.perf_counter() - began


def compare(folder: Path, temporary: Path, rounds: int) -> None:
    """Print one line about the images of ``folder``."""
    workers = os.cpu_count() or 1
    files = [str(file) for file in sorted(folder.glob("*/*"))]
    same, decode, first, second = [], [], [], []
    for turn in range(rounds):
        cache = temporary / f"cache of {folder.name} {turn}"
        same.append(time_bare(same_work, files, workers))
        decode.append(time_bare(only_decode, files, workers))
        first.append(time_scan(folder, cache, workers))
        second.append(time_scan(folder, cache, workers))
    ratio, plain = (
        statistics.median(b / f for b, f in zip(bare, first, strict=True)) for bare in (same, decode)
    )
    rate = len(files) / statistics.median(first)
    print(
        f"{folder.name:24} {len(files):6,} files: bare {statistics.median(same):6.2f} s, scan "
        f"{statistics.median(first):6.2f} s ({rate:,.0f} a second), ratio {ratio:.2f} (goal .8), beside "
        f"decoding alone {plain:.2f}; again {statistics.median(second):.2f} s",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        temporary = Path(name)
        os.environ["COUNTERPOISE_HOME"] = str(temporary / "home")
        if arguments.folder is not None:
            compare(arguments.folder, temporary, arguments.rounds)
            return
        make_photographs(temporary / "12 megapixels")
        compare(temporary / "12 megapixels", temporary, arguments.rounds)
        for source, number in REAL.items():
            folder = temporary / source.partition("/")[0]
            make_links(folder, DATA / source, number)
            compare(folder, temporary, arguments.rounds)


if __name__ == "__main__":
    main()
