import hashlib
from io import BytesIO

import numpy as np
import pytest

from counterpoise.core.training.checkpoints import Checkpoints


@pytest.fixture
def states(tmp_path):
    return Checkpoints(tmp_path / "checkpoints")


def save(states, number):
    states.save({"a/b": np.full(3, number, np.float32)}, {"epoch": number, "loss": float("inf")})


def test_a_state_comes_back_as_it_was(states):
    save(states, 1)
    arrays, plain = states.load()
    assert arrays["a/b"].dtype == np.float32
    assert list(arrays["a/b"]) == [1, 1, 1]
    assert plain == {"epoch": 1, "loss": float("inf")}


def test_nothing_is_no_state(states):
    assert states.load() is None


def test_the_last_two_are_kept(states):
    for number in range(5):
        save(states, number)
    assert [p.name for p in sorted(states.folder.iterdir())] == ["00000004.state", "00000005.state"]
    assert states.load()[1]["epoch"] == 4


@pytest.mark.parametrize("harm", ["cut", "flip", "empty", "remove"])
def test_a_damaged_state_gives_way_to_the_one_before(states, harm):
    save(states, 1)
    save(states, 2)
    path = states.folder / "00000002.state"
    data = bytearray(path.read_bytes())
    if harm == "remove":
        path.unlink()
    else:
        data[len(data) // 2] ^= 1
        path.write_bytes({"cut": bytes(data[: len(data) // 2]), "flip": bytes(data), "empty": b""}[harm])
    assert states.load()[1]["epoch"] == 1


def test_what_a_death_left_half_written_is_passed_over(states):
    save(states, 1)
    (states.folder / "00000002.partial").write_bytes(b"half")
    assert states.load()[1]["epoch"] == 1
    states.clear()
    assert not states.folder.exists()


def test_a_pickle_is_not_opened(states):
    save(states, 1)
    buffer = BytesIO()
    np.savez(buffer, plain=np.array([{"epoch": 9}], dtype=object))
    body = buffer.getvalue()
    (states.folder / "00000009.state").write_bytes(hashlib.sha256(body).digest() + body)
    assert states.load()[1]["epoch"] == 1
