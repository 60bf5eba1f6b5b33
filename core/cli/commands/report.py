"""counterpoise report RUN"""

from pathlib import Path

import click

from counterpoise.core.cli.options import PATH, ClassFolders, cache_of_call, quick_flags
from counterpoise.core.cli.output import Output
from counterpoise.core.cli.run_data import data_of_run, run_data_options


@click.command("report")
@click.argument("run", type=PATH)
@click.option("--out", required=True, type=PATH, metavar="FILE", help="A file that ends in .html.")
@run_data_options
@cache_of_call
@quick_flags
@click.pass_obj
def command(
    output: Output, run: Path, out: Path, data: Path | None, classes: ClassFolders, labels: Path | None
) -> None:
    """Write what was done and found as one page for people."""
    from counterpoise.core.report.page import refuse_other_than_page
    from counterpoise.core.report.write import write_report
    from counterpoise.core.study.run_folder import open_finished_run

    refuse_other_than_page(out)
    write_report(open_finished_run(run), out, data_of_run(data, classes, labels))
    output.result({"report": str(out)}, f"{out}")
