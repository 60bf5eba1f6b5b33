"""The step that trains: quick or thorough, live, and the window may be closed meanwhile."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from counterpoise.core.study.run_folder import RunFolder
from counterpoise.gui.panels.ready import ReadyCard
from counterpoise.gui.panels.run_state import RunStatePanel
from counterpoise.gui.panels.run_watch import RunWatch
from counterpoise.gui.run_diagnosis import RunDiagnosis
from counterpoise.gui.steps.base import State, Step
from counterpoise.gui.steps.check import open_blockers
from counterpoise.gui.texts import train as texts
from counterpoise.gui.widgets.choices import ChoiceCards
from counterpoise.gui.widgets.labels import button

if TYPE_CHECKING:
    from counterpoise.core.training.diagnosis import Explanation


class TrainStep(Step):
    name = "train"
    title = texts.TITLE
    subtitle = texts.SUBTITLE

    def build(self) -> None:
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)  # with large text
        self.control = self.session.control
        self._best: dict[str, float] = {}
        self.modes = ChoiceCards(texts.MODES)
        self.modes.chosen.connect(self._choose_mode)
        self.body.addWidget(self.modes)
        self.ready = ReadyCard(self.session)
        self.body.addWidget(self.ready)
        self.state_panel = RunStatePanel()
        self.state_panel.images_asked.connect(self._show_images)
        self.state_panel.fix_asked.connect(self.start_with)
        self.body.addWidget(self.state_panel)
        self.watch = RunWatch()
        self.watch.images_asked.connect(self._show_images)
        self.body.addWidget(self.watch, 1)
        self.body.addStretch(0)
        self.pause_button = button(texts.PAUSE, on_click=self.control.pause)
        self.stop_button = button(texts.STOP, on_click=self.control.stop)
        self.anew_button = button(texts.AGAIN, on_click=self.start)
        self.resume_button = button(texts.RESUME, on_click=self.resume)
        self.results_button = button(texts.SEE_RESULTS, on_click=lambda: self.wants_step.emit("results"))
        self.diagnosis = RunDiagnosis(self)
        self.diagnosis.changed.connect(self.refresh)
        self._starting = False
        """Settings were changed for a new run, which starts as soon as they have been checked."""
        self.control.story_changed.connect(self.refresh)
        self.control.run_ended.connect(self._run_ended)
        for signal in (
            self.session.settings_changed,
            self.session.check_changed,
            self.session.check_started,
            self.session.host_changed,
            self.session.catalog_changed,
        ):
            signal.connect(self.refresh)
        self.session.check_changed.connect(self._start_if_asked)
        self.session.run_changed.connect(self._run_changed)
        self.session.study_changed.connect(self._best.clear)
        self._run_changed()

    def _show_images(self, paths: tuple[str, ...]) -> None:
        """Show images that a run names; a file name that identifies someone stands there by another."""
        catalog = self.session.catalog
        private = {public: path for path, public in catalog.public_names.items()} if catalog else {}
        self.session.show_images([private.get(path, path) for path in paths])

    # ---- the run

    def start(self) -> None:
        """Train a new run with the session's settings."""
        study = self.session.study
        if study is None or self.control.busy:
            return
        run = RunFolder(study.runs / _free_name(study.runs, self.session.settings.model.mode))
        # Else the focus would fall on Pause, and the next key pressed would pause.
        # A study may also train from scratch, which has no card of its own.
        if card := self.modes.buttons.get(self.session.settings.model.mode):
            card.setFocus()
        self._say(self.control.start(study.root, run, self.session.accepted))

    def start_with(self, explanation: "Explanation") -> None:
        """Change the settings as an explanation says, and train a new run as soon as they are checked."""
        session, before = self.session, self.session.settings
        if explanation.fix is None or self.control.busy:
            return
        if refused := session.change(explanation.fix.set):
            self._say(refused)
            return
        self._starting = session.settings != before
        if self._starting:
            session.fixed.emit(explanation.fix.label, before)
            self.refresh()
        else:
            self.start()

    def _start_if_asked(self) -> None:
        """Start what ``start_with`` has prepared, unless the check finds that it can't."""
        plan = self.session.plan
        if not self._starting or (plan is not None and plan.requested != self.session.settings):
            return  # a check of the settings before may still be on its way
        self._starting = False
        if self._can_start:
            self.start()
        else:
            self._say(self.session.check_error or texts.BLOCKED)
            self.refresh()

    def resume(self) -> None:
        """Go on with the run in hand."""
        study, run = self.session.study, self.control.run
        if study is not None and run is not None:
            self._say(self.control.start(study.root, run, self.session.accepted, resume=True))

    def _say(self, refused: str) -> None:
        self.session.problem.emit(refused)

    def _run_changed(self) -> None:
        if not self.control.busy:
            self.control.follow(self.session.run)
        self.refresh()

    def _run_ended(self) -> None:
        if self.control.run is not None and self.control.run.is_run:
            self.session.set_run(self.control.run)

    def _choose_mode(self, mode: str) -> None:
        if self.control.busy:
            self.modes.set_chosen(self.session.settings.model.mode)
            if mode != self.session.settings.model.mode:
                self._say(texts.WAIT)
        elif refused := self.session.change({"model.mode": mode}):
            self._say(refused)

    # ---- what is seen

    def refresh(self) -> None:
        """Show the story and what can be done now."""
        story, session = self.control.story, self.session
        if story.phase == "finished" and story.best and story.best[1] is not None and story.mode:
            self._best[story.mode] = story.best[1]
        self.modes.set_chosen(session.settings.model.mode)
        for mode, title, text in texts.MODES:
            done = f" {texts.mode_done(self._best[mode])}" if mode in self._best else ""
            running = self.control.busy and story.mode == mode
            self.modes.card(mode).set_words(
                texts.RUNNING.format(title) if running else title, f"{text}{done}"
            )
        self.diagnosis.look_at(self.control.run, story)
        self.state_panel.tell(story.held, self.diagnosis.explanations)
        waiting = story.phase == "waiting"
        self.ready.setVisible(waiting)
        self.watch.setVisible(not waiting)
        if waiting:
            self.ready.refresh()
        else:
            self.watch.set_story(story, explained=self.diagnosis.useless is not None)
        busy, asked = self.control.busy, self.control.asked
        self.pause_button.setVisible(busy)
        self.stop_button.setVisible(busy)
        self.pause_button.setEnabled(not asked)
        self.stop_button.setEnabled(not asked and story.phase == "learning")
        self.pause_button.setText(texts.PAUSING if asked == "pause" else texts.PAUSE)
        self.stop_button.setText(texts.STOPPING if asked == "stop" else texts.STOP)
        mend = self._mend is not None
        self.anew_button.setVisible(not (busy or mend) and story.phase in ("finished", "failed", "paused"))
        self.anew_button.setEnabled(self._can_start)
        self.resume_button.setVisible(mend and story.resumable)
        self.results_button.setVisible(mend and story.phase == "finished")
        self.state_changed.emit()

    @property
    def _mend(self) -> "Explanation | None":
        """The explanation whose fix is the main button's work: of a run that failed or learned nothing."""
        useless = self.diagnosis.useless
        return useless if useless is not None and useless.fix is not None and not self.control.busy else None

    @property
    def _can_start(self) -> bool:
        return (
            not self.control.busy
            and self.session.check_result is not None
            and not self.session.scanning
            and not open_blockers(self.session)
        )

    # ---- the step

    def extra_buttons(self) -> list[QPushButton]:
        return [
            self.pause_button,
            self.stop_button,
            self.anew_button,
            self.resume_button,
            self.results_button,
        ]

    @property
    def state(self) -> State:
        if self.diagnosis.useless is not None and not self.control.busy:
            return State.ATTENTION
        if self.control.story.phase == "finished":
            return State.DONE
        return State.ATTENTION if self.control.story.phase == "failed" else State.TODO

    @property
    def next_label(self) -> str:
        story, mend = self.control.story, self._mend
        if self._starting:
            return texts.STARTING
        if mend is not None and mend.fix is not None:
            return texts.train_anew(mend.fix.label)
        if self.control.busy or story.phase == "finished":
            return texts.NEXT
        return texts.RESUME if story.resumable else texts.START

    @property
    def next_enabled(self) -> bool:
        story = self.control.story
        if self.control.busy or self._starting:
            return False
        return self._mend is not None or story.phase == "finished" or story.resumable or self._can_start

    @property
    def next_hint(self) -> str:
        if self.control.busy or self.next_enabled:  # by a mend, or a run to go on with, in spite of blockers
            return ""
        return texts.BLOCKED if open_blockers(self.session) else ""

    def go_next(self) -> None:
        story = self.control.story
        if (mend := self._mend) is not None:
            self.start_with(mend)
        elif story.phase == "finished":
            self.wants_step.emit("results")
        elif story.resumable:
            self.resume()
        else:
            self.start()

    def close_down(self) -> None:
        self.ready.close_down()


def _free_name(runs: Path, mode: str) -> str:
    """Return a name for a new run: date, time, way of training."""
    base = f"{datetime.now():%Y-%m-%d %H.%M} {texts.RUN_NAMES.get(mode, mode)}"
    number = 1
    while (runs / (name := base if number == 1 else f"{base} {number}")).exists():
        number += 1
    return name
