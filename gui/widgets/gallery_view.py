"""Lays out and paints the gallery: only what is seen, with headings and badges."""

from collections.abc import Iterator
from time import perf_counter

from PySide6.QtCore import QEvent, QRect, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QPainter,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from counterpoise.core.catalog.types import ImageRecord, Key
from counterpoise.gui.gallery_layout import Layout
from counterpoise.gui.gallery_model import GalleryModel
from counterpoise.gui.texts import gallery as gallery_texts
from counterpoise.gui.texts import inspect as texts
from counterpoise.gui.theme import colours, font, px
from counterpoise.gui.thumbnails import Thumbnails
from counterpoise.gui.widgets.gallery_tiles import Tiles, paint_badge, paint_frame

GAP = 6
SIDE, LARGEST = 82, 116
"""Of an image with its gap, about; whole columns fill the width."""
SIZES = (0.6, 3.0)
"""How much smaller and larger the user may have them."""
HEADING = 30
PAINTING_S = 0.01
"""How long one painting may make pictures; the rest follows, so that scrolling stays smooth."""
LEFT_OUT_OPACITY = 0.35


class GalleryView(QAbstractScrollArea):
    """What the model shows, in rows that fill the width; what is in sight stays there when rows change."""

    sized = Signal(float)
    """The user wants larger or smaller pictures."""

    def __init__(self, model: GalleryModel, thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model, self._thumbnails = model, thumbnails
        self._tiles = Tiles()
        self.missing: dict[Key, int] = {}
        """Rows painted without their picture, by key."""
        self._layout = Layout(0, (), 1, SIDE, 0)
        self._held: tuple[Key, int] | None = None
        """What is to keep its place on the screen: an image, and its distance from the top."""
        self.picture_size = 1.0
        """Of the pictures, against the usual."""
        self._words = ""
        self._later = QTimer(self, singleShot=True, interval=0)
        self._later.timeout.connect(self._paint_missing)
        self.setObjectName("gallery")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(texts.GALLERY)
        self.setToolTip(texts.KEYS_HELP)
        self.viewport().setAutoFillBackground(False)
        model.about_to_arrange.connect(self._hold)
        model.arranged.connect(self._arranged)
        model.repainted.connect(self.viewport().update)
        thumbnails.arrived.connect(self._arrived)

    # ---- what is chosen

    @property
    def current(self) -> int:
        """The row in hand; -1 for none."""
        return self._model.selection.current

    def chosen(self) -> list[ImageRecord]:
        return self._model.chosen()

    def go_to(self, row: int) -> None:
        """Choose a row alone and bring it into sight."""
        if 0 <= row < self._model.rowCount():
            self._model.selection.only(row)
            self._tell()

    def choose_all(self) -> None:
        self._model.selection.all()
        self._tell(follow=False)

    def invert(self) -> None:
        """Choose what isn't chosen, and the other way round."""
        self._model.selection.invert()
        self._tell(follow=False)

    def choose_section(self, section: int | None = None) -> None:
        """Choose a section whole (None: that of the row in hand); where it is, none of it."""
        if self._layout.rows:
            number = self._layout.section(max(self.current, 0)) if section is None else section
            row = self.current
            self._model.selection.add(self._layout.rows_of(number))
            if section is None:
                self._model.selection.go(row)
            self._tell(follow=False)

    def _tell(self, *, follow: bool = True) -> None:
        row = self.current
        if row >= 0:
            self.setAccessibleDescription(self._model.words(row))
            if follow:
                self._bring(row)
        self.viewport().update()
        self._model.chosen_changed.emit()

    # ---- where things lie

    def set_held(self, key: Key | None) -> None:
        """Let an image (None: the first one) be what the next arrangement shows where it is now."""
        row = self._model.row_of(key) if key is not None else -1
        self._held = (key, self._layout.box(row).y - self._top) if key is not None and row >= 0 else None

    @property
    def _top(self) -> int:
        return self.verticalScrollBar().value()

    def _hold(self) -> None:
        """Remember the first image in sight, so that it stays where it is."""
        if self._held is None and self._top > 0:
            row = next((rows.start for rows in self._layout.visible(self._top, self._top + 1)), -1)
            if row >= 0:
                self._held = self._model.key(row), self._layout.box(row).y - self._top

    def _arranged(self) -> None:
        held, self._held = self._held, None
        self.missing.clear()
        self._fit()
        row = self._model.row_of(held[0]) if held is not None else -1
        if held is not None and row >= 0:
            self.verticalScrollBar().setValue(self._layout.box(row).y - held[1])
        self.viewport().update()

    def set_picture_size(self, size: float) -> None:
        """Show the pictures larger or smaller; those in sight stay in sight."""
        size = min(max(size, SIZES[0]), SIZES[1])
        if size != self.picture_size:
            self.picture_size = size
            in_hand = self._model.key(self.current) if self.current >= 0 else None
            if in_hand is not None and self.viewport().rect().intersects(self.field(self.current)):
                self.set_held(in_hand)
            else:
                self._hold()
            self._arranged()
            self.sized.emit(size)

    def say(self, words: str) -> None:
        """Write words where images would be; empty where there are images."""
        self._words = words
        self.viewport().update()

    def to_top(self) -> None:
        self.verticalScrollBar().setValue(0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._hold()
        super().resizeEvent(event)
        self._arranged()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self._arranged()

    def _fit(self) -> None:
        """Let whole columns fill the width."""
        bar = self.verticalScrollBar().sizeHint().width()  # kept free, so that its coming changes nothing
        room = max(self.width() - bar + GAP - 2, 100)
        wanted = min(max(SIDE, room / px(14)), LARGEST) * self.picture_size  # larger on large screens
        columns = max(1, round(room / px(wanted)))
        shown = self._model.arrangement
        headed = any(shown.titles)
        side = max(room // columns, 40)
        self._layout = Layout(
            self._model.rowCount(), shown.starts, columns, side, px(HEADING) if headed else 0
        )
        scroll = self.verticalScrollBar()
        scroll.setPageStep(self.viewport().height())
        scroll.setSingleStep(max(side // 2, 20))
        scroll.setRange(0, max(self._layout.height - GAP - self.viewport().height(), 0))

    def _bring(self, row: int) -> None:
        box = self._layout.box(row)
        if box.y - self._layout.header < self._top:
            self.verticalScrollBar().setValue(box.y - self._layout.header)
        elif box.y + box.height - GAP > self._top + self.viewport().height():
            self.verticalScrollBar().setValue(box.y + box.height - GAP - self.viewport().height())

    def field(self, row: int) -> QRect:
        """Return where an image lies in the viewport."""
        box = self._layout.box(row)
        return QRect(box.x, box.y - self._top, box.width - GAP, box.height - GAP)

    # ---- painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        side = self._layout.side - GAP
        self._tiles.use(side, self.devicePixelRatioF())
        where = event.rect()
        if self._words:
            painter.setPen(QColor(colours().muted))
            painter.setFont(font(14))
            middle = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(self.viewport().rect(), int(middle), self._words)
        if len(self.missing) > 4 * len(self._layout.starts) + 2000:
            self.missing.clear()
        until = perf_counter() + PAINTING_S
        for row, field in self._fields(where):
            self._paint_tile(painter, row, field, self._tile(row, until))
        if self._layout.header:
            self._paint_headings(painter, where)
        painter.end()

    def _tile(self, row: int, until: float) -> QPixmap:
        """Return the picture of a row; a blank one where it isn't there yet or there is no time for it."""
        image = self._model.image(row)
        key = (image.path, image.frame, image.content)
        tile = self._tiles.get(key)
        if tile is not None:
            return tile
        picture = self._thumbnails.get(image)
        if picture is not None and perf_counter() < until:
            return self._tiles.make(key, picture)
        self.missing[image.path, image.frame] = row
        if picture is not None and not self._later.isActive():
            self._later.start()
        return self._tiles.blank

    def _paint_missing(self) -> None:
        """Paint what there was no time for."""
        rows, self.missing = self.missing, {}
        for row in rows.values():
            if 0 <= row < self._model.rowCount():
                self.viewport().update(self.field(row))

    def _fields(self, where: QRect) -> Iterator[tuple[int, QRect]]:
        top, side = self._top, self._layout.side
        for rows in self._layout.visible(top + where.top(), top + where.bottom() + 1):
            first = self._layout.box(rows.start)
            for number, row in enumerate(rows):
                line, column = divmod(number, self._layout.columns)
                field = QRect(column * side, first.y - top + line * side, side - GAP, side - GAP)
                if field.intersects(where):
                    yield row, field

    def _paint_tile(self, painter: QPainter, row: int, field: QRect, tile: QPixmap) -> None:
        if not self._model.image(row).part:
            painter.setOpacity(LEFT_OUT_OPACITY)
            painter.drawPixmap(field.topLeft(), tile)
            painter.setOpacity(1.0)
        else:
            painter.drawPixmap(field.topLeft(), tile)
        words, own = self._model.badge(row)
        if words:
            paint_badge(painter, QRectF(field), words, own=own)
        selection = self._model.selection
        chosen = selection.holds(row)
        in_hand = row == selection.current and self.hasFocus()
        if chosen or in_hand:
            paint_frame(painter, QRectF(field), chosen=chosen, in_hand=in_hand)

    def _paint_headings(self, painter: QPainter, where: QRect) -> None:
        """Paint the headings in sight; the first one stays at the top as long as its section is seen."""
        palette, height = colours(), self._layout.header
        found = list(self._layout.headings(self._top, self._top + self.viewport().height()))
        middle = Qt.AlignmentFlag.AlignVCenter
        for number, (section, y) in enumerate(found):
            at = y - self._top
            if number == 0:
                below = found[1][1] - self._top if len(found) > 1 else height
                at = min(max(at, 0), max(below - height, at))
            line = QRect(0, at, self.viewport().width(), height)
            if not line.intersects(where):
                continue
            painter.fillRect(line, QColor(palette.surface))
            painter.setPen(QColor(palette.ink))
            painter.setFont(font(13, 600))
            metrics = painter.fontMetrics()
            title = self._model.arrangement.titles[section]
            title = metrics.elidedText(title, Qt.TextElideMode.ElideRight, line.width() - px(220))
            painter.drawText(line, middle, title)
            painter.setPen(QColor(palette.muted))
            shift = metrics.horizontalAdvance(title) + px(8)
            painter.setFont(font(13))
            count = f"{len(self._layout.rows_of(section)):,}"
            painter.drawText(line.adjusted(shift, 0, 0, 0), middle, count)
            painter.setPen(QColor(palette.accent))
            painter.setFont(font(12, 500))
            painter.drawText(
                line.adjusted(0, 0, -GAP, 0), middle | Qt.AlignmentFlag.AlignRight, gallery_texts.PICK_SECTION
            )

    def _arrived(self, path: str, frame: int) -> None:
        row = self.missing.pop((path, frame), -1)
        if 0 <= row < self._model.rowCount():
            self.viewport().update(self.field(row))

    def scrollContentsBy(self, _dx: int, _dy: int) -> None:
        self.viewport().update()
