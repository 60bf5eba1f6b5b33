"""A run waits for images that have gone and for room on the disk, and ends as the undisturbed one."""

import resource
import shutil
from dataclasses import replace

import numpy as np
import pytest
from tests_training import draw, work_here

from counterpoise.core.catalog.scan import scan
from counterpoise.core.catalog.sources import open_sources
from counterpoise.core.errors import DiskFullError
from counterpoise.core.figures.predictions import read_predictions
from counterpoise.core.pixels.store import ImagesLostError
from counterpoise.core.safety.plan import make_plan
from counterpoise.core.settings import Settings
from counterpoise.core.training import waiting
from counterpoise.core.training.checkpoints import Checkpoints
from counterpoise.core.training.images import lost


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    monkeypatch.setattr(waiting, "EVERY", 0.01)
    monkeypatch.setattr(waiting, "SAY_EVERY", 0.0)


@pytest.fixture
def own(tmp_path):
    """A folder that may be taken apart, and plans on it: few images, so that no process is started."""
    folder = tmp_path / "discs"
    draw(folder, "bright", 24, 110, 1)
    draw(folder, "dark", 24, -80, 2)
    chosen = {"model.image_size": 32, "training.epochs": 4, "training.device": "cpu"}
    settings = Settings().changed(chosen)
    catalog = scan(open_sources(folder), settings.data, cache=tmp_path / "scan")
    return folder, make_plan(catalog, settings, run=tmp_path / "own", cache=tmp_path / "cache")


def predictions(told):
    return read_predictions(told.run.predictions)[1]


def guards(events):
    return [(e["code"], e["evidence"]) for e in events if e["event"] == "guard"]


def in_decode(what):
    return what["event"] == "progress" and what["stage"] == "decode"


def test_a_folder_that_vanishes_and_returns_costs_time_only(own, tmp_path):
    folder, plan = own
    away, waits = folder.with_name("away"), []

    def when(what):
        if in_decode(what) and what["done"] == 0 and not waits:
            folder.rename(away)
        if what["event"] == "stage" and what["stage"] == "waiting":
            waits.append(what)
            if len(waits) == 3:
                away.rename(folder)

    told = work_here(plan, when=when)
    (code, evidence) = guards(told.events)[0]
    assert len(guards(told.events)) == 1, "one occurrence, said once"
    assert code == "source-lost"
    assert evidence["files"] > 10
    assert len(waits) >= 3
    whole = work_here(replace(plan, run=tmp_path / "whole", cache=tmp_path / "another"))
    assert predictions(told) == predictions(whole)
    stages = [e["stage"] for e in told.of("stage")]
    assert stages[: len(waits) + 2] == ["decode", *["waiting"] * len(waits), "decode"]


@pytest.mark.parametrize("asked", ["pause", "stop"])
def test_waiting_ends_when_asked_and_can_be_gone_on_with(own, asked):
    folder, plan = own
    away = folder.with_name("away")

    def when(what):
        if in_decode(what) and folder.exists():
            folder.rename(away)
        return asked if what.get("stage") == "waiting" else None

    if asked == "pause":
        assert work_here(plan, when=when).result == {"paused": True}
    else:
        with pytest.raises(ImagesLostError, match=r"Connect the drive again .* go on"):
            work_here(plan, when=when)
    away.rename(folder)
    assert work_here(plan, new=False).run.is_finished


def test_a_single_file_that_vanished_is_named_and_waited_for_a_while(own, monkeypatch):
    folder, plan = own
    monkeypatch.setattr(lost, "PATIENCE", 0.1)
    image = plan.catalog.part("train")[3]
    (folder / image.path).unlink()
    events = []
    with pytest.raises(ImagesLostError, match=image.path):
        work_here(plan, events=events)
    (told,) = [e for e in events if e["event"] == "guard"]
    assert (told["code"], told["paths"]) == ("source-lost", [image.path])
    assert "the other images are there" in told["message"]


def test_a_file_that_is_copied_back_is_not_taken_for_another_one(own, tmp_path):
    """It comes back in two pieces, as a slow copy does."""
    folder, plan = own
    path = folder / plan.catalog.part("train")[3].path
    data, waits = path.read_bytes(), []
    path.unlink()

    def when(what):
        if what.get("stage") == "waiting":
            waits.append(what)
            path.write_bytes(data[:-40] if len(waits) < 3 else data)

    told = work_here(plan, when=when)
    assert told.run.is_finished
    assert [code for code, _ in guards(told.events)] == ["source-lost"]


