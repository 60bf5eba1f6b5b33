"""Peak memory of scan, train and predict with n and with 4 n images; the ratio should be near one.

python tests/benchmarks/memory.py [n]
"""

import sys
import tempfile
import threading
from pathlib import Path
from subprocess import PIPE, Popen

import numpy as np
import psutil
from PIL import Image


def make(folder: Path, number: int, seed: int) -> Path:
    """Write ``number`` different 64-pixel images in two classes."""
    rng = np.random.default_rng(seed)
    for index in range(number):
        name = "bright" if index % 2 else "dark"
        target = folder / name / f"{index:06d}.png"
        target.parent.mkdir(parents=True, exist_ok=True)
        noise = rng.integers(0, 120, (64, 64), dtype=np.uint8) + (60 if index % 2 else 0)
        Image.fromarray(noise.astype(np.uint8)).save(target, compress_level=1)
    return folder


def peak(*arguments: str | Path) -> float:
    """Return the peak of the summed proportional memory (PSS) of a command and its children, in MiB."""
    command = [sys.executable, "-m", "counterpoise.core.cli.main", *map(str, arguments), "--json"]
    process = Popen(command, stdout=PIPE, stderr=PIPE)
    most = 0.0
    ended = threading.Event()

    def watch() -> None:
        nonlocal most
        root = psutil.Process(process.pid)
        while not ended.wait(0.1):
            total = 0
            try:
                for one in (root, *root.children(recursive=True)):
                    total += one.memory_full_info().pss
            except psutil.Error:
                continue
            most = max(most, total / 2**20)

    watcher = threading.Thread(target=watch)
    watcher.start()
    _, errors = process.communicate()
    ended.set()
    watcher.join()
    if process.returncode:
        sys.exit(errors.decode()[-2000:])
    return most


def main(number: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        table: dict[str, list[float]] = {"scan": [], "train": [], "predict": []}
        for images in (number, 4 * number):
            data = make(folder / f"data{images}", images, seed=images)
            run, cache = folder / f"run{images}", ("--cache", folder / f"cache{images}")
            table["scan"].append(peak("scan", data, *cache))
            table["train"].append(peak("train", data, "--run", run, "--set", "training.epochs=3", *cache))
            table["predict"].append(peak("predict", run, data, "--csv", folder / f"{images}.csv"))
        for command, (small, large) in table.items():
            ratio = large / small
            print(f"{command}: {small:.0f} MiB with {number}, {large:.0f} MiB with {4 * number}: {ratio:.2f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2000)
