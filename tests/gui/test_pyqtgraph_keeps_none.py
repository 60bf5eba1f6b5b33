import sys

import pyqtgraph


def test_repaints_lose_no_references_of_none(qtbot):
    """PySide6 6.12.0 on Python 3.11 loses some 180 a repaint, and the process dies after 90."""
    plot = pyqtgraph.PlotWidget()
    qtbot.addWidget(plot)
    plot.resize(400, 300)
    plot.show()
    curve = plot.plot([0.0, 1.0])
    for frame in range(20):
        curve.setData([0.0, frame + 1.0])
        plot.grab()
    before = sys.getrefcount(None)
    for frame in range(400):
        curve.setData([0.0, frame + 1.0])
        plot.grab()
    assert sys.getrefcount(None) > before - 400
