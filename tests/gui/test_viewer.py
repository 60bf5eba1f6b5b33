from dataclasses import replace

import numpy as np
import pydicom
import pytest
from PIL import Image
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication

from counterpoise.core.catalog.scan import scan
from counterpoise.core.catalog.sources import open_sources
from counterpoise.core.settings import Settings
from counterpoise.gui.preferences import Preferences
from counterpoise.gui.session import Session
from counterpoise.gui.texts import viewer as texts
from counterpoise.gui.widgets.image_view import ImageView
from counterpoise.gui.widgets.linked_views import link
from counterpoise.gui.widgets.viewer import Viewer


@pytest.fixture
def view(qtbot) -> ImageView:
    made = ImageView()
    qtbot.addWidget(made)
    made.resize(400, 300)
    made.show()
    made.show_pixels(np.arange(3000, dtype=np.uint16).reshape(50, 60), 0, 3000)
    return made


def shown_at(view: ImageView, x: int, y: int) -> int:
    return view.grab().toImage().pixelColor(x, y).red()


def test_the_image_fits_and_zooms_about_the_pointer(view):
    assert view.target().height() == pytest.approx(300)
    at = QPointF(250, 100)
    before = (at - view.target().topLeft()) / view.place.zoom
    view.zoom_to(view.target().height() / 50 * 2, at)
    after = (at - view.target().topLeft()) / view.place.zoom
    assert view.place.zoom == pytest.approx(2)
    assert (before - after).manhattanLength() < 1e-6
    view.fit()
    assert view.place == (0.5, 0.5, 1.0)


