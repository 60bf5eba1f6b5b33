"""All settings as one value."""

from collections.abc import Mapping
from typing import Any

from pydantic import Field, ValidationError
from pydantic_core import ErrorDetails

from counterpoise.core.errors import UsageError, did_you_mean
from counterpoise.core.settings.field import Table
from counterpoise.core.settings.tables import (
    DataSettings,
    EvaluationSettings,
    ModelSettings,
    ScalingSettings,
    TrainingSettings,
    WeightingSettings,
)


class Settings(Table):
    """What a run is made from, beside its images. Every key has a default."""

    data: DataSettings = Field(default_factory=DataSettings)
    weighting: WeightingSettings = Field(default_factory=WeightingSettings)
    scaling: ScalingSettings = Field(default_factory=ScalingSettings)
    model: ModelSettings = Field(default_factory=ModelSettings)
    training: TrainingSettings = Field(default_factory=TrainingSettings)
    evaluation: EvaluationSettings = Field(default_factory=EvaluationSettings)

    def changed(self, changes: Mapping[str, Any]) -> "Settings":
        """Return settings with dotted keys (``"training.learning_rate"``) replaced.

        ``"weighting.custom.NAME"`` sets one class's weight. Raises UsageError for unknown keys,
        wrong types and values out of bounds.
        """
        tables = self.model_dump()
        for key, value in changes.items():
            _place(tables, key, value)
        return build_settings(tables)

    def to_json(self) -> dict[str, dict[str, Any]]:
        """Return plain JSON values, by table and key."""
        dumped: dict[str, dict[str, Any]] = self.model_dump(mode="json")
        return dumped


def _place(tables: dict[str, dict[str, Any]], key: str, value: Any) -> None:
    table, _, rest = key.partition(".")
    name, _, entry = rest.partition(".")
    if table not in tables:
        raise UsageError(
            f"There is no table of settings called '{table}' (in '{key}').{did_you_mean(table, tables)}"
        )
    if name not in tables[table]:
        raise UsageError(f"There is no setting called '{key}'.{_near(table, name)}")
    if not entry:
        tables[table][name] = value
    elif isinstance(tables[table][name], dict):
        tables[table][name] = {**tables[table][name], entry: value}
    else:
        raise UsageError(
            f"The setting '{table}.{name}' has no entries, so '{key}' can't be set. Set the whole value."
        )


def _near(table: str, name: str) -> str:
    known = [f"{t}.{n}" for t, field in Settings.model_fields.items() for n in field.annotation.model_fields]  # type: ignore[union-attr]  # every field is a Table
    return did_you_mean(f"{table}.{name}", [n for n in known if n.startswith(f"{table}.")] or known)


def build_settings(tables: Mapping[str, Any]) -> Settings:
    """Validate plain tables; raises UsageError with one sentence about the first fault."""
    try:
        return Settings.model_validate(tables)
    except ValidationError as error:
        raise UsageError(_explain(error)) from None


_LISTS = {"tuple", "missing", "too"}
"""Kinds of fault (too_long, missing) of a list that should have another form."""
_EXPECTED = {
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "string": "text",
    "tuple": "a list of texts in quotes",
    "dict": "a table such as { name = 2.0 }",
    "path": "the path of a file",
    "finite": "a finite number",
}


def _explain(error: ValidationError) -> str:
    faults = error.errors()
    fault = faults[0]
    names = [str(part) for part in fault["loc"]]
    key = ".".join(names[:2])
    if fault["type"] == "extra_forbidden":
        if len(names) == 1:
            near = did_you_mean(names[0], Settings.model_fields)
            return f"There is no table of settings called '{names[0]}'.{near}"
        return f"There is no setting called '{key}'.{_near(names[0], names[1])}"
    # Several types allowed for one key give one fault each: name them all.
    reasons = dict.fromkeys(_expected(f) for f in faults if f["loc"][:2] == fault["loc"][:2])
    return f"The setting '{key}' can't be {fault['input']!r}: expected {' or '.join(reasons)}."


def _expected(fault: ErrorDetails) -> str:
    kind = fault["type"].split("_")[0]
    if kind in _LISTS and fault["loc"][:2] == ("scaling", "window"):
        return "two numbers, centre and width, such as [40, 400]"
    if kind in ("greater", "less"):
        return f"a number {fault['msg'].removeprefix('Input should be ')}"
    if kind in _EXPECTED:
        return _EXPECTED[kind]
    return (
        fault["msg"].removeprefix("Value error, ").removeprefix("Input should be ").removeprefix("expected ")
    )
