"""What all pages share: style, filters, and how they are written."""

from importlib import resources
from pathlib import Path
from typing import Any

import jinja2

from counterpoise.core.errors import CounterpoiseError, UsageError
from counterpoise.core.findings.words import count, figure, percent, some
from counterpoise.core.report.facts import moment
from counterpoise.core.study.atomic import whole_text

ENDINGS = (".html", ".htm")
FILTERS = {"metric": figure, "moment": moment, "count": count, "some": some, "percent": percent}


def render_page(template: str, **values: Any) -> str:
    """Return a page of ``resources/report`` filled with ``values``; what isn't Markup is escaped."""
    folder = resources.files("counterpoise.resources").joinpath("report")

    def held(name: str) -> str:
        return folder.joinpath(name).read_text(encoding="utf-8")

    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(held),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= FILTERS
    return environment.get_template(template).render(style=held("page.css"), **values)


def refuse_other_than_page(out: Path) -> None:
    """Raise UsageError where the name of a report tells of another kind of file."""
    if out.suffix.lower() not in ENDINGS:
        raise UsageError(f"The report is a page: expected a name that ends in .html, received '{out.name}'.")


def as_page(out: Path) -> Path:
    """Return ``out`` with the ending of a page, which a person may leave out.

    >>> as_page(Path("my report.2026")).name
    'my report.2026.html'
    """
    return out if out.suffix.lower() in ENDINGS else out.with_name(f"{out.name}.html")


def write_page(out: Path, text: str) -> None:
    """Write a page in one step, over an older one; raises CounterpoiseError where it can't be written."""
    try:
        with whole_text(out) as page:
            page.write(text)
    except OSError as error:
        raise CounterpoiseError(
            f"The report {out} can't be written ({error.strerror}). Choose a file in a folder that exists "
            "and can be written."
        ) from None
