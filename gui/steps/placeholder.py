"""Stands for a step whose module isn't there."""

from counterpoise.gui.session import Session
from counterpoise.gui.steps import StepEntry
from counterpoise.gui.steps.base import Step
from counterpoise.gui.texts import window as texts


class Placeholder(Step):
    def __init__(self, session: Session, entry: StepEntry) -> None:
        self.name, self.title, self.subtitle = entry.name, entry.label, texts.SOON
        super().__init__(session)
        self.body.addStretch(1)
