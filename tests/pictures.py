"""Makes the pictures of the README: drives the real window over the demo and saves every step.

    python tests/pictures.py OUT [--size 1280x800] [--quick]

``--quick`` leaves out what needs a trained model.
"""

import argparse
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtCore import QEventLoop

THEMES = ("light", "dark")
MINUTE = 60_000


def main() -> None:
    """Parse the command line and take the pictures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("--size", default="1280x800")
    parser.add_argument("--quick", action="store_true")
    arguments = parser.parse_args()
    width, height = (int(number) for number in arguments.size.split("x"))
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    arguments.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home:
        os.environ["COUNTERPOISE_HOME"] = home
        Pictures(arguments.out, width, height).take(quick=arguments.quick)


class Pictures:
    """The window, and what a user does in it."""

    def __init__(self, out: Path, width: int, height: int) -> None:
        from counterpoise.gui.app import make_application, make_window

        self.out = out
        self.app = make_application()
        self.window = make_window(self.app)
        self.window.resize(width, height)
        self.window.show()
        self.session = self.window.session

    def take(self, *, quick: bool) -> None:
        """Go through all steps."""
        self.until(lambda: self.session.host is not None)
        self.save("1-data-empty")
        self.window.step("data").try_demo()
        self.until(lambda: self.session.catalog is not None)
        self.until(lambda: self.session.check is not None or bool(self.session.check_error))
        self.save("1-data")
        self.window.go("inspect")
        self.save("2-inspect")
        self.window.step("inspect").gallery.go_to(5)
        self.window.step("inspect").gallery.look_asked.emit(5)
        self.save("2-inspect-closer")
        self.inspect_further()
        for number, name in ((3, "balance"), (4, "check"), (5, "train")):
            self.window.go(name)
            self.save(f"{number}-{name}")
        if not quick:
            self.train()
        self.window.close()

    def inspect_further(self) -> None:
        """Open the other tabs of Inspect, and wait for what they find."""
        inspect = self.window.step("inspect")
        inspect.show_tab("pictures")
        self.until(lambda: inspect.panels["pictures"].data.pictures is not None)
        self.save("2-inspect-pictures")
        inspect.show_tab("patients")
        self.save("2-inspect-patients")
        inspect.show_tab("second_look")
        look = inspect.panels["second_look"].look
        look.start(with_test=False)
        self.until(lambda: look.review is not None, 10 * MINUTE)
        self.save("2-inspect-second-look")
        inspect.show_tab("overview")

    def train(self) -> None:
        """Train, open the test part, export."""
        self.window.go("train")
        self.window.footer.main.click()
        control = self.window.step("train").control
        self.until(lambda: control.story.share is not None, 10 * MINUTE)
        self.save("5-train-preparing")
        self.until(lambda: self.session.run is not None and self.session.run.is_finished, 10 * MINUTE)
        self.save("5-train-finished")
        results = self.window.step("results")
        self.window.go("results")
        self.until(lambda: results.outcome is not None)
        self.save("6-results")
        results.open_test_part()
        self.until(lambda: results.outcome.test is not None, 10 * MINUTE)
        self.save("6-results-opened")
        export = self.window.step("export")
        self.window.go("export")
        self.save("7-export")
        export.start()
        self.until(lambda: export.next_enabled, 10 * MINUTE)
        self.save("7-export-done")

    def save(self, name: str) -> None:
        """Save the window in both themes, once its pictures have come."""
        for theme in THEMES:
            self.window.set_theme(theme)
            self.pause(900)
            if not self.window.grab().save(str(self.out / f"{name}-{theme}.png")):
                raise SystemExit(f"{self.out / name} can't be written.")

    def until(self, condition: Callable[[], bool], longest_ms: int = MINUTE) -> None:
        """Let the window work until something is so."""
        with self._loop(longest_ms) as (loop, expired):
            from PySide6.QtCore import QTimer

            look = QTimer()
            look.timeout.connect(lambda: loop.quit() if condition() else None)
            look.start(50)
            loop.exec()
            if expired() and not condition():
                raise SystemExit("The window took too long.")

    def pause(self, milliseconds: int) -> None:
        """Let the window work for a while."""
        with self._loop(milliseconds) as (loop, _):
            loop.exec()

    @contextmanager
    def _loop(self, longest_ms: int) -> "Iterator[tuple[QEventLoop, Callable[[], bool]]]":
        from PySide6.QtCore import QEventLoop, QTimer

        loop = QEventLoop()
        timer = QTimer()
        timer.setSingleShot(True)
        timer.timeout.connect(loop.quit)
        timer.start(longest_ms)
        yield loop, lambda: not timer.isActive()


if __name__ == "__main__":
    main()
