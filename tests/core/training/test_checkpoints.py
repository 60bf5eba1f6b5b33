import hashlib
import json
import re
import tracemalloc
from io import BytesIO

import numpy as np
import pytest

from counterpoise.core.errors import CounterpoiseError
from counterpoise.core.settings import Settings
from counterpoise.core.training.checkpoints import Checkpoints, identity
from counterpoise.core.training.record import RunConfig


@pytest.fixture
def states(tmp_path):
    return Checkpoints(tmp_path / "checkpoints")


def save(states, number):
    states.save({"a/b": np.full(3, number, np.float32)}, {"epoch": number, "loss": float("inf")})


def write_state(states, number, **members):
    """Write a state by hand, with a hash that fits."""
    buffer = BytesIO()
    np.savez(buffer, **members)
    body = buffer.getvalue()
    states.folder.mkdir(exist_ok=True)
    (states.folder / f"{number:08d}.state").write_bytes(hashlib.sha256(body).digest() + body)


def text(value):
    return np.frombuffer(json.dumps(value).encode(), np.uint8)


def harmed(data, harm):
    flipped = bytearray(data)
    flipped[len(data) // 2] ^= 1
    return {
        "cut": data[: len(data) // 2],
        "flip": bytes(flipped),
        "empty": b"",
        "hash": bytes(32) + data[32:],
        "text": b"not a state at all",
        "longer": data + b"x",
    }[harm]


HARMS = ("cut", "flip", "empty", "hash", "text", "longer")


def test_a_state_comes_back_as_it_was(states):
    save(states, 1)
    arrays, plain = states.load()
    assert arrays["a/b"].dtype == np.float32
    assert list(arrays["a/b"]) == [1, 1, 1]
    assert plain == {"epoch": 1, "loss": float("inf")}


def test_an_array_of_several_megabytes_comes_back_as_it_was(states):
    large = np.random.default_rng(0).normal(size=(1000, 1000)).astype(np.float32)
    states.save({"large": large.T, "none": np.empty((0, 3))}, {})
    arrays, _ = states.load()
    assert (arrays["large"] == large.T).all()
    assert arrays["none"].shape == (0, 3)


def test_saving_takes_no_second_state_of_memory(states):
    arrays = {str(number): np.zeros(4_000_000, np.float32) for number in range(4)}
    tracemalloc.start()
    try:
        states.save(arrays, {})
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < sum(array.nbytes for array in arrays.values()) / 2


def test_nothing_is_no_state(states):
    assert states.load() is None


def test_the_last_two_are_kept(states):
    for number in range(5):
        save(states, number)
    assert [p.name for p in sorted(states.folder.iterdir())] == ["00000004.state", "00000005.state"]
    assert states.load()[1]["epoch"] == 4


@pytest.mark.parametrize("harm", [*HARMS, "remove"])
def test_a_damaged_state_gives_way_to_the_one_before(tmp_path, harm):
    told = []
    states = Checkpoints(tmp_path / "checkpoints", tell=told.append)
    save(states, 1)
    save(states, 2)
    path = states.folder / "00000002.state"
    if harm == "remove":
        path.unlink()
    else:
        path.write_bytes(harmed(path.read_bytes(), harm))
    assert states.load()[1]["epoch"] == 1
    if harm == "remove":
        assert told == []
    else:
        assert told[0].evidence == {"damaged": ["00000002.state"], "used": "00000001.state", "attempt": 0}
        assert "the one before it, 00000001.state" in told[0].message


def test_a_damaged_state_pushes_no_good_one_out(states):
    save(states, 1)
    save(states, 2)
    (states.folder / "00000002.state").write_bytes(b"")
    assert states.load()[1]["epoch"] == 1
    save(states, 3)
    assert [p.name for p in sorted(states.folder.iterdir())] == ["00000001.state", "00000003.state"]


def test_where_both_are_damaged_it_begins_anew_and_says_so(tmp_path):
    told = []
    states = Checkpoints(tmp_path / "checkpoints", tell=told.append)
    for number in (1, 2):
        save(states, number)
        (states.folder / f"{number:08d}.state").write_bytes(b"")
    assert states.load() is None
    assert [finding.code for finding in told] == ["process-died"]
    assert told[0].evidence == {
        "damaged": ["00000001.state", "00000002.state"],
        "used": None,
        "attempt": 0,
    }
    assert "it begins anew" in told[0].message


def test_a_state_of_another_run_is_refused(tmp_path):
    save(Checkpoints(tmp_path / "checkpoints", of="a run"), 1)
    assert Checkpoints(tmp_path / "checkpoints", of="a run").load()[1]["epoch"] == 1
    with pytest.raises(
        CounterpoiseError, match=r"belongs to another run or to other settings: .*config\.toml"
    ):
        Checkpoints(tmp_path / "checkpoints", of="another run").load()


def test_a_state_of_the_first_version_which_does_not_say_whose_it_is_is_taken(tmp_path):
    states = Checkpoints(tmp_path / "checkpoints", of="a run")
    write_state(states, 1, plain=text({"epoch": 1}), **{"array/a": np.zeros(2)})
    assert states.load()[1] == {"epoch": 1}


def test_a_field_that_a_later_version_adds_makes_no_other_run():
    class Later(RunConfig):
        added: int = 3

    fields = {
        "id": "0" * 32,
        "created": "2026-01-01T00:00:00+00:00",
        "version": "0.1.0",
        "labels": ("a", "b"),
        "counts": {"a": 1, "b": 1},
        "weights": {"a": 1.0, "b": 1.0},
        "prevalence": {"a": 0.5, "b": 0.5},
        "device": "cpu",
        "format": {"size": (32, 32), "channels": 1, "units": "uint8"},
        "settings": Settings().changed({"training.epochs": 5}),
        "requested": Settings(),
    }
    config = RunConfig(**fields)
    assert identity(Later(**fields)) == identity(config)
    for change in (
        {"id": "1" * 32},
        {"weights": {"a": 1.0, "b": 2.0}},
        {"settings": Settings()},
        {"split_sha256": "0" * 64},
    ):
        assert identity(RunConfig(**{**fields, **change})) != identity(config)


def test_a_state_of_a_newer_program_is_refused(states):
    save(states, 1)
    about = text({"format_version": 99, "of": None})
    write_state(states, 2, about=about, plain=text({"epoch": 2}))
    with pytest.raises(CounterpoiseError, match="newer Counterpoise"):
        states.load()
    assert len(list(states.folder.iterdir())) == 2


def test_what_a_death_left_half_written_is_passed_over(states):
    save(states, 1)
    (states.folder / "00000002.partial").write_bytes(b"half")
    assert states.load()[1]["epoch"] == 1
    states.clear()
    assert not states.folder.exists()


def test_clearing_leaves_what_is_not_its_own(states):
    save(states, 1)
    (states.folder / "notes.txt").write_text("mine")
    states.clear()
    assert [p.name for p in states.folder.iterdir()] == ["notes.txt"]


def test_a_run_folder_that_has_gone_is_said_and_not_made_again(tmp_path):
    states = Checkpoints(tmp_path / "run" / "checkpoints")
    with pytest.raises(CounterpoiseError, match=re.escape(f"{tmp_path / 'run'}, has gone")):
        save(states, 1)
    assert not (tmp_path / "run").exists()


def test_a_pickle_is_not_opened(states):
    save(states, 1)
    write_state(states, 9, plain=np.array([{"epoch": 9}], dtype=object))
    assert states.load()[1]["epoch"] == 1
