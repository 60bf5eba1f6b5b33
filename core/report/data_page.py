"""The report of the data: one page that holds everything and asks for nothing."""

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from counterpoise.core.catalog.distributions.pictures import Pictures
from counterpoise.core.catalog.distributions.words import (
    TITLES,
    about_average,
    about_curves,
    about_kinds,
    about_sizes,
    look_for,
    not_read,
)
from counterpoise.core.catalog.types import PARTS, Catalog, Sources
from counterpoise.core.errors import CounterpoiseError
from counterpoise.core.findings import Severity
from counterpoise.core.findings.words import count
from counterpoise.core.report.data_charts import brightness_svg, picture, sign_svg, sizes_svg
from counterpoise.core.report.data_facts import HOW, DataReport, gather_data
from counterpoise.core.report.page import render_page, write_page

FEWEST_AVERAGED = 5
"""Images below which an average is all but the picture of a single patient, with what is written on it."""
TOO_FEW = " Classes of fewer than {} images are left out: their average would all but show one patient."
NAMES = (
    "Patients are only counted. Names of files and folders are shown as they are{}, except those that look "
    "like a person's name, a date or a record number."
)
NAMES_TELL = ", and they tell whose image it is"
"""Where patients were told apart by such names."""
SEVERITY = {"blocker": "Must be mended", "warning": "Warning", "info": "Good to know"}


def write_data_report(catalog: Catalog, pictures: Pictures, out: Path) -> None:
    """Write ``out``, a self-contained HTML page about the images of a catalog.

    It holds no path but those inside the data folder, and none that identifies anyone. Raises
    CounterpoiseError where ``out`` can't be written or lies among the images.
    """
    refuse_among_images(catalog.sources, out)
    write_page(out, render_data(gather_data(catalog, pictures)))


def refuse_among_images(sources: Sources, out: Path) -> None:
    """Raise CounterpoiseError where ``out`` would lie in a folder of images: nothing is written there."""
    folders = [sources.root, *(folder for _, folder in sources.classes)]
    for folder in filter(None, folders):
        if out.resolve().is_relative_to(folder.resolve()):
            raise CounterpoiseError(
                f"The report {out.name} would lie among the images in {folder}, where nothing is written. "
                "Choose a file in another folder."
            )


def render_data(report: DataReport, now: float | None = None) -> str:
    """Return the page; ``now`` are the seconds since the epoch that it bears."""
    return render_page(
        "data.html",
        report=report,
        now=time.time() if now is None else now,
        sentence=one_sentence(report),
        names=about_names(report),
        parts=PARTS,
        severity=SEVERITY,
        how=HOW,
        pictures=drawn(report),
        signs=[sign_svg(number) for number in range(len(report.facts.labels))],
    )


def about_names(report: DataReport) -> str:
    """Return what the page tells of whose the images are: findings name files, and a name may tell."""
    told = report.patients is not None and report.patients.source in ("name", "folder")
    return NAMES.format(NAMES_TELL if told else "")


def one_sentence(report: DataReport) -> str:
    """Return the whole in one sentence: how much there is, and whether anything must be done.

    (A data set without a finding above info is worth saying so of.)
    """
    head = f"{count(report.images, 'image')} in {count(len(report.classes), 'class', 'classes')}"
    if report.patients is not None:
        head += f" of {count(len(report.patients.each), 'patient')}"
    number = {level: sum(f.severity == level for f in report.findings) for level in Severity}
    if number[Severity.BLOCKER]:
        found = f"{count(number[Severity.BLOCKER], 'thing')} must be mended before training"
    elif number[Severity.WARNING]:
        found = f"{count(number[Severity.WARNING], 'thing')} to look at before training"
    else:
        found = "nothing was found that would spoil a training"
    return f"{head}; {found}."


def drawn(report: DataReport) -> Mapping[str, Mapping[str, Any]]:
    """Return what the page shows of each picture: title, words, and the picture itself."""
    facts, made = report.facts, report.pictures
    few = any(0 < images < FEWEST_AVERAGED for images in made.images)
    own: dict[str, dict[str, Any]] = {
        "brightness": {
            "about": " ".join(filter(None, (about_curves(made), not_read(made)))),
            "svg": brightness_svg(made, facts),
        },
        "sizes": {
            "about": about_sizes(facts.sizes),
            "svg": "" if facts.sizes.only is not None else sizes_svg(facts.sizes, facts.labels),
        },
        "average": {
            "about": about_average(made) + (TOO_FEW.format(FEWEST_AVERAGED) if few else ""),
            "tiles": [
                (number, label, picture(made.shown_mean(number)), picture(made.shown_spread(number)))
                for number, label in enumerate(made.labels)
                if made.images[number] >= FEWEST_AVERAGED
            ],
        },
        "kinds": {"about": about_kinds(facts.kinds)},
    }
    return {
        name: {
            "title": TITLES[name],
            "look_for": look_for(name, facts.sizes, facts.kinds),
            "beside": facts.beside[name],
            **rest,
        }
        for name, rest in own.items()
    }
