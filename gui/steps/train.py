"""The step that trains: quick or thorough, live, and the window may be closed meanwhile."""

from datetime import datetime
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from counterpoise.core.study.run_folder import RunFolder
from counterpoise.gui.panels.ready import ReadyCard
from counterpoise.gui.panels.run_watch import RunWatch
from counterpoise.gui.steps.base import State, Step
from counterpoise.gui.steps.check import open_blockers
from counterpoise.gui.texts import train as texts
from counterpoise.gui.widgets.choices import ChoiceCards
from counterpoise.gui.widgets.labels import button


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
        self.watch = RunWatch()
        self.watch.images_asked.connect(self.session.show_images)
        self.body.addWidget(self.watch, 1)
        self.body.addStretch(0)
        self.pause_button = button(texts.PAUSE, on_click=self.control.pause)
        self.stop_button = button(texts.STOP, on_click=self.control.stop)
        self.anew_button = button(texts.AGAIN, on_click=self.start)
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
        self.session.run_changed.connect(self._run_changed)
        self.session.study_changed.connect(self._best.clear)
        self._run_changed()

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
        if story.best and story.best[1] is not None and story.mode:
            self._best[story.mode] = story.best[1]
        self.modes.set_chosen(session.settings.model.mode)
        for mode, title, text in texts.MODES:
            done = f" {texts.mode_done(self._best[mode])}" if mode in self._best else ""
            running = self.control.busy and story.mode == mode
            self.modes.card(mode).set_words(
                texts.RUNNING.format(title) if running else title, f"{text}{done}"
            )
        waiting = story.phase == "waiting"
        self.ready.setVisible(waiting)
        self.watch.setVisible(not waiting)
        if waiting:
            self.ready.refresh()
        else:
            self.watch.set_story(story)
        busy, asked = self.control.busy, self.control.asked
        self.pause_button.setVisible(busy)
        self.stop_button.setVisible(busy)
        self.pause_button.setEnabled(not asked)
        self.stop_button.setEnabled(not asked and story.phase == "learning")
        self.pause_button.setText(texts.PAUSING if asked == "pause" else texts.PAUSE)
        self.stop_button.setText(texts.STOPPING if asked == "stop" else texts.STOP)
        self.anew_button.setVisible(not busy and story.phase in ("finished", "failed", "paused"))
        self.anew_button.setEnabled(self._can_start)
        self.state_changed.emit()

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
        return [self.pause_button, self.stop_button, self.anew_button]

    @property
    def state(self) -> State:
        if self.control.story.phase == "finished":
            return State.DONE
        return State.ATTENTION if self.control.story.phase == "failed" else State.TODO

    @property
    def next_label(self) -> str:
        story = self.control.story
        if self.control.busy or story.phase == "finished":
            return texts.NEXT
        return texts.RESUME if story.resumable else texts.START

    @property
    def next_enabled(self) -> bool:
        story = self.control.story
        if self.control.busy:
            return False
        return story.phase == "finished" or story.resumable or self._can_start

    @property
    def next_hint(self) -> str:
        if self.control.busy or self.control.story.phase == "finished":
            return ""
        return texts.BLOCKED if open_blockers(self.session) else ""

    def go_next(self) -> None:
        story = self.control.story
        if story.phase == "finished":
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
