"""Findings as cards, the most urgent first, in a list that scrolls."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from counterpoise.core.findings import Finding, by_urgency
from counterpoise.gui.widgets.finding_card import FindingCard, VerdictCard
from counterpoise.gui.widgets.scrolling import scrolling


class FindingsList(QWidget):
    """Cards, then what is all right."""

    fix_asked = Signal(object)
    show_asked = Signal(object)
    pairs_asked = Signal(object)
    files_asked = Signal(object)

    def __init__(
        self, parent: QWidget | None = None, *, pairs: bool = False, lists_files: bool = False
    ) -> None:
        super().__init__(parent)
        self._pairs, self._lists_files = pairs, lists_files
        inner = QWidget()
        self._cards = QVBoxLayout(inner)
        self._cards.setContentsMargins(0, 0, 0, 0)
        self._cards.setSpacing(8)
        self._cards.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        self.area = scrolling(inner)
        outer.addWidget(self.area)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._shown: tuple[object, ...] = ()
        self._place = 0
        """How far down the list was read before its cards were made anew, in pixels."""
        self._go_back = QTimer(self, singleShot=True, interval=0)
        self._go_back.timeout.connect(self._keep_place)

    def show_findings(
        self,
        findings: Sequence[Finding],
        good: tuple[str, str] = ("", ""),
        has_image: Callable[[str], bool] | None = None,
    ) -> None:
        """Show findings, and ``good`` (title, sentence) below; the same ones again change nothing.

        ``has_image`` says which paths can be shown as images (None: all); others are only named.
        """
        wanted = (tuple(findings), good)
        if wanted == self._shown:
            return
        self._shown = wanted
        self._place = self.area.verticalScrollBar().value()
        if self.isAncestorOf(QApplication.focusWidget() or self):
            self.setFocus()  # else it would go with its card, down the list and out of the step
        while self._cards.count() > 1:
            item = self._cards.takeAt(0)
            widget = item.widget() if item else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        cards: list[QWidget] = []
        for finding in by_urgency(findings):
            showable = has_image is None or any(map(has_image, finding.paths))
            card = FindingCard(finding, showable=showable, pairs=self._pairs, lists_files=self._lists_files)
            card.pairs_asked.connect(self.pairs_asked)
            card.files_asked.connect(self.files_asked)
            card.fix_asked.connect(self.fix_asked)
            card.show_asked.connect(self.show_asked)
            cards.append(card)
        if good[0]:
            cards.append(VerdictCard("good", *good))
        for place, made in enumerate(cards):
            self._cards.insertWidget(place, made)
        self._go_back.start()

    def _keep_place(self) -> None:
        """Once the new cards are laid out, show what was shown before."""
        self._cards.activate()
        self.area.verticalScrollBar().setValue(self._place)
