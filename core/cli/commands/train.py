"""counterpoise train DATA --run DIR"""

from collections.abc import Sequence
from pathlib import Path

import click

from counterpoise.core.cli.data import DataRequest
from counterpoise.core.cli.options import data_options, quick_flags
from counterpoise.core.cli.output import Output
from counterpoise.core.cli.training_events import Teller


@click.command("train")
@data_options
@click.option("--run", "given", required=True, metavar="DIR", help="A new or empty folder for the run.")
@click.option("--resume", is_flag=True, help="Go on with a run that was interrupted.")
@click.option("--accept", multiple=True, metavar="CODE", help="Train in spite of this blocker; repeatable.")
@quick_flags
@click.pass_obj
def command(output: Output, request: DataRequest, given: str, resume: bool, accept: tuple[str, ...]) -> int:
    """Check, then train; stop or pause at any time and go on with --resume."""
    from counterpoise.core.safety.accept import known_codes
    from counterpoise.core.study.run_folder import RunFolder, refuse_occupied

    accepted = known_codes(accept)
    run, teller = Path(given), Teller(output, given)
    if resume:
        return _resume(request, run, teller)
    refuse_occupied(RunFolder(run))
    return train_new(output, request, run, accepted, teller)


def train_new(
    output: Output, request: DataRequest, run: Path, accepted: Sequence[str], teller: Teller
) -> int:
    """Scan, check and train into a new folder; returns the exit status."""
    from counterpoise.core.cli.refusal import refuse_blockers
    from counterpoise.core.safety.check import check
    from counterpoise.core.training.start import train

    plan = request.plan(output, run, tuple(accepted))
    result = check(plan)
    refuse_blockers(result, plan, accepted)
    return train(plan, result.findings, emit=teller)


def _resume(request: DataRequest, run: Path, teller: Teller) -> int:
    from counterpoise.core.study.run_folder import open_run
    from counterpoise.core.training.start import resume

    folder = open_run(run)
    # A finished run isn't changed, whatever else is given.
    sources = None if folder.is_finished else request.sources(request.settings())
    cache = request.cache_folder(sources) if sources else None
    return resume(folder, sources, cache, emit=teller)
