"""Pictures for the gallery come from the store, and from the files where the store lost them."""

from pathlib import Path
from threading import Event

import numpy as np
from PIL import Image

from counterpoise.core.catalog.scan import scan
from counterpoise.core.catalog.sources import open_sources
from counterpoise.core.catalog.types import Catalog
from counterpoise.core.settings import DataSettings
from counterpoise.gui.thumbnails import Thumbnails


def picture(qtbot, catalog: Catalog) -> tuple[int, int]:
    """Return width and height of the first image's picture, as a gallery gets it."""
    thumbnails = Thumbnails()
    thumbnails.set_sources(catalog.sources)
    image = catalog.images[0]
    try:
        with qtbot.waitSignal(thumbnails.arrived) as arrived:
            assert thumbnails.get(image) is None
        assert arrived.args == [image.path, image.frame]
        found = thumbnails.get(image)
        assert found is not None
        return found.width(), found.height()
    finally:
        thumbnails.close()


def test_pictures_outlive_their_files_and_are_made_anew(qtbot, images, home):
    catalog = scan(open_sources(images), DataSettings())
    file = catalog.sources.locate(catalog.images[0].path)
    away = file.rename(file.with_suffix(".away"))
    size = picture(qtbot, catalog)
    with Image.open(away) as whole:
        assert size == whole.size
    (store,) = home.glob("cache/thumbnails/*.sqlite")
    store.unlink()
    assert picture(qtbot, catalog) == (0, 0)
    away.rename(file)
    assert picture(qtbot, catalog) == size
    file.unlink()
    assert picture(qtbot, catalog) == size  # kept again


def test_colours_and_greys_arrive_as_they_are(qtbot, tmp_path: Path, home):
    for name, value in (("a", 200), ("b", (10, 200, 30))):
        (tmp_path / name).mkdir()
        Image.fromarray(np.full((30, 40, 3)[: 2 + (name == "b")], value, np.uint8)).save(
            tmp_path / name / "1.png"
        )
    catalog = scan(open_sources(tmp_path), DataSettings())
    thumbnails = Thumbnails()
    thumbnails.set_sources(catalog.sources)
    colors = []
    for image in catalog.images:
        with qtbot.waitSignal(thumbnails.arrived):
            thumbnails.get(image)
        found = thumbnails.get(image)
        assert found is not None
        colors.append(found.pixelColor(3, 3).getRgb()[:3])
    thumbnails.close()
    assert colors == [(200, 200, 200), (10, 200, 30)]


def test_those_asked_for_before_another_study_was_opened_take_no_turn(qtbot, images, tmp_path, home):
    (tmp_path / "other" / "a").mkdir(parents=True)
    (images / "benign" / "b00.png").rename(tmp_path / "other" / "a" / "1.png")
    before, after = (scan(open_sources(folder), DataSettings()) for folder in (images, tmp_path / "other"))
    thumbnails, go_on = Thumbnails(threads=1), Event()
    thumbnails._pool.start(go_on.wait)
    thumbnails.set_sources(before.sources)
    for image in before.images:
        thumbnails.get(image)
    thumbnails.set_sources(after.sources)
    thumbnails.get(after.images[0])
    try:
        with qtbot.waitSignal(thumbnails.arrived) as arrived:
            go_on.set()
        assert arrived.args == ["a/1.png", -1]
    finally:
        thumbnails.close()


def test_a_file_that_was_read_anew_has_a_new_picture(qtbot, tmp_path: Path, home):
    file = tmp_path / "a" / "1.png"
    file.parent.mkdir()
    thumbnails = Thumbnails()
    shades = []
    for value in (50, 200):
        Image.fromarray(np.full((30, 40 + value), value, np.uint8)).save(file)
        (image,) = (catalog := scan(open_sources(tmp_path), DataSettings())).images
        thumbnails.set_sources(catalog.sources)
        with qtbot.waitSignal(thumbnails.arrived):
            assert thumbnails.get(image) is None
        shades.append(thumbnails.get(image).pixelColor(3, 3).red())
    thumbnails.close()
    assert shades == [50, 200]
