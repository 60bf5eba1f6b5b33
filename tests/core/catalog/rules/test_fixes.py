"""Every fix that a finding about data offers makes the finding go away and brings no blocker of its own."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from counterpoise.core.catalog.types import Catalog
from counterpoise.core.findings import Severity
from counterpoise.core.settings import Settings
from tests.support.tissue import tissue


@dataclass(frozen=True)
class World:
    """Two classes of 12 images, and the means to spoil them."""

    root: Path
    put: Callable[..., Path]


CASES: dict[str, tuple[Callable[[World], None], dict[str, Any]]] = {}


def offers(code: str, **settings: Any) -> Callable[[Callable[[World], None]], Callable[[World], None]]:
    def register(spoil: Callable[[World], None]) -> Callable[[World], None]:
        CASES[f"{code}: {spoil.__name__}"] = (spoil, settings)
        return spoil

    return register


@offers("blank-image")
def a_blank(world: World) -> None:
    Image.new("L", (8, 6), 7).save(world.root / "cat/blank.png")


@offers("duplicate-across-classes")
def one_under_two_labels(world: World) -> None:
    shutil.copy(world.root / "cat/0000.png", world.root / "dog/copy.png")


def in_parts(world: World) -> None:
    for label in ("cat", "dog"):
        shutil.rmtree(world.root / label)
        for part, number in (("train", 40), ("val", 12), ("test", 12)):
            for index in range(number):
                world.put(f"{part}/{label}/p{part}{label}{index // 2}_{index:03}.png")


@offers("duplicate-across-splits")
def a_copy_in_the_test_part(world: World) -> None:
    in_parts(world)
    shutil.copy(world.root / "train/cat/ptraincat0_000.png", world.root / "test/cat/ptestcat0_100.png")


@offers("duplicate-across-splits")
def a_smaller_copy_in_the_test_part(world: World) -> None:
    in_parts(world)
    tissue(1).save(world.root / "train/cat/original.png")
    tissue(1).resize((60, 50)).save(world.root / "test/cat/smaller.png")


@offers("near-duplicate")
def a_crop_in_the_test_part(world: World) -> None:
    in_parts(world)
    tissue(1).save(world.root / "train/cat/original.png")
    tissue(1).crop((2, 3, 118, 98)).save(world.root / "test/cat/crop.png")


@offers("near-duplicate")
def a_smaller_copy_under_another_label(world: World) -> None:
    tissue(1).save(world.root / "cat/original.png")
    tissue(1).resize((60, 50)).save(world.root / "dog/smaller.png")


@offers("patient-across-splits", group_by="name:^(p[a-z]+[0-9]+)_")
def a_patient_in_two_parts(world: World) -> None:
    in_parts(world)
    world.put("test/cat/ptraincat0_100.png")


def named_by_patient(world: World) -> None:
    for label in ("cat", "dog"):
        for number, file in enumerate(sorted((world.root / label).iterdir())):
            file.rename(file.with_name(f"case{number // 2:02}_{label}{number:03}.png"))
        for patient in range(6, 20):
            for number in range(3):
                world.put(f"{label}/case{patient:02}_{label}{patient}{number}.png")


@offers("patients-unknown")
def names_that_look_like_patients(world: World) -> None:
    named_by_patient(world)


@offers("patients-unknown", group_by="name:^(Case[0-9]+)_")
def a_pattern_that_fits_nothing(world: World) -> None:
    named_by_patient(world)


@pytest.mark.parametrize("name", CASES)
def test_a_fix_mends_and_brings_no_blocker(name: str, healthy, put, scanned, found) -> None:
    code = name.partition(":")[0]
    spoil, changes = CASES[name]
    spoil(World(healthy, put))
    settings = Settings().changed({f"data.{key}": value for key, value in changes.items()})
    before = scanned(**settings.data.model_dump())
    (finding,) = found(before, code)
    assert finding.fix is not None
    after = scanned(**settings.changed(finding.fix.set).data.model_dump())
    assert not found(after, code)
    assert blockers(after) <= blockers(before)


def blockers(catalog: Catalog) -> set[str]:
    return {finding.code for finding in catalog.findings if finding.severity == Severity.BLOCKER}


def test_every_rule_that_offers_a_fix_has_a_case() -> None:
    rules = Path(__file__).parents[4] / "core" / "catalog" / "rules"
    offering = {
        file.stem.replace("_", "-")
        for file in rules.glob("*.py")
        if "fix=" in file.read_text(encoding="utf-8") and not file.stem.startswith("_")
    }
    assert offering == {name.partition(":")[0] for name in CASES}
