"""counterpoise self-test"""

import click

from counterpoise.core.cli.options import cache_of_call, quick_flags
from counterpoise.core.cli.output import Output


@click.command("self-test")
@cache_of_call
@quick_flags
@click.pass_obj
def command(output: Output) -> int:
    """Let the installed product check itself: window, resources, one round of training."""
    from counterpoise.core.cli.self_test import as_text, self_test

    told = self_test(output)
    output.result(told, lambda: as_text(told))
    return 0 if told["ok"] else 1
