"""What the window works on: the study, its images, its settings, what the check says, its runs.

The session is the only owner of that state; steps read it, ask it to change, and hear of changes.
"""

import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QThreadPool, QTimer, Signal

from counterpoise.core.catalog.types import Catalog, ImageRecord
from counterpoise.core.errors import CounterpoiseError
from counterpoise.core.settings import Settings
from counterpoise.core.study.run_folder import RunFolder
from counterpoise.gui.edits import Edits
from counterpoise.gui.jobs import JobThread, in_background
from counterpoise.gui.preferences import Preferences, Recent
from counterpoise.gui.run_control import RunControl
from counterpoise.gui.scan_job import ScanRequest
from counterpoise.gui.texts import window as texts

if TYPE_CHECKING:
    from counterpoise.core.findings import Finding
    from counterpoise.core.safety.check import CheckResult
    from counterpoise.core.safety.host import Host
    from counterpoise.core.safety.plan import Plan
    from counterpoise.core.study.study import Study
    from counterpoise.core.training.dry_run.result import DryRun

CHECK_AFTER_MS = 120
RESCAN_AFTER_MS = 1500


class Session(QObject):
    """See the module; every signal says that the attribute of its name has a new value."""

    study_changed = Signal()
    settings_changed = Signal()
    scan_started = Signal()
    scan_progressed = Signal(dict)
    """``done``, ``total``, ``classes`` (name: count), ``current``."""
    scan_ended = Signal(str)
    """Empty where it went well, else a sentence; empty too where it was cancelled."""
    catalog_changed = Signal()
    check_started = Signal()
    check_changed = Signal()
    run_changed = Signal()
    """Another run is looked at, or the one looked at has new files."""
    host_changed = Signal()
    images_asked = Signal(tuple)
    """Paths to be shown in the gallery."""
    fixed = Signal(str, object)
    """A fix was applied: its label, and the settings before it."""
    problem = Signal(str)
    """A sentence for the line at the foot of the window; empty takes it away."""

    def __init__(self, preferences: Preferences, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.preferences = preferences
        self.study: Study | None = None
        self.settings = Settings()
        self.catalog: Catalog | None = None
        self.plan: Plan | None = None
        self.check_result: CheckResult | None = None
        self.check: dict[str, Any] | None = None
        """JSON of ``check_result``."""
        self.check_error = ""
        """Why there is no check, as a sentence."""
        self.accepted: tuple[str, ...] = ()
        self._tried: tuple[Plan, DryRun] | None = None
        self.run: RunFolder | None = None
        self.control = RunControl(self)
        self.control.problem.connect(self.problem)
        self.host: Host | None = None
        self.edits = Edits(self)
        self._scan: JobThread | None = None
        self._threads: set[JobThread] = set()
        """Scans that haven't ended yet, cancelled ones too: a thread must outlive its work."""
        self._fresh = False
        self._checks = QThreadPool(self)
        self._checks.setMaxThreadCount(1)
        self._check_number = 0
        self._check_soon = _timer(self, CHECK_AFTER_MS, self._check)
        self._scan_soon = _timer(self, RESCAN_AFTER_MS, self.scan)

    # ---- the study

    @property
    def study_name(self) -> str:
        from counterpoise.gui.studies import title

        return title(self.study.root) if self.study else ""

    def open_paths(self, paths: Sequence[Path]) -> None:
        """Open a study, or make one of folders of images; ``scan_ended`` says why where it can't be."""
        chosen = tuple(paths)

        def work() -> "tuple[Study, bool, str]":
            from counterpoise.gui.studies import earlier, is_training, study_for, title

            study, fresh = study_for(chosen)
            before = earlier(study) if fresh else None
            return (
                study,
                fresh,
                texts.opened_before(title(before.root), is_training(before.root)) if before else "",
            )

        in_background(work, self._study_found, self.scan_ended.emit)

    def _study_found(self, found: "tuple[Study, bool, str]") -> None:
        study, fresh, before = found
        try:
            self.open(study, fresh=fresh)
        except CounterpoiseError as error:
            self.scan_ended.emit(str(error))
            return
        if before:
            self.problem.emit(before)

    def open(self, study: "Study", *, fresh: bool = False) -> None:
        """Make ``study`` the one that is worked on, and read its images.

        A ``fresh`` one goes away again where its folder gives no image.
        """
        settings = study.load_settings()
        self.cancel_scan()
        self.take(study, settings)
        self._fresh = fresh
        self.scan()

    def take(self, study: "Study | None", settings: Settings) -> None:
        """Make ``study`` the one that is worked on, without reading its images."""
        self.study, self.settings, self.catalog = study, settings, None
        self.accepted, self._tried = (), None
        self._forget_check()
        runs = self.runs()
        self.run = runs[0] if runs else None
        self.control.leave()  # a run of the study before goes on, and is found there again
        self.control.follow(self.run)
        self.study_changed.emit()
        self.settings_changed.emit()
        self.catalog_changed.emit()
        self.check_changed.emit()
        self.run_changed.emit()

    def change(self, changes: Mapping[str, Any]) -> str:
        """Set settings by dotted key, keep them in the study, and check anew.

        Returns an empty text, or why it can't be, as a sentence; then nothing has changed.
        """
        try:
            settings = self.settings.changed(changes)
        except CounterpoiseError as error:
            return str(error)
        return self.set_settings(settings)

    def set_settings(self, settings: Settings) -> str:
        """Take these settings; answers as ``change`` does."""
        if settings == self.settings:
            return ""
        if self.study is not None and not self.study.file.is_file():  # writing would make a second, empty one
            return texts.study_gone(self.study_name)
        try:
            if self.study is not None:
                self.study.save_settings(settings)
        except (CounterpoiseError, OSError) as error:
            return str(error)
        rescan = settings.data != self.settings.data
        self.settings = settings
        self.settings_changed.emit()
        if rescan and self.study is not None:
            self.scan()
        else:
            self.check_soon()
        return ""

    def apply_fix(self, finding: "Finding") -> None:
        """Set what a finding's fix sets; ``fixed`` offers to take it back."""
        if finding.fix is None:
            return
        before = self.settings
        fault = self.change(finding.fix.set)
        if fault:
            self.problem.emit(fault)
        elif self.settings != before:
            self.fixed.emit(finding.fix.label, before)

    # ---- the images

    @property
    def scanning(self) -> bool:
        return self._scan is not None

    def scan(self) -> None:
        """Read the study's images in a child process; only what changed is read again."""
        if self.study is None:
            return
        self._end_scan()
        from counterpoise.core.jobs.job import Job

        request = ScanRequest(self.study.root, self.settings.data)
        job = Job("counterpoise.gui.scan_job:scan_study", request, name="scan")
        self._scan = thread = JobThread(job, self)
        thread.progressed.connect(self._scan_progressed)
        thread.finished_with.connect(self._scan_finished)
        thread.failed.connect(self._scan_failed)
        thread.finished.connect(self._thread_over)
        self._threads.add(thread)
        thread.start()
        self.scan_started.emit()

    def scan_soon(self) -> None:
        """Read again after a pause in the edits."""
        self._scan_soon.start()

    def cancel_scan(self) -> None:
        """End the scan that runs, if any; what was read stays known for the next one."""
        if self.scanning:
            self._end_scan()
            self._drop_fresh()
            self.scan_ended.emit("")

    def _end_scan(self) -> None:
        self._scan_soon.stop()
        if self._scan is not None:
            self._scan.cancel()
            self._scan = None

    def _thread_over(self) -> None:
        thread = self.sender()
        if isinstance(thread, JobThread):
            self._threads.discard(thread)
            thread.deleteLater()

    def _scan_progressed(self, event: dict[str, Any]) -> None:
        if self.sender() is self._scan and event["event"] == "progress":
            self.scan_progressed.emit(event)

    def _scan_finished(self, catalog: Catalog) -> None:
        if self.sender() is not self._scan or self.study is None:
            return
        self._scan, self._fresh = None, False
        self.show_catalog(catalog)
        self.preferences.remember(
            Recent(str(self.study.root), self.study_name, len(catalog.images), len(catalog.labels))
        )
        self.scan_ended.emit("")

    def _scan_failed(self, event: dict[str, Any]) -> None:
        if self.sender() is not self._scan:
            return
        self._scan = None
        self._drop_fresh()
        self.scan_ended.emit(str(event["message"]))

    def _drop_fresh(self) -> None:
        """Forget a study that never had an image."""
        if self._fresh and self.study is not None:
            study, self._fresh = self.study, False
            self.take(None, Settings())
            in_background(lambda: shutil.rmtree(study.root, ignore_errors=True))

    def show_catalog(self, catalog: Catalog) -> None:
        """Take ``catalog`` as what is known of the images."""
        self.catalog = catalog
        self.catalog_changed.emit()
        self.check_soon()

    def show_images(self, paths: Sequence[str]) -> None:
        """Ask the inspect step to show these images."""
        self.images_asked.emit(tuple(paths))

    def images_of(self, finding: "Finding") -> tuple[ImageRecord, ...]:
        """Return the catalog's images that a finding names."""
        if self.catalog is None:
            return ()
        wanted = set(finding.paths)
        return tuple(image for image in self.catalog.images if image.path in wanted)

    # ---- the check

    def check_soon(self) -> None:
        """Judge data and settings again; calls in quick succession become one."""
        if self.catalog is None:
            return
        self._check_soon.start()
        self.check_started.emit()

    def _check(self) -> None:
        catalog, settings, accepted = self.catalog, self.settings, self.accepted
        if catalog is None or self.study is None:
            return
        runs, cache, host, tried = self.study.runs, self.study.cache, self.host, self._tried
        self._check_number += 1
        number = self._check_number

        def work() -> "tuple[int, Plan, CheckResult]":
            from counterpoise.core.safety.check import check
            from counterpoise.core.safety.plan import make_plan

            plan = make_plan(catalog, settings, run=runs / "next", cache=cache, accepted=accepted, host=host)
            extra = tried[1].findings if tried is not None and same_training(tried[0], plan) else ()
            return number, plan, check(plan, extra)

        in_background(work, self._check_done, self._check_failed, self._checks)

    def _check_done(self, outcome: "tuple[int, Plan, CheckResult]") -> None:
        number, plan, result = outcome
        if number != self._check_number:
            return
        self.plan, self.check_result, self.check, self.check_error = plan, result, result.to_json(), ""
        self.check_changed.emit()

    def _check_failed(self, sentence: str) -> None:
        self._forget_check()
        self.check_error = sentence
        self.check_changed.emit()

    def take_dry_run(self, plan: "Plan", tried: "DryRun") -> None:
        """Let the findings of a dry run of ``plan`` join the check's, as long as nothing is changed."""
        self._tried = plan, tried
        self.check_soon()

    @property
    def dry_run(self) -> "DryRun | None":
        """The last dry run, where it speaks of the images and settings in hand."""
        if self._tried is None or self.plan is None or not same_training(self._tried[0], self.plan):
            return None
        return self._tried[1]

    def _forget_check(self) -> None:
        self._check_number += 1
        self.plan = self.check_result = self.check = None
        self.check_error = ""

    def accept(self, code: str, accepted: bool = True) -> None:
        """Let training start in spite of a blocker, or take that back."""
        others = tuple(other for other in self.accepted if other != code)
        self.accepted = (*others, code) if accepted else others
        self.check_soon()

    # ---- the runs

    def runs(self) -> list[RunFolder]:
        """Return the study's runs, the newest first."""
        return list(self.study.run_folders()) if self.study else []

    def set_run(self, run: RunFolder | None) -> None:
        """Look at ``run``; also to say that it has new files."""
        self.run = run
        self.run_changed.emit()

    # ---- this computer

    def probe_host(self) -> None:
        """Look at memory and GPUs, in the background."""

        def work() -> "Host":
            from counterpoise.core.safety.host import probe_host

            return probe_host()

        in_background(work, self._host_found)

    def _host_found(self, host: "Host") -> None:
        self.host = host
        self.host_changed.emit()

    def close(self) -> None:
        """The window closes: end what runs in this process and its children; runs go on."""
        self._scan_soon.stop()
        self._check_soon.stop()
        self.control.leave()
        self._scan = None
        for thread in self._threads:
            thread.close()
        self._threads.clear()
        self._checks.waitForDone()
        self._check_number += 1  # its result, on its way by now, must start nothing more
        self.edits.close()
        self.preferences.sync()


def same_training(one: "Plan", other: "Plan") -> bool:
    """Whether two plans train the same way on the same images; how results are judged doesn't matter."""
    tables = ("model", "training", "weighting", "scaling")
    same = all(getattr(one.settings, table) == getattr(other.settings, table) for table in tables)
    return same and one.catalog is other.catalog


def _timer(owner: QObject, milliseconds: int, call: Callable[[], None]) -> QTimer:
    timer = QTimer(owner)
    timer.setSingleShot(True)
    timer.setInterval(milliseconds)
    timer.timeout.connect(call)
    return timer
