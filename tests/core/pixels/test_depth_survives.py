"""One grey level of 12 bits is still there in what a network is given: no step on the way has 8 bits."""

import numpy as np
import pytest
from deep_files import KINDS

from counterpoise.core.catalog.content import content_of
from counterpoise.core.catalog.measure import statistics
from counterpoise.core.catalog.readers import read_frames_of_bytes
from counterpoise.core.pixels.fit import fit_scaling
from counterpoise.core.pixels.format import PixelFormat
from counterpoise.core.pixels.prepare import prepare
from counterpoise.core.pixels.records import RecordFile
from counterpoise.core.settings import ScalingSettings


@pytest.mark.parametrize("size", [(64, 64), (24, 24), (96, 96)])
@pytest.mark.parametrize(("write", "units"), KINDS.values(), ids=KINDS)
@pytest.mark.parametrize("method", ["auto", "minmax", "zscore"])
def test_one_level_reaches_the_network(tmp_path, write, units, size, method):
    dark = np.random.default_rng(0).integers(0, 4095, (64, 64), dtype=np.uint16)
    frames = [next(iter(read_frames_of_bytes(write(dark + np.uint16(step))))) for step in (0, 1)]
    assert {frame.units for frame in frames} == {units}
    assert content_of(frames[0].pixels) != content_of(frames[1].pixels)
    assert statistics(frames[1])[2] - statistics(frames[0])[2] == pytest.approx(1)

    fmt = PixelFormat(size=size, channels=1, units=units)
    with RecordFile.create(tmp_path / "records", 2, fmt.shape, fmt.dtype) as records:
        for slot, frame in enumerate(frames):
            records.write(slot, prepare(frame, fmt))
        kept = records.read([0, 1])
    scaling = fit_scaling(ScalingSettings(method=method), fmt, [kept])
    difference = np.diff(scaling.apply(kept), axis=0)
    level = scaling.scale[0]
    inside = np.percentile(kept, 5), np.percentile(kept, 95)
    clear = (kept[:1] > inside[0]) & (kept[:1] < inside[1])  # the percentiles' clip takes the ends away
    levels = difference[clear] / level
    # Halves between two whole levels are rounded to even ones; nothing coarser may happen.
    assert levels == pytest.approx(1, abs=1.01 if units == "uint16" else 0.02)
    assert levels.mean() == pytest.approx(1, abs=0.02)
