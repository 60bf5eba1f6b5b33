"""counterpoise evaluate RUN"""

from pathlib import Path

import click

from counterpoise.core.cli.options import PATH, ClassFolders, cache_of_call, quick_flags
from counterpoise.core.cli.output import Output, without_chatter
from counterpoise.core.cli.run_data import data_of_run, run_data_options
from counterpoise.core.cli.show import evaluation_text


@click.command("evaluate")
@click.argument("run", type=PATH)
@run_data_options
@cache_of_call
@quick_flags
@click.pass_obj
def command(
    output: Output,
    run: Path,
    data: Path | None,
    classes: ClassFolders,
    labels: Path | None,
) -> None:
    """Open the run's test part, or another labelled folder, and say how good the model is."""
    from counterpoise.core.evaluation.evaluate import evaluate_run
    from counterpoise.core.evaluation.sentence import one_sentence
    from counterpoise.core.study.run_folder import open_finished_run

    open_finished_run(run)
    with without_chatter(output.debug), output.progress("Looking at images") as move:
        told = evaluate_run(
            run, data_of_run(data, classes, labels), progress=lambda _stage, done, total: move(done, total)
        ).to_json()
    output.result(told, lambda: f"{one_sentence(told)}\n\n{evaluation_text(told)}")
