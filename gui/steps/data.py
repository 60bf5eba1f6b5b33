"""The first step: which images. Drop a folder, try the demo, or go on with a study."""

from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QStackedWidget, QVBoxLayout

from counterpoise.core.catalog.patients import patients_in_words
from counterpoise.core.catalog.types import Catalog
from counterpoise.core.jobs.job import Job
from counterpoise.core.study.places import user_data_dir
from counterpoise.gui.counts import by_part, legend, sums_of
from counterpoise.gui.jobs import JobThread
from counterpoise.gui.steps.base import State, Step
from counterpoise.gui.texts import data as texts
from counterpoise.gui.widgets.cards import Card
from counterpoise.gui.widgets.class_bars import ClassBars, Legend
from counterpoise.gui.widgets.drop_area import DropArea
from counterpoise.gui.widgets.finding_card import VerdictCard
from counterpoise.gui.widgets.labels import button, label
from counterpoise.gui.widgets.progress import Progress
from counterpoise.gui.widgets.recent_list import RecentList
from counterpoise.gui.widgets.sample_rows import SampleRows


class DataStep(Step):
    """Shows the drop area; while images are read, progress and classes; afterwards what was read."""

    name = "data"
    title = texts.TITLE
    subtitle = texts.SUBTITLE

    def build(self) -> None:
        self._demo: JobThread | None = None
        self._fault = QVBoxLayout()
        self.fault = ""
        self._summary = ""
        """Of the catalog, while it is that of an earlier scan."""
        self.body.addLayout(self._fault)
        row = QHBoxLayout()
        row.setSpacing(16)
        self.body.addLayout(row, 1)
        self.views = QStackedWidget()
        row.addWidget(self.views, 3)
        self._build_chooser()
        self._build_reading()
        self.recents = RecentList()
        recent = Card(texts.RECENT)
        recent.body.addWidget(self.recents)
        recent.setMinimumWidth(260)
        row.addWidget(recent, 1)
        self.recents.chosen.connect(lambda path: self.open_paths([Path(path)]))
        self.recents.forgotten.connect(self._forget)
        session = self.session
        session.scan_started.connect(self._scan_started)
        session.scan_progressed.connect(self._scan_progressed)
        session.scan_ended.connect(self._scan_ended)
        session.catalog_changed.connect(self._refresh)
        self._show()

    def _build_chooser(self) -> None:
        self.drop = DropArea(texts.DROP, texts.DROP_NOW, (texts.DROP_HINT, texts.FORMATS))
        self.drop.dropped.connect(self.open_paths)
        self.choose = button(texts.CHOOSE, "primary", self._choose)
        self.demo = button(texts.DEMO, on_click=self.try_demo)
        self.demo.setToolTip(texts.DEMO_HELP)
        self.drop.buttons.addWidget(self.choose)
        self.drop.buttons.addWidget(self.demo)
        self.views.addWidget(self.drop)

    def _build_reading(self) -> None:
        self.reading = Card(texts.READING)
        self.words = label("", "muted", wrap=True)
        self.progress = Progress()
        self.bars, self.legend = ClassBars(), Legend()
        self.cancel = button(texts.CANCEL, on_click=self._cancel)
        self.other = button(texts.OTHER, on_click=self._choose)
        self.again = button(texts.RESCAN, on_click=self._read_again)
        self.reading.body.addWidget(self.progress)
        self.reading.body.addWidget(self.words)
        self.hint = label(texts.LOOK_HINT, "muted", wrap=True)
        self.reading.body.addWidget(self.hint)
        self.reading.body.addSpacing(8)
        self.reading.body.addWidget(self.bars)
        self.reading.body.addWidget(self.legend)
        self.reading.body.addSpacing(10)
        self.samples = SampleRows()
        self.reading.body.addWidget(self.samples, 1)
        row = QHBoxLayout()
        for made in (self.other, self.again, self.cancel):
            row.addWidget(made)
        row.addStretch(1)
        self.reading.body.addLayout(row)
        self.views.addWidget(self.reading)

    def shown(self) -> None:
        if self._behind:
            self._show()
        self.recents.show_recents(self.session.preferences.recents)  # one may be training, or no more
        if self.session.catalog is None:
            self.choose.setFocus()

    # ---- what the user does

    def open_paths(self, paths: list[Path]) -> None:
        """Open what was dropped or chosen."""
        self._say_fault("")
        self.session.open_paths(paths)

    def _choose(self) -> None:
        dialog = QFileDialog(self, texts.CHOOSE_TITLE)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(lambda path: self.open_paths([Path(path)]))
        dialog.open()

    def try_demo(self) -> None:
        """Make the demo images in the user's folder, and open them as a study."""
        self._say_fault("")
        self.demo.setEnabled(False)
        self.demo.setText(texts.DEMO_MAKING)
        folder = user_data_dir() / "Demo"
        self._demo = JobThread(
            Job("counterpoise.gui.demo_job:make_demo_images", folder, name="making of the demo"), self
        )
        self._demo.finished_with.connect(lambda made: self._demo_over("", made))
        self._demo.failed.connect(lambda event: self._demo_over(event["message"], None))
        self._demo.start()

    def _demo_over(self, fault: str, folder: Path | None) -> None:
        self.demo.setEnabled(True)
        self.demo.setText(texts.DEMO)
        self._say_fault(fault)
        if folder is not None:
            self.open_paths([folder])

    def _read_again(self) -> None:
        self._say_fault("")
        self.session.scan()

    def _cancel(self) -> None:
        self.session.cancel_scan()

    def _forget(self, path: str) -> None:
        self.session.preferences.forget(path)
        self.recents.show_recents(self.session.preferences.recents)

    # ---- what is read

    def _scan_started(self) -> None:
        if self.session.catalog is None:
            self.bars.show_counts({})
            self.legend.show_entries(())
        self.reading.set_title(texts.READING)
        self.words.setText(texts.STARTING)
        self.progress.set_busy()
        self._refresh()

    def _scan_progressed(self, event: dict[str, Any]) -> None:
        done, total = int(event["done"]), int(event["total"])
        if self.session.scans.unsure and (event["phase"] == "counting" or not done):
            self.progress.set_busy()
            self.words.setText(f"{self._summary}. {texts.looking(done)}")
            return
        if event["phase"] == "counting":
            self.progress.set_busy()
            self.words.setText(texts.counting(done))
            return
        if event["phase"] == "judging":
            self.progress.set_share(float(event["share"]))
            self.words.setText(texts.JUDGING)
            return
        self.progress.set_share(done / total if total else 0.0)
        self.words.setText(
            texts.progress(done, total, event["per_second"], event["seconds_left"], event["waiting"])
        )
        if self._unfinished:
            self.bars.show_counts({name: {"train": n} for name, n in sorted(event["classes"].items())})
            self.legend.show_entries([("train", texts.LEGEND_READ)])

    def _scan_ended(self, fault: str) -> None:
        if fault:  # a scan that goes well takes back no sentence about another folder
            self._say_fault(fault)
        self._refresh()

    def _refresh(self) -> None:
        """Show what is new; out of sight not before the step comes back: edits must feel instant."""
        self._behind = not self.isVisible()
        if self._behind:
            self.state_changed.emit()
        else:
            self._show()

    def _show(self) -> None:
        """Show the view that fits the session."""
        self._behind = False
        catalog, scanning = self.session.catalog, self.session.scanning
        self.views.setCurrentWidget(self.reading if catalog or scanning else self.drop)
        self.progress.setVisible(scanning)
        self.cancel.setVisible(scanning)
        self.other.setVisible(not scanning)
        self.again.setVisible(not scanning and not self._unfinished)  # else it is the main button's work
        self.samples.show_catalog(catalog)
        self.recents.show_recents(self.session.preferences.recents)
        self.hint.setVisible(scanning and catalog is not None and catalog.unread > 0)
        if catalog is not None and catalog.unread and not scanning:
            self.reading.set_title(texts.PARTLY_READ, self.session.study_name)
            self.words.setText(texts.stopped(len(catalog.images), catalog.unread))
            self._show_bars(catalog)
        elif catalog is not None and self.session.scans.unsure:
            self._summary = _summary(catalog)
            self.reading.set_title(texts.LAST_TIME, self.session.study_name)
            self.words.setText(f"{self._summary}. {texts.looking(0) if scanning else texts.UNSURE}")
            self._show_bars(catalog)
        elif catalog is not None and not scanning:
            self.reading.set_title(texts.READ, self.session.study_name)
            rest = texts.skipped(len(catalog.skipped)) if catalog.skipped else texts.ALL_READ
            self.words.setText(f"{_summary(catalog)}. {rest} {texts.FINDINGS_NEXT}")
            self._show_bars(catalog)
        self.state_changed.emit()

    def _show_bars(self, catalog: Catalog) -> None:
        counts = by_part(catalog)
        sums = sums_of(counts)
        self.bars.show_counts(counts, sums)
        self.legend.show_entries(legend(sums)[0])

    @property
    def _unfinished(self) -> bool:
        """Whether not all images were read yet."""
        return self.session.catalog is None or self.session.catalog.unread > 0

    def _say_fault(self, sentence: str) -> None:
        self.fault = sentence
        while (item := self._fault.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        if sentence:
            known = self.session.catalog is not None
            severity, heading = ("warning", texts.STOPPED) if known else ("blocker", texts.FAULT)
            self._fault.addWidget(VerdictCard(severity, heading, sentence))

    # ---- what the window asks

    @property
    def state(self) -> State:
        if not self._unfinished:
            return State.DONE
        stopped = self.session.catalog is not None and not self.session.scanning
        return State.ATTENTION if stopped else State.TODO

    @property
    def next_label(self) -> str:
        if self.session.catalog is None:
            return ""
        if not self._unfinished:
            return texts.NEXT
        return texts.LOOK if self.session.scanning else texts.GO_ON

    @property
    def next_enabled(self) -> bool:
        return self._unfinished or not self.session.scanning or self.session.scans.unsure

    def go_next(self) -> None:
        if self._unfinished and not self.session.scanning:
            self._read_again()
        else:
            self.wants_step.emit("inspect")

    def close_down(self) -> None:
        self.samples.thumbnails.close()
        if self._demo is not None:
            self._demo.close()


def _summary(catalog: Catalog) -> str:
    return texts.summary(len(catalog.images), len(catalog.labels), patients_in_words(catalog))
