import gc
import os
import subprocess
import sys
import weakref

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from counterpoise.gui.app import make_window
from counterpoise.gui.preferences import Preferences, Recent
from counterpoise.gui.steps import STEPS, after
from counterpoise.gui.texts import train as texts
from counterpoise.gui.theme import Choice, apply_theme, colours, px, style_sheet
from counterpoise.gui.tokens import DARK, LIGHT, Palette


def test_all_steps_can_be_opened_without_a_study(window):
    for entry in STEPS:
        window.go(entry.name)
        assert window.pages.currentWidget() is window.steps[entry.name]
        assert window.list.buttons[entry.name].isChecked()


def test_steps_follow_each_other():
    assert [entry.name for entry in STEPS][:2] == ["data", "inspect"]
    assert after("data").name == "inspect"
    assert after("export") is None


def test_back_and_shortcuts(qtbot, window):
    qtbot.keyClick(window, Qt.Key.Key_3, Qt.KeyboardModifier.AltModifier)
    assert window.current == "balance"
    qtbot.mouseClick(window.footer.back, Qt.MouseButton.LeftButton)
    assert window.current == "inspect"


def test_the_undo_of_a_fix_goes_with_its_step_and_other_sentences_stay(window):
    window.go("balance")
    window.session.apply("Use 512 pixels", {"model.image_size": 512})
    assert window.line.undo.isVisible()
    window.go("balance")
    assert window.line.isVisible()
    window.go("inspect")
    assert not window.line.isVisible()
    window.session.problem.emit("The disk is full.")
    window.go("balance")
    assert window.line.isVisible()


def test_a_long_hint_and_a_long_button_leave_the_steps_their_room(qtbot, window):
    window.go("train")
    window.resize(960, 640)
    wanted = window.list.sizeHint().width()
    window.step("train").resume_button.show()
    window.footer.hint.setText(texts.BLOCKED)
    window.footer.main.setText(texts.train_anew("Use the suggested learning rate"))
    qtbot.waitUntil(lambda: window.footer.main.width() >= window.footer.main.sizeHint().width())
    assert window.list.width() >= wanted


def test_arrow_keys_move_in_the_list_of_steps(qtbot, window):
    first = window.list.buttons["data"]
    first.setFocus()
    qtbot.keyClick(first, Qt.Key.Key_Down)
    assert window.list.buttons["inspect"].hasFocus()
    qtbot.keyClick(window.list.buttons["inspect"], Qt.Key.Key_Space)
    assert window.current == "inspect"


@pytest.mark.parametrize("choice", ["light", "dark"])
def test_the_theme_is_kept(window, qapp, home, choice):
    window.set_theme(choice)
    assert colours().name == choice
    window.close()
    assert make_window(qapp, Preferences(home / "window.ini")).session.preferences.theme == choice
    assert colours().name == choice


def test_text_scales_within_bounds_and_is_kept(window):
    window.scale_text(0.3)
    assert px(10) == 13
    assert window.session.preferences.text_scale == pytest.approx(1.3)
    window.scale_text(5)
    assert px(10) == 16
    window.scale_text(0)
    assert px(10) == 10


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=lambda palette: palette.name)
def test_text_can_be_read(palette: Palette):
    pairs = [
        (palette.ink, palette.background),
        (palette.ink, palette.surface),
        (palette.muted, palette.background),
        (palette.muted, palette.surface),
        (palette.accent, palette.accent_weak),
        (palette.on_accent, palette.accent),
        *(palette.severity(name) for name in ("blocker", "warning", "info", "good")),
        *((palette.ink, palette.severity(name)[1]) for name in ("blocker", "warning", "info", "good")),
    ]
    assert min(contrast(*pair) for pair in pairs) >= 4.5


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=lambda palette: palette.name)
def test_the_style_sheet_has_no_gaps(palette, qapp):
    apply_theme(qapp, Choice(palette.name))
    assert "$" not in style_sheet(palette)


def test_every_button_has_a_name(opened):
    for entry in STEPS:
        opened.go(entry.name)
        shown = [found for found in opened.findChildren(QAbstractButton) if found.isVisible()]
        assert [found for found in shown if not (found.text() or found.accessibleName())] == []


