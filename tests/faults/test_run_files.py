"""Files of a run that were damaged, lost or left behind: before going on, and after it has finished."""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from fault_runs import Place, assert_same, fault, one_sentence, resumable

from counterpoise.core.catalog.snapshot import read_split_csv


def edit(name: str, change: Callable[[bytes], bytes]) -> Callable[[Place], None]:
    """Return what changes a file of the run."""

    def harm(place: Place) -> None:
        file = place.run.root / name
        file.write_bytes(change(file.read_bytes() if file.exists() else b""))

    return harm


def remove(name: str) -> Callable[[Place], None]:
    return lambda place: (place.run.root / name).unlink()


def folder(name: str) -> Callable[[Place], None]:
    """Return what puts a folder in the place of a file."""

    def harm(place: Place) -> None:
        (place.run.root / name).unlink(missing_ok=True)
        (place.run.root / name).mkdir()

    return harm


def flipped(data: bytes) -> bytes:
    middle = len(data) // 2
    return data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :]


def newer(data: bytes) -> bytes:
    return data.replace(b"format_version = 1", b"format_version = 99", 1).replace(
        b'"format_version": 1', b'"format_version": 99', 1
    )


def owned_by_a_stranger(place: Place) -> None:
    """The number of a process that has died is given to another one."""
    place.run.owner.write_text(json.dumps({"pid": os.getpid(), "created": 0.0}))


def moved(place: Place) -> None:
    place.run.root.rename(place.root / "moved")
    (place.root / "moved").rename(place.run.root)
    place.data.rename(place.root / "images")
    place.data = place.root / "images"


def renamed_images(place: Place) -> None:
    for number, file in enumerate(sorted(place.data.rglob("*.png"))):
        file.rename(file.with_name(f"image {number}.png"))


def relabelled_images(place: Place) -> None:
    """Moved into another class's folder: the run goes on with the labels it had."""
    for file in sorted((place.data / "dark").iterdir())[:5]:
        file.rename(place.data / "bright" / file.name)


def home_lost(place: Place) -> None:
    """Another computer, or another user: the key, the places and the cache aren't there."""
    shutil.rmtree(place.home)


@pytest.mark.parametrize(
    "harm",
    [
        fault("events.jsonl cut in the middle of a line", edit("events.jsonl", lambda d: d[: len(d) - 30])),
        fault("events.jsonl deleted", remove("events.jsonl")),
        fault(
            "events.jsonl with lines of rubbish", edit("events.jsonl", lambda d: d + b'\xff\x00{"a"\n[1]\n')
        ),
        fault("log.txt replaced by a folder", folder("log.txt")),
        fault("a stop from yesterday lies in control", edit("control", lambda _: b"stop")),
        fault("rubbish in control", edit("control", lambda _: b"\xff\xfe\x00")),
        fault(
            "supervisor.json left by a process that died", edit("supervisor.json", lambda _: b'{"pid": 1}')
        ),
        fault("supervisor.json with the number of a stranger", owned_by_a_stranger),
        fault("supervisor.json with rubbish", edit("supervisor.json", lambda _: b"\x00\xff")),
        fault("images moved to another folder", moved),
        fault("images renamed", renamed_images),
        fault("images moved to another class", relabelled_images),
        fault("home, key and cache lost", home_lost),
    ],
)
def test_a_paused_run_goes_on_to_the_same_end(stopped, unbroken, harm):
    harm(stopped)
    ended = stopped.resume()
    assert ended.status == 0, ended.last
    assert_same(stopped.run, unbroken("paused"))


def without_last_rows(data: bytes) -> bytes:
    return b"".join(data.splitlines(keepends=True)[:-7])


def trained_on(place: Place) -> list[Path]:
    return [place.data / row.path for row in read_split_csv(place.run.split) if row.part == "train"]


def image_lost(place: Place) -> None:
    trained_on(place)[0].unlink()


def image_changed(place: Place) -> None:
    first, second = trained_on(place)[:2]
    shutil.copy(first, second)


def images_gone(place: Place) -> None:
    shutil.rmtree(place.data)


def images_emptied(place: Place) -> None:
    for file in place.data.rglob("*.png"):
        file.write_bytes(b"")


def key_damaged(place: Place) -> None:
    (place.home / "data" / "secret").write_text("abc")


