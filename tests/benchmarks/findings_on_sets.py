"""Which findings real sets bring, as they are and with faults planted in copies of them.

    python tests/benchmarks/findings_on_sets.py [WORD ...]

Prints one line per case: what had to be found and what was found. A case is wrong where an expected finding
is missing, or where a warning or blocker comes that wasn't expected. WORDs choose the cases whose name holds
one. Nothing is planted in the real sets themselves; the planted ones lie in a temporary folder.
"""

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from common import DATA
from PIL import Image
from planted import (
    Plant,
    again,
    blank,
    brighter,
    cropped,
    cut_short,
    deep,
    each,
    files,
    framed,
    half,
    in_colour,
    labelled,
    larger,
    named_by_patient,
    named_for_a_person,
    not_a_number,
    only,
    oversized,
    same,
    stack,
    tagged,
    tinted,
    wider,
)

from counterpoise.core.catalog.scan import scan
from counterpoise.core.catalog.sources import open_sources
from counterpoise.core.catalog.types import Catalog
from counterpoise.core.settings import DataSettings

Found = dict[str, str]
"""The gravest severity of each code."""
QUIET = ("part-made", "patients-unknown")
"""Infos that a faultless set brings."""


@dataclass(frozen=True)
class Case:
    name: str
    base: Callable[[Path], Path]
    """Copies images into a folder, and returns what is to be scanned."""
    plant: Plant = lambda _: None
    expected: Mapping[str, str] = field(default_factory=dict)
    """Severity by code."""
    settings: Mapping[str, Any] = field(default_factory=dict)
    tells: str = ""
    """The property that ``shortcut`` must name."""


def chest(to: Path) -> Path:
    """Children's chest X-rays, 28 px, grey: 120 of either class; two of them have the same pixels."""
    for label in ("normal", "pneumonia"):
        for file in sorted((DATA / "pneumoniamnist/train" / label).iterdir())[:120]:
            copied(file, to / label)
    return to


def chest_parts(to: Path) -> Path:
    """The same from the published parts: 60, 30 and 30 of either class."""
    for part, number in (("train", 60), ("val", 30), ("test", 30)):
        for label in ("normal", "pneumonia"):
            for file in sorted((DATA / "pneumoniamnist" / part / label).iterdir())[:number]:
                copied(file, to / part / label)
    return to


def cells(to: Path) -> Path:
    """Red cells, 72 px, colour: 120 of two shapes."""
    for label in ("00_normal", "08_burr"):
        for file in sorted((DATA / "rbc12_crops" / label).iterdir())[:120]:
            copied(file, to / label)
    return to


def lungs(to: Path) -> Path:
    """Adults' chest X-rays, 640 px wide, by sex: two images of every patient at most."""
    seen: dict[str, int] = {}
    for line in (DATA / "hannover_cxr/sex.csv").read_text().splitlines()[1:]:
        path, label, patient = line.split(",")
        seen[patient] = seen.get(patient, 0) + 1
        if seen[patient] <= 2:
            copied(DATA / "hannover_cxr" / path, to / label)
    return to


