"""Files with a ``format_version``; settings from TOML files and ``--set``, and back."""

import json
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeVar

import tomli_w
from pydantic import BaseModel

from counterpoise.core.errors import CounterpoiseError, UsageError
from counterpoise.core.settings.settings import Settings, build_settings

Model = TypeVar("Model", bound=BaseModel)
FORMAT_VERSION = 1


def read_toml(path: Path) -> dict[str, Any]:
    """Read a TOML file; raises CounterpoiseError where it is missing, unreadable or newer than we know."""
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise CounterpoiseError(
            f"The file {path} can't be read ({error.strerror}). Give a TOML file that exists."
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"The file {path} is not valid TOML: {error}. Mend it there.") from None
    check_format_version(tables.get("format_version", FORMAT_VERSION), path)
    return tables


def read_json(path: Path, kind: type[Model], name: str, advice: str) -> Model:
    """Read a JSON file with ``format_version`` as ``kind``.

    Raises CounterpoiseError where it is missing, damaged or written by a newer Counterpoise; the sentence
    calls it ``name`` and ends with ``advice``.
    """
    try:
        tables = json.loads(path.read_text(encoding="utf-8"))
        check_format_version(tables.get("format_version", FORMAT_VERSION), path)
        return kind.model_validate(tables)
    except OSError as error:
        reason = error.strerror or str(error)
    except (ValueError, AttributeError) as error:  # pydantic's errors are ValueErrors
        reason = f"it is damaged: {str(error).splitlines()[0]}"
    raise CounterpoiseError(f"{name} can't be read ({reason}). {advice}")


def check_format_version(version: object, path: Path, newest: int = FORMAT_VERSION) -> None:
    """Refuse a file written by a newer Counterpoise."""
    if not isinstance(version, int) or version < 1:
        raise CounterpoiseError(
            f"{path.name} has format_version {version!r}, expected a whole number from 1."
        )
    if version > newest:
        raise CounterpoiseError(
            f"{path.name} was written by a newer Counterpoise (format {version}; this one knows up to "
            f"{newest}). Update Counterpoise to open it."
        )


def load_settings(config: Path | None = None, overrides: Sequence[str] = ()) -> Settings:
    """Return the settings of a TOML file with ``table.key=value`` overrides on top.

    Raises UsageError for unknown keys, wrong types and values out of bounds.
    """
    tables = read_toml(config) if config else {}
    tables.pop("format_version", None)
    return build_settings(tables).changed(dict(parse_override(text) for text in overrides))


def parse_override(text: str) -> tuple[str, Any]:
    """Split ``table.key=value``; the value is read as TOML, else as plain text.

    >>> parse_override("training.epochs=3")
    ('training.epochs', 3)
    """
    key, equals, value = text.partition("=")
    if not equals or "." not in key:
        raise UsageError(f"'{text}' is no setting: expected table.key=value, such as training.epochs=3.")
    try:
        return key.strip(), tomllib.loads(f"value = {value}")["value"]
    except tomllib.TOMLDecodeError:
        return key.strip(), value


def without_none(value: Any) -> Any:
    """Drop what TOML can't say."""
    if isinstance(value, dict):
        return {key: without_none(entry) for key, entry in value.items() if entry is not None}
    return value


def dump_toml(tables: dict[str, Any]) -> str:
    """Return tables as TOML with the format's version."""
    return tomli_w.dumps({"format_version": FORMAT_VERSION, **without_none(tables)})