def test_recent_studies_are_kept_and_lost_ones_left_out(tmp_path):
    preferences = Preferences(tmp_path / "window.ini")
    (tmp_path / "a").mkdir()
    preferences.remember(Recent(str(tmp_path / "a"), "a", 3, 2))
    preferences.remember(Recent(str(tmp_path / "gone"), "gone"))
    preferences.sync()
    assert [recent.name for recent in Preferences(tmp_path / "window.ini").recents] == ["a"]


def test_it_shows_soon_and_without_tensorflow():
    code = (
        "import time; began = time.perf_counter()\n"
        "from counterpoise.gui.app import self_test_window\n"
        "self_test_window(); import sys\n"
        "heavy = {'tensorflow', 'keras', 'sklearn', 'scipy', 'pydicom', 'onnx', 'onnxruntime', 'PIL'}\n"
        "print(time.perf_counter() - began, sorted(heavy & set(sys.modules)))"
    )
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment, timeout=60
    )
    seconds, loaded = done.stdout.split(" ", 1)
    assert loaded.strip() == "[]"
    # 0.4 s on an idle machine of two cores; the bound only keeps a heavy import from slipping in.
    assert float(seconds) < 5


def test_closed_windows_leave_nothing(qtbot, qapp, home):
    kept = []
    for _ in range(3):
        window = make_window(qapp, Preferences(home / "window.ini"))
        window.show()
        for entry in STEPS:
            window.go(entry.name)
        window.close()
        kept.append(weakref.ref(window))
        window.deleteLater()
        del window
        QApplication.sendPostedEvents(None, 52)  # QEvent.DeferredDelete
        qapp.processEvents()
        gc.collect()
    left = [widget for widget in QGuiApplication.topLevelWindows() if widget.isVisible()]
    assert left == []
    assert [reference() for reference in kept].count(None) >= 2


@pytest.mark.parametrize("scale", [0.0, 0.3])
def test_no_page_is_wider_than_the_window(opened, scale):
    opened.resize(1280, 800)
    opened.scale_text(scale)
    for name in ("data", "inspect"):
        opened.go(name)
        step = opened.step(name)
        assert step.widget().minimumSizeHint().width() <= step.viewport().width()
    opened.scale_text(0)


class Flashes(QObject):
    """Notes every window that is shown, such as a label that has no parent yet."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.seen.append(type(watched).__name__)
        return False


def test_nothing_but_the_window_is_ever_shown(qapp, opened):
    flashes = Flashes()
    qapp.installEventFilter(flashes)
    for entry in STEPS:
        opened.go(entry.name)
    opened.session.show_catalog(opened.session.catalog)
    qapp.removeEventFilter(flashes)
    assert flashes.seen == []


def test_what_steps_are_made_of_is_loaded_beside_the_window(tmp_path):
    code = (
        "import sys\n"
        "from counterpoise.gui.app import make_application, make_window\n"
        "from counterpoise.gui.preload import WITHOUT_QT, WITH_QT\n"
        "MODULES = (*WITHOUT_QT, *WITH_QT)\n"
        "app = make_application(); window = make_window(app); window.show()\n"
        "before = set(MODULES) <= set(sys.modules)\n"
        "while not window._loaded: app.processEvents()\n"
        "print(before, set(MODULES) <= set(sys.modules), 'tensorflow' in sys.modules)\n"
        "window.close()"
    )
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "COUNTERPOISE_HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment, timeout=60
    )
    assert done.stdout.split() == ["False", "True", "False"]
    assert "QObject" not in done.stderr  # nothing was made in the wrong thread


def test_no_class_of_qt_is_made_by_a_thread():
    """PySide's map of types is read without a lock by the window's thread: such a class ends the program."""
    code = (
        "import sys\n"
        "from counterpoise.gui.preload import preload\n"
        "preload(lambda: False)\n"
        "print([name for name in sys.modules if name.startswith(('PySide6', 'shiboken6', 'pyqtgraph'))])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "[]"
