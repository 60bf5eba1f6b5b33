"""counterpoise review DATA"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from counterpoise.core.cli.data import DataRequest
from counterpoise.core.cli.options import data_options, quick_flags
from counterpoise.core.cli.output import Output, table
from counterpoise.core.findings.words import count, percent

if TYPE_CHECKING:
    from counterpoise.core.catalog.types import Key
    from counterpoise.core.review.request import ReviewRequest
    from counterpoise.core.review.result import Review

SHOWN = 20
"""Rows of each table where nothing else was asked for."""
STAGES = {
    "scan": "Reading images",
    "decode": "Preparing images",
    "scaling": "Measuring brightness",
    "embed": "Looking at images",
    "compare": "Comparing images",
    "judge": "Judging labels",
    "waiting": "Waiting for the disk",
}


@click.command("review")
@data_options
@click.option("--top", type=click.IntRange(min=1), metavar="N", help="At most so many of each kind.")
@click.option("--with-test", is_flag=True, help="Judge labels of the test part too.")
@quick_flags
@click.pass_obj
def command(output: Output, request: DataRequest, top: int | None, with_test: bool) -> None:
    """Look for labels that may be wrong, and for images unlike their class. Changes nothing."""
    from counterpoise.core.review.request import ReviewRequest

    settings = request.settings()
    sources = request.sources(settings)
    asked = ReviewRequest(sources, settings, request.cache, with_test)
    review = _looked(asked, output)
    output.result(review_json(review, top), lambda: review_text(review, top or SHOWN))


def _looked(asked: "ReviewRequest", output: Output) -> "Review":
    """Look in a child process with a progress bar; raises CounterpoiseError with its sentence."""
    from counterpoise.core.errors import CounterpoiseError
    from counterpoise.core.jobs.job import Job
    from counterpoise.core.review.request import TARGET

    with output.progress(STAGES["scan"]) as move, Job(TARGET, asked, name="second look") as job:
        for event in job.events():
            if event["event"] == "progress":
                move(event["done"], event["total"], STAGES.get(event["stage"], ""))
            elif event["event"] == "finished":
                found: Review = event["result"]
                return found
            elif event["event"] == "failed":
                error = CounterpoiseError(event["message"])
                error.exit_code = event.get("exit_status", 1)
                raise error
    raise CounterpoiseError("The second look ended without an answer. Try again.")


def review_json(review: "Review", top: int | None = None) -> dict[str, Any]:
    """Return the estimate and the first ``top`` (None: all that are kept) of each kind."""
    from counterpoise.core.review.words import cautions, headline

    told = review.to_json()
    return {
        "message": headline(review),
        "cautions": list(cautions(review)),
        "images": review.images,
        "classes": dict(review.classes),
        "too_small": list(review.too_small),
        "with_test": review.with_test,
        "estimate": told["estimate"],
        "trial": told["trial"],
        "relabelled": review.relabelled,
        "doubts": [_entry(entry) for entry in told["doubts"][:top]],
        "unlike": [_entry(entry) for entry in told["unlike"][:top]],
        "near": [
            {"a": _place(pair.a), "b": _place(pair.b), "similarity": pair.similarity}
            for pair in review.near[:top]
        ],
    }


def _entry(values: Mapping[str, Any]) -> dict[str, Any]:
    place = _place((values["path"], values["frame"]))
    return place | {key: value for key, value in values.items() if key not in ("path", "frame", "content")}


def _place(key: "Key") -> dict[str, Any]:
    """Return path and frame; of single-frame files ``frame`` is null."""
    return {"path": key[0], "frame": key[1] if key[1] >= 0 else None}


def review_text(review: "Review", top: int) -> str:
    """Return the sentence, then a table of each kind."""
    from counterpoise.core.review.words import NOTE, advice, cautions, headline

    parts = ["\n".join(filter(None, (headline(review), NOTE, *cautions(review), advice(review))))]
    parts += _section(
        f"{count(len(review.doubts), 'label')} that a network would give differently, the unlikeliest first",
        [("image", "label", "rather", "chance of the label")],
        [(_name(d.key), d.label, d.suggested, percent(d.probability, 1)) for d in review.doubts],
        top,
    )
    parts += _section(
        "Most unlike the other images of their class (1: as usual)",
        [("image", "label", "distance")],
        [(_name(entry.key), entry.label, f"{entry.distance:.1f}") for entry in review.unlike],
        top,
    )
    parts += _section(
        "Nearly the same picture in two parts",
        [("image", "image", "alike")],
        [(_name(pair.a), _name(pair.b), f"{pair.similarity:.2f}") for pair in review.near],
        top,
    )
    return "\n\n".join([*parts, "Suggestions only: nothing was changed."])


def _section(
    title: str, head: Sequence[Sequence[object]], rows: Sequence[Sequence[object]], top: int
) -> list[str]:
    if not rows:
        return []
    rest = f"\n... and {len(rows) - top:,} more (--top)" if len(rows) > top else ""
    return [f"{title}:\n{table([*head, *rows[:top]])}{rest}"]


def _name(key: "Key") -> str:
    return key[0] if key[1] < 0 else f"{key[0]} [{key[1]}]"
