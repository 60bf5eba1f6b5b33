"""The images that a command about a run is pointed at."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from counterpoise.core.cli.options import PATH, class_option, labels_option

if TYPE_CHECKING:
    from counterpoise.core.catalog.types import Sources


def run_data_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add --data, --class and --labels."""
    data = click.option("--data", type=PATH, metavar="DATA", help="The run's images, where they lie now.")
    return data(class_option(labels_option(command)))


def data_of_run(
    data: Path | None, classes: tuple[tuple[str, Path], ...] = (), labels: Path | None = None
) -> "Sources | None":
    """Return the sources given; None leaves it to the place that was remembered for the run."""
    from counterpoise.core.catalog.sources import open_sources

    if data is None and not classes and labels is None:
        return None
    return open_sources(data, classes, labels)
