import json

import numpy as np
import pytest

from counterpoise.gui.roc import roc_curve
from counterpoise.gui.run_story import RunStory, tell
from counterpoise.gui.theme import Choice, apply_theme
from counterpoise.gui.widgets.curves import Curves, auc_range
from counterpoise.gui.widgets.roc import RocPlot


@pytest.fixture
def events():
    random = np.random.default_rng(0)
    told = [{"event": "started", "time": 0.0, "mode": "features"}]
    for n in range(1, 31):
        loss, auc = 1 / n, 1 - 0.4 / n - float(random.uniform(0, 0.01))
        told.append({"event": "epoch", "time": float(n), "epoch": n, "loss": loss, "val_loss": 1.1 * loss})
        told[-1] |= {"val_auc": auc, "learning_rate": 0.001, "images_per_second": 400.0, "epochs": 60}
        if n == 12:
            told.append(
                {"event": "guard", "time": 12.5, "code": "non-finite-step", "message": "x", "epoch": 12}
            )
    return [json.loads(json.dumps(event)) for event in told]


def test_drawn_points_are_those_of_the_events(qtbot, window, events):
    curves = Curves(window)
    story = RunStory()
    for event in events:  # as they come, one by one
        story = tell(story, [event])
        curves.set_story(story)
    epochs = [event for event in events if event["event"] == "epoch"]
    assert curves.auc.points("val_auc") == [(e["epoch"], e["val_auc"]) for e in epochs]
    for name in ("loss", "val_loss"):
        assert curves.loss.points(name) == [(e["epoch"], e[name]) for e in epochs]


def test_a_change_of_theme_keeps_points_and_marks(qapp, window, events):
    curves = Curves(window)
    curves.set_story(tell(RunStory(), events))
    before = curves.loss.points("loss")
    for choice in (Choice.DARK, Choice.LIGHT):
        apply_theme(qapp, choice)
        qapp.processEvents()
        assert curves.loss.points("loss") == before
        assert len(curves.loss.marks.lines) == 1


def test_empty_runs_draw_nothing(window):
    curves = Curves(window)
    curves.set_story(RunStory())
    assert curves.auc.points("val_auc") == []


def test_auc_axis_shows_steps_as_small_as_they_are():
    assert auc_range([0.97, 0.985])[0] == 0.9
    assert auc_range([0.63])[0] == 0.6
    assert auc_range([0.31])[0] == pytest.approx(0.3)


def test_the_point_snaps_to_the_curve_and_the_slider_follows(qtbot, window):
    curve = roc_curve(np.array([True, False, True, False]), np.array([0.9, 0.8, 0.7, 0.1]))
    plot = RocPlot(window)
    plot.set_curve(curve, 1)
    with qtbot.waitSignal(plot.moved) as moved:
        plot._target.setPos(0.45, 0.9)
    assert moved.args == [3]
    assert plot.slider.value() == 3
    assert tuple(plot._target.pos()) == (0.5, 1.0)
    with qtbot.waitSignal(plot.moved):
        plot.slider.setValue(2)
    assert plot.index == 2
    plot.set_curve(None)
    assert not plot.slider.isEnabled()