@pytest.mark.parametrize(
    ("harm", "sentence"),
    [
        fault("config.toml damaged", edit("config.toml", lambda d: d[:200]), "config.toml is damaged"),
        fault("config.toml empty", edit("config.toml", lambda _: b""), "config.toml is damaged"),
        fault("config.toml missing", remove("config.toml"), "is not a run"),
        fault("config.toml of a newer program", edit("config.toml", newer), "newer Counterpoise"),
        fault("split.csv damaged", edit("split.csv", lambda _: b"a,b\n1,2\n"), "split.csv is damaged"),
        fault("split.csv missing", remove("split.csv"), "split.csv can't be read"),
        fault("split.csv without its last rows", edit("split.csv", without_last_rows), "was changed since"),
        fault("split.csv not text", edit("split.csv", lambda _: b"\xff\xfe\x00\x01"), "split.csv is damaged"),
        fault("one image deleted", image_lost, "1 image of the run can't be found"),
        fault("one image replaced by another", image_changed, "1 image of the run can't be found"),
        fault("all images gone", images_gone, "doesn't exist"),
        fault("all images emptied", images_emptied, "can't be|no image"),
        fault("the key of the pseudonyms damaged", key_damaged, "secret is damaged"),
    ],
)
def test_a_paused_run_that_cannot_go_on_says_why_and_stays_as_it_is(stopped, harm, sentence):
    harm(stopped)
    before = {p.name: p.read_bytes() for p in stopped.run.checkpoints.iterdir()}
    ended = stopped.resume()
    assert (ended.status, ended.last["event"]) == (1, "failed")
    one_sentence(ended.last["message"])
    assert_matches(sentence, ended.last["message"])
    assert {p.name: p.read_bytes() for p in stopped.run.checkpoints.iterdir()} == before


def assert_matches(pattern: str, text: str) -> None:
    assert any(part in text for part in pattern.split("|")), text


@pytest.mark.parametrize(
    ("harm", "command", "sentence"),
    [
        fault("labels.json missing", remove("labels.json"), "predict", "labels.json"),
        fault("labels.json of a newer program", edit("labels.json", newer), "predict", "labels.json"),
        fault("model.keras flipped by one bit", edit("model.keras", flipped), "predict", "model.keras"),
        fault("model.onnx cut short", edit("model.onnx", lambda d: d[:1000]), "predict", "model.onnx"),
        fault(
            "preprocessing.json changed", edit("preprocessing.json", lambda d: d + b" "), "predict", "preproc"
        ),
        fault("config.toml changed", edit("config.toml", lambda d: d + b"\n"), "predict", "config.toml"),
        fault("manifest.json missing", remove("manifest.json"), "predict", "hasn't finished"),
        fault("manifest.json cut short", edit("manifest.json", lambda d: d[:40]), "predict", "manifest"),
        fault(
            "manifest.json of a newer program", edit("manifest.json", newer), "predict", "newer Counterpoise"
        ),
        fault("metrics.json cut short", edit("metrics.json", lambda d: d[:40]), "evaluate", "metrics.json"),
        fault(
            "metrics.json of a newer program", edit("metrics.json", newer), "evaluate", "newer Counterpoise"
        ),
        fault(
            "predictions.csv damaged",
            edit("predictions.csv", lambda _: b"\x00"),
            "evaluate",
            "predictions.csv",
        ),
        fault(
            "split.csv of a finished run cut", edit("split.csv", without_last_rows), "evaluate", "split.csv"
        ),
    ],
)
def test_a_finished_run_that_was_damaged_says_so(finished, harm, command, sentence):
    harm(finished)
    images = [finished.data] if command == "predict" else []
    done = finished.call(command, finished.run.root, *images)
    assert done.returncode == 1, done.stdout + done.stderr
    one_sentence(done.stderr)
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    assert sentence in done.stderr


@pytest.mark.long
def test_a_run_folder_deleted_in_mid_run_is_said(place):
    place.kind = "long"
    training = place.train()
    training.until("epoch")
    shutil.rmtree(place.run.root)
    ended = training.end()
    assert (ended.status, ended.last["event"]) == (1, "failed")
    one_sentence(ended.last["message"])
    assert not place.run.root.exists()


@pytest.mark.long
def test_a_run_folder_that_is_a_file_is_refused(place):
    place.run.root.write_text("mine")
    ended = place.train().end()
    assert (ended.status, ended.last["event"]) == (1, "failed")
    assert "new or empty folder" in ended.last["message"]
    assert place.run.root.read_text() == "mine"


@pytest.mark.long
def test_a_run_folder_renamed_in_mid_run_is_said_and_nothing_is_lost(place, unbroken):
    place.kind = "long"
    training = place.train()
    training.until(lambda e: e.get("epoch") == 50)
    away = Path(f"{place.run.root} away")
    place.run.root.rename(away)
    ended = training.end()
    resumable(ended)
    assert "has gone while it was being trained" in ended.last["message"]
    assert not place.run.root.exists()
    away.rename(place.run.root)
    assert place.resume().status == 0
    assert_same(place.run, unbroken("long"), epochs=False)
