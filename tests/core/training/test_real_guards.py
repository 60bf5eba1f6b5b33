"""Guards of the quick way on real images: silent with default settings, right where a fault is planted."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests_training import work_here

from counterpoise.core.catalog.scan import scan
from counterpoise.core.catalog.sources import open_sources
from counterpoise.core.safety.plan import make_plan
from counterpoise.core.settings import Settings

REAL = Path(__file__).resolve().parents[4] / "shared" / "data"
pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(1200),
    pytest.mark.skipif(not REAL.is_dir(), reason="the real image sets aren't on this computer"),
]
SETS = {
    "pneumoniamnist": ("pneumoniamnist", None),
    "bccd": ("bccd_crops", None),
    "rbc12": ("rbc12_crops", None),
    "view": ("hannover_cxr/view", None),
    "sex": ("hannover_cxr", "hannover_cxr/sex.csv"),
}


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def train(tmp_path, cache):
    def trained(name, relabel=lambda images: images, **changes):
        data, labels = SETS[name]
        settings = Settings().changed({"training.device": "cpu", **changes})
        sources = open_sources(REAL / data, labels=REAL / labels if labels else None)
        catalog = scan(sources, settings.data, cache=cache)
        catalog = replace(catalog, images=relabel(catalog.images))
        told = work_here(make_plan(catalog, settings, run=tmp_path / "run", cache=cache))
        return [(event["code"], event["severity"]) for event in told.of("guard")]

    return trained


def shuffled(images):
    """Return images whose labels are dealt out anew within each part."""
    random = np.random.default_rng(0)
    found = list(images)
    for part in ("train", "val"):
        places = [place for place, image in enumerate(images) if image.part == part]
        for place, source in zip(places, random.permutation(places), strict=True):
            found[place] = replace(found[place], label=images[source].label)
    return tuple(found)


@pytest.mark.parametrize("name", SETS)
def test_default_settings_are_silent(train, name):
    assert train(name) == []


@pytest.mark.parametrize("name", ["pneumoniamnist", "bccd"])
def test_labels_without_sense_are_no_signal_and_no_fault(train, name):
    assert train(name, shuffled) == [("no-signal", "info")]


def test_a_weight_of_a_million_ends_in_one_class_for_all(train):
    weights = {"Platelets": 1e6, "RBC": 1.0, "WBC": 1.0}
    told = train("bccd", **{"weighting.method": "custom", "weighting.custom": weights})
    assert told[0] == ("class-collapse", "warning")


def test_balanced_weights_that_sum_to_one_are_harmless_here(train):
    assert train("bccd", **{"weighting.method": "balanced", "weighting.normalize": "sum_one"}) == []


def test_steps_far_too_long_lead_back_and_on(train):
    told = train("bccd", **{"training.optimizer": "sgd", "training.learning_rate": 10.0})
    assert {code for code, _ in told} == {"exploding-loss"}
