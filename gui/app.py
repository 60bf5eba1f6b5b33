"""The way in: makes the application, opens the window, and runs until it is closed."""

import sys
import time
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from counterpoise.core.jobs.process import hearing
from counterpoise.core.study.places import user_data_dir
from counterpoise.gui.display import need_display
from counterpoise.gui.garbage import collect_in_this_thread
from counterpoise.gui.hook import install_hook
from counterpoise.gui.icons import icon_path
from counterpoise.gui.preferences import Preferences
from counterpoise.gui.session import Session
from counterpoise.gui.theme import apply_theme
from counterpoise.gui.window import MainWindow


def main(argv: Sequence[str] = ()) -> int:
    """Open the window, with the study or folder named by the first argument; returns the exit status.

    Raises CounterpoiseError where this computer can show no window.
    """
    need_display()
    app = make_application()
    window = make_window(app)
    show = window.session.problem.emit
    undo_hook = install_hook(user_data_dir() / "window.log", show)
    window.show()
    if argv:
        path = Path(argv[0])
        QTimer.singleShot(0, lambda: window.session.open_paths([path]))
    app.commitDataRequest.connect(window.closing.leave_going)  # the desktop's session ends: no time to ask
    beat = QTimer()  # lets Python see signals while Qt's loop sleeps
    beat.start(500)
    beat.timeout.connect(lambda: None)
    try:
        with hearing(("SIGINT", "SIGTERM", "SIGHUP"), window.close_quietly):
            return app.exec()
    finally:
        undo_hook()


def make_application() -> QApplication:
    """Return the application, made where there is none yet."""
    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        return existing
    # Threads that read pictures would else hold the window up for 5 ms each time: with 1 ms, frame gaps of
    # the scrolling gallery on a busy computer fell from 47 to 20 ms (99th percentile).
    sys.setswitchinterval(0.001)
    app = QApplication(sys.argv[:1])
    app.setApplicationName("Counterpoise")
    app.setDesktopFileName("counterpoise")
    app.setWindowIcon(QIcon(str(icon_path("app"))))
    return app


def make_window(app: QApplication, preferences: Preferences | None = None) -> MainWindow:
    """Return the main window with the user's theme, not shown yet."""
    preferences = preferences or Preferences(user_data_dir() / "window.ini")
    collect_in_this_thread(app)
    apply_theme(app, preferences.theme, preferences.text_scale)
    app.styleHints().colorSchemeChanged.connect(
        lambda: apply_theme(app, preferences.theme, preferences.text_scale)
    )
    return MainWindow(Session(preferences))


def self_test_window() -> float:
    """Open and close the window offscreen; returns the seconds it took to be shown."""
    import os
    import tempfile

    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    began = time.perf_counter()
    app = make_application()
    with tempfile.TemporaryDirectory() as folder:
        window = make_window(app, Preferences(Path(folder) / "window.ini"))
        window.show()
        app.processEvents()
        taken = time.perf_counter() - began
        window.close()
        app.processEvents()
    return taken
