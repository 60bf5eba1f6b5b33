"""What happened in a run, for the table and for the marks in the curves."""

from collections.abc import Sequence
from typing import Any

from counterpoise.core.findings import CODES
from counterpoise.core.findings.words import duration
from counterpoise.core.jobs.events import Event
from counterpoise.core.report.facts import Facts


def marks_of(facts: Facts) -> list[tuple[float, str]]:
    """Return one mark for each round that something happened in, with all that is to be said of it."""
    said: dict[int, list[str]] = {}
    drawn = [int(told["epoch"]) for told in facts.epochs] or [0]
    for guard in facts.guards:
        number = round_of(guard, facts.epochs)
        if number is not None:
            place = max(drawn[0], min(number, drawn[-1]))
            said.setdefault(place, []).append(f"Round {number}: {_title(guard)}. {guard['message']}")
    return [(float(number), "\n".join(dict.fromkeys(words))) for number, words in sorted(said.items())]


def happenings(facts: Facts) -> list[dict[str, Any]]:
    """Return what happened, in order, with the openings of the test part: time, round, what, sentence."""
    rows = [_happened(what, facts) for what in facts.story]
    again = ""
    for told in facts.tests:
        rows.append({"time": told["time"], "what": f"The test part was opened{again}", "said": ""})
        again = " again"
    return rows


def _happened(what: Event, facts: Facts) -> dict[str, Any]:
    row: dict[str, Any] = {"time": what["time"], "said": what.get("message", "")}
    if what["event"] == "started":
        return row | {
            "what": "Went on from the last saved state" if what.get("resumed") else "Training began"
        }
    if what["event"] == "guard":
        return row | {
            "what": _title(what),
            "round": round_of(what, facts.epochs),
            "paths": what.get("paths") or [],
        }
    if what.get("stopped"):
        row["said"] += " Stopped by the user; the best state was kept."
    ended = (
        "Paused" if what.get("paused") else "Ended early" if what["event"] == "failed" else "Training ended"
    )
    return row | {"what": f"{ended}, after {duration(what['seconds'])}"}


def round_of(what: Event, epochs: Sequence[Event]) -> int | None:
    """Return the round in which something happened: as it says itself, else by the clock."""
    if what.get("epoch"):
        return int(what["epoch"])
    told = next((int(e["epoch"]) for e in epochs if e["time"] > what["time"]), None)
    return told or (int(epochs[-1]["epoch"]) if epochs else None)


def _title(guard: Event) -> str:
    return CODES[guard["code"]].title if guard["code"] in CODES else str(guard["code"])
