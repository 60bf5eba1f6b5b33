"""A study that is opened again is shown at once, while the folders are looked at behind."""

import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt

from counterpoise.gui.app import make_window
from counterpoise.gui.preferences import Preferences
from counterpoise.gui.steps.base import State
from counterpoise.gui.texts import data as texts
from counterpoise.gui.window import MainWindow


@pytest.fixture
def again(qtbot, qapp, opened, home: Path) -> Iterator[tuple[MainWindow, Path]]:
    """Another window, and the study that the first one had open."""
    root = opened.session.study.root
    opened.close()
    made = make_window(qapp, Preferences(home / "window.ini"))
    qtbot.addWidget(made)
    with qtbot.waitActive(made):
        made.show()
    yield made, root
    made.close_quietly()


def test_it_is_shown_before_the_folders_are_looked_at(qtbot, again):
    window, root = again
    session, step = window.session, window.step("data")
    with qtbot.waitSignal(session.catalog_changed, check_params_cb=lambda: session.catalog is not None):
        session.open_paths([root])
    shown = session.catalog
    assert session.scanning
    assert len(shown.images) == 19
    assert step.reading.title_label.text() == texts.LAST_TIME
    assert step.words.text() == f"19 images in 2 classes. {texts.looking(0)}"
    assert step.progress.isVisible()
    assert step.state is State.DONE
    assert step.next_enabled
    assert session.preferences.recents[0].images == 19
    with qtbot.waitSignal(session.scan_ended, timeout=60_000) as ended:
        pass
    assert ended.args == [""]
    assert session.catalog is shown
    assert step.reading.title_label.text() == texts.READ
    assert texts.LAST_TIME not in step.words.text()
    qtbot.waitUntil(lambda: session.check is not None, timeout=60_000)


def test_what_changed_meanwhile_takes_its_place(qtbot, again, images):
    window, root = again
    session = window.session
    (images / "benign" / "b11.png").unlink()
    sizes = []
    session.catalog_changed.connect(lambda: session.catalog and sizes.append(len(session.catalog.images)))
    with qtbot.waitSignal(session.scan_ended, timeout=60_000):
        session.open_paths([root])
    assert sizes == [19, 18]
    assert not session.scans.unsure


def test_cancelled_it_says_that_it_may_be_out_of_date(qtbot, again):
    window, root = again
    session, step = window.session, window.step("data")
    with qtbot.waitSignal(session.catalog_changed, check_params_cb=lambda: session.catalog is not None):
        session.open_paths([root])
    qtbot.mouseClick(step.cancel, Qt.MouseButton.LeftButton)
    assert not session.scanning
    assert texts.UNSURE in step.words.text()
    assert step.again.isVisible()
    with qtbot.waitSignal(session.scan_ended, timeout=60_000):
        qtbot.mouseClick(step.again, Qt.MouseButton.LeftButton)
    assert step.reading.title_label.text() == texts.READ


def test_cancelled_before_it_is_shown_it_comes_no_more(qtbot, again):
    window, root = again
    session = window.session
    with qtbot.waitSignal(session.scan_started):
        session.open_paths([root])
    session.cancel_scan()
    assert not session.scanning
    qtbot.waitUntil(lambda: not session.scans._threads)
    assert session.catalog is None


def test_of_a_folder_that_is_gone_nothing_is_shown(qtbot, again, images):
    window, root = again
    session, step = window.session, window.step("data")
    images.rename(images.with_name("elsewhere"))
    with qtbot.waitSignal(session.scan_ended, timeout=60_000) as ended:
        session.open_paths([root])
    assert "cells" in ended.args[0]
    assert step.fault == ended.args[0]
    assert session.catalog is None


@pytest.mark.slow  # two scans, and the pause between an edit and the next one
def test_a_scan_that_knows_nothing_of_an_edit_is_not_shown(qtbot, opened, images):
    session = opened.session
    large = np.random.default_rng(0).integers(0, 256, (1500, 1500), dtype=np.uint8)
    Image.fromarray(large).save(images / "large.png", compress_level=0)
    for number in range(30):
        os.link(images / "large.png", images / "benign" / f"large {number}.png")

    def reading(step: dict) -> bool:
        return step["phase"] == "reading" and 19 < step["done"] < step["total"]

    with qtbot.waitSignal(session.scan_progressed, timeout=60_000, check_params_cb=reading):
        session.scan()
    session.scans._soon.setInterval(600_000)  # the scan that follows an edit would end this one
    session.edits.relabel([session.catalog.images[0]], "malignant")
    with qtbot.waitSignal(session.scan_ended, timeout=60_000):
        pass
    assert session.catalog.images[0].label == "malignant"
    assert len(session.catalog.images) == 19
    with qtbot.waitSignal(session.scan_ended, timeout=60_000):
        session.scan()
    assert session.catalog.images[0].label == "malignant"
    assert len(session.catalog.images) == 49
