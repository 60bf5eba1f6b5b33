"""The step that hands the model on: files for other programs, each compared; predictions of new images."""

from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout

from counterpoise.core.study.run_folder import RunFolder
from counterpoise.gui.jobs import JobThread
from counterpoise.gui.panels.predict_new import PredictNew
from counterpoise.gui.steps.base import State, Step
from counterpoise.gui.texts import export as texts
from counterpoise.gui.widgets.cards import Card
from counterpoise.gui.widgets.clearing import clear
from counterpoise.gui.widgets.finding_card import VerdictCard
from counterpoise.gui.widgets.format_card import FormatCard
from counterpoise.gui.widgets.labels import button, label

FIRST_CHOICE = "onnx"


class ExportStep(Step):
    name = "export"
    title = texts.TITLE
    subtitle = texts.SUBTITLE

    def build(self) -> None:
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)  # with large text
        self._thread: JobThread | None = None
        self._chosen_folder = ""
        self._exported = False
        row = QHBoxLayout()
        row.setSpacing(12)
        self.formats: dict[str, FormatCard] = {}
        for key, title, text, ending in texts.FORMATS:
            card = FormatCard(title, text, ending)
            card.setChecked(key == FIRST_CHOICE)
            card.toggled.connect(self.state_changed)
            row.addWidget(card)
            self.formats[key] = card
        self.body.addLayout(row)
        self.body.addWidget(self._target_card())
        self.predict = PredictNew(self.session)
        self.body.addWidget(self.predict, 1)
        self.cancel_button = button(texts.CANCEL, on_click=self._cancel)
        self.cancel_button.hide()
        self.session.run_changed.connect(self.refresh)
        self.refresh()

    def _target_card(self) -> Card:
        card = Card()
        row = QHBoxLayout()
        row.addWidget(label(texts.FOLDER, "heading"))
        self.folder = QLineEdit()
        self.folder.setAccessibleName(texts.FOLDER)
        self.folder.setToolTip(texts.FOLDER_HELP)
        self.folder.textEdited.connect(self._folder_typed)
        row.addWidget(self.folder, 1)
        row.addWidget(button(texts.CHOOSE_FOLDER, on_click=self._choose_folder))
        card.body.addLayout(row)
        self.note = label(texts.BUNDLE_NOTE, "small", wrap=True)
        card.body.addWidget(self.note)
        self.outcome = QVBoxLayout()
        self.outcome.setSpacing(8)
        card.body.addLayout(self.outcome)
        return card

    # ---- what is chosen

    @property
    def run(self) -> RunFolder | None:
        """The session's run, where it has a model."""
        run = self.session.run
        return run if run is not None and run.is_finished else None

    @property
    def chosen(self) -> tuple[str, ...]:
        return tuple(key for key, card in self.formats.items() if card.isChecked())

    def refresh(self) -> None:
        """Another run: its own folder, nothing exported yet."""
        self._exported = False
        clear(self.outcome)
        if self.run is not None and self.session.study is not None and not self._chosen_folder:
            self.folder.setText(str(_free(self.session.study.root / "exports" / self.run.root.name)))
        self.predict.set_run(self.run)
        self.state_changed.emit()

    def _folder_typed(self, text: str) -> None:
        self._chosen_folder = text
        self.state_changed.emit()

    def _choose_folder(self) -> None:
        name = QFileDialog.getExistingDirectory(self, texts.CHOOSE_FOLDER, self.folder.text())
        if name:
            self._chosen_folder = name
            self.folder.setText(name)
            self.state_changed.emit()

    # ---- the child

    def start(self) -> None:
        """Export the chosen formats in a child process."""
        from counterpoise.core.catalog.sources import sources_json
        from counterpoise.core.jobs.job import Job

        run, catalog = self.run, self.session.catalog
        if run is None or self._thread is not None:
            return
        clear(self.outcome)
        payload = {
            "run": str(run.root),
            "formats": self.chosen,
            "out": self.folder.text(),
            "sources": sources_json(catalog.sources) if catalog is not None else None,
        }
        self._thread = thread = JobThread(
            Job("counterpoise.core.export.export:export_job", payload, name="export"), self
        )
        thread.progressed.connect(self._progressed)
        thread.finished_with.connect(self._done)
        thread.failed.connect(self._failed)
        thread.finished.connect(self._over)
        thread.start()
        self.outcome.addWidget(label(texts.EXPORTING, "muted"))
        self.cancel_button.show()
        self.state_changed.emit()

    def _cancel(self) -> None:
        if self._thread is not None:
            self._thread.cancel()

    def _progressed(self, event: dict[str, Any]) -> None:
        if event["event"] == "progress":
            clear(self.outcome)
            words = texts.progress(event.get("format", ""), int(event["done"]), int(event["total"]))
            self.outcome.addWidget(label(words, "muted"))

    def _done(self, result: dict[str, Any]) -> None:
        clear(self.outcome)
        titles = {key: title for key, title, *_ in texts.FORMATS}
        for file in result["files"]:
            good = bool(file["verified"])
            words = texts.verified(file["path"], file["max_abs_diff"], file["images_checked"])
            title = texts.VERIFIED if good else texts.NOT_VERIFIED
            card = VerdictCard("good" if good else "blocker", f"{titles[file['format']]}: {title}", words)
            self.outcome.addWidget(card)
        self._exported = bool(result["files"]) and all(file["verified"] for file in result["files"])
        if result["files"]:
            out = self.folder.text()
            show = button(texts.OPEN_FOLDER, "link", lambda: _show_folder(out))
            row = QHBoxLayout()
            row.addWidget(show)
            row.addStretch(1)
            self.outcome.addLayout(row)

    def _failed(self, event: dict[str, Any]) -> None:
        clear(self.outcome)
        if self._thread is not None and self._thread.cancelled:
            self.outcome.addWidget(label(texts.CANCELLED, "muted"))
        else:
            self.outcome.addWidget(VerdictCard("blocker", texts.FAILED, str(event["message"])))

    def _over(self) -> None:
        if self._thread is not None:
            self._thread.deleteLater()
            self._thread = None
        self.cancel_button.hide()
        self.state_changed.emit()

    # ---- the step

    def extra_buttons(self) -> list[QPushButton]:
        return [self.cancel_button]

    @property
    def state(self) -> State:
        return State.DONE if self._exported else State.TODO

    @property
    def next_label(self) -> str:
        return texts.EXPORT

    @property
    def next_enabled(self) -> bool:
        return bool(self.run and self.chosen and self.folder.text().strip() and self._thread is None)

    @property
    def next_hint(self) -> str:
        if self.run is None:
            return texts.NO_RUN
        return "" if self.chosen else texts.NO_FORMAT

    def go_next(self) -> None:
        self.start()

    def close_down(self) -> None:
        self.predict.close_down()
        if self._thread is not None:
            self._thread.close()


def _free(folder: Path) -> Path:
    """Return ``folder``, or the first of ``folder 2``, ``folder 3`` ... that isn't there."""
    number, free = 1, folder
    while free.exists():
        number += 1
        free = folder.with_name(f"{folder.name} {number}")
    return free


def _show_folder(path: str) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(path))
