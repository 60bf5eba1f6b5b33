"""counterpoise check DATA"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from counterpoise.core.cli.data import DataRequest
from counterpoise.core.cli.dry_run import dry_run_text
from counterpoise.core.cli.options import PATH, data_options, quick_flags
from counterpoise.core.cli.output import Output, table
from counterpoise.core.cli.show import findings_text
from counterpoise.core.findings.words import count


@click.command("check")
@data_options
@click.option("--run", type=PATH, metavar="DIR", help="Where the run would go; judged too.")
@click.option("--dry-run", "steps", is_flag=True, help="Take a few real steps in a separate process.")
@quick_flags
@click.pass_obj
def command(output: Output, request: DataRequest, run: Path | None, steps: bool) -> int:
    """Judge data and settings together, before anything is trained."""
    from counterpoise.core.safety.accept import can_be_accepted
    from counterpoise.core.safety.check import check

    plan = request.plan(output, run)
    result = check(plan)
    told: dict[str, Any] = {"dry_run": None} if steps else {}
    if steps and all(can_be_accepted(blocker, plan) for blocker in result.blockers):
        from counterpoise.core.training.dry_run import dry_run

        output.say("Taking a few real steps: about half a minute, with whole networks a few")
        with output.progress("Trial steps"):
            tried = dry_run(plan)
        result = check(plan, extra=tried.findings)
        told = {"dry_run": tried.to_json()}
    told = {**result.to_json(), **told}
    output.result(told, lambda: check_text(told))
    return 0 if result.ok else 1


def check_text(told: Mapping[str, Any]) -> str:
    """Return findings, weights and the settings that will run."""
    parts = [findings_text(told["findings"])] if told["findings"] else []
    weights = [(name, "–" if w is None else f"{w:.3g}") for name, w in told["weights"].items()]
    parts.append(table([("class", "weight"), *weights]))
    training = told["settings"]["training"]
    model = told["settings"]["model"]
    parts.append(
        f"{model['name']}, {model['mode']}, {model['image_size']} px; {training['optimizer']}, "
        f"learning rate {training['learning_rate']:g}, batches of {training['batch_size']:,}, "
        f"up to {training['epochs']} rounds, scaling {told['settings']['scaling']['method']}, "
        f"weighting {told['settings']['weighting']['method']}, on the {training['device'].upper()}"
    )
    if told["unused"]:
        parts.append(f"Not used with these settings: {', '.join(told['unused'])}")
    if told.get("dry_run"):
        parts.append(dry_run_text(told["dry_run"]))
    parts.append(verdict(told))
    return "\n\n".join(parts)


def verdict(told: Mapping[str, Any]) -> str:
    """Return the last line: whether training would start, and whether something is worth a look before."""
    if not told["ok"]:
        return "Training would not start like this."
    if warnings := sum(finding["severity"] == "warning" for finding in told["findings"]):
        return f"Nothing stands in the way, but look at the {count(warnings, 'warning')} first."
    return "Nothing stands in the way."
