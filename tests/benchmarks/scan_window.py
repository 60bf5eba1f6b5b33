"""A scan of very many files in the real window: how long, how smooth, how much memory; then opening it again.

    python tests/benchmarks/scan_window.py [--files 100000] [--keep FOLDER] [--pictures FOLDER]

Files are hard links of the real small images (copied once to the temporary folder where it lies on another
file system). Prints, for the window's process: time to the catalog, the gaps of its event loop at a 10 ms
tick (99th percentile, worst), its memory (goal: under 700 MiB). Then, each in a process of its own, the time
from opening the same study again to its catalog (goal: under 2 s for 100,000 files) and until the folders are
compared with it; the same without the catalog that was kept, and the ratio of the two. The child that scans
is not counted as memory.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import psutil
from common import DATA

SETS = ("pneumoniamnist/train", "bccd_crops")


def make_links(folder: Path, number: int) -> None:
    """Fill ``folder`` with ``number`` links to real images, by class."""
    files = [file for name in SETS for file in sorted((DATA / name).glob("*/*"))]
    for index in range(number):
        source = files[index % len(files)]
        link = folder / "data" / source.parent.name / f"{index // 5000:03}" / f"{index:06}{source.suffix}"
        link.parent.mkdir(parents=True, exist_ok=True)
        whole = folder / "whole" / f"{index % len(files)}{source.suffix}"
        if not whole.exists():
            whole.parent.mkdir(exist_ok=True)
            shutil.copy(source, whole)
        os.link(whole, link)


class Gaps:
    """Time between ticks of the event loop, in seconds."""

    def __init__(self) -> None:
        from PySide6.QtCore import QTimer

        self.found: list[float] = []
        self._last = time.perf_counter()
        self._timer = QTimer(interval=10)
        self._timer.timeout.connect(self._tick)
        self._timer.start()

    def _tick(self) -> None:
        now = time.perf_counter()
        self.found.append(now - self._last)
        self._last = now

    def tell(self) -> str:
        gaps = np.array(self.found) * 1000
        self.found = []
        p99, p999 = np.percentile(gaps, (99, 99.9))
        return f"gaps p99 {p99:.0f} ms, p99.9 {p999:.0f} ms, worst {gaps.max():.0f} ms"


def memory() -> str:
    return f"{psutil.Process().memory_info().rss / 2**20:.0f} MiB"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=100_000)
    parser.add_argument("--keep", type=Path, help="where the links and the study stay")
    parser.add_argument("--pictures", type=Path, help="where pictures of the window go")
    parser.add_argument("--open", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    if arguments.open is not None:
        read(arguments.open, "opened again", None)
        return
    with tempfile.TemporaryDirectory() as temporary:
        folder = arguments.keep or Path(temporary)
        if not (folder / "data").is_dir():
            make_links(folder, arguments.files)
        shutil.rmtree(folder / "home", ignore_errors=True)
        os.environ["COUNTERPOISE_HOME"] = str(folder / "home")
        study = read(folder / "data", "first scan", arguments.pictures)
        kept = open_again(study)
        (study / "cache" / "catalog.table").unlink()
        print("without the catalog that was kept:")
        print(f"{open_again(study) / kept:.1f} times as fast with it")


def open_again(study: Path) -> float:
    """Open a study in a new process; return the seconds to its catalog."""
    words = [sys.executable, __file__, "--open", str(study)]
    said = subprocess.run(words, check=True, capture_output=True, text=True).stdout
    print(said, end="", flush=True)
    return float(said.partition("first catalog ")[2].partition(" s")[0])


def read(data: Path, title: str, pictures: Path | None) -> Path:
    """Open ``data`` in a window and wait until it is read and checked; return the study."""
    from PySide6.QtWidgets import QApplication

    from counterpoise.gui.app import make_window
    from counterpoise.gui.preferences import Preferences

    application = QApplication([])
    window = make_window(application, Preferences(Path(os.environ["COUNTERPOISE_HOME"]) / "window.ini"))
    window.resize(1280, 800)
    window.show()
    session = window.session
    wait(lambda: session.host is not None, 20.0)
    wait(lambda: False, 5.0)  # the window has built what it builds after its start
    gaps, before = Gaps(), memory()
    seen: dict[str, float] = {}
    ended: list[str] = []
    began = time.perf_counter()

    def first(name: str) -> None:
        seen.setdefault(name, time.perf_counter() - began)

    session.scan_progressed.connect(lambda event: first(event["phase"]))
    session.catalog_changed.connect(lambda: session.catalog and first("first catalog"))
    session.scan_ended.connect(ended.append)
    if pictures is not None:
        save_early(window, pictures, title)
    session.open_paths([data])
    wait(lambda: bool(ended), 900)
    seconds = time.perf_counter() - began
    wait(lambda: session.check is not None, 60)
    assert session.catalog is not None, ended
    assert session.study is not None
    assert not session.catalog.unread, ended
    print(f"{title}: {len(session.catalog.images):,} images in {seconds:.1f} s")
    print("  first of each: " + ", ".join(f"{name} {when:.2f} s" for name, when in seen.items()))
    print(f"  {gaps.tell()}; memory {before} before, {memory()} after", flush=True)
    root = session.study.root
    window.close_quietly()
    return root


def save_early(window: object, pictures: Path, title: str) -> None:
    """Save a picture of the window when a first catalog is there."""
    saved: list[bool] = []

    def save(event: dict[str, object]) -> None:
        if window.session.catalog is not None and not saved:  # type: ignore[attr-defined]  # a MainWindow
            saved.append(True)
            window.grab().save(str(pictures / f"{title.replace(' ', '_')}.png"))  # type: ignore[attr-defined]

    pictures.mkdir(parents=True, exist_ok=True)
    window.session.scan_progressed.connect(save)  # type: ignore[attr-defined]


def wait(over: Callable[[], bool], seconds: float) -> None:
    """Let the window work until ``over`` says so, at most so long."""
    from PySide6.QtCore import QEventLoop, QTimer

    loop, end, pulse = QEventLoop(), time.perf_counter() + seconds, QTimer(interval=20)
    pulse.timeout.connect(lambda: loop.quit() if over() or time.perf_counter() > end else None)
    pulse.start()
    loop.exec()


if __name__ == "__main__":
    main()
