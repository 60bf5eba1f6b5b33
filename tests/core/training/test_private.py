"""Names of files that identify someone stay out of the run: out of its findings, and of why it failed."""

import json
from pathlib import Path

import pytest
from tests_training import draw

from counterpoise.core.catalog.scan import scan
from counterpoise.core.catalog.sources import open_sources
from counterpoise.core.safety.check import check
from counterpoise.core.safety.plan import Plan, make_plan
from counterpoise.core.settings import Settings
from counterpoise.core.study.run_folder import RunFolder
from counterpoise.core.training.start import train

NAMES = ("Smith_John_1962-03-04.png", "Berg_Anna.png")


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    """A readable image and one that isn't, both named after people."""
    folder = tmp_path / "images"
    draw(folder, "bright", 12, 110, 1)
    draw(folder, "dark", 12, -80, 2)
    first = sorted((folder / "bright").iterdir())[0]
    first.rename(first.with_name(NAMES[0]))
    (folder / "dark" / NAMES[1]).write_bytes(b"no image")
    settings = Settings().changed({"model.image_size": 32, "training.device": "cpu", "training.epochs": 2})
    catalog = scan(open_sources(folder), settings.data, cache=tmp_path / "cache")
    return make_plan(catalog, settings, run=tmp_path / "run", cache=tmp_path / "cache")


def assert_nobody(run: RunFolder) -> None:
    for path in run.root.rglob("*"):
        if path.is_file():
            held = path.read_bytes()
            assert not any(name.encode() in held for name in ("Smith", "John", "Berg", "Anna")), path.name


def test_findings_in_a_run_name_nobody(plan: Plan) -> None:
    found = check(plan).findings
    assert any(NAMES[0] in path for finding in found for path in finding.paths)
    told: list[dict[str, object]] = []
    assert train(plan, found, emit=told.append) == 0
    assert plan.run is not None
    assert_nobody(RunFolder(plan.run))
    assert "identifiers-present" in {what.get("code") for what in told}
    assert not any(name in json.dumps(told) for name in NAMES)


def test_an_image_that_is_lost_is_named_as_the_run_names_it(plan: Plan) -> None:
    assert plan.catalog.sources.root is not None
    (plan.catalog.sources.root / "bright" / NAMES[0]).write_bytes(b"overwritten")
    held = next(image for image in plan.catalog.images if image.path.endswith(NAMES[0]))
    assert held.part != "test"  # which isn't read
    told: list[dict[str, object]] = []
    assert train(plan, emit=told.append) == 1
    assert plan.run is not None
    assert_nobody(RunFolder(plan.run))
    assert plan.catalog.public_path(held.path) in str(told[-1]["message"])
