"""Source images that vanish, come back, are cut short, replaced, or were never images."""

import os
import shutil
import signal

import numpy as np
import pytest
import tifffile
from fault_runs import assert_same, fault, one_sentence, resumable
from PIL import Image

from counterpoise.core.catalog.snapshot import read_split_csv


def trained_on(place):
    return [place.data / row.path for row in read_split_csv(place.run.split) if row.part == "train"]


def stop_before_decoding(place):
    """Start, and hold the child before it has opened an image."""
    training = place.train()
    training.until("started")
    while not training.children():
        pass
    training.child().suspend()
    return training


def go_on(training):
    training.child().resume()


@pytest.mark.long
def test_a_folder_that_vanishes_and_comes_back_is_waited_for(place, unbroken):
    training = stop_before_decoding(place)
    away = place.root / "unplugged"
    place.data.rename(away)
    go_on(training)
    guard = training.until("guard")
    assert guard["code"] == "source-lost"
    away.rename(place.data)
    ended = training.end()
    assert ended.status == 0, ended.last
    assert_same(place.run, unbroken("features"))


@pytest.mark.long
def test_a_folder_that_stays_away_lets_the_run_be_paused_and_resumed_elsewhere(place, unbroken):
    training = stop_before_decoding(place)
    place.data.rename(place.root / "elsewhere")
    go_on(training)
    assert training.until("guard")["code"] == "source-lost"
    training.send(signal.SIGTERM)
    resumable(training.end())
    place.data = place.root / "elsewhere"
    assert place.resume().status == 0
    assert_same(place.run, unbroken("features"))


def cut(file, _):
    file.write_bytes(file.read_bytes()[:60])


def empty(file, _):
    file.write_bytes(b"")


def replace(file, other):
    shutil.copy(other, file)


def remove(file, _):
    file.unlink()


@pytest.mark.parametrize(
    "harm",
    [
        fault("one image cut short before it is decoded", cut),
        fault("one image emptied before it is decoded", empty),
        fault("one image replaced by another before it is decoded", replace),
        fault("one image deleted before it is decoded", remove),
    ],
)
def test_one_image_harmed_in_mid_run_is_named_and_the_run_resumed(place, unbroken, harm):
    training = stop_before_decoding(place)
    file, other = trained_on(place)[:2]
    before = file.read_bytes()
    harm(file, other)
    go_on(training)
    ended = training.end()
    resumable(ended)
    assert file.name in ended.last["message"]
    file.write_bytes(before)
    assert place.resume().status == 0
    assert_same(place.run, unbroken("features"))


@pytest.mark.parametrize(
    "kind",
    [fault("all images deleted once decoded", "long"), fault("the same from scratch", "scratch")],
)
def test_images_are_needed_until_they_are_decoded_and_no_longer(place, unbroken, kind):
    place.kind = kind
    training = place.train()
    training.until("learn")
    shutil.rmtree(place.data)
    ended = training.end()
    assert (ended.status, ended.guards) == (0, []), ended.last
    assert_same(place.run, unbroken(kind))


def nan_tiff(folder):
    pixels = np.full((32, 32), 0.5, np.float32)
    pixels[3, 3] = np.nan
    tifffile.imwrite(folder / "nan.tif", pixels)


def infinite_tiff(folder):
    tifffile.imwrite(folder / "infinite.tif", np.full((32, 32), np.inf, np.float32))


def truncated_jpeg(folder):
    Image.fromarray(np.random.default_rng(0).integers(0, 255, (64, 64), np.uint8)).save(folder / "cut.jpg")
    data = (folder / "cut.jpg").read_bytes()
    (folder / "cut.jpg").write_bytes(data[: len(data) // 2])


def pipe(folder):
    """Opening one would wait for ever."""
    os.mkfifo(folder / "pipe.png")


def loop(folder):
    (folder / "loop").symlink_to(folder)


def dangling(folder):
    (folder / "nowhere.png").symlink_to(folder / "not there.png")


def named_folder(folder):
    (folder / "folder.png").mkdir()


def huge_claim(folder):
    """A PNG that says it has 60,000 x 60,000 pixels."""
    Image.new("L", (8, 8)).save(folder / "huge.png")
    data = bytearray((folder / "huge.png").read_bytes())
    data[16:24] = (60_000).to_bytes(4, "big") * 2
    (folder / "huge.png").write_bytes(data)


def dicom_bytes(folder):
    (folder / "broken.dcm").write_bytes(bytes(128) + b"DICM" + os.urandom(3000))


def zeros(folder):
    (folder / "zeros.png").write_bytes(bytes(5000))


@pytest.mark.parametrize(
    "make",
    [
        fault("an image with NaN", nan_tiff),
        fault("an image with infinity", infinite_tiff),
        fault("a JPEG cut short", truncated_jpeg),
        fault("a named pipe called .png", pipe),
        fault("a link to its own folder", loop),
        fault("a link to nothing", dangling),
        fault("a folder called .png", named_folder),
        fault("a PNG that claims 3.6 gigapixels", huge_claim),
        fault("a DICOM file of random bytes", dicom_bytes),
        fault("a PNG of zeros", zeros),
    ],
)
def test_what_is_no_image_is_left_out_and_the_rest_is_trained_on(place, unbroken, make):
    make(place.data / "dark")
    ended = place.train().end()
    assert ended.status == 0, ended.last
    for event in ended.events:
        if "message" in event:
            one_sentence(event["message"])
    assert_same(place.run, unbroken("features"))


@pytest.mark.long
def test_an_image_that_takes_the_reading_process_down_is_left_out(place):
    """Random bytes behind a DICOM header, many files: a worker may crash, the scan never does."""
    random = np.random.default_rng(1)
    for number in range(30):
        header = bytes(128) + b"DICM" + b"\x02\x00\x00\x00UL\x04\x00\xc0\x00\x00\x00"
        (place.data / "dark" / f"x{number}.dcm").write_bytes(header + random.bytes(400))
    ended = place.train().end()
    assert ended.status == 0, ended.last
    left_out = next(e for e in ended.of("finding") if e["code"] == "unreadable-image")
    assert len(left_out["paths"]) >= 30
