"""How the tokens reach palette, style sheet, plots and painters."""

from enum import StrEnum
from importlib.resources import files
from pathlib import Path
from string import Template

from PySide6.QtCore import QByteArray, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from counterpoise.gui.tokens import DARK, LIGHT, Palette, mixed

SMALLEST_SCALE, LARGEST_SCALE = 0.8, 1.6


class Choice(StrEnum):
    """What the user chose; SYSTEM follows the desktop."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


def application() -> QApplication:
    """Return the running application; raises RuntimeError without one."""
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        raise RuntimeError("The window needs a QApplication.")
    return app


def colours() -> Palette:
    """Return the colours in force; painters ask at every paint, so that a change of theme reaches them."""
    return DARK if application().property("theme") == "dark" else LIGHT


def text_scale() -> float:
    """Return how much larger than drawn the text is, 0.8 to 1.6."""
    return float(application().property("text_scale") or 1.0)


def px(size: float) -> int:
    """Scale a size of the drawings (pixels) with the text."""
    return round(size * text_scale())


def font(size: float = 14, weight: int = QFont.Weight.Normal) -> QFont:
    """Return the program's font for painters, ``size`` in the drawings' pixels."""
    chosen = QFont(application().font())
    chosen.setPixelSize(px(size))
    chosen.setWeight(QFont.Weight(weight))
    return chosen


def apply_theme(app: QApplication, choice: Choice = Choice.SYSTEM, scale: float = 1.0) -> None:
    """Give the application fonts, palette and style sheet of the chosen theme and text size."""
    scheme = {Choice.LIGHT: Qt.ColorScheme.Light, Choice.DARK: Qt.ColorScheme.Dark}
    app.styleHints().setColorScheme(scheme.get(choice, Qt.ColorScheme.Unknown))
    dark = app.styleHints().colorScheme() == Qt.ColorScheme.Dark
    if choice is not Choice.SYSTEM:  # platforms without a scheme of their own report Unknown
        dark = choice is Choice.DARK
    app.setProperty("theme", "dark" if dark else "light")
    app.setProperty("text_scale", min(max(scale, SMALLEST_SCALE), LARGEST_SCALE))
    if app.property("styled") is None:  # the same look on every system
        app.setProperty("styled", True)
        app.setStyle("fusion")
        _load_fonts()
    base = QFont("Inter")
    base.setPixelSize(px(14))
    if app.font() != base:
        app.setFont(base)
    app.setPalette(_palette(colours()))
    app.setStyleSheet(style_sheet(colours()))


def style_sheet(of: Palette) -> str:
    """Fill the style sheet's template."""
    sizes = {
        "small": 12, "note": 13, "body": 14, "lead": 16, "sentence": 20, "title": 22, "figure": 30,
        "button": 34, "chip": 26, "chip_radius": 13, "pill_radius": 12, "field": 32, "row": 54,
    }  # fmt: skip
    filled = {
        "background": of.background, "surface": of.surface, "line": of.line, "ink": of.ink, "muted": of.muted,
        "accent": of.accent, "accent_weak": of.accent_weak, "on_accent": of.on_accent, "track": of.track,
        "accent_strong": mixed(of.accent, of.ink, 0.18),
        "accent_disabled": mixed(of.accent, of.surface, 0.55),
        "on_accent_disabled": mixed(of.on_accent, of.surface, 0.1),
        "disabled": mixed(of.muted, of.surface, 0.35), "scroll": mixed(of.muted, of.surface, 0.6),
    }  # fmt: skip
    for name in ("blocker", "warning", "info", "good"):
        filled[name], filled[f"{name}_ground"] = of.severity(name)
    icons = files("counterpoise.resources").joinpath("icons")
    images = {
        name: Path(str(icons.joinpath(f"{name}-{of.name}.svg"))).as_posix() for name in ("combo", "checked")
    }
    template = files("counterpoise.resources").joinpath("style", "window.qss").read_text("utf-8")
    return Template(template).substitute(
        {name: str(px(size)) for name, size in sizes.items()} | filled | images
    )


def restyle(widget: QWidget) -> None:
    """Let a changed dynamic property (``role``, ``severity``) take effect."""
    widget.style().unpolish(widget)
    widget.style().polish(widget)


def _load_fonts() -> None:
    if "Inter" in QFontDatabase.families():
        return
    for file in files("counterpoise.resources").joinpath("fonts").iterdir():
        if file.name.endswith(".otf"):
            QFontDatabase.addApplicationFontFromData(QByteArray(file.read_bytes()))


def _palette(of: Palette) -> QPalette:
    palette = QPalette()
    role = QPalette.ColorRole
    for which, colour in {
        role.Window: of.background, role.WindowText: of.ink, role.Base: of.surface, role.Text: of.ink,
        role.AlternateBase: of.background, role.Button: of.surface, role.ButtonText: of.ink,
        role.Highlight: of.accent, role.HighlightedText: of.on_accent, role.PlaceholderText: of.muted,
        role.ToolTipBase: of.surface, role.ToolTipText: of.ink, role.Link: of.accent, role.Mid: of.line,
        role.Accent: of.accent,
    }.items():  # fmt: skip
        palette.setColor(which, QColor(colour))
    disabled = QPalette.ColorGroup.Disabled
    for which in (role.Text, role.ButtonText, role.WindowText):
        palette.setColor(disabled, which, QColor(mixed(of.muted, of.surface, 0.35)))
    return palette
