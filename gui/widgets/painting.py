"""Small helpers of the widgets that paint themselves."""

from PySide6.QtCore import QEvent
from PySide6.QtGui import QColor, QFont

from counterpoise.gui.theme import colours
from counterpoise.gui.tokens import mixed

THEME_EVENTS = (QEvent.Type.PaletteChange, QEvent.Type.StyleChange, QEvent.Type.ApplicationPaletteChange)
BOLD = QFont.Weight.DemiBold


def tone(name: str) -> str:
    """Return the colour of ``plot1`` to ``plot8``, or of a token such as ``muted``."""
    palette = colours()
    return palette.plots[int(name[4:]) - 1] if name.startswith("plot") else str(getattr(palette, name))


def laid(top: str, ground: str, share: float) -> QColor:
    """Return ``share`` (0 to 1) of a colour laid over another."""
    return QColor(mixed(ground, top, share))
