"""Try the model on an image: drop one, and see what it says."""

from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QImage
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from counterpoise.core.catalog.thumbnail_codec import SIDE
from counterpoise.core.errors import CounterpoiseError
from counterpoise.core.study.run_folder import RunFolder
from counterpoise.gui.decoding import thumbnail
from counterpoise.gui.jobs import JobThread, in_background
from counterpoise.gui.run_jobs import PredictRequest
from counterpoise.gui.texts import results as texts
from counterpoise.gui.thumbnails import to_image
from counterpoise.gui.widgets.cards import Card
from counterpoise.gui.widgets.image_tile import ImageTile
from counterpoise.gui.widgets.labels import button, label
from counterpoise.gui.widgets.share_bars import ShareBars


class TryCard(Card):
    """Takes one image by dropping or choosing; the answer comes from a child process."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(texts.TRY_TITLE, parent=parent)
        self.setAcceptDrops(True)
        self._run: RunFolder | None = None
        self._thread: JobThread | None = None
        self.words = label(texts.TRY_TEXT, "small", wrap=True)
        self.tile = ImageTile("", 72)
        self.tile.hide()
        self.tile.clicked.connect(self._choose)
        self.bars = ShareBars()
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self.tile, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout()
        column.addWidget(self.words)
        column.addWidget(self.bars)
        row.addLayout(column, 1)
        self.body.addLayout(row)
        self.choose = button(texts.TRY, "small", self._choose)
        self.body.addWidget(self.choose, 0, Qt.AlignmentFlag.AlignLeft)
        self.body.addStretch(1)

    def set_run(self, run: RunFolder) -> None:
        if run != self._run:
            self._run = run
            self.words.setText(texts.TRY_TEXT)
            self.tile.hide()
            self.bars.set_shares({}, "")

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            event.acceptProposedAction()
            self.look_at(paths[0])

    def _choose(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self, texts.TRY)
        if name:
            self.look_at(Path(name))

    def look_at(self, path: Path) -> None:
        """Predict one file (of a folder or a file of many frames: the first image)."""
        from counterpoise.core.jobs.job import Job

        if self._run is None:
            return
        self.close_down()
        self.words.setText(texts.TRYING)
        self.bars.set_shares({}, "")
        job = Job(
            "counterpoise.gui.run_jobs:predict_job", PredictRequest(self._run.root, (path,)), name="look"
        )
        self._thread = thread = JobThread(job, self)
        thread.finished_with.connect(self._answered)
        thread.failed.connect(self._failed)
        thread.start()
        self.tile.show()
        self.tile.set_image(QImage())
        in_background(lambda: _picture(path), self.tile.set_image)

    def _answered(self, result: dict[str, Any]) -> None:
        if self.sender() is not self._thread:
            return
        row = next(iter(result["results"]), None)
        if row is None or row["error"]:
            self.words.setText(texts.not_an_image(row["error"] if row else ""))
            return
        self.words.setText(texts.try_words(row["predicted"], row["probabilities"][row["predicted"]]))
        self.bars.set_shares(row["probabilities"], row["predicted"])

    def _failed(self, event: dict[str, Any]) -> None:
        if self.sender() is self._thread:
            self.words.setText(str(event["message"]))

    def close_down(self) -> None:
        """End the child."""
        if self._thread is not None:
            self._thread.close()
            self._thread.deleteLater()
            self._thread = None


def _picture(path: Path) -> QImage:
    from counterpoise.core.catalog.types import NO_FRAME

    try:
        return to_image(thumbnail(path, NO_FRAME, SIDE))
    except (CounterpoiseError, OSError):
        return QImage()
