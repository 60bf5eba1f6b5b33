"""The pictures of the data in the window: the real job on a tiny set, and the way to the images."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPointF, Qt
from tests_window import family

from counterpoise.core.catalog.distributions.make import PicturesRequest, make_pictures
from counterpoise.core.catalog.scan import scan
from counterpoise.core.catalog.sources import open_sources
from counterpoise.core.catalog.types import Catalog
from counterpoise.gui.panels.distributions import DistributionsPanel
from counterpoise.gui.session import Session
from counterpoise.gui.studies import study_for
from counterpoise.gui.texts import distributions as texts
from counterpoise.gui.widgets.class_sign import SignLegend
from counterpoise.gui.widgets.density_rows import DOTS


@pytest.fixture
def panel(qtbot, session: Session, images: Path):
    study, _ = study_for([images])
    session.take(study, study.load_settings())
    session.show_catalog(scan(open_sources(study.root), session.settings.data))
    made = DistributionsPanel(session)
    qtbot.addWidget(made)
    made.resize(1000, 700)
    made.show()
    yield made
    made.close_down()


@pytest.fixture
def ready(qtbot, panel):
    """The panel with its pictures, which were made before (in this process, which saves seconds a test)."""
    make_pictures(PicturesRequest.of(panel._session.catalog))
    panel.shown()
    qtbot.waitUntil(lambda: panel.data.fresh, timeout=20_000)
    assert not panel.data.running, "no job was needed"
    return panel


def labels_of(panel, keys) -> set[str]:
    catalog: Catalog = panel._session.catalog
    return {image.label for key in keys for image in catalog.named(key)}


def test_the_pictures_are_shown_and_only_made_where_someone_looks(ready) -> None:
    assert ready.data.pictures.labels == ("benign", "malignant")
    assert ready.brightness.isVisible()
    assert len(ready.average.tiles) == 2
    assert all(not image.isNull() for tile in ready.average.tiles for image in tile.images)
    together = ready.average.tiles[0].images[0]
    ready.average.own.click()
    assert ready.average.tiles[0].images[0] != together, "each in its own window"
    assert "32 × 32" in ready.sizes.about.text()
    assert not ready.sizes.scatter.isVisible(), "one size needs no picture"
    assert "PNG, 8 bits, grey" in ready.kinds.about.text()
    assert not ready.progress.isVisible()
    ready.hide()
    session, before = ready._session, ready.data.facts
    session.show_catalog(replace(session.catalog, excluded=frozenset()))
    assert ready.data.facts is before
    assert not ready.data.running, "nobody looks"
    ready.show()
    session.show_catalog(replace(session.catalog, unread=3))
    ready.shown()
    assert ready.said.text() == texts.WAIT, "a scan that was cut short is read on first"
    assert not ready.data.running


def test_a_row_a_dot_and_a_mean_image_ask_for_their_images(qtbot, ready) -> None:
    rows = ready.brightness.rows
    with qtbot.waitSignal(ready.keys_asked) as asked:
        qtbot.mouseClick(rows, Qt.MouseButton.LeftButton, pos=QPointF(20, rows._row_height() + 20).toPoint())
    keys, title = asked.args
    assert title == "malignant, from dark to bright"
    assert labels_of(ready, keys) == {"malignant"}
    means = [ready._session.catalog.named(key)[0].mean for key in keys]
    assert means == sorted(means)
    assert len(means) > 5
    with qtbot.waitSignal(ready.keys_asked) as asked:
        qtbot.keyClick(rows, Qt.Key.Key_Up)
        qtbot.keyClick(rows, Qt.Key.Key_Return)
    assert asked.args[1] == "benign, from dark to bright"

    value = ready.data.facts.dots()[1][0]
    place = QPointF(rows.axis().at(value), 2 * rows._row_height() - DOTS / 2)
    with qtbot.waitSignal(ready.keys_asked) as asked:
        qtbot.mouseClick(rows, Qt.MouseButton.LeftButton, pos=place.toPoint())
    keys, title = asked.args
    assert title.startswith("malignant, mean brightness about")
    images = [image for key in keys for image in ready._session.catalog.named(key)]
    assert images
    assert all(abs(image.mean - value) < 10 for image in images)
    with qtbot.waitSignal(ready.keys_asked) as asked:
        ready.average.tiles[0].click()
    assert labels_of(ready, asked.args[0]) == {"benign"}


@pytest.fixture
def unlike(qtbot, ready, images: Path):
    """The same with a class of another size and kind."""
    for n in range(4):
        pixels = np.random.default_rng(n).integers(0, 65535, (20, 48), dtype=np.uint16)
        (images / "odd").mkdir(exist_ok=True)
        Image.fromarray(pixels).save(images / "odd" / f"{n}.png")
    session = ready._session
    catalog = scan(open_sources(session.study.root), session.settings.data)
    make_pictures(PicturesRequest.of(catalog))
    session.show_catalog(catalog)
    qtbot.waitUntil(lambda: ready.data.fresh and len(ready.data.pictures.labels) == 3, timeout=20_000)
    return ready


def test_a_size_and_a_kind_ask_for_their_images_and_a_class_is_brought_out(qtbot, unlike) -> None:
    scatter = unlike.sizes.scatter
    assert scatter.isVisible()
    assert unlike.data.pictures.scale == "uint16"
    place = next(place for point, place, _ in scatter.placed() if point.label == "odd")
    with qtbot.waitSignal(unlike.keys_asked) as asked:
        qtbot.mouseClick(scatter, Qt.MouseButton.LeftButton, pos=place.toPoint())
    assert labels_of(unlike, asked.args[0]) == {"odd"}
    assert asked.args[1] == "odd, 48 × 20"
    with qtbot.waitSignal(unlike.keys_asked) as asked:
        qtbot.keyClick(scatter, Qt.Key.Key_Right)
        qtbot.keyClick(scatter, Qt.Key.Key_Return)
    assert labels_of(unlike, asked.args[0]) == {"benign"}
    kind = next(kind for kind in unlike.data.facts.kinds if kind.bits == 16)
    with qtbot.waitSignal(unlike.keys_asked) as asked:
        unlike.kinds.kind_asked.emit(kind, 2)
    assert len(asked.args[0]) == 4
    assert unlike.kinds.notes.count() == 1, "mixed-depth stands beside the kinds"
    with qtbot.waitSignal(unlike.keys_asked) as asked:
        unlike.kinds.notes.itemAt(0).widget().buttons.itemAt(0).widget().click()
    assert labels_of(unlike, asked.args[0]) == {"odd"}

    legend: SignLegend = unlike.sizes.legend
    legend.buttons[0].click()
    assert unlike.sizes.scatter._only == 0
    legend.buttons[1].click()
    assert [made.isChecked() for made in legend.buttons] == [False, True, False]
    legend.buttons[1].click()
    assert unlike.sizes.scatter._only == -1


def test_it_can_be_cancelled_and_made_after_all(qtbot, panel) -> None:
    panel.shown()
    qtbot.waitUntil(lambda: panel.data.running, timeout=20_000)
    panel.start.click()
    assert panel.said.text() == texts.CANCELLED
    assert panel.start.text() == texts.MAKE
    assert not panel.save.isEnabled()
    assert panel.sizes.isVisible(), "what needs no file is there"
    with qtbot.waitSignal(panel.data.progressed, timeout=60_000):
        panel.start.click()
    qtbot.waitUntil(lambda: panel.data.fresh and not panel.data.running, timeout=60_000)
    assert panel.data.pictures.images == (12, 7)
    assert panel.save.isEnabled()


@pytest.mark.parametrize("before", [True, False])
def test_where_no_image_can_be_read_it_says_so_and_shows_the_old_pictures(qtbot, panel, images, before):
    data, catalog = panel.data, panel._session.catalog
    if before:
        make_pictures(PicturesRequest.of(catalog))
        panel.shown()
        qtbot.waitUntil(lambda: data.fresh, timeout=20_000)
    old = data.pictures
    images.rename(images.parent / "away")
    panel._session.show_catalog(replace(catalog, images=catalog.images[1:]))
    panel.shown()
    qtbot.waitUntil(lambda: bool(data.note), timeout=60_000)
    number = len(data.facts.request.images)
    assert panel.said.text() == texts.none_read(number, old=before)
    assert data.pictures is old
    assert panel.brightness.isVisible() == panel.average.isVisible() == before
    assert panel.start.isVisible(), "to try again"
    assert not panel.save.isEnabled()


def test_images_that_cant_be_read_are_no_part_of_the_pictures():
    assert texts.made_from(10, 10, 3).startswith("Brightness and averages are made from 7 of 10 images: 3 ")


def test_closing_ends_the_job(qtbot, panel) -> None:
    before = family()
    panel.shown()
    qtbot.waitUntil(lambda: panel.data.running, timeout=20_000)
    panel.close_down()
    qtbot.waitUntil(lambda: family() <= before, timeout=10_000)
    assert not panel.data.running


def test_the_report_is_saved_and_can_be_opened(qtbot, ready, tmp_path: Path) -> None:
    with qtbot.waitSignal(ready.data.report_written, timeout=60_000):
        ready.data.save_report(tmp_path / "page")
    assert "report of the data" in (tmp_path / "page.html").read_text(encoding="utf-8")
    assert ready.said.text() == texts.saved("page.html")
    assert ready.show_report.isVisible()
    with qtbot.waitSignal(ready._session.problem, timeout=60_000) as said:
        ready.data.save_report(tmp_path / "nowhere" / "page.html")
    assert "can't be written" in said.args[0]
    ready._session.take(ready._session.study, ready._session.settings)
    assert not ready.show_report.isVisible(), "a report of another study"