def test_a_file_that_became_another_ends_it_at_once(own):
    folder, plan = own
    one, two = plan.catalog.part("train")[3:5]
    shutil.copyfile(folder / one.path, folder / two.path)
    with pytest.raises(ImagesLostError, match=r"has changed since the scan.*Put the file back as it was"):
        work_here(plan)


def test_names_that_identify_someone_stay_hidden(own):
    folder, plan = own
    image = plan.catalog.part("train")[3]
    plan = replace(plan, catalog=replace(plan.catalog, public_names={image.path: "img-1234"}))
    (folder / image.path).rename(folder / "elsewhere")
    told = []

    def when(what):
        told.append(what)
        return "stop" if what.get("stage") == "waiting" else None

    with pytest.raises(ImagesLostError, match=r"^img-1234 can't"):
        work_here(plan, when=when)
    guard = next(e for e in told if e["event"] == "guard")
    assert guard["paths"] == ["img-1234"]
    assert image.path not in str(guard)


def test_a_cache_that_is_cleared_while_it_fills_is_made_anew(own):
    _, plan = own
    cleared = []

    def when(what):
        if in_decode(what) and not cleared:
            cleared.append(what)
            shutil.rmtree(plan.cache / "images")

    assert work_here(plan, when=when).run.is_finished


@pytest.fixture
def disk():
    """A disk of this process that takes no file beyond ``full(bytes)``; ``free()`` gives it room again."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)

    class Disk:
        @staticmethod
        def full(size):
            resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))

        @staticmethod
        def free():
            resource.setrlimit(resource.RLIMIT_FSIZE, before)

    yield Disk
    Disk.free()


@pytest.mark.parametrize("stage", ["decode", "embed", "scaling", "learn", "finish"])
def test_a_full_disk_is_waited_for_in_every_stage(own, disk, stage, monkeypatch):
    """A limit on the size of files stands for it: the system refuses the same writes."""
    monkeypatch.setattr("counterpoise.core.training.features.train.SAVE_SECONDS", 0.0)
    _, plan = own
    waits = []

    def when(what):
        if what["event"] == "stage" and what["stage"] == stage and not waits:
            disk.full(100)
        if what.get("stage") == "waiting":
            waits.append(what)
            if len(waits) == 2:
                disk.free()

    told = work_here(plan, when=when)
    assert told.run.is_finished
    assert [code for code, _ in guards(told.events)] == ["disk-full"]


@pytest.mark.parametrize("asked", ["pause", "stop"])
def test_a_full_disk_can_be_paused_and_stopped(own, disk, asked, monkeypatch):
    monkeypatch.setattr("counterpoise.core.training.features.train.SAVE_SECONDS", 0.0)
    _, plan = own

    def when(what):
        if what["event"] == "epoch" and what["epoch"] == 2:
            disk.full(100)
        return asked if what.get("stage") == "waiting" else None

    if asked == "pause":
        assert work_here(plan, when=when).result == {"paused": True}
    else:
        with pytest.raises((DiskFullError, OSError)):
            work_here(plan, when=when)
    disk.free()
    state, _ = Checkpoints(plan.run / "checkpoints").load() or pytest.fail("no state was kept")
    assert state["kernel"].any()
    assert work_here(plan, new=False).run.is_finished


def test_time_that_was_waited_is_not_counted_as_worked(own, monkeypatch):
    monkeypatch.setattr(waiting, "EVERY", 0.2)
    folder, plan = own
    away = folder.with_name("away")
    tellers = []
    real = waiting.wait_until

    def noted(back, teller, *rest):
        tellers.append(teller)
        before = teller.minutes
        found = real(back, teller, *rest)
        assert teller.minutes - before < 0.1 / 60
        return found

    monkeypatch.setattr(lost, "wait_until", noted)

    def when(what):
        if in_decode(what) and what["done"] == 0 and folder.exists():
            folder.rename(away)
        if what.get("stage") == "waiting":
            away.rename(folder)

    work_here(plan, when=when)
    assert len(tellers) == 1
    assert np.isfinite(tellers[0].minutes)
