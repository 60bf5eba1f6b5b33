"""How long ``check`` without a dry run takes for 10,000 images that the catalog knows.

    python tests/benchmarks/check_speed.py [--images 10000] [--profile]

Goal: an answer within 2 s after the process has started. Real images are linked (copied where that can't
be) into a folder of their own; a scan puts them into the catalog; then the whole command is timed from
outside, best and worst of five. ``--profile`` shows where the time goes instead.
"""

import argparse
import cProfile
import os
import pstats
import shutil
import tempfile
from pathlib import Path

from common import counterpoise, need

SETS = ("pneumoniamnist/train", "bccd_crops", "rbc12_crops")
TURNS = 5
GOAL = 2.0


def link_images(folder: Path, number: int) -> int:
    """Fill ``folder`` with classes of real images; return how many there are."""
    made = 0
    for name in SETS:
        for label in sorted(path for path in need(name).iterdir() if path.is_dir()):
            if made == number:
                return made
            place = folder / label.name
            place.mkdir(parents=True, exist_ok=True)
            for file in sorted(label.iterdir())[: number - made]:
                try:
                    (place / file.name).hardlink_to(file)
                except OSError:  # another disk
                    shutil.copyfile(file, place / file.name)
                made += 1
    return made


def profile(data: Path, cache: Path) -> None:
    """Print the functions in which a check spends its time, imports included."""
    profiler = cProfile.Profile()
    profiler.enable()
    from counterpoise.core.cli.main import main

    try:
        main(["check", str(data), "--cache", str(cache), "--json", "--quiet"])
    except SystemExit:
        pass
    finally:
        profiler.disable()
    pstats.Stats(profiler).sort_stats("cumulative").print_stats(60)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--images", type=int, default=10_000)
    parser.add_argument("--profile", action="store_true")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        os.environ["COUNTERPOISE_HOME"] = str(Path(temporary) / "home")
        data, cache = Path(temporary) / "data", Path(temporary) / "cache"
        made = link_images(data, arguments.images)
        scanned = counterpoise("scan", data, "--cache", cache)
        if arguments.profile:
            profile(data, cache)
            return
        checks = [counterpoise("check", data, "--cache", cache) for _ in range(TURNS)]
    print(f"{made:,} images in {len(scanned.answer['classes'])} classes; scanned in {scanned.seconds:.1f} s")
    best, worst = min(c.seconds for c in checks), max(c.seconds for c in checks)
    print(f"check, best of {TURNS}  {best:5.2f} s   (goal {GOAL:.0f} s)")
    print(f"check, worst      {worst:5.2f} s, {max(c.cpu_seconds for c in checks):.2f} s of a core")


if __name__ == "__main__":
    main()
