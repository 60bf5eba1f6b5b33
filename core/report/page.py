"""What all pages share: style, filters, and how they are written."""

from importlib import resources
from pathlib import Path
from typing import Any

import jinja2

from counterpoise.core.errors import CounterpoiseError
from counterpoise.core.findings.words import count, figure, percent, some
from counterpoise.core.report.facts import moment
from counterpoise.core.study.atomic import whole_text

FILTERS = {"metric": figure, "moment": moment, "count": count, "some": some, "percent": percent}


def render_page(template: str, **values: Any) -> str:
    """Return a page of ``resources/report`` filled with ``values``; what isn't Markup is escaped."""
    folder = resources.files("counterpoise.resources").joinpath("report")
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters |= FILTERS
    page = environment.from_string(folder.joinpath(template).read_text(encoding="utf-8"))
    return page.render(style=folder.joinpath("page.css").read_text(encoding="utf-8"), **values)


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
