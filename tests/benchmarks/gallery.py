"""The inspect step with very many images in the real window: opening, scrolling, sorting, editing, memory.

    python tests/benchmarks/gallery.py [--images 100000]

A real set is scanned, so that its thumbnails are kept as usual, and its records are repeated under other
names. Prints, for the window's process: time from the catalog in hand to the first painted pictures (goal:
under 1 s), gaps of the event loop while it scrolls (goal: 99th percentile under 33 ms), time from a change
of filter, order or sections to the pictures (goal: under 300 ms), time that an edit holds the window (goal:
under 100 ms for one image), and memory (goal: under 700 MiB).
"""

import argparse
import os
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from common import need
from scan_window import Gaps, memory

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMenu

    from counterpoise.core.catalog.types import Catalog
    from counterpoise.core.study.study import Study

SCROLL_SECONDS = 8
LONGEST = 60


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--images", type=int, default=100_000)
    arguments = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory() as home:
        os.environ["COUNTERPOISE_HOME"] = home
        study, catalog = prepare(need("pneumoniamnist"), arguments.images)
        Trial(study, catalog).run()


def prepare(data: Path, images: int) -> "tuple[Study, Catalog]":
    """Scan a set in this study, and return its records repeated under other names, as 20,000 patients."""
    from counterpoise.core.catalog.scan import scan
    from counterpoise.core.catalog.sources import open_sources
    from counterpoise.core.settings import DataSettings
    from counterpoise.gui.studies import study_for

    study, _ = study_for([data])
    catalog = scan(open_sources(study.root), DataSettings())
    records = tuple(
        replace(
            catalog.images[i % len(catalog.images)],
            path=f"{catalog.images[i % len(catalog.images)].label}/{i:06}.png",
            group=f"{i // 5:012x}",
        )
        for i in range(images)
    )
    ordered = tuple(sorted(records, key=lambda image: image.path))
    return study, replace(catalog, images=ordered, files=images)


class Trial:
    """What a user does in the inspect step, with a clock beside it."""

    def __init__(self, study: "Study", catalog: "Catalog") -> None:
        from counterpoise.gui.app import make_application, make_window

        self.app = make_application()
        self.window = make_window(self.app)
        self.window.resize(1920, 1080)
        self.window.show()
        self.session = self.window.session
        self.session.take(study, study.load_settings())
        self.window.go("inspect")
        self.step = self.window.step("inspect")
        self.card, self.gallery = self.step.gallery, self.step.gallery.gallery
        self.catalog = catalog
        self.pause(6)  # all steps are built by now

    def run(self) -> None:
        print(f"{len(self.catalog.images):,} images; before: {memory()}")
        began = time.perf_counter()
        self.session.show_catalog(self.catalog)
        held = time.perf_counter() - began
        self.until(lambda: self.card.model.rowCount() > 0 and self.painted())
        print(f"opened: {time.perf_counter() - began:.2f} s, the window held for {held * 1000:.0f} ms")
        self.pause(4)
        gaps = Gaps()
        self.pause(3)
        print(f"at rest (what this computer gives at the moment): {gaps.tell()}")
        self.scroll()
        filters = self.card.filters
        for what, act in (
            ("sections by class", lambda: filters.sections._choose("class")),
            ("sections by patient", lambda: filters.sections._choose("patient")),
            ("filter by class", lambda: filters.by_class._choose("normal")),
            ("no filter", filters.clear),
            ("sort by brightness", lambda: self.choose(filters.sort.chip_menu, "Brightness")),
            ("search", lambda: filters.search.setText("0123")),
            ("no search", filters.clear),
        ):
            self.change(what, act)
        self.edit(1)
        self.edit(10_000)
        self.timed("undo", self.session.edits.undo)
        self.timed("choose all", self.gallery.choose_all)
        print(f"memory: {memory()}")
        self.window.close_quietly()

    def choose(self, menu: "QMenu", words: str) -> None:
        next(action for action in menu.actions() if action.text() == words).trigger()

    def scroll(self) -> None:
        """Scroll in small steps, then by whole pages, then by jumps."""
        bar = self.gallery.verticalScrollBar()
        for name, step in (("wheel", 90), ("pages", bar.pageStep()), ("jumps", bar.maximum() // 97)):
            gaps, until = Gaps(), time.perf_counter() + SCROLL_SECONDS
            while time.perf_counter() < until:
                bar.setValue((bar.value() + step) % max(bar.maximum(), 1))
                self.pause(0.012)
            print(f"scrolling by {name}: {gaps.tell()}")

    def change(self, what: str, act: Callable[[], object]) -> None:
        """Time a change until it is seen."""
        seen: list[float] = []
        self.card.filtered.connect(lambda: seen.append(time.perf_counter()))
        gaps, began = Gaps(), time.perf_counter()
        act()
        self.until(lambda: bool(seen) and self.painted())
        print(f"{what}: {(time.perf_counter() - began) * 1000:.0f} ms, {gaps.tell()}")
        self.card.filtered.disconnect()
        self.card.filtered.connect(self.step._show_way_back)
        self.pause(0.3)

    def edit(self, images: int) -> None:
        import numpy as np

        self.card.model.selection.take(np.arange(images), 0)
        chosen = self.gallery.chosen()
        gaps = Gaps()
        self.timed(f"{images:,} relabelled", lambda: self.session.edits.relabel(chosen, "pneumonia"))
        self.pause(1)  # less than until the next scan, which would find the real set
        print(f"  while the rest follows: {gaps.tell()}")

    def timed(self, what: str, act: Callable[[], object]) -> None:
        began = time.perf_counter()
        act()
        self.gallery.viewport().repaint()
        print(f"{what}: {(time.perf_counter() - began) * 1000:.0f} ms")

    def painted(self) -> bool:
        """Whether every picture in sight is there."""
        self.app.processEvents()
        return not self.gallery.missing

    def pause(self, seconds: float) -> None:
        until = time.perf_counter() + seconds
        while (left := until - time.perf_counter()) > 0:
            self.wait(min(left, 0.01))

    def until(self, condition: Callable[[], bool]) -> None:
        until = time.perf_counter() + LONGEST
        while not condition():
            if time.perf_counter() > until:
                raise SystemExit("The window took too long.")
            self.wait(0.002)

    def wait(self, seconds: float) -> None:
        from PySide6.QtCore import QEventLoop, QTimer

        loop = QEventLoop()
        QTimer.singleShot(int(seconds * 1000), loop.quit)
        loop.exec()


if __name__ == "__main__":
    main()
