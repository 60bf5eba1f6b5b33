from dataclasses import replace

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt

from counterpoise.core.catalog.scan import scan
from counterpoise.core.catalog.sources import open_sources
from counterpoise.core.pixels.difference import Difference
from counterpoise.core.settings import Settings
from counterpoise.gui.texts import pairs as texts
from counterpoise.gui.widgets import pair_view
from counterpoise.gui.widgets.pair_view import PairView


@pytest.fixture(scope="module")
def catalog(tmp_path_factory):
    """One picture twice, in another size, in 16 bits; and another picture."""
    root = tmp_path_factory.mktemp("pairs") / "data"
    for part, label in (("train", "a"), ("train", "b"), ("test", "a"), ("test", "b")):
        (root / part / label).mkdir(parents=True)
    y, x = np.mgrid[0:120, 0:160]
    detail = np.random.default_rng(0).normal(0, 12, (120, 160))
    picture = (127 + 50 * np.sin(x / 9) + 50 * np.cos(y / 7) + detail).clip(0, 255).astype(np.uint8)
    image = Image.fromarray(picture)
    image.save(root / "train" / "a" / "one.png")
    image.save(root / "test" / "b" / "same.bmp")
    image.resize((80, 60), Image.Resampling.LANCZOS).save(root / "test" / "a" / "small.png")
    Image.fromarray(picture.astype(np.uint16) * 200).save(root / "train" / "b" / "deep.png")
    image.transpose(Image.Transpose.ROTATE_180).save(root / "test" / "a" / "other.png")
    return scan(open_sources(root), Settings().data)


@pytest.fixture
def named(catalog):
    found = {image.path.split("/")[-1]: image for image in catalog.images}
    return {**found, "one.png": replace(found["one.png"], part="train")}


@pytest.fixture
def view(qtbot, qapp, home):
    made = PairView()
    qtbot.addWidget(made)
    made.resize(1000, 600)
    made.show()
    yield made
    made.close_down()


def show(qtbot, view, catalog, *pairs):
    view.show_pairs(pairs, catalog.sources, "Copies")
    qtbot.waitUntil(lambda: view.difference is not None, timeout=20_000)


def test_the_same_pixels(qtbot, view, catalog, named):
    show(qtbot, view, catalog, (named["one.png"], named["same.bmp"]))
    assert view.difference.is_none
    assert view.kind.text() == texts.KINDS["same"]
    assert "class (a and b)" in view.words.text()
    assert "Leave out the wrong one" in view.words.text()


def test_a_smaller_copy_in_another_part(qtbot, view, catalog, named):
    show(qtbot, view, catalog, (named["one.png"], named["small.png"]))
    assert view.difference.values.shape == (60, 80)
    assert view.difference.correlation > 0.9
    assert view.kind.text() == texts.KINDS["copy"]
    assert "size (160 × 120 and 80 × 60)" in view.words.text()
    assert "on the left" in view.words.text()
    assert view.third.picture.width == 160


def test_a_copy_of_sixteen_bits_differs_little(qtbot, view, catalog, named):
    show(qtbot, view, catalog, (named["one.png"], named["deep.png"]))
    assert view.difference.mean < 2
    assert "own range" in view._figures.text()


@pytest.mark.parametrize(
    ("mean", "largest", "said"),
    [(0.5, 1.0, "50 % of the range on average, by 100 % at most"), (1e-7, 0.004, "less than 0.01 %"),
     (0.0994, 0.9999, "9.9 % of the range on average, by 100 % at most"), (0.0004, 0.0999, "0.04 %")],
)  # fmt: skip
def test_figures_have_no_exponent(mean, largest, said):
    words = texts.compared(Difference(np.zeros((2, 2), np.float32), mean, largest, 1.0, 0.5))
    assert said in words
    assert "e+" not in words
    assert "e-" not in words


def test_different_pictures_are_not_called_copies(qtbot, view, catalog, named):
    show(qtbot, view, catalog, (named["one.png"], named["other.png"]))
    assert view.kind.text() == texts.KINDS[""]


def test_zoom_and_window_are_linked(qtbot, view, catalog, named):
    show(qtbot, view, catalog, (named["one.png"], named["deep.png"]))
    view.left.view.zoom_to(9.0)
    assert view.right.view.place == pytest.approx(view.left.view.place)
    assert view.third.place == pytest.approx(view.left.view.place)
    before = view.right.view.window_range
    qtbot.keyClick(view.left.view, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    after = view.right.view.window_range
    assert (after[1] - after[0]) / (before[1] - before[0]) == pytest.approx(1.05)


def test_keys_go_on_and_leave_out_and_undo_is_shown(qtbot, view, catalog, named):
    pairs = [(named["one.png"], named["small.png"]), (named["one.png"], named["same.bmp"])]
    show(qtbot, view, catalog, *pairs)
    qtbot.keyClick(view.left.view, Qt.Key.Key_Left)
    assert view.at == 0
    qtbot.keyClick(view.left.view, Qt.Key.Key_Right)
    assert view.at == 1
    qtbot.waitUntil(lambda: view.difference is not None, timeout=20_000)
    with qtbot.waitSignal(view.leave_out_asked) as asked:
        qtbot.keyClick(view.left.view, Qt.Key.Key_2)
    assert asked.args == [named["same.bmp"]]
    assert view.undo.isVisible()
    out = replace(named["same.bmp"], part="")
    images = tuple(out if image.path == out.path else image for image in catalog.images)
    view.show_catalog(replace(catalog, images=images))
    assert view.right.leave_out.text() == texts.take_in(2)
    with qtbot.waitSignal(view.restore_asked) as asked:
        view.undo.click()
    assert asked.args == [out]
    assert not view.undo.isVisible()
    with qtbot.waitSignal(view.closed):
        qtbot.keyClick(view.left.view, Qt.Key.Key_Escape)


def test_an_image_in_two_pairs_is_never_compared_with_the_other_of_the_pair_before(
    qtbot, view, catalog, named, monkeypatch
):
    seen = []
    whole = pair_view._compared
    monkeypatch.setattr(pair_view, "_compared", lambda *pair: seen.append(pair[1]) or whole(*pair))
    show(qtbot, view, catalog, (named["one.png"], named["small.png"]), (named["one.png"], named["same.bmp"]))
    view.go_to(1)
    qtbot.waitUntil(lambda: view.kind.text() == texts.KINDS["same"], timeout=20_000)
    assert [opened.frame.width for opened in seen] == [80, 160]


def test_files_that_were_read_anew_are_compared_anew(qtbot, view, catalog, named):
    show(qtbot, view, catalog, (named["one.png"], named["same.bmp"]))
    images = tuple(
        replace(image, content="f" * 64) if image == named["same.bmp"] else image for image in catalog.images
    )
    view.show_catalog(replace(catalog, images=images))
    assert view.difference is None
    qtbot.waitUntil(lambda: view.difference is not None, timeout=20_000)


def test_a_file_that_has_gone_is_said(qtbot, view, catalog, named):
    gone = replace(named["one.png"], path="train/a/gone.png")
    view.show_pairs([(gone, named["small.png"])], catalog.sources, "")
    qtbot.waitUntil(lambda: view.kind.text() == texts.NOT_COMPARED, timeout=20_000)