def test_wheel_keys_and_double_click(qtbot, view):
    wheel = QWheelEvent(
        QPointF(200, 150),
        view.mapToGlobal(QPointF(200, 150)),
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(view, wheel)
    assert view.place.zoom > 1.1
    qtbot.keyClick(view, Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier)
    assert view.place.x > 0.5
    qtbot.mouseDClick(view, Qt.MouseButton.LeftButton)
    assert view.place.zoom == 1
    qtbot.keyClick(view, Qt.Key.Key_Plus)
    assert view.place.zoom == pytest.approx(1.25)


def drag(view: ImageView, button: Qt.MouseButton, modifiers: Qt.KeyboardModifier) -> None:
    for kind, x in ((QEvent.Type.MouseButtonPress, 100), (QEvent.Type.MouseMove, 130)):
        at = QPointF(x, 100)
        pressed = button if kind is QEvent.Type.MouseButtonPress else Qt.MouseButton.NoButton
        QApplication.sendEvent(view, QMouseEvent(kind, at, view.mapToGlobal(at), pressed, button, modifiers))


@pytest.mark.parametrize(
    ("button", "modifiers"),
    [
        (Qt.MouseButton.RightButton, Qt.KeyboardModifier.NoModifier),
        (Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier),
    ],
)
def test_window_by_drag(qtbot, view, button, modifiers):
    with qtbot.waitSignal(view.window_changed):
        drag(view, button, modifiers)
    low, high = view.window_range
    assert high - low == pytest.approx(3000 * 1.01**30)
    assert view.place == (0.5, 0.5, 1.0)


def test_a_plain_drag_moves(view):
    drag(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    assert view.window_range == (0, 3000)
    assert view.place.x < 0.5


def test_window_by_keys(qtbot, view):
    qtbot.keyClick(view, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    low, high = view.window_range
    assert high - low == pytest.approx(3150)
    qtbot.keyClick(view, Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    assert sum(view.window_range) > low + high


def test_window_and_inversion_reach_the_screen(view):
    middle = shown_at(view, 200, 150)
    assert 100 < middle < 155
    view.show_window(2900, 3000)
    assert shown_at(view, 200, 150) == 0
    view.set_inverted(True)
    assert shown_at(view, 200, 150) == 255


def test_linked_views_show_the_same_part_of_images_of_other_sizes(qtbot, view):
    other = ImageView()
    qtbot.addWidget(other)
    other.resize(200, 200)
    other.show_pixels(np.zeros((500, 600), np.uint8), 0, 255)
    link([view, other])
    view.zoom_to(12.0, QPointF(0, 0))
    assert other.place == pytest.approx(view.place)
    other.fit()
    assert view.place == (0.5, 0.5, 1.0)


@pytest.fixture(scope="module")
def catalog(tmp_path_factory):
    """Of a CT slice, a file of five frames, a 16-bit image, a tiny one in colour."""
    tmp_path = tmp_path_factory.mktemp("viewer")
    for name in ("a", "b"):
        (tmp_path / "data" / name).mkdir(parents=True)
    source = pydicom.data.get_testdata_file("CT_small.dcm")
    dataset = pydicom.dcmread(source)
    dataset.save_as(tmp_path / "data" / "a" / "ct.dcm")
    frames = [Image.fromarray(np.full((20, 30), 40 * i, np.uint8)) for i in range(5)]
    frames[0].save(tmp_path / "data" / "a" / "frames.tif", save_all=True, append_images=frames[1:])
    grey = np.arange(4096, dtype=np.uint16).reshape(64, 64)
    Image.fromarray(grey).save(tmp_path / "data" / "b" / "deep.png")
    Image.fromarray(np.random.default_rng(0).integers(0, 255, (9, 9, 3), np.uint8)).save(
        tmp_path / "data" / "b" / "tiny.png"
    )
    return scan(open_sources(tmp_path / "data"), Settings().data)


@pytest.fixture
def viewer(qtbot, qapp, home, catalog):
    session = Session(Preferences(home / "window.ini"))
    session.catalog = catalog
    made = Viewer()
    qtbot.addWidget(made)
    made.resize(1000, 600)
    made.set_session(session)
    made.show()
    made.catalog = catalog
    yield made
    made.close_down()


def open_(qtbot, viewer, name, frame=None):
    image = next(i for i in viewer.catalog.images if i.path.endswith(name) and frame in (None, i.frame))
    viewer.show_image(image, viewer.catalog.sources, "1 of 3")
    qtbot.waitUntil(lambda: viewer.found is not None, timeout=20_000)
    return image


def test_a_ct_offers_its_windows_and_tells_nobodys_name(qtbot, viewer):
    open_(qtbot, viewer, "ct.dcm")
    chips = viewer.window_card.presets
    assert {"Brain", "Lung", "Bone", texts.WHOLE} <= set(chips.buttons)
    chips.buttons["Lung"].click()
    assert viewer.view.window_range == (-1350.0, 150.0)
    assert chips.current == "Lung"
    qtbot.keyClick(viewer.view, Qt.Key.Key_2)
    assert chips.current == texts.WHOLE
    qtbot.keyClick(viewer.view, Qt.Key.Key_9)
    assert chips.current == list(chips.buttons)[8]
    told = dict(viewer.facts.rows)
    assert told["Kind"] == "CT"
    assert told["Exposure"] == "120 kVp, 170 mAs"
    assert "CompressedSamples" not in str(told)  # the name of the patient
    words = viewer._words_at(5, 7)
    assert words.startswith("x 5, y 7: ")
    assert words.endswith(" HU")


def test_sixteen_bits_start_without_extremes(qtbot, viewer):
    open_(qtbot, viewer, "deep.png")
    assert viewer.window_card.presets.current == texts.USUAL
    assert "Lung" not in viewer.window_card.presets.buttons
    assert viewer._words_at(1, 2) == "x 1, y 2: 129 of 65,535"
    viewer.window_card.presets.buttons[texts.WHOLE].click()
    assert viewer.view.window_range == (0.0, 4095.0)


def test_frames_of_a_file(qtbot, viewer):
    first = open_(qtbot, viewer, "frames.tif", 0)
    assert viewer.frames.isVisible()
    viewer.view.zoom_to(30.0)
    viewer.view.show_window(10, 90)
    place = viewer.view.place
    with qtbot.waitSignal(viewer.frame_chosen) as chosen:
        qtbot.keyClick(viewer.view, Qt.Key.Key_PageDown)
    assert chosen.args[0] == replace(chosen.args[0], path=first.path, frame=1)
    qtbot.keyClick(viewer.view, Qt.Key.Key_Period)
    qtbot.waitUntil(lambda: viewer.found.frame.frame == 2, timeout=20_000)
    assert viewer.view.window_range == (10, 90)
    assert viewer.view.place == pytest.approx(place)
    viewer.slider.setValue(4)
    qtbot.waitUntil(lambda: viewer.found.frame.frame == 4, timeout=20_000)
    qtbot.keyClick(viewer.view, Qt.Key.Key_PageUp)
    qtbot.keyClick(viewer.view, Qt.Key.Key_Comma)  # seen a moment ago: at once
    assert viewer.found.frame.frame == 2


def test_only_the_latest_is_opened(qtbot, viewer):
    shown = []
    viewer.loader.opened.connect(lambda found: shown.append(found.frame.frame))
    frames = [image for image in viewer.catalog.images if image.path.endswith("frames.tif")]
    for image in frames:
        viewer.show_image(image, viewer.catalog.sources, "")
    qtbot.waitUntil(lambda: bool(shown), timeout=20_000)
    assert shown == [4]


def test_an_image_that_is_shown_stays_as_it_is(qtbot, viewer):
    image = open_(qtbot, viewer, "deep.png")
    viewer.view.zoom_to(20.0)
    place = viewer.view.place
    viewer.show_image(replace(image, label="b", part=""), viewer.catalog.sources, "1 of 3")
    assert viewer.view.place == place
    assert viewer.found is not None


def test_a_long_name_breaks(viewer):
    long = replace(viewer.catalog.images[-1], path=f"b/{'x' * 120}.png")
    viewer.show_image(long, viewer.catalog.sources, "")
    assert viewer.facts.sizeHint().width() > 0
    assert viewer.facts.minimumSizeHint().width() <= viewer._beside.width()
    assert viewer.facts.accessibleName() == f"{'x' * 120}.png"


def test_a_file_that_has_gone_says_so(qtbot, viewer):
    gone = replace(viewer.catalog.images[-1], path="b/gone.png")
    viewer.show_image(gone, viewer.catalog.sources, "")
    qtbot.waitUntil(lambda: "can't be opened" in viewer.view._words, timeout=20_000)


def test_without_a_plan_the_network_waits_kindly(qtbot, viewer):
    open_(qtbot, viewer, "tiny.png")
    qtbot.keyClick(viewer.view, Qt.Key.Key_N)
    assert viewer.network.isVisible()
    assert viewer.network.view._words == texts.NO_PLAN


def test_the_zoom_that_is_told_is_the_one_that_is_seen(qtbot, viewer):
    open_(qtbot, viewer, "deep.png")
    told = [viewer.bar.zoom.text()]

    def new() -> bool:
        told.append(viewer.bar.zoom.text())
        return told[-1] == texts.zoom(viewer.view.zoom) != told[-2]

    qtbot.keyClick(viewer.view, Qt.Key.Key_N)
    qtbot.waitUntil(new)
    viewer.resize(700, 400)
    qtbot.waitUntil(new)
    viewer.view.zoom_to(20.0)
    assert new()
    viewer.network.view.show_pixels(np.zeros((8, 8)), 0, 1)
    viewer.network.view.zoom_to(3.0)
    assert new()


def test_what_the_network_sees_follows_the_settings(qtbot, opened):
    session = opened.session
    made = Viewer()
    qtbot.addWidget(made)
    made.resize(1000, 600)
    made.set_session(session)
    made.show()
    made.show_image(session.catalog.images[0], session.catalog.sources, "")
    qtbot.keyClick(made.view, Qt.Key.Key_N)
    qtbot.waitUntil(lambda: made.network.seen is not None, timeout=30_000)
    size = session.plan.format.size
    assert made.network.seen.values.shape == size
    assert f"{size[1]} × {size[0]}" in made.network.words.text()
    assert made.network.view.picture.width == 32  # stretched to the shape of the original
    made.view.zoom_to(20.0)
    assert made.network.view.place == pytest.approx(made.view.place)
    before = made.network.seen.values
    session.change({"scaling.method": "zscore"})
    qtbot.waitUntil(
        lambda: made.network.seen is not None and not np.allclose(made.network.seen.values, before),
        timeout=30_000,
    )
    made.close_down()
