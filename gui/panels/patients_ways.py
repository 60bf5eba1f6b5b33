"""How patients could be told apart: by what names offer, a pattern of one's own, a labels file, DICOM."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QVBoxLayout, QWidget

from counterpoise.core.catalog.name_preview import Preview
from counterpoise.gui.panels.own_pattern import OwnPattern
from counterpoise.gui.panels.patients_others import OtherWays
from counterpoise.gui.patients import PatientWork
from counterpoise.gui.session import Session
from counterpoise.gui.texts import patients as texts
from counterpoise.gui.widgets.cards import Card
from counterpoise.gui.widgets.clearing import clear
from counterpoise.gui.widgets.labels import label
from counterpoise.gui.widgets.pattern_card import PatternCard
from counterpoise.gui.widgets.scrolling import scrolling

_NARROW = ((0, 0, 1, 1), (1, 0, 1, 1), (2, 0, 1, 1))
_WIDE = ((0, 0, 1, 1), (0, 1, 4, 1), (1, 0, 1, 1))
"""Row, column, rows and columns of what is offered, of one's own pattern, and of the others."""


class PatientsWays(Card):
    """Every way is taken by one click, which can be taken back."""

    chosen = Signal(dict, str)
    """Settings by dotted key, and what they do in words."""

    def __init__(self, session: Session, work: PatientWork, parent: QWidget | None = None) -> None:
        super().__init__(texts.WAYS, parent=parent)
        self._session, self._work = session, work
        inner = QWidget()
        self.grid = QGridLayout(inner)
        self.grid.setContentsMargins(0, 0, 8, 0)
        self.grid.setSpacing(12)
        self.offers = QWidget()
        offers = QVBoxLayout(self.offers)
        offers.setContentsMargins(0, 0, 0, 0)
        self.proposals = QVBoxLayout()
        self.proposals.setSpacing(10)
        offers.addLayout(self.proposals)
        self.no_proposal = label("", "muted", wrap=True)
        offers.addWidget(self.no_proposal)
        self.own = OwnPattern(work)
        self.own.accepted.connect(self._accept)
        self.own.answered.connect(self._show_answer)
        self.own_section = _section(label(texts.OWN_TITLE, "heading"), self.own)
        self.others_title = label("", "heading")
        self.others = OtherWays(session, work)
        self.others.chosen.connect(self.chosen)
        self.others_section = _section(self.others_title, self.others)
        self.area = scrolling(inner)
        self.body.addWidget(self.area)
        self.set_wide(False)
        self._shown: object = None
        session.study_changed.connect(self._forget)

    def _forget(self) -> None:
        """Another study: what was tried was tried on other names."""
        self.own.clear()
        self.others.clear()

    # ---- what is shown

    def set_wide(self, wide: bool) -> None:
        """Lay what is offered beside one's own pattern, or above it."""
        places = _WIDE if wide else _NARROW
        for made, place in zip((self.offers, self.own_section, self.others_section), places, strict=True):
            self.grid.addWidget(made, *place, Qt.AlignmentFlag.AlignTop)  # taken from its place before
        self.grid.setColumnStretch(0, 1)
        self.grid.setColumnStretch(1, int(wide))
        self.grid.setRowStretch(3, 1)

    def _show_answer(self) -> None:
        """What a pattern does is seen without scrolling."""
        self.area.ensureWidgetVisible(self.own, 0, 12)

    def show_ways(self) -> None:
        """Show what the work has found for the images in hand."""
        settings = self._session.settings.data
        known = self._work.patients.known
        self.set_title(texts.OTHER_WAYS if known else texts.WAYS)
        now = (self._work.proposals, settings.group_by, known)
        if now != self._shown:
            self._shown = now
            clear(self.proposals)
            for place, preview in enumerate(self._work.proposals):
                card = PatternCard(
                    preview,
                    likely=place == 0 and not known and settings.group_by != "none",
                    in_use=preview.group_by == settings.group_by,
                )
                card.accepted.connect(self._accept)
                self.proposals.addWidget(card)
            self.own.try_again()
        self.no_proposal.setText(texts.NO_PROPOSAL if self._work.ready else "")
        self.no_proposal.setVisible(not self._work.proposals)
        self.others_title.setText(texts.OTHERS_TITLE[self._work.patients.has_dicom])
        self.others.show_ways()

    # ---- what is chosen

    def _accept(self, preview: Preview) -> None:
        how = preview.words or texts.OWN_PATTERN_WORDS.format(regex=preview.regex)
        self.chosen.emit({"data.group_by": preview.group_by}, texts.APPLIED.format(how=how))

    def close_down(self) -> None:
        self.own.close_down()


def _section(title: QWidget, widget: QWidget) -> QFrame:
    frame = QFrame()
    frame.setProperty("kind", "well")
    column = QVBoxLayout(frame)
    column.setContentsMargins(12, 10, 12, 12)
    column.setSpacing(6)
    column.addWidget(title)
    column.addWidget(widget)
    return frame
