"""counterpoise export RUN"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from counterpoise.core.cli.options import PATH, ClassFolders, cache_of_call, quick_flags
from counterpoise.core.cli.output import Output, table
from counterpoise.core.cli.run_data import data_of_run, run_data_options

FORMATS = ("keras", "savedmodel", "onnx", "litert")


@click.command("export")
@click.argument("run", type=PATH)
@click.option(
    "--format", "formats", multiple=True, required=True, type=click.Choice(FORMATS), help="Repeatable."
)
@click.option("--out", required=True, type=PATH, metavar="DIR", help="Each format gets a folder in it.")
@run_data_options
@cache_of_call
@quick_flags
@click.pass_obj
def command(
    output: Output,
    run: Path,
    formats: tuple[str, ...],
    out: Path,
    data: Path | None,
    classes: ClassFolders,
    labels: Path | None,
) -> int:
    """Write the model for other programs, each format compared with the run on held-out images."""
    from counterpoise.core.cli.export import export_in_child

    told = export_in_child(
        output, run, tuple(dict.fromkeys(formats)), out, data_of_run(data, classes, labels)
    )
    rows: list[tuple[object, ...]] = [("format", "file", "largest difference", "images", "verified")]
    rows += [
        (f["format"], f["path"], difference(f), f["images_checked"], "yes" if f["verified"] else "NO")
        for f in told["files"]
    ]
    output.result(told, lambda: table(rows))
    return 0 if all(f["verified"] for f in told["files"]) else 1


def difference(file: Mapping[str, Any]) -> str:
    """Return the largest difference of a probability between the run and an export."""
    return "not a number" if file["max_abs_diff"] is None else f"{file['max_abs_diff']:.2g}"
