"""The first step."""

from counterpoise.gui.steps.base import Step


class DataStep(Step):
    name = "data"
    title = "Data"
