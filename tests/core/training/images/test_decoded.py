"""The scaling of a run, fitted when its images are there."""

import numpy as np
import pytest
from PIL import Image
from tests_training import work_here

from counterpoise.core.catalog.scan import scan
from counterpoise.core.catalog.sources import open_sources
from counterpoise.core.pixels.fit import DegenerateScalingError
from counterpoise.core.safety.plan import make_plan
from counterpoise.core.settings import Settings
from counterpoise.core.training.record import read_config


@pytest.fixture
def nearly_black(tmp_path):
    """16-bit images with a handful of bright pixels each: no range between the 1st and 99th percentile."""
    random = np.random.default_rng(0)
    for label, value in (("faint", 3000), ("strong", 9000)):
        (tmp_path / "data" / label).mkdir(parents=True)
        for number in range(20):
            pixels = np.zeros((40, 40), np.uint16)
            pixels[tuple(random.integers(1, 40, 2))] = value + number
            pixels[0, 0] = number
            Image.fromarray(pixels).save(tmp_path / "data" / label / f"{number}.png")
    return tmp_path


def plan(folder, **changes):
    settings = Settings().changed({"model.image_size": 40, "training.epochs": 1, **changes})
    catalog = scan(open_sources(folder / "data"), settings.data, cache=folder / "cache")
    return make_plan(catalog, settings, run=folder / "run", cache=folder / "cache")


def test_a_suggested_scaling_that_has_no_range_gives_way_to_one_that_has(nearly_black):
    told = work_here(plan(nearly_black))
    config = read_config(told.run)
    assert config.settings.scaling.method == config.scaling.method == "minmax"
    assert config.requested.scaling.method == "auto"


def test_a_chosen_one_is_not_replaced_silently(nearly_black):
    with pytest.raises(DegenerateScalingError):
        work_here(plan(nearly_black, **{"scaling.method": "percentile"}))
