"""What a form needs to know of each setting, read from its declaration; no Qt."""

import types
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from counterpoise.core.settings import Settings

BOUND_WORDS = {"ge": "at least {}", "gt": "above {}", "le": "at most {}", "lt": "below {}"}


@dataclass(frozen=True)
class FormField:
    """One setting as a form shows it."""

    key: str
    """``table.name``."""
    label: str
    help: str
    unit: str
    kind: Literal["choice", "switch", "number", "text"]
    default: Any
    choices: Mapping[str, str] = field(default_factory=dict)
    bounds: tuple[str, ...] = ()
    """In words."""
    expert: bool = False
    whole: bool = False
    """Whether a number must be whole."""
    optional: bool = False
    """Whether it may be left empty (None)."""

    @property
    def tip(self) -> str:
        """The help with unit and bounds."""
        bounds = " and ".join(self.bounds)
        sentence = (
            f" {bounds[:1].upper()}{bounds[1:]}{' ' + self.unit if self.unit else ''}." if bounds else ""
        )
        return f"{self.help}{sentence}"

    def parse(self, text: str) -> Any:
        """Return the value a person typed; what is no number stays text, for the settings to refuse."""
        text = text.strip()
        if not text:
            return self.default
        if self.kind != "number" or text == "auto":
            return text
        try:
            number = float(text.replace(",", ".").replace("−", "-"))
        except ValueError:
            return text
        return int(number) if self.whole and number.is_integer() else number


def form_fields() -> dict[str, FormField]:
    """Return every setting by dotted key, in the order of the declaration."""
    return {entry.key: entry for entry in _all()}


def _all() -> Iterator[FormField]:
    for table, declared in Settings.model_fields.items():
        model = declared.annotation
        if isinstance(model, type) and issubclass(model, BaseModel):
            for name, info in model.model_fields.items():
                yield _field(f"{table}.{name}", info)


def _field(key: str, info: FieldInfo) -> FormField:
    extra: dict[str, Any] = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
    leaves = list(_leaves(info.annotation))
    named = [value for leaf in leaves if get_origin(leaf) is Literal for value in get_args(leaf)]
    numbers = [leaf for leaf in leaves if leaf in (int, float)]
    choices = extra.get("choices") or ({v: _words(v) for v in named} if not numbers else {})
    kind: Literal["choice", "switch", "number", "text"] = "text"
    if bool in leaves:
        kind = "switch"
    elif choices:
        kind = "choice"
    elif numbers:
        kind = "number"
    return FormField(
        key=key,
        label=str(info.title or key),
        help=str(info.description or ""),
        unit=str(extra.get("unit") or ""),
        kind=kind,
        default=info.get_default(call_default_factory=True, validated_data={}),
        choices=choices,
        bounds=tuple(_bounds(info.metadata)) + tuple(_bounds(_annotations(info.annotation))),
        expert=bool(extra.get("expert")),
        whole=numbers == [int],
        optional=type(None) in leaves,
    )


def _leaves(annotation: Any) -> Iterator[Any]:
    """Yield the plain types within unions and Annotated."""
    if get_origin(annotation) is Annotated:
        yield from _leaves(get_args(annotation)[0])
    elif get_origin(annotation) in (Union, types.UnionType):
        for part in get_args(annotation):
            yield from _leaves(part)
    else:
        yield annotation


def _annotations(annotation: Any) -> Iterator[Any]:
    if get_origin(annotation) is Annotated:
        _, *notes = get_args(annotation)
        for note in notes:
            yield from note.metadata if isinstance(note, FieldInfo) else [note]
    elif get_origin(annotation) in (Union, types.UnionType):
        for part in get_args(annotation):
            yield from _annotations(part)


def _bounds(notes: Any) -> Iterator[str]:
    for note in notes:
        for name, words in BOUND_WORDS.items():
            bound = getattr(note, name, None)
            if bound is not None:
                yield words.format(f"{bound:g}")


def _words(value: Any) -> str:
    known = {"auto": "Suggested", "adam": "Adam", "adamw": "AdamW", "sgd": "SGD", "rmsprop": "RMSprop"}
    return known.get(str(value), str(value).replace("_", " "))
