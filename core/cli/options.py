"""Options that several commands share."""

import os
from collections.abc import Callable, Sequence
from functools import wraps
from pathlib import Path
from typing import Any

import click

from counterpoise.core.cli.output import Output
from counterpoise.core.study.places import CACHE_VARIABLE

Command = Callable[..., Any]
PATH = click.Path(path_type=Path)
ClassFolders = tuple[tuple[str, Path], ...]


def json_wanted(arguments: Sequence[str]) -> bool:
    """Whether --json was given, told without parsing: faults of parsing are answered in JSON too."""
    end = arguments.index("--") if "--" in arguments else len(arguments)
    return "--json" in arguments[:end]


def option_given(arguments: Sequence[str], name: str) -> str | None:
    """Return the value of an option, told without parsing; None where it isn't given."""
    for number, word in enumerate(arguments):
        if word == name:
            return next(iter(arguments[number + 1 : number + 2]), None)
        if word.startswith(f"{name}="):
            return word.removeprefix(f"{name}=")
    return None


def _remember(ctx: click.Context, param: click.Parameter, value: bool) -> bool:
    """Collect a flag into the call's Output, wherever on the line it stood."""
    output = ctx.find_root().ensure_object(Output)
    if value and param.name:
        setattr(output, param.name, True)
    return value


def _use_cache(_ctx: click.Context, _param: click.Parameter, value: Path | None) -> Path | None:
    """Let this call and its children keep what can be made again in ``value``."""
    if value is not None:
        os.environ[CACHE_VARIABLE] = str(value.absolute())
    return value


def quick_flags(command: Command) -> Command:
    """Add --json, --quiet and --debug; the command takes ``Output`` by ``click.pass_obj``."""
    for name, text in (
        ("debug", "Show a traceback when something fails."),
        ("quiet", "Say nothing but the result."),
        ("json", "Answer in JSON on stdout."),
    ):
        flag = click.option(f"--{name}", is_flag=True, help=text, callback=_remember, expose_value=False)
        command = flag(command)
    return command


def _class_folder(_ctx: click.Context, _param: click.Parameter, values: tuple[str, ...]) -> tuple[Any, ...]:
    folders = []
    for value in values:
        name, folder = _divided(value)
        if not (name and folder):
            raise click.BadParameter(f"'{value}' should be NAME=FOLDER, such as normal=images/normal.")
        folders.append((name, Path(folder)))
    return tuple(folders)


def _divided(value: str) -> tuple[str, str]:
    """Divide NAME=FOLDER at the first sign that leaves a folder that exists: both may hold such signs."""
    pieces = value.split("=")
    ways = [("=".join(pieces[:at]), "=".join(pieces[at:])) for at in range(1, len(pieces))] or [(value, "")]
    return next(((name, folder) for name, folder in ways if folder and Path(folder).is_dir()), ways[0])


class_option = click.option(
    "--class",
    "classes",
    multiple=True,
    metavar="NAME=FOLDER",
    callback=_class_folder,
    help="A class and its folder, instead of DATA; repeatable.",
)
labels_option = click.option(
    "--labels", type=PATH, metavar="FILE.csv", help="Labels and patients by path, relative to DATA."
)
_CACHE_HELP = "Folder for what can be made again, instead of the usual one."
cache_option = click.option("--cache", type=PATH, metavar="DIR", help=_CACHE_HELP, callback=_use_cache)
cache_of_call = click.option(
    "--cache", type=PATH, metavar="DIR", help=_CACHE_HELP, callback=_use_cache, expose_value=False
)
"""The same for commands that only pass it on."""
DATA_OPTIONS = (
    click.argument("data", required=False, type=PATH),
    class_option,
    click.option("--config", type=PATH, metavar="FILE.toml", help="Settings from a file."),
    click.option(
        "--set", "overrides", multiple=True, metavar="TABLE.KEY=VALUE", help="One setting; repeatable."
    ),
    labels_option,
    click.option(
        "--group-by",
        metavar="HOW",
        help="How patients are told apart: auto, patient-id, name:REGEX, folder:REGEX, csv or none.",
    ),
    cache_option,
)
DATA_FIELDS = ("data", "classes", "config", "overrides", "labels", "group_by", "cache")


def data_options(command: Command) -> Command:
    """Add DATA and all that says where images and settings are; the command takes ``DataRequest``."""
    from counterpoise.core.cli.data import DataRequest

    @wraps(command)
    def with_request(*arguments: Any, **given: Any) -> Any:
        request = DataRequest(**{field: given.pop(field) for field in DATA_FIELDS})
        return command(*arguments, request=request, **given)

    decorated: Command = with_request
    for option in reversed(DATA_OPTIONS):
        decorated = option(decorated)
    return decorated
