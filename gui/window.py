"""The main window: header, steps down the left side, the step in hand, footer with the main button."""

from importlib import import_module

from PySide6.QtCore import QSize, Qt, QThreadPool, QTimer
from PySide6.QtGui import QAction, QCloseEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from counterpoise.gui.chrome import Footer, Header, ProblemLine
from counterpoise.gui.closing import Closing
from counterpoise.gui.decoding import close_decoding
from counterpoise.gui.jobs import in_background
from counterpoise.gui.panels.run_trouble import RunTroubleLine
from counterpoise.gui.preload import WITH_QT, preload
from counterpoise.gui.session import Session
from counterpoise.gui.steps import STEPS, StepEntry
from counterpoise.gui.steps.base import Step
from counterpoise.gui.steps.placeholder import Placeholder
from counterpoise.gui.texts import window as texts
from counterpoise.gui.theme import Choice, application, apply_theme, text_scale
from counterpoise.gui.widgets.step_list import StepList

LOAD_AFTER_MS = 150
"""The window is seen first."""
LOAD_EACH_MS = 20
BUILD_AFTER_MS = 50


class MainWindow(QMainWindow):
    """Builds steps when they are first shown, or one by one once a study is open and the loop is idle."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.setWindowTitle(texts.PROGRAM)
        self.setMinimumSize(960, 640)
        self.steps: dict[str, Step] = {}
        self.current = ""
        self._arriving = False
        """A study was opened, and its images haven't been read yet."""
        self.header, self.list, self.footer = Header(session), StepList(), Footer()
        self.line = ProblemLine(session)
        self.trouble = RunTroubleLine(session.control)
        self.closing = Closing(self, session.control)
        self.closing.agreed.connect(self.close, Qt.ConnectionType.QueuedConnection)
        self.pages = QStackedWidget()
        self.pages.setObjectName("pages")
        self._lay_out()
        self.list.asked.connect(self.go)
        self.footer.back.clicked.connect(self._back)
        self.footer.main.clicked.connect(self._next)
        self.header.theme_asked.connect(self.set_theme)
        self.header.scale_asked.connect(self.scale_text)
        self.header.help_asked.connect(self._help)
        session.study_changed.connect(self._study_changed)
        session.images_asked.connect(self._images_asked)
        session.scan_ended.connect(self._scan_ended)
        self._shortcuts()
        self._build_soon = QTimer(self)
        self._build_soon.setSingleShot(True)
        self._build_soon.timeout.connect(self._build_one)
        self._closed = False
        self._loaded = False
        """Whether all that steps are made of has been imported."""
        self._to_load: list[str] = []
        self._loader = QThreadPool(self)
        self._load_soon = QTimer(self)
        self._load_soon.setSingleShot(True)
        self._load_soon.timeout.connect(self._load)
        self._load_next = QTimer(self, singleShot=True, interval=LOAD_EACH_MS)
        self._load_next.timeout.connect(self._load_one)
        self.resize(QSize(1280, 800))
        if session.preferences.geometry is not None:
            self.restoreGeometry(session.preferences.geometry)
        self.go(STEPS[0].name)

    def _lay_out(self) -> None:
        root = QWidget()
        column = QVBoxLayout(root)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        row = QHBoxLayout()
        row.setSpacing(0)
        row.addWidget(self.list)
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addWidget(self.pages, 1)
        right.addWidget(self.trouble)
        right.addWidget(self.line)
        right.addWidget(self.footer)
        row.addLayout(right, 1)
        column.addLayout(row, 1)
        self.setCentralWidget(root)

    def _shortcuts(self) -> None:
        for number, entry in enumerate(STEPS, start=1):
            shortcut = QShortcut(QKeySequence(f"Alt+{number}"), self)
            shortcut.activated.connect(lambda name=entry.name: self.go(name))
        onward = QShortcut(QKeySequence("Ctrl+Return"), self)
        onward.activated.connect(self.footer.main.click)
        for keys, change in ((("Ctrl++", "Ctrl+="), 0.1), (("Ctrl+-",), -0.1), (("Ctrl+0",), 0.0)):
            action = QAction(self)
            action.setShortcuts([QKeySequence(key) for key in keys])
            action.triggered.connect(lambda _=False, change=change: self.scale_text(change))
            self.addAction(action)

    # ---- steps

    def step(self, name: str) -> Step:
        """Return the step, built where it isn't yet."""
        if name not in self.steps:
            entry = next(entry for entry in STEPS if entry.name == name)
            made = entry.load()(self.session) if entry.exists else Placeholder(self.session, entry)
            made.state_changed.connect(self._refresh)
            made.wants_step.connect(self.go)
            self.footer.adopt(name, made.extra_buttons())
            self.pages.addWidget(made)
            self.steps[name] = made
        return self.steps[name]

    def go(self, name: str) -> None:
        """Show a step."""
        step = self.step(name)
        if name != self.current:
            self.line.leave_step()
        self.current = name
        self.pages.setCurrentWidget(step)
        self.list.show_current(name)
        self._refresh()
        if self.footer.main.isEnabled():
            self.footer.main.setFocus()
        step.shown()

    def _back(self) -> None:
        names = [entry.name for entry in STEPS]
        self.go(names[max(0, names.index(self.current) - 1)])

    def _next(self) -> None:
        self.step(self.current).go_next()

    def _help(self) -> None:
        from counterpoise.gui.help import show_help  # brings the templates' engine, which no start needs

        show_help(self, self.current)

    def _refresh(self) -> None:
        for name, step in self.steps.items():
            self.list.buttons[name].set_state(step.state)
        if self.current:
            self.footer.show_step(self.step(self.current), first=self.current == STEPS[0].name)

    def _scan_ended(self, fault: str) -> None:
        arriving, self._arriving = self._arriving, False
        if arriving and not fault and self.current == STEPS[0].name and self._training():
            self.go("train")
        elif self.current == STEPS[0].name and self.footer.main.isEnabled():
            self.footer.main.setFocus()

    def _training(self) -> bool:
        """Whether the study's latest run goes on at this moment."""
        from counterpoise.core.jobs.ownership import is_owned

        run = self.session.run
        return self.session.catalog is not None and run is not None and is_owned(run.owner)

    def _images_asked(self, paths: tuple[str, ...]) -> None:
        origin = self.current
        new = "inspect" not in self.steps
        self.go("inspect")
        if new:  # it was built just now, too late to hear what was asked
            self.step("inspect").show_images(paths)
        self.step("inspect").offer_way_back(origin)

    def _study_changed(self) -> None:
        title = self.session.study_name
        self.setWindowTitle(f"{title} · {texts.PROGRAM}" if title else texts.PROGRAM)
        self._arriving = True
        self._build_soon.start(400)

    def _build_one(self) -> None:
        """Build the next step that isn't there yet, so that its state shows and it opens at once."""
        missing: list[StepEntry] = [entry for entry in STEPS if entry.name not in self.steps]
        if missing and not self._loaded:
            self._build_soon.start(BUILD_AFTER_MS)
        elif missing:
            self.step(missing[0].name)
            self._refresh()
            self._build_soon.start(BUILD_AFTER_MS)

    def _load(self) -> None:
        in_background(lambda: preload(lambda: self._closed), self._has_loaded, self._has_loaded, self._loader)

    def _has_loaded(self, _: object) -> None:
        """What needs no Qt is there: load the rest, in this thread, one module at a time."""
        self._to_load = list(WITH_QT)
        if not self._closed:
            self._load_next.start()

    def _load_one(self) -> None:
        import_module(self._to_load.pop(0))
        if self._to_load:
            self._load_next.start()
        else:
            self._loaded = True

    # ---- look

    def set_theme(self, choice: str) -> None:
        """Choose light, dark or the system's, for ever."""
        self.session.preferences.theme = Choice(choice)
        apply_theme(application(), Choice(choice), text_scale())
        self.header.show_theme(choice)

    def scale_text(self, change: float) -> None:
        """Make all text larger or smaller by ``change``; 0 makes it normal."""
        scale = round(text_scale() + change, 2) if change else 1.0
        apply_theme(application(), self.session.preferences.theme, scale)
        self.session.preferences.text_scale = text_scale()

    # ---- beginning and end

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self.session.host is None:
            QTimer.singleShot(0, self.session.probe_host)
        if not self._loaded:
            self._load_soon.start(LOAD_AFTER_MS)

    def close_quietly(self) -> None:
        """Close without a question; a run goes on."""
        self.closing.leave_going()
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self.closing.may_close():
            event.ignore()
            return
        self._closed = True
        self._build_soon.stop()
        self._load_soon.stop()
        self._load_next.stop()
        self._loader.waitForDone()
        close_decoding()  # first, for the steps wait for pictures that are being made
        self.session.preferences.geometry = self.saveGeometry()
        for step in self.steps.values():
            step.close_down()
        self.session.close()
        close_decoding()
        super().closeEvent(event)
