"""The help window: pages on the left, a search above them, the page in hand on the right."""

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from counterpoise.gui.help_pages import Section, pages
from counterpoise.gui.help_search import search
from counterpoise.gui.texts import help as texts
from counterpoise.gui.theme import px
from counterpoise.gui.widgets.help_view import HelpView
from counterpoise.gui.widgets.labels import button, label

ADDRESS = Qt.ItemDataRole.UserRole


def show_help(owner: QWidget, step: str) -> "HelpWindow":
    """Show the help of ``owner`` at the page of ``step``; made once, and closed with its owner."""
    made = owner.findChild(HelpWindow) or HelpWindow(owner)
    made.open(texts.OF_STEP.get(step, "steps"))
    made.show()
    made.raise_()
    made.activateWindow()
    return made


class HelpWindow(QWidget):
    """A window of its own, so that page and step can be read side by side."""

    def __init__(self, owner: QWidget | None = None) -> None:
        super().__init__(owner, Qt.WindowType.Window)
        self.setObjectName("page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setWindowTitle(f"{texts.TITLE} · Counterpoise")
        self.resize(QSize(1080, 760))
        self.setMinimumSize(QSize(640, 420))
        self._pages = pages()
        self._sections: list[Section] = [entry for page in self._pages.values() for entry in page.sections]
        self._way: list[str] = []
        self.field, self.list, self.view = QLineEdit(), QListWidget(), HelpView()
        self.back = button(texts.BACK, "small", self.go_back)
        self.nothing = label(texts.NOTHING, "muted", wrap=True)
        self._lay_out()
        self.field.textChanged.connect(self._fill)
        self.field.returnPressed.connect(self._open_first)
        self.list.currentItemChanged.connect(self._chosen)
        self.list.itemActivated.connect(lambda _: self.view.setFocus())
        self.view.asked.connect(self.open)
        for keys, does in (("Ctrl+F", self._search), ("Alt+Left", self.go_back), ("Escape", self._escape)):
            QShortcut(QKeySequence(keys), self).activated.connect(does)
        self._fill()
        if owner is not None:
            owner.installEventFilter(self)

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        side = QWidget()
        side.setObjectName("sidebar")
        side.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        side.setFixedWidth(px(290))
        column = QVBoxLayout(side)
        column.setContentsMargins(12, 14, 12, 12)
        column.setSpacing(10)
        self.field.setPlaceholderText(texts.SEARCH)
        self.field.setAccessibleName(texts.SEARCH)
        self.field.setClearButtonEnabled(True)
        self.field.installEventFilter(self)
        column.addWidget(self.field)
        self.nothing.hide()
        column.addWidget(self.nothing)
        self.list.setObjectName("helppages")
        self.list.setAccessibleName(texts.PAGES_NAME)
        self.list.setWordWrap(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        column.addWidget(self.list, 1)
        self.back.setToolTip(texts.BACK_HINT)
        column.addWidget(self.back, 0, Qt.AlignmentFlag.AlignLeft)
        row.addWidget(side)
        row.addWidget(self.view, 1)

    # ---- where

    @property
    def address(self) -> str:
        """The page in hand, with its anchor."""
        return self._way[-1] if self._way else ""

    def open(self, address: str, words: str = "") -> None:
        """Show ``page`` or ``page#anchor``; what isn't there is the first page."""
        name, _, anchor = address.partition("#")
        page = self._pages.get(name) or next(iter(self._pages.values()))
        if address != self.address:
            self._way.append(address)
        self.back.setEnabled(len(self._way) > 1)
        self.view.show_html(f"<h1>{page.title}</h1>{page.html}", anchor, words)
        self._select(page.name)

    def go_back(self) -> None:
        """Return to the page before."""
        if len(self._way) > 1:
            self._way.pop()
            self.open(self._way[-1])

    def _select(self, name: str) -> None:
        """Let the list of pages follow; hits of a search stay as they are."""
        if self.field.text().strip():
            return
        self.list.blockSignals(True)
        self.list.setCurrentRow(list(self._pages).index(name))
        self.list.blockSignals(False)

    # ---- search

    def _fill(self) -> None:
        words = self.field.text().strip()
        self.list.blockSignals(True)
        self.list.clear()
        if words:
            for hit in search(self._sections, words):
                where = "" if not hit.section.anchor else f"{texts.PAGES[hit.section.page]}\n"
                self._add(f"{hit.section.title}\n{where}{hit.snippet}", hit.section.address)
        else:
            for page in self._pages.values():
                self._add(page.title, page.name)
        self.list.blockSignals(False)
        self.nothing.setVisible(bool(words) and not self.list.count())
        if self.address and not words:
            self._select(self.address.partition("#")[0])

    def _add(self, words: str, address: str) -> None:
        item = QListWidgetItem(words)
        item.setData(ADDRESS, address)
        self.list.addItem(item)

    def _chosen(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self.open(item.data(ADDRESS), self.field.text().strip())

    def _open_first(self) -> None:
        if self.list.count():
            self.list.setCurrentRow(max(0, self.list.currentRow()))
            self.list.setFocus()

    def _search(self) -> None:
        self.field.setFocus()
        self.field.selectAll()

    def _escape(self) -> None:
        if self.field.text():
            self.field.clear()
        else:
            self.close()

    # ---- Qt

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Down in the search field goes on to the list; the help goes with its owner."""
        if watched is self.parent() and event.type() == QEvent.Type.Hide and not event.spontaneous():
            self.close()
        if watched is self.field and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Down:
            if event.type() == QEvent.Type.KeyPress and self.list.count():
                self.list.setCurrentRow(max(0, self.list.currentRow()))
                self.list.setFocus()
            return True
        return super().eventFilter(watched, event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.list.setFocus()
        QTimer.singleShot(0, self.view.go_to_anchor)  # only now has the page its width
