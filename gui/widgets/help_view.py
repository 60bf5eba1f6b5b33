"""A page of the help: a column of text that keeps a readable width, in the colours of the theme."""

from PySide6.QtCore import QEvent, QUrl, Signal
from PySide6.QtGui import QColor, QResizeEvent, QTextCharFormat
from PySide6.QtWidgets import QFrame, QTextBrowser, QTextEdit, QWidget

from counterpoise.gui.texts import help as texts
from counterpoise.gui.theme import colours, px, text_scale

WIDEST, NARROWEST_MARGIN = 800, 28
"""Of the column, and of the space beside it, in the drawings' pixels."""


class HelpView(QTextBrowser):
    """Shows HTML; links are only told, so that the window can keep the way back."""

    asked = Signal(str)
    """A link was followed: ``page#anchor``."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("help")
        self.setAccessibleName(texts.VIEW_NAME)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setOpenLinks(False)
        self.anchorClicked.connect(lambda url: self.asked.emit(QUrl.toString(url)))
        self._html, self._anchor, self._words = "", "", ""
        self._look = ("", 0.0)

    def show_html(self, html: str, anchor: str = "", words: str = "") -> None:
        """Show a page from ``anchor`` on (its beginning where empty), with ``words`` marked."""
        self._html, self._anchor, self._words = html, anchor, words
        self._draw()
        self.go_to_anchor()

    def go_to_anchor(self) -> None:
        """Scroll to the place asked for last; to be said again once the page has its width."""
        self.verticalScrollBar().setValue(0)
        if self._anchor:
            self.scrollToAnchor(self._anchor)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit()
        super().resizeEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        changed = event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange)
        if changed and self._html and self._look != (colours().name, text_scale()):
            place = self.verticalScrollBar().value()
            self._fit()
            self._draw()
            self.verticalScrollBar().setValue(place)

    def _fit(self) -> None:
        room = max(px(NARROWEST_MARGIN), (self.width() - px(WIDEST)) // 2)
        self.setViewportMargins(room, 0, room, 0)

    def _draw(self) -> None:
        self._look = (colours().name, text_scale())
        self.document().setDefaultStyleSheet(style())
        self.document().setDocumentMargin(px(20))
        self.setHtml(self._html)
        self._mark()

    def _mark(self) -> None:
        """Give the words searched for a ground of their own."""
        marked = QTextCharFormat()
        marked.setBackground(QColor(colours().warning_ground))
        marked.setForeground(QColor(colours().warning))
        found = []
        for word in self._words.split():
            cursor = self.document().find(word)
            while not cursor.isNull():
                selection = QTextEdit.ExtraSelection()
                selection.cursor, selection.format = cursor, marked
                found.append(selection)
                cursor = self.document().find(word, cursor)
        self.setExtraSelections(found)


def style() -> str:
    """Return the style sheet of the pages, in Qt's subset of CSS."""
    of = colours()
    grounds = {"silent": "blocker", "hint": "warning", "named": "info", "fine": "good"}
    cells = "".join(
        f"td.{name} {{ color: {of.severity(severity)[0]}; background-color: {of.severity(severity)[1]}; }}"
        for name, severity in grounds.items()
    )
    return f"""
        h1 {{ font-size: {px(26)}px; font-weight: 700; margin-top: 0; margin-bottom: {px(10)}px; }}
        h2 {{ font-size: {px(19)}px; font-weight: 600; margin-top: {px(30)}px; margin-bottom: {px(6)}px; }}
        h3 {{ font-size: {px(15)}px; font-weight: 600; margin-top: {px(22)}px; margin-bottom: {px(4)}px; }}
        p, td, th {{ font-size: {px(14)}px; line-height: 145%; }}
        p {{ margin-top: 0; margin-bottom: {px(9)}px; }}
        table {{ margin-top: {px(4)}px; margin-bottom: {px(12)}px; }}
        small {{ font-size: {px(12)}px; font-weight: 400; color: {of.muted}; }}
        a {{ color: {of.accent}; }}
        p.note, .said {{ font-size: {px(13)}px; color: {of.muted}; }}
        p.code {{ font-family: monospace; font-size: {px(12)}px; color: {of.muted}; }}
        {cells}
    """
