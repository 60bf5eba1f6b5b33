"""The images that checks look at are decoded where a damaged one does no harm."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from counterpoise.core.catalog.scan import scan
from counterpoise.core.catalog.sources import open_sources
from counterpoise.core.pixels.choose import choose_format
from counterpoise.core.safety import sample
from counterpoise.core.settings import DataSettings


@pytest.mark.parametrize(("ending", "elsewhere"), [("png", False), ("tif", True)])
def test_tiff_and_dicom_are_decoded_in_another_process(tmp_path, monkeypatch, ending, elsewhere):
    monkeypatch.setenv("COUNTERPOISE_HOME", str(tmp_path / "home"))
    for number in range(6):
        pixels = np.random.default_rng(number).integers(0, 200, (40, 40), dtype=np.uint8)
        file = tmp_path / "data" / "ab"[number % 2] / f"{number}.{ending}"
        file.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(pixels).save(file)
    catalog = scan(open_sources(tmp_path / "data"), DataSettings())
    here: list[Path] = []
    read_frame = sample.read_frame
    monkeypatch.setattr(
        sample, "read_frame", lambda path, frame: here.append(path) or read_frame(path, frame)
    )
    sample._decoded.cache_clear()
    drawn = sample.draw_sample(catalog.sources, catalog.images, choose_format(catalog.images, 64))
    assert drawn.low[0] < 20
    assert 180 < drawn.high[0] < 200
    assert bool(here) is not elsewhere