def copied(file: Path, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(file, folder / file.name)


def whole(name: str) -> Callable[[Path], Path]:
    """The real set itself, which is only read."""
    return lambda _: DATA / name


WARNING, BLOCKER, INFO = "warning", "blocker", "info"
BY_NAME = {"group_by": "name:^([^_]+)_"}
HEALTHY = (
    Case("chest", chest),
    Case("chest, own parts", chest_parts),
    Case("cells", cells),
    Case("lungs by patient", lungs, settings=BY_NAME),
    # What is true of the whole sets: README of shared/data and tests/core/catalog/test_real_sets.py.
    Case("all of pneumoniamnist", whole("pneumoniamnist"), expected={"duplicate-across-splits": WARNING}),
    Case("all of bccd_crops", whole("bccd_crops"), expected={"shortcut": WARNING}),
    Case(
        "all of rbc12_crops by smear",
        whole("rbc12_crops"),
        expected={"near-duplicate": WARNING, "shortcut": WARNING},
        settings=BY_NAME,
    ),
    Case(
        "all of hannover_cxr by view",
        whole("hannover_cxr/view"),
        expected={"shortcut": WARNING},
        settings=BY_NAME,
    ),
    Case(
        "all of hannover_cxr by sex",
        whole("hannover_cxr"),
        settings={"labels": str(DATA / "hannover_cxr/sex.csv")},
    ),
)
SHORTCUTS: Mapping[str, tuple[str, Plant, Mapping[str, str]]] = {
    "a class larger": ("size", each(larger), {}),
    "a class wider": ("aspect", each(wider), {}),
    "a class as JPEG": ("type", each(same, ".jpg", quality=95), {}),
    "a class as BMP": ("type", each(same, ".bmp"), {}),
    "a class with a black border": ("border", each(framed), {}),
    "a class brighter": ("brightness", each(brighter(60)), {}),
    "a class with 16 bits": ("depth", each(deep), {"mixed-depth": WARNING}),
    "four of five of a class as JPEG": ("type", each(same, ".jpg", 0.8, quality=95), {}),
}
PLANTED = (
    *(
        Case(f"{base.__name__}: {name}", base, plant, {"shortcut": WARNING, **more}, settings, tells)
        for name, (tells, plant, more) in SHORTCUTS.items()
        for base, settings in ((chest, {}), (cells, {}), (lungs, BY_NAME))
        if not (base is cells and name == "a class with 16 bits")  # that makes it grey, too: below
    ),
    Case(
        "chest: a class stored as colour",
        chest,
        each(in_colour),
        {"shortcut": WARNING, "mixed-color": WARNING},
        tells="color",
    ),
    Case(
        "chest: a class in colour",
        chest,
        each(tinted),
        {"shortcut": WARNING, "mixed-color": WARNING},
        tells="color",
    ),
    Case(
        "cells: a class in grey",
        cells,
        each(lambda i: i.convert("L")),
        {"shortcut": WARNING, "mixed-color": WARNING},
        tells="color",
    ),
    Case("chest: a tenth of a class brighter", chest, each(brighter(60), share=0.1)),
    Case("chest: a class hardly brighter", chest, each(brighter(5))),
    Case("chest: a tenth of a class as JPEG", chest, each(same, ".jpg", 0.1)),
    Case("chest: an image in colour", chest, each(tinted, share=0.01), {"mixed-color": INFO}),
    Case("chest: an image of 16 bits", chest, each(deep, share=0.01), {"mixed-depth": INFO}),
    Case(
        "chest: a large image",
        chest,
        each(lambda i: i.resize((200, 200)), share=0.01),
        {"outlier-size": INFO},
    ),
    Case("chest: damaged files", chest, cut_short, {"unreadable-image": WARNING}),
    Case("chest: too many pixels", chest, oversized, {"oversized-image": WARNING}),
    Case("chest: NaN", chest, not_a_number, {"non-finite-pixels": WARNING}),
    Case("chest: a blank image", chest, blank, {"blank-image": WARNING}),
    Case(
        "chest: text files",
        chest,
        lambda r: (r / "normal/notes.txt").write_text("x"),
        {"unsupported-file": INFO},
    ),
    Case(
        "chest: a misleading name",
        chest,
        lambda r: files(r)[0].rename(r / "normal/x.jpg"),
        {"extension-mismatch": INFO},
    ),
    Case("chest: an empty class", chest, lambda r: (r / "other").mkdir(), {"empty-class": BLOCKER}),
    Case("chest: one class", chest, lambda r: shutil.rmtree(r / "normal"), {"single-class": BLOCKER}),
    Case("chest: two of a class", chest, only(2), {"class-too-small": BLOCKER, "class-imbalance": WARNING}),
    Case("chest: six of a class", chest, only(6), {"class-too-small": WARNING, "class-imbalance": WARNING}),
    Case("chest: a class of a fourth", chest, only(30), {"class-imbalance": INFO}),
    Case(
        "chest: the same name twice",
        chest,
        lambda r: shutil.copytree(r / "normal", r / "Normal "),
        {"class-name-collision": WARNING, "duplicate-across-classes": WARNING},
    ),
    Case("chest: a copy", chest, again("normal", "normal/copy.bmp"), {"duplicate-images": INFO}),
    Case(
        "chest: a copy under two labels",
        chest,
        again("normal", "pneumonia/copy.png"),
        {"duplicate-across-classes": WARNING},
    ),
    Case("lungs: half under two labels", lungs, again("f", "m/half.png", half), {"near-duplicate": WARNING}),
    Case("chest: a name", chest, named_for_a_person, {"identifiers-present": WARNING}),
    Case("chest: a name in the file", chest, tagged, {"identifiers-present": WARNING}),
    Case("chest: several frames", chest, stack, {"multi-frame": INFO, "duplicate-images": INFO}),
    Case(
        "chest: a labels file with a slip",
        chest,
        labelled,
        {"label-unknown": BLOCKER},
        {"labels": "labels.csv"},
    ),
    Case(
        "parts: a copy in test",
        chest_parts,
        again("train/normal", "test/normal/copy.png"),
        {"duplicate-across-splits": WARNING},
    ),
    Case(
        "parts: a JPEG of it in test",
        chest_parts,
        again("train/normal", "test/normal/copy.jpg", quality=90),
        {"duplicate-across-splits": WARNING},
    ),
    Case(
        "parts: two in test, resized",
        chest_parts,
        lambda r: [
            again(
                f"train/{label}",
                f"test/{label}/copy.png",
                lambda i: i.resize((42, 42), Image.Resampling.BICUBIC),
            )(r)
            for label in ("normal", "pneumonia")
        ],
        {"duplicate-across-splits": BLOCKER},
    ),
    Case(
        "parts: a crop in test",
        chest_parts,
        again("train/normal", "test/normal/crop.png", cropped),
        {"near-duplicate": WARNING},
    ),
    Case("parts: by patient", chest_parts, named_by_patient, {}, BY_NAME),
    Case(
        "parts: a patient in two",
        chest_parts,
        lambda r: named_by_patient(r, across=True),
        {"patient-across-splits": BLOCKER},
        BY_NAME,
    ),
)


def gravest(catalog: Catalog) -> Found:
    found: Found = {}
    for finding in catalog.findings:  # the most urgent first
        found.setdefault(finding.code, str(finding.severity))
    return found


def scanned(case: Case) -> Catalog:
    """Plant and scan, with a home of its own."""
    with tempfile.TemporaryDirectory() as name:
        os.environ["COUNTERPOISE_HOME"] = str(Path(name) / "home")
        root = case.base(Path(name) / "data")
        case.plant(root)
        return scan(open_sources(root), DataSettings.model_validate(dict(case.settings)))


def told_by(catalog: Catalog) -> list[str]:
    """Return the properties that ``shortcut`` names, the clearest first."""
    findings = [finding for finding in catalog.findings if finding.code == "shortcut"]
    return [entry["property"] for finding in findings for entry in finding.evidence["properties"]]


def wrong(case: Case, catalog: Catalog) -> list[str]:
    """Return what is missing, and what isn't expected."""
    found = gravest(catalog)
    missing = [f"{c} ({s}) missing" for c, s in case.expected.items() if found.get(c) != s]
    more = [f"{c} ({s}) too much" for c, s in found.items() if s != INFO and c not in case.expected]
    if case.tells and case.tells not in told_by(catalog):
        missing.append(f"shortcut doesn't name {case.tells}")
    return missing + more


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("words", nargs="*")
    words = parser.parse_args().words
    chosen = [case for case in (*HEALTHY, *PLANTED) if not words or any(word in case.name for word in words)]
    bad = 0
    for case in chosen:
        catalog = scanned(case)
        found, faults = gravest(catalog), wrong(case, catalog)
        bad += bool(faults)
        told = ", ".join(f"{c} ({s})" for c, s in found.items() if c not in QUIET or s != INFO) or "nothing"
        if "shortcut" in found:
            told += f"; told by {', '.join(told_by(catalog))}"
        print(f"{'WRONG' if faults else 'ok':6}{case.name:44} {told}", flush=True)
        for fault in faults:
            print(f"      {fault}")
    print(f"{len(chosen) - bad} of {len(chosen)} as expected")
    sys.exit(bool(bad))


if __name__ == "__main__":
    main()
