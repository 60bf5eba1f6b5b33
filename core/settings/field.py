"""How a setting is declared: default, label, help, bounds, unit, in one place."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Auto = Literal["auto"]


class Table(BaseModel):
    """One table of the settings: immutable, and unknown keys are errors."""

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_inf_nan="constants", strict=False)


def setting(
    default: Any,
    *,
    label: str,
    help: str,
    unit: str | None = None,
    expert: bool = False,
    choices: dict[str, str] | None = None,
    **bounds: Any,
) -> Any:
    """Declare a setting.

    ``choices`` gives each allowed value its label; ``expert`` puts it behind the fold;
    ``bounds`` are pydantic's ``ge``, ``gt``, ``le``, ``lt``.
    """
    extra: dict[str, Any] = {"unit": unit, "expert": expert, "choices": choices or {}}
    return Field(default, title=label, description=help, json_schema_extra=extra, **bounds)
