import numpy as np

from counterpoise.core.training.network.state import GradientState, from_saved


def test_a_state_comes_back_as_it_was():
    state = GradientState(
        epoch=2, step=3, history=[{"epoch": 1}], best={"a": np.ones(2)}, guards={"steps": {}}
    )
    back, weights, optimizer = from_saved(state.to_saved({"a": np.zeros(2)}, {"00000": np.full(2, 5)}))
    assert (back.epoch, back.step, back.history, back.guards) == (2, 3, [{"epoch": 1}], {"steps": {}})
    assert list(back.best["a"]) == [1, 1]
    assert list(weights["a"]) == [0, 0]
    assert list(optimizer["00000"]) == [5, 5]


def test_a_state_of_the_first_version_knows_nothing_of_guards():
    arrays, plain = GradientState(epoch=2).to_saved({}, {})
    del plain["guards"]
    back, _, _ = from_saved((arrays, {**plain, "refused": 0}))
    assert (back.epoch, back.guards) == (2, {})
