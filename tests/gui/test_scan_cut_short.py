"""A scan that is cancelled, or whose drive goes away: what was read stays, and reading goes on from there."""

import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt

from counterpoise.gui.app import make_window
from counterpoise.gui.preferences import Preferences
from counterpoise.gui.steps.base import State
from counterpoise.gui.texts import data as texts

FILES = 120


@pytest.fixture
def many(tmp_path: Path) -> Path:
    """Two classes of links to one large image: enough to stop in the middle."""
    root = tmp_path / "many"
    file = tmp_path / "whole.png"
    pixels = np.random.default_rng(0).integers(0, 256, (900, 900), dtype=np.uint8)
    Image.fromarray(pixels).save(file, compress_level=1)
    for number in range(FILES):
        link = root / "ab"[number % 2] / f"{number:03}.png"
        link.parent.mkdir(parents=True, exist_ok=True)
        os.link(file, link)
    return root


def begun(event: dict) -> bool:
    return bool(event["phase"] == "reading" and 0 < event["done"] < FILES)


def early(qtbot, window) -> None:
    """Wait for the catalog of what was read."""
    qtbot.waitUntil(lambda: window.session.catalog is not None, timeout=10_000)


def test_what_was_read_before_cancelling_is_shown_and_the_rest_read_later(qtbot, qapp, window, many, home):
    session, step = window.session, window.step("data")
    with qtbot.waitSignal(session.scan_progressed, timeout=20_000, check_params_cb=begun):
        step.open_paths([many])
    with qtbot.waitSignal(session.scan_ended) as ended:
        qtbot.mouseClick(step.cancel, Qt.MouseButton.LeftButton)
    assert ended.args == [""]
    early(qtbot, window)
    catalog = session.catalog
    assert 0 < len(catalog.images) < FILES
    assert len(catalog.images) + catalog.unread == FILES
    assert step.state is State.ATTENTION
    assert "aren't read yet" in step.words.text()
    assert step.next_label == texts.GO_ON
    assert session.check_result is None
    assert "aren't read yet" in session.check_error
    assert not window.step("train").next_enabled
    root = session.study.root
    window.close()
    again = make_window(qapp, Preferences(home / "window.ini"))
    qtbot.addWidget(again)
    assert again.session.preferences.recents[0].path == str(root)
    done = []
    again.session.scan_progressed.connect(lambda event: done.append(event["done"]))
    with qtbot.waitSignal(again.session.scan_ended, timeout=60_000):
        again.session.open_paths([root])
    assert len(again.session.catalog.images) == FILES
    assert again.session.catalog.unread == 0
    assert again.step("data").state is State.DONE
    again.close()


def test_a_drive_that_goes_away_leaves_what_was_read(qtbot, window, many):
    session, step = window.session, window.step("data")
    with qtbot.waitSignal(session.scan_progressed, timeout=20_000, check_params_cb=begun):
        step.open_paths([many])
    with qtbot.waitSignal(session.scan_ended, timeout=20_000) as ended:
        away = many.rename(many.with_name("away"))
        many.mkdir()  # what an unmounted drive leaves behind
    assert "isn't there any more" in ended.args[0]
    assert step.fault == ended.args[0]
    catalog = session.catalog
    assert 0 < len(catalog.images) < FILES
    assert len(catalog.images) + len(catalog.skipped) + catalog.unread == FILES
    assert step.next_label == texts.GO_ON
    many.rmdir()
    away.rename(many)
    with qtbot.waitSignal(session.scan_ended, timeout=60_000) as ended:
        qtbot.mouseClick(window.footer.main, Qt.MouseButton.LeftButton)
    assert ended.args == [""]
    assert len(session.catalog.images) == FILES
    assert session.catalog.skipped == ()
    assert step.fault == ""
