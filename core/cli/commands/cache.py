"""counterpoise cache clear"""

import shutil
from pathlib import Path

import click

from counterpoise.core.cli.options import cache_option, quick_flags
from counterpoise.core.cli.output import Output
from counterpoise.core.findings.words import size

# What Counterpoise keeps in a cache folder. A folder of the user's choice may hold other things.
OURS = ("images", "features", "catalogs", "models", "thumbnails", "reviews")


@click.group("cache")
def command() -> None:
    """Look after what can be made again."""


@command.command("clear")
@cache_option
@quick_flags
@click.pass_obj
def clear(output: Output, cache: Path | None) -> None:
    """Empty the cache of decoded images and features."""
    from counterpoise.core.study.places import user_cache_dir

    folder = cache or user_cache_dir()
    entries = [folder / name for name in OURS if (folder / name).is_dir()]
    freed = sum(_size(entry) for entry in entries)
    for entry in entries:
        shutil.rmtree(entry)
    output.result(
        {"freed_bytes": freed}, f"Freed {size(freed)}. What is needed again is made when it is needed."
    )


def _size(folder: Path) -> int:
    return sum(file.lstat().st_size for file in folder.rglob("*") if not file.is_dir())
