"""Saved states that were damaged, lost or mixed up between a pause and going on."""

import hashlib
import shutil
import signal
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from fault_runs import Place, assert_same, fault, one_sentence, resumable


@pytest.fixture
def place(stopped):
    return stopped


def states(place):
    return sorted(place.run.checkpoints.iterdir())


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 3] ^= 16
    path.write_bytes(data)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-100])


def empty(path: Path) -> None:
    path.write_bytes(b"")


def zeros(path: Path) -> None:
    """As a file system leaves it after a power cut."""
    path.write_bytes(bytes(path.stat().st_size))


def with_hash(path: Path, **members: np.ndarray) -> None:
    buffer = BytesIO()
    np.savez(buffer, **members)
    path.write_bytes(hashlib.sha256(buffer.getvalue()).digest() + buffer.getvalue())


def pickled(path: Path) -> None:
    with_hash(path, plain=np.array([{"epoch": 9}], dtype=object))


def foreign(path: Path) -> None:
    path.write_bytes(Path(__file__).read_bytes())


@pytest.mark.parametrize(
    "harm",
    [
        fault("one bit of the newest state flipped", flip, quick=True),
        fault("newest state cut short", cut),
        fault("newest state empty", empty),
        fault("newest state full of zeros", zeros),
        fault("newest state replaced by a pickle with a hash that fits", pickled),
        fault("newest state replaced by another file", foreign),
    ],
)
def test_the_state_before_is_taken_and_it_is_said(place, unbroken, harm):
    before, newest = states(place)
    harm(newest)
    ended = place.resume()
    assert ended.status == 0, ended.last
    (guard,) = ended.of("guard")
    assert (guard["evidence"]["damaged"], guard["evidence"]["used"]) == ([newest.name], before.name)
    assert_same(place.run, unbroken("paused"))


@pytest.mark.parametrize(
    "harm",
    [
        fault("both states flipped", flip),
        fault("both states cut short", cut),
        fault("both states empty", empty),
    ],
)
def test_without_a_whole_state_it_begins_anew_and_says_so(place, unbroken, harm):
    for state in states(place):
        harm(state)
    ended = place.resume()
    assert ended.status == 0, ended.last
    (guard,) = ended.of("guard")
    assert guard["evidence"]["used"] is None
    assert "begins anew" in guard["message"]
    assert_same(place.run, unbroken("paused"))


@pytest.mark.parametrize("which", [fault("newest state deleted", -1), fault("older state deleted", 0)])
def test_one_state_is_enough(place, unbroken, which):
    states(place)[which].unlink()
    assert place.resume().status == 0
    assert_same(place.run, unbroken("paused"))


@pytest.mark.long
def test_with_the_folder_of_states_deleted_it_begins_anew(place, unbroken):
    shutil.rmtree(place.run.checkpoints)
    assert place.resume().status == 0
    assert_same(place.run, unbroken("paused"))


@pytest.mark.long
def test_a_half_written_state_is_passed_over(place, unbroken):
    newest = states(place)[-1]
    newest.with_name("00000009.partial").write_bytes(newest.read_bytes()[:1000])
    ended = place.resume()
    assert (ended.status, ended.guards) == (0, [])
    assert_same(place.run, unbroken("paused"))


@pytest.mark.long
def test_the_state_of_another_run_is_refused(place):
    kept = states(place)[-1].read_bytes()
    with Place(place.root / "other", place.data, "paused", {"training.seed": 5}) as other:
        training = other.train()
        training.until(lambda e: e.get("epoch") == 40)
        training.send(signal.SIGTERM)
        training.end()
        for state in other.run.checkpoints.iterdir():
            state.write_bytes(kept)
        ended = other.resume()
        resumable(ended)
        assert "belongs to another run or to other settings" in ended.last["message"]
        shutil.rmtree(other.run.checkpoints)  # what the sentence says
        assert other.resume().status == 0


@pytest.mark.long
def test_settings_changed_by_hand_between_pause_and_resume_are_refused(place, unbroken):
    config = place.run.config.read_text()
    assert "learning_rate = 0.001" in config
    place.run.config.write_text(config.replace("learning_rate = 0.001", "learning_rate = 0.01"))
    ended = place.resume()
    resumable(ended)
    assert "Put config.toml back as it was" in ended.last["message"]
    place.run.config.write_text(config)
    assert place.resume().status == 0
    assert_same(place.run, unbroken("paused"))


@pytest.mark.long
def test_the_state_of_a_newer_program_is_refused(place):
    about = np.frombuffer(b'{"format_version": 99}', np.uint8)
    with_hash(states(place)[-1], about=about, plain=np.frombuffer(b"{}", np.uint8))
    ended = place.resume()
    resumable(ended)
    assert "was written by a newer Counterpoise" in ended.last["message"]


@pytest.mark.long
def test_a_file_in_the_place_of_the_folder_of_states_is_one_sentence(place):
    shutil.rmtree(place.run.checkpoints)
    place.run.checkpoints.write_text("mine")
    ended = place.resume()
    if ended.status:
        one_sentence(ended.last["message"])


@pytest.mark.long
def test_a_plain_network_goes_on_in_mid_pass_from_the_state_before(few, tmp_path, unbroken):
    with Place(tmp_path, few, "scratch") as place:
        for resume, epoch in ((False, 3), (True, 6)):
            training = place.train(resume=resume)
            training.until(lambda e, epoch=epoch: e.get("epoch", 0) >= epoch and e["event"] == "epoch")
            training.send(signal.SIGTERM)
            resumable(training.end())
        flip(states(place)[-1])
        ended = place.resume()
        assert ended.status == 0, ended.last
        assert ended.guards == ["process-died"]
        assert_same(place.run, unbroken("scratch"))
