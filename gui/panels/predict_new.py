"""New images in, a table out: drop files or a folder."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from counterpoise.core.study.run_folder import RunFolder
from counterpoise.gui.jobs import JobThread
from counterpoise.gui.run_jobs import PredictRequest
from counterpoise.gui.session import Session
from counterpoise.gui.texts import export as texts
from counterpoise.gui.theme import px
from counterpoise.gui.widgets.cards import Card
from counterpoise.gui.widgets.clearing import clear
from counterpoise.gui.widgets.drop_area import DropArea
from counterpoise.gui.widgets.finding_card import VerdictCard
from counterpoise.gui.widgets.labels import button, label


class PredictNew(Card):
    """Predicts in a child process; the table goes into the study."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(texts.PREDICT_TITLE, parent=parent)
        self._session = session
        self._run: RunFolder | None = None
        self._thread: JobThread | None = None
        self.area = DropArea(texts.PREDICT_TEXT, texts.PREDICT_OVER, (texts.PREDICT_HINT,))
        self.area.setMinimumHeight(px(180))
        self.area.dropped.connect(self.start)
        self.body.addWidget(self.area, 1)
        self.files = button(texts.PREDICT_FILES, on_click=self._choose_files)
        self.folder = button(texts.PREDICT_FOLDER, on_click=self._choose_folder)
        self.cancel = button(texts.CANCEL, on_click=self._cancel)
        self.cancel.hide()
        for made in (self.files, self.folder, self.cancel):
            self.area.buttons.addWidget(made)
        self.outcome = QVBoxLayout()
        self.body.addLayout(self.outcome)

    def set_run(self, run: RunFolder | None) -> None:
        if run != self._run:
            self._run = run
            clear(self.outcome)
        self._enable()

    def _enable(self) -> None:
        self.area.setAcceptDrops(self._run is not None and self._thread is None)
        for made in (self.files, self.folder):
            made.setEnabled(self._run is not None and self._thread is None)
        self.cancel.setVisible(self._thread is not None)

    def _choose_files(self) -> None:
        names, _ = QFileDialog.getOpenFileNames(self, texts.PREDICT_FILES)
        self.start([Path(name) for name in names])

    def _choose_folder(self) -> None:
        name = QFileDialog.getExistingDirectory(self, texts.PREDICT_FOLDER)
        self.start([Path(name)] if name else [])

    def start(self, paths: Sequence[Path]) -> None:
        """Predict files and folders into a new table of the study."""
        from counterpoise.core.jobs.job import Job

        study = self._session.study
        if not paths or self._run is None or study is None or self._thread is not None:
            return
        clear(self.outcome)
        folder = study.root / "predictions"
        try:
            folder.mkdir(exist_ok=True)
        except OSError as error:
            self.outcome.addWidget(
                VerdictCard("blocker", texts.PREDICT_FAILED, texts.no_folder(error.strerror))
            )
            return
        request = PredictRequest(self._run.root, tuple(paths), _free_table(folder, paths[0].stem))
        job = Job("counterpoise.gui.run_jobs:predict_job", request, name="prediction")
        self._thread = thread = JobThread(job, self)
        thread.progressed.connect(self._progressed)
        thread.finished_with.connect(self._done)
        thread.failed.connect(self._failed)
        thread.finished.connect(self._over)
        thread.start()
        self._busy = label(texts.PREDICTING.format(1), "muted")
        self.outcome.addWidget(self._busy)
        self._enable()

    def _cancel(self) -> None:
        if self._thread is not None:
            self._thread.cancel()

    def _progressed(self, event: dict[str, Any]) -> None:
        if event["event"] == "progress":
            self._busy.setText(texts.PREDICTING.format(f"{event['done']:,}"))

    def _done(self, result: dict[str, Any]) -> None:
        clear(self.outcome)
        table = Path(result["csv"])
        words = texts.predicted(result["images"], result["errors"], table.name)
        card = VerdictCard("good" if not result["errors"] else "warning", texts.PREDICTED, words)
        card.add_button(button(texts.OPEN_TABLE, on_click=lambda: _open(table)))
        card.add_button(button(texts.OPEN_FOLDER, on_click=lambda: _open(table.parent)))
        self.outcome.addWidget(card)

    def _failed(self, event: dict[str, Any]) -> None:
        clear(self.outcome)
        if self._thread is not None and self._thread.cancelled:
            self.outcome.addWidget(label(texts.CANCELLED, "muted"))
        else:
            self.outcome.addWidget(VerdictCard("blocker", texts.PREDICT_FAILED, str(event["message"])))

    def _over(self) -> None:
        if self._thread is not None:
            self._thread.deleteLater()
            self._thread = None
        self._enable()

    def close_down(self) -> None:
        """End the child."""
        if self._thread is not None:
            self._thread.close()


def _free_table(folder: Path, name: str) -> Path:
    number, free = 1, folder / f"{name}.csv"
    while free.exists():
        number += 1
        free = folder / f"{name} {number}.csv"
    return free


def _open(path: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))
