"""counterpoise gui [STUDY]"""

from collections.abc import Sequence
from importlib.metadata import entry_points
from pathlib import Path

import click

from counterpoise.core.cli.options import PATH, cache_of_call, quick_flags
from counterpoise.core.errors import CounterpoiseError

GROUP = "counterpoise.front_ends"


@click.command("gui")
@click.argument("study", required=False, type=PATH)
@cache_of_call
@quick_flags
def command(study: Path | None) -> int:
    """Open the window, with a study or with a folder of images."""
    if study is not None and not study.exists():
        raise CounterpoiseError(f"The folder {study} doesn't exist. Give a study or a folder of images.")
    return open_window((str(study),) if study else ())


def open_window(arguments: Sequence[str]) -> int:
    """Start the front end that is installed as ``gui``; returns its exit status."""
    found = list(entry_points(group=GROUP, name="gui"))
    if not found:
        raise CounterpoiseError(
            "The window isn't installed here. Install the whole of counterpoise, or use the other commands."
        )
    try:
        start = found[0].load()
    except ImportError as error:
        raise CounterpoiseError(
            f"The window can't be opened because a part of it is missing ({error}). Install it again, and on "
            "Linux the system libraries that the README names."
        ) from None
    status = start(list(arguments))
    return status if isinstance(status, int) else 0
