"""Widgets that paint themselves: what they say to a screen reader, and how keys and clicks reach them."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

from counterpoise.core.settings import Settings
from counterpoise.gui.texts import balance, inspect
from counterpoise.gui.widgets.brightness_strips import BrightnessStrips
from counterpoise.gui.widgets.confusion import ConfusionMatrix
from counterpoise.gui.widgets.histogram_pair import HistogramPair, Side
from counterpoise.gui.widgets.icon_array import IconArray, Share
from counterpoise.gui.widgets.image_tile import ImageTile
from counterpoise.gui.widgets.settings_form import SettingsForm
from counterpoise.gui.widgets.share_bars import ShareBars
from counterpoise.gui.widgets.tile_grid import TileGrid
from counterpoise.gui.widgets.weight_bars import WeightBars


def painted(widget, width=400, height=200) -> QImage:
    widget.resize(width, height)
    return widget.grab().toImage()


def test_dots_fade_over_the_likely_range():
    share = Share(94, 91, 96, "found")
    assert [share.strength(dot) for dot in (0, 90, 91, 93, 94, 95, 96, 99)] == [
        *(1.0, 1.0, 0.72, 0.72, 0.3, 0.3, 0.0, 0.0)
    ]


def test_icon_array_speaks(window):
    array = IconArray(window)
    array.set_share(Share(94, 91, 96, "pneumonia: found"))
    assert array.accessibleName() == "pneumonia: found: 94 of 100"
    assert not painted(array).isNull()


def test_weights_that_cannot_be_drawn_are_said(window):
    bars = WeightBars(window)
    bars.set_values({"a": 10, "b": 0, "c": 3}, {"a": 1.0, "b": float("nan")})
    assert balance.counts(float("nan")) in bars.accessibleDescription()
    assert "c: 3 images, no weight" in bars.accessibleDescription()
    assert not painted(bars).isNull()


@pytest.mark.parametrize("k", [2, 3, 13])
def test_cells_can_be_clicked_and_walked(qtbot, window, k):
    matrix = ConfusionMatrix(window)
    matrix.set_counts([f"class {i}" for i in range(k)], np.arange(k * k).reshape(k, k).tolist())
    matrix.resize(420, 420)
    painted(matrix, 420, 420)
    with qtbot.waitSignal(matrix.cell_chosen) as chosen:
        qtbot.mouseClick(matrix, Qt.MouseButton.LeftButton, pos=matrix._cell(0, k - 1).center())
    assert chosen.args == [0, k - 1]
    qtbot.keyClick(matrix, Qt.Key.Key_Down)
    qtbot.keyClick(matrix, Qt.Key.Key_Left)
    with qtbot.waitSignal(matrix.cell_chosen) as chosen:
        qtbot.keyClick(matrix, Qt.Key.Key_Return)
    assert chosen.args == [1, k - 2]
    assert "called" in matrix.accessibleDescription() or "rightly" in matrix.accessibleDescription()


@pytest.mark.parametrize("shape", [(8, 8), (8, 8, 3)])
def test_histograms_survive_odd_values(window, shape):
    values = np.linspace(-3, 3, int(np.prod(shape)), dtype=np.float32).reshape(shape)
    values.flat[0] = np.nan
    pair = HistogramPair(window)
    pair.set_sides(Side(values, -1, 1), Side(values * 0, 0, 0))
    assert not painted(pair, 700, 150).isNull()
    assert Side(values, -1, 1).histogram().max() == 1
    assert Side(values, -1, 1).grey().dtype == np.uint8


def test_tiles_fill_the_width(window):
    grid = TileGrid(4, window)
    tiles = [ImageTile(f"image {i}") for i in range(6)]
    grid.set_tiles(tiles)
    grid.resize(300, grid.heightForWidth(300))
    assert tiles[3].geometry().right() <= 300
    assert tiles[5].geometry().bottom() <= grid.height()
    grid.set_tiles([])
    assert grid.heightForWidth(300) == 0


def test_the_decision_comes_first_among_shares(window):
    bars = ShareBars(window)
    bars.set_shares({"a": 0.7, "b": 0.3}, "b")
    assert bars.accessibleDescription().startswith("b: 30 %")
    assert not painted(bars).isNull()


def test_the_form_shows_and_takes_values(qtbot, window):
    form = SettingsForm(
        [("All", ("training.learning_rate", "training.optimizer", "weighting.correct_prior"))]
    )
    qtbot.addWidget(form)
    resolved = {"training": {"learning_rate": 0.001, "optimizer": "adam"}, "weighting": {}}
    form.set_values(Settings(), resolved, ["training.optimizer"])
    rate = form.editor("training.learning_rate")
    assert rate.placeholderText() == "Suggested: 0.001"
    assert form.editor("training.optimizer").currentText() == "Suggested: Adam"
    with qtbot.waitSignal(form.edited) as edited:
        rate.setFocus()
        qtbot.keyClicks(rate, "0.01")
        qtbot.keyClick(rate, Qt.Key.Key_Return)
    assert edited.args == ["training.learning_rate", 0.01]
    with qtbot.waitSignal(form.edited) as edited:
        form.editor("weighting.correct_prior").click()
    assert edited.args == ["weighting.correct_prior", False]
    form.set_error("training.learning_rate", "It can't be.")
    assert form._notes["training.learning_rate"].text() == "It can't be."


def test_brightness_is_shown_where_there_is_room_for_it(qtbot, window):
    strips = BrightnessStrips(window)
    shares = np.full(64, 1 / 64)
    strips.show_hills({"normal": (shares, 0.5), "pneumonia": (shares, 0.62)})
    assert strips.accessibleName() == f"{inspect.BRIGHTNESS}: normal: 50%, pneumonia: 62%"
    blank = painted(strips, 400, 40)
    assert not strips.has_room
    clicks = []
    strips.clicked.connect(lambda: clicks.append(1))
    qtbot.mouseClick(strips, Qt.MouseButton.LeftButton)
    assert not clicks
    assert painted(strips, 400, 120).pixelColor(399, 118) == blank.pixelColor(0, 0)
    assert strips.has_room
    qtbot.mouseClick(strips, Qt.MouseButton.LeftButton)
    assert clicks
    strips.show_hills({})
    assert not strips.has_room
