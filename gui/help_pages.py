"""The pages of the help, filled from the registry, the settings' words and the recorded comparison."""

import json
import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from html import unescape
from importlib.resources import files
from itertools import groupby
from typing import Any

import jinja2

from counterpoise.core.findings.registry import CODES, Subject
from counterpoise.core.findings.sentences import SENTENCES
from counterpoise.core.settings import Settings
from counterpoise.gui.steps import STEPS
from counterpoise.gui.texts import balance, results
from counterpoise.gui.texts import help as texts

GAP = "…"
"""Stands where a sentence of a finding has the case's own numbers."""


@dataclass(frozen=True)
class Section:
    """A stretch of a page under one heading, as the search sees it."""

    page: str
    anchor: str
    """Empty for what stands before the first heading."""
    title: str
    text: str

    @property
    def address(self) -> str:
        return f"{self.page}#{self.anchor}" if self.anchor else self.page


@dataclass(frozen=True)
class HelpPage:
    name: str
    title: str
    html: str
    """The body, without colours: those are the view's."""

    @property
    def sections(self) -> tuple[Section, ...]:
        """Cut the page at its headings, in order."""
        pieces = re.split(r"<h[23]>(.*?)</h[23]>", self.html, flags=re.DOTALL)
        found = [Section(self.name, "", self.title, plain(pieces[0]))]
        for heading, body in zip(pieces[1::2], pieces[2::2], strict=True):
            anchor = re.search(r'<a name="([^"]*)">', heading)
            found.append(Section(self.name, anchor[1] if anchor else "", plain(heading), plain(body)))
        return tuple(found)


def plain(html: str) -> str:
    """Return the words of a piece of HTML.

    >>> plain("<p>Half &amp; <b>half</b></p>")
    'Half & half'
    """
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


@lru_cache
def pages() -> dict[str, HelpPage]:
    """Return all pages by name, in the order of the list."""
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    given = {"t": texts, "titles": texts.PAGES}
    filled = {
        "steps": {"steps": [(step.name, step.label, *texts.STEPS[step.name]) for step in STEPS]},
        "balance": _balance(),
        "training": {"guards": [(code, *_told(code)) for code in _codes(Subject.GUARD)]},
        "figures": {
            "metrics": [(results.METRICS[name], words) for name, words in results.METRIC_HELP.items()]
        },
        "findings": {"subjects": _subjects()},
        "private": {},
        "comparison": _comparison(_record()),
    }
    return {
        name: HelpPage(
            name, title, environment.from_string(_read(f"{name}.html")).render(**given, **filled[name])
        )
        for name, title in texts.PAGES.items()
    }


def _read(name: str) -> str:
    return files("counterpoise.resources").joinpath("help", name).read_text(encoding="utf-8")


def _balance() -> dict[str, Any]:
    helps = [(label, balance.SCALING_HELP[key]) for key, label in balance.SCALINGS]
    return {
        "weightings": balance.WEIGHTINGS,
        "scalings": helps,
        "max_ratio": f"{Settings().weighting.max_ratio:g}",
    }


def _codes(subject: Subject) -> list[str]:
    return [code for code, spec in CODES.items() if spec.subject == subject]


def _told(code: str) -> tuple[str, list[str]]:
    """Return title and sentences of a code, with a gap where the case's own words stand."""
    own = [words for key, words in SENTENCES.items() if key == code or key.startswith(f"{code}.")]
    gap = r"\{[^{}]*\}(\.?\s*\{[^{}]*\})*\.?"  # one, or several in a row, with the full stop
    return CODES[code].title, [re.sub(gap, GAP, words) for words in own]


def _subjects() -> list[tuple[str, list[dict[str, Any]]]]:
    def entry(code: str) -> dict[str, Any]:
        title, sentences = _told(code)
        return {"code": code, "title": title, "sentences": sentences, "acceptable": CODES[code].acceptable}

    return [
        (heading, [entry(code) for code in _codes(Subject(subject))])
        for subject, heading in texts.SUBJECTS.items()
    ]


def _record() -> dict[str, Any] | None:
    """Return the recorded comparison, None where this copy has none."""
    try:
        return dict(json.loads(_read("comparison.json")))
    except FileNotFoundError:
        return None


def _comparison(record: dict[str, Any] | None) -> dict[str, Any]:
    """Count both sides, and group the mistakes by family."""
    entries = record["mistakes"] if record else []
    families = groupby(entries, key=lambda entry: str(entry["family"]))
    return {
        "record": record,
        "sides": [
            {"key": key, "label": label, "counts": Counter(entry[key]["verdict"] for entry in entries)}
            for key, label in texts.SIDES.items()
        ],
        "families": [
            ({"name": name, "slug": re.sub(r"\W+", "-", name.lower())}, list(group))
            for name, group in families
        ],
    }
