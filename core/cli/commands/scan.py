"""counterpoise scan DATA"""

import click

from counterpoise.core.cli.data import DataRequest
from counterpoise.core.cli.options import data_options, quick_flags
from counterpoise.core.cli.output import Output
from counterpoise.core.cli.show import scan_text


@click.command("scan")
@data_options
@quick_flags
@click.pass_obj
def command(output: Output, request: DataRequest) -> None:
    """Say which classes, counts and parts DATA has, and what is wrong with it."""
    from counterpoise.core.catalog.report import scan_json

    told = scan_json(request.catalog(output, request.settings()))
    output.result(told, lambda: scan_text(told))
