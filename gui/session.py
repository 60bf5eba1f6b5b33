"""What the window works on: the study, its images, its settings, what the check says, its runs.

The session is the only owner of that state; steps read it, ask it to change, and hear of changes.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from counterpoise.core.catalog.types import Catalog
from counterpoise.core.errors import CounterpoiseError
from counterpoise.core.settings import Settings
from counterpoise.core.study.run_folder import RunFolder
from counterpoise.gui.checking import Checking
from counterpoise.gui.edits import Edits
from counterpoise.gui.jobs import in_background
from counterpoise.gui.preferences import Preferences
from counterpoise.gui.run_control import RunControl
from counterpoise.gui.scanning import Scanning
from counterpoise.gui.texts import window as texts

if TYPE_CHECKING:
    from counterpoise.core.findings import Finding
    from counterpoise.core.safety.check import CheckResult
    from counterpoise.core.safety.host import Host
    from counterpoise.core.safety.plan import Plan
    from counterpoise.core.study.study import Study
    from counterpoise.core.training.dry_run.result import DryRun


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
        self.run: RunFolder | None = None
        self.checking = Checking(self)
        self.checking.started.connect(self.check_started)
        self.checking.changed.connect(self.check_changed)
        self.scans = Scanning(self)
        self.scans.started.connect(self.scan_started)
        self.scans.progressed.connect(self.scan_progressed)
        self.scans.ended.connect(self.scan_ended)
        self.control = RunControl(self)
        self.control.problem.connect(self.problem)
        self.host: Host | None = None
        self.edits = Edits(self)
        self._before_fix: Settings | None = None
        """The settings before a fix, as long as nothing else was done since."""
        self.edits.changed.connect(self.keep_fix)
        self.settings_changed.connect(self.keep_fix)

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
        self.scans.fresh = fresh
        self.scan()

    def take(self, study: "Study | None", settings: Settings) -> None:
        """Make ``study`` the one that is worked on, without reading its images."""
        self.study, self.settings, self.catalog = study, settings, None
        self.checking.begin_anew()
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
        if finding.fix is not None:
            self.apply(finding.fix.label, finding.fix.set)

    def apply(self, label: str, changes: Mapping[str, Any]) -> None:
        """Set settings by dotted key; ``fixed`` offers to take it back, under this label."""
        before = self.settings
        fault = self.change(changes)
        if fault:
            self.problem.emit(fault)
        elif self.settings != before:
            self._before_fix = before
            self.fixed.emit(label, before)

    def keep_fix(self) -> None:
        """Something else was done, or another step is looked at: an undo no longer means the last fix."""
        self._before_fix = None

    def undo(self) -> None:
        """Take back the last fix where it was done last, else the last edit of images."""
        if self._before_fix is None:
            self.edits.undo()
        elif fault := self.set_settings(self._before_fix):
            self.problem.emit(fault)

    # ---- the images

    @property
    def scanning(self) -> bool:
        return self.scans.running

    def scan(self) -> None:
        """Read the study's images in a child process; only what changed is read again."""
        self.scans.start()

    def scan_soon(self) -> None:
        """Read again after a pause in the edits."""
        self.scans.soon()

    def cancel_scan(self) -> None:
        """End the scan that runs, if any; what was read stays known for the next one."""
        self.scans.cancel()

    def show_catalog(self, catalog: Catalog) -> None:
        """Take ``catalog`` as what is known of the images."""
        self.catalog = catalog
        self.catalog_changed.emit()
        self.check_soon()

    def show_images(self, paths: Sequence[str]) -> None:
        """Ask the inspect step to show these images."""
        self.images_asked.emit(tuple(paths))

    # ---- the check

    @property
    def plan(self) -> "Plan | None":
        """What would be trained, every auto resolved."""
        return self.checking.plan

    @property
    def check_result(self) -> "CheckResult | None":
        return self.checking.result

    @property
    def check(self) -> dict[str, Any] | None:
        """JSON of ``check_result``."""
        return self.checking.json

    @property
    def check_error(self) -> str:
        """Why there is no check, as a sentence."""
        return self.checking.error

    @property
    def accepted(self) -> tuple[str, ...]:
        """Codes of the blockers that training may start in spite of."""
        return self.checking.accepted

    @property
    def dry_run(self) -> "DryRun | None":
        """The last dry run, where it speaks of the images and settings in hand."""
        return self.checking.dry_run

    def check_soon(self) -> None:
        """Judge data and settings again; calls in quick succession become one."""
        self.checking.soon()

    def take_dry_run(self, plan: "Plan", tried: "DryRun") -> None:
        """Let the findings of a dry run of ``plan`` join the check's, as long as nothing is changed."""
        self.checking.take_dry_run(plan, tried)

    def accept(self, code: str, accepted: bool = True) -> None:
        """Let training start in spite of a blocker, or take that back."""
        self.checking.accept(code, accepted)

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
        self.control.leave()
        self.scans.close()
        self.checking.close()
        self.edits.close()
        self.preferences.sync()
