"""counterpoise demo"""

from pathlib import Path

import click

from counterpoise.core.cli.options import PATH, cache_of_call, quick_flags
from counterpoise.core.cli.output import Output


@click.command("demo")
@click.option("--out", type=PATH, metavar="DIR", help="Where it goes, instead of the user's data folder.")
@click.option("--headless", is_flag=True, help="Go the whole way without a window and print what it found.")
@cache_of_call
@quick_flags
@click.pass_obj
def command(output: Output, out: Path | None, headless: bool) -> int:
    """Make the demo images (synthetic) and open them, or go the whole way without a window."""
    from counterpoise.core.cli.demo import demo_text, make_images, whole_way
    from counterpoise.core.study.places import user_data_dir

    folder = out if out is not None else user_data_dir() / "demo"
    images = make_images(folder)
    if not headless:
        from counterpoise.core.cli.commands.gui import open_window

        return open_window((str(images),))
    told = whole_way(folder, images, output)
    output.result(told, lambda: demo_text(told))
    return 0
