"""counterpoise scan DATA"""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from counterpoise.core.cli.data import DataRequest
from counterpoise.core.cli.options import PATH, data_options, quick_flags
from counterpoise.core.cli.output import Output
from counterpoise.core.cli.show import scan_text
from counterpoise.core.errors import CounterpoiseError

if TYPE_CHECKING:
    from counterpoise.core.catalog.types import Catalog
    from counterpoise.core.settings import Settings


@click.command("scan")
@data_options
@click.option("--report", type=PATH, metavar="FILE.html", help="Also write what was found as a page.")
@quick_flags
@click.pass_obj
def command(output: Output, request: DataRequest, report: Path | None) -> None:
    """Say which classes, counts and parts DATA has, and what is wrong with it."""
    from counterpoise.core.catalog.patients import patients_in_words
    from counterpoise.core.catalog.report import scan_json

    settings = request.settings()
    if report is not None:
        _check_place(report, request, settings)
    catalog = request.catalog(output, settings)
    told = scan_json(catalog)
    if report is not None:
        _write(report, catalog, request, output)
        told["report"] = str(report)
    ending = f"\n\nReport: {report}" if report else ""
    output.result(told, lambda: scan_text(told, patients_in_words(catalog)) + ending)


def _check_place(report: Path, request: DataRequest, settings: "Settings") -> None:
    """Refuse a report that can't be written before the images are read, not after."""
    from counterpoise.core.report.data_page import refuse_among_images
    from counterpoise.core.report.page import refuse_other_than_page

    refuse_other_than_page(report)
    if not report.absolute().parent.is_dir():
        raise CounterpoiseError(
            f"The report can't be written to {report}: its folder doesn't exist. Make the folder, or give a "
            "file in one that exists."
        )
    refuse_among_images(request.sources(settings), report)


def _write(report: Path, catalog: "Catalog", request: DataRequest, output: Output) -> None:
    from counterpoise.core.catalog.distributions.make import PicturesRequest, make_pictures
    from counterpoise.core.report.data_page import write_data_report

    cache = request.cache_folder(catalog.sources)
    with output.progress("Drawing pictures") as move:
        made = make_pictures(PicturesRequest.of(catalog, cache), move)
    write_data_report(catalog, made, report)
