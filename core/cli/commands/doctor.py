"""counterpoise doctor"""

import click

from counterpoise.core.cli.options import cache_of_call, quick_flags
from counterpoise.core.cli.output import Output


@click.command("doctor")
@cache_of_call
@quick_flags
@click.pass_obj
def command(output: Output) -> None:
    """Say what this computer can do: GPU and why not, memory, decoders, versions."""
    from counterpoise.core.cli.examination import as_text, examine

    told = examine()
    output.result(told, lambda: as_text(told))
