import json

import numpy as np
import pytest

from counterpoise.core.jobs.events import event, from_line, to_line
from counterpoise.core.jobs.memory_record import MemoryRecord


def test_a_line_is_strict_json():
    what = event("epoch", loss=float("nan"), auc=np.float32(0.5), counts=np.array([1, 2]), best=float("inf"))
    parsed = json.loads(to_line(what), parse_constant=pytest.fail)
    assert parsed["loss"] is None
    assert parsed["best"] is None
    assert parsed["auc"] == 0.5
    assert parsed["counts"] == [1, 2]


@pytest.mark.parametrize("line", ["", "{", '{"a": 1}', "[1]", '{"event": 3}'])
def test_what_is_no_event_gives_none(line):
    assert from_line(line) is None


def test_memory_is_blamed_only_where_the_system_says_so(tmp_path):
    record = MemoryRecord(tmp_path / "memory.events")
    assert record.reading() == 0
    record_file = tmp_path / "memory.events"
    record_file.write_text("low 0\noom 1\noom_kill 2\n")
    assert record.since(1)
    assert not record.since(2)
