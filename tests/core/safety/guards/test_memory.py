"""The guard of memory: smaller pieces until single images, then the end."""

import json

import pytest

from counterpoise.core.safety.guards.memory import MemoryGuard
from counterpoise.core.settings import Settings

SETTINGS = Settings().changed(
    {
        "model.mode": "scratch", "model.name": "small_cnn", "training.optimizer": "adam",
        "training.learning_rate": 1e-3, "training.batch_size": 12, "training.epochs": 10,
        "training.patience": 10, "training.precision": "float32", "scaling.method": "zscore",
        "model.image_size": 64,
    }
)  # fmt: skip


def guard(statistics=False):
    return MemoryGuard(SETTINGS, {"a": 1.0, "b": 1.0}, {"a": 50, "b": 50}, statistics)


def test_twice_as_many_pieces_each_time_and_the_end_at_single_images():
    judge = guard()
    asked = [judge.in_step(1, 3) for _ in range(5)]
    assert [action.kind for action in asked] == ["split", "split", "split", "split", "end"]
    assert [action.finding.evidence["pieces"] for action in asked] == [2, 4, 8, 12, 12]
    assert "same result" in asked[0].finding.message
    assert asked[0].finding.evidence["same_result"] is True
    assert asked[-1].finding.fix is not None


def test_batch_norm_that_learns_is_said_to_differ():
    finding = guard(statistics=True).in_step(1, 3).finding
    assert "differs" in finding.message
    assert finding.evidence["same_result"] is False


def test_validation_has_its_own_size():
    judge = guard()
    asked = [judge.in_validation(2) for _ in range(7)]
    assert [action.kind for action in asked] == ["split"] * 6 + ["end"]
    assert judge.state.pieces == 1


def test_what_surely_does_not_fit_is_split_before_it_fails():
    judge = guard()
    assert judge.before_steps(1, lambda images: images <= 12) is None
    action = judge.before_steps(1, lambda images: images <= 3)
    assert (action.kind, action.finding.evidence["pieces"]) == ("split", 4)
    assert judge.before_steps(1, lambda _: False).finding.evidence["pieces"] == 12  # and is tried
    judge.before_validation(lambda images: images <= 20)
    assert judge.state.block == 16


def test_after_a_death_it_starts_in_pieces_and_says_so_once():
    judge = guard()
    assert judge.restarted(1) is None
    assert judge.restarted(2).finding.evidence["pieces"] == 2
    assert judge.restarted(2) is None
    assert judge.restarted(64).finding.evidence["pieces"] == 12


@pytest.mark.parametrize("statistics", [True, False])
def test_its_state_survives_as_json(statistics):
    judge, other = guard(statistics), guard(statistics)
    judge.in_step(1, 1)
    judge.in_validation(1)
    other.take_plain(json.loads(json.dumps(judge.to_plain())))
    assert other.state == judge.state
    other.take_plain({})
