"""From files to pairs, and what is kept of them."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageOps

from counterpoise.core.catalog.alike import find
from counterpoise.core.catalog.alike.confirm import Likeness
from counterpoise.core.catalog.alike.copies import Copies, Picture
from counterpoise.core.catalog.alike.find import find_copies
from counterpoise.core.catalog.alike.kept import Kept
from counterpoise.core.catalog.alike.sketch import sketch
from counterpoise.core.catalog.content import content_of
from counterpoise.core.catalog.types import NO_FRAME
from tests.support.tissue import tissue


class Shelf:
    """Pictures in a folder, with their sketches."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.pictures: list[Picture] = []
        self.sketches: dict[str, bytes] = {}
        self.asked = 0

    def put(self, name: str, image: Image.Image, group: str = "") -> Path:
        file = self.folder / name
        image.save(file)
        pixels = np.asarray(Image.open(file))
        content = content_of(pixels)
        self.pictures.append(Picture(content, (name, NO_FRAME), str(file), group, pixels.shape[:2]))
        self.sketches[content] = sketch(pixels)
        return file

    def find(self, kept: Path | None = None) -> Copies:
        def ask(contents):
            self.asked += 1
            return {content: self.sketches[content] for content in contents}

        return find_copies(self.pictures, ask, kept)


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    made = Shelf(tmp_path)
    for seed in range(20):
        made.put(f"{seed:02}.png", tissue(seed))
    return made


def pairs(copies: Copies) -> dict[tuple[str, str], str]:
    return {(pair.a[0], pair.b[0]): pair.kind for pair in copies.pairs}


def test_copies_are_found_and_nothing_else(shelf: Shelf):
    shelf.put("small.png", tissue(3).resize((60, 50)))
    shelf.put("again.jpg", tissue(7))
    shelf.put("crop.png", tissue(9).crop((2, 3, 118, 99)))
    shelf.put("blank.png", Image.new("L", (30, 30), 9))
    found = pairs(shelf.find())
    assert found == {
        ("03.png", "small.png"): "copy",
        ("07.png", "again.jpg"): "copy",
        ("09.png", "crop.png"): "near",
    }


def test_a_mirror_image_is_a_near_copy_and_found_again(shelf: Shelf, tmp_path: Path):
    shelf.put("mirrored.png", ImageOps.mirror(tissue(3).resize((90, 75))))
    shelf.put("upside down.png", ImageOps.flip(tissue(4)))
    kept = tmp_path / "copies.json"
    assert pairs(shelf.find(kept)) == {("03.png", "mirrored.png"): "near"}
    shelf.put("small.png", tissue(3).resize((60, 50)))
    assert pairs(shelf.find(kept)) == {
        ("03.png", "mirrored.png"): "near",
        ("03.png", "small.png"): "copy",
        ("mirrored.png", "small.png"): "near",
    }


def test_where_many_resemble_each_other_the_nearest_is_a_near_copy(shelf: Shelf):
    shelf.put("small.png", tissue(3).resize((60, 50)))
    for seed in range(7, 20):
        shelf.put(f"crop{seed}.png", tissue(seed).crop((2, 3, 118, 99)))
    assert set(pairs(shelf.find()).values()) == {"near"}
    for seed in (4, 5):
        shelf.put(f"again{seed}.jpg", tissue(seed))
    assert pairs(shelf.find())["03.png", "small.png"] == "copy"


def test_pairs_of_one_patient_are_not_looked_for(shelf: Shelf):
    shelf.put("a.png", tissue(50), group="p1")
    shelf.put("b.png", tissue(50).resize((60, 50)), group="p1")
    shelf.put("c.png", tissue(50).resize((90, 75)), group="p2")
    assert set(pairs(shelf.find())) == {("a.png", "c.png"), ("b.png", "c.png")}


def test_an_unchanged_set_costs_nothing_and_new_images_only_their_own_pairs(shelf: Shelf, tmp_path: Path):
    kept = tmp_path / "cache" / "copies.json"
    shelf.put("small.png", tissue(3).resize((60, 50)))
    first = shelf.find(kept)
    original = next(picture for picture in shelf.pictures if picture.key[0] == "03.png")
    Path(original.file).unlink()  # nothing is opened
    assert shelf.find(kept) == first
    assert shelf.asked == 1
    shelf.put("crop.png", tissue(9).crop((2, 3, 118, 99)))
    assert pairs(shelf.find(kept)) == {("03.png", "small.png"): "copy", ("09.png", "crop.png"): "near"}
    assert shelf.asked == 2


def test_a_verdict_holds_for_pairs_that_stand_out_as_much(tmp_path: Path):
    kept = Kept("d", {("a", "b"): (1, Likeness("near", 0.95))}, 3)
    kept.write(tmp_path / "copies.json")
    assert Kept.read(tmp_path / "copies.json") == kept
    assert kept.verdict("a", "b", 1) == Likeness("near", 0.95)
    assert kept.verdict("a", "b", 0) is None


def test_a_file_that_vanished_gives_no_pair_and_is_tried_again(shelf: Shelf, tmp_path: Path):
    kept = tmp_path / "copies.json"
    file = shelf.put("small.png", tissue(3).resize((60, 50)))
    data = file.read_bytes()
    file.unlink()
    assert not shelf.find(kept).pairs
    file.write_bytes(data)
    assert pairs(shelf.find(kept)) == {("03.png", "small.png"): "copy"}


@pytest.mark.parametrize("harm", ["", "{", "[]", '{"version": 0}', '{"version": 2, "pairs": [[1]]}'])
def test_what_was_kept_may_be_damaged(shelf: Shelf, tmp_path: Path, harm: str):
    kept = tmp_path / "copies.json"
    shelf.put("small.png", tissue(3).resize((60, 50)))
    kept.write_text(harm)
    first = shelf.find(kept)
    assert len(first.pairs) == 1
    assert json.loads(kept.read_text())["version"] >= 1


def test_many_pairs_are_compared_in_other_processes(shelf: Shelf, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("counterpoise.core.catalog.alike.find._FEW", 1)
    shelf.put("small.png", tissue(3).resize((60, 50)))
    shelf.put("again.jpg", tissue(7))
    gone = shelf.put("gone.png", tissue(8).resize((60, 50)))
    gone.write_bytes(b"not an image any more")
    assert pairs(shelf.find()) == {("03.png", "small.png"): "copy", ("07.png", "again.jpg"): "copy"}


@pytest.mark.parametrize(("kind", "elsewhere"), [("PNG", False), ("TIFF", True)])
def test_what_may_crash_its_decoder_is_compared_in_other_processes(shelf, monkeypatch, kind, elsewhere):
    tissue(3).resize((60, 50)).save(shelf.folder / "small.bin", format=kind)
    small = (shelf.folder / "small.bin").rename(
        shelf.folder / "small.png"
    )  # the content counts, not the name
    pixels = np.asarray(Image.open(small))
    shelf.pictures.append(Picture(content_of(pixels), ("small.png", NO_FRAME), str(small), "", pixels.shape))
    shelf.sketches[content_of(pixels)] = sketch(pixels)
    asked = []
    whole = find.robust_map
    monkeypatch.setattr(find, "robust_map", lambda *items, **how: asked.append(how) or whole(*items, **how))
    assert pairs(shelf.find()) == {("03.png", "small.png"): "copy"}
    assert [bool(how["limits"]) for how in asked] == [True] * elsewhere
