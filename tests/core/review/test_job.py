"""The review of a tiny set with planted labels, in its real child process."""

from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image

from counterpoise.core.catalog.scan import scan
from counterpoise.core.catalog.sources import edits_path, open_sources
from counterpoise.core.jobs.job import Job
from counterpoise.core.review.confirmed import confirmed_path, write_confirmed
from counterpoise.core.review.digest import digest_of
from counterpoise.core.review.request import TARGET, ReviewRequest
from counterpoise.core.review.saved import read_review, saved_path
from counterpoise.core.settings import Settings
from counterpoise.core.study.edits import Edit, append_edits

SETTINGS = Settings().changed({"model.image_size": 32, "data.val": 0.2, "data.test": 0.2})


def draw(root: Path, count: int = 20, wrong: int = 2) -> Path:
    """Draw ``count`` images with upright and with level stripes; the first ``wrong`` are misplaced."""
    random = np.random.default_rng(0)
    for turned, name in enumerate(("level", "upright")):
        for i in range(count):
            wave = np.sin(np.arange(40) / random.uniform(1.0, 1.6) + random.uniform(0, 6))
            pixels = 128 + 60 * np.broadcast_to(wave[:, None], (40, 40)) + random.normal(0, 25, (40, 40))
            folder = root / (("upright", "level")[turned] if i < wrong else name)
            folder.mkdir(parents=True, exist_ok=True)
            made = (pixels.T if turned else pixels).clip(0, 255).astype(np.uint8)
            Image.fromarray(made).save(folder / f"{name}{i:02d}.png")
    return root


def look(root: Path, **how):
    sources = open_sources(root)
    request = ReviewRequest(sources, SETTINGS, **how)
    with Job(TARGET, request, name="second look") as job:
        events = list(job.events())
    assert events[-1]["event"] == "finished", events[-1]
    return sources, events


def test_planted_labels_are_found_in_a_child_that_keeps_the_review(tmp_path):
    root = draw(tmp_path / "stripes")
    mended = Edit("relabel", "upright/level00.png", -1, "level")
    append_edits(edits_path(open_sources(root)), [mended])
    sources, events = look(root, with_test=True)
    found = events[-1]["result"]
    planted = {"upright/level01.png", "level/upright00.png", "level/upright01.png"}
    assert {doubt.path for doubt in found.doubts[:3]} == planted
    assert all(doubt.suggested == doubt.path.split("/")[1][:-6] for doubt in found.doubts[:3])
    assert mended.path not in {doubt.path for doubt in found.doubts}
    assert found.relabelled == 1
    assert {entry.path for entry in found.unlike} <= planted  # of twelve that may be shown
    assert found.images == 40
    assert found.estimate.of < 40  # the test part is never counted
    assert [e["stage"] for e in events if e["event"] == "stage"] == [
        "scan", "decode", "scaling", "embed", "compare", "judge"
    ]  # fmt: skip
    assert read_review(saved_path(sources)) == found
    catalog = scan(sources, SETTINGS.data)
    assert digest_of(catalog, SETTINGS, True) == found.digest
    for change in ({"label": "upright"}, {"group": "p"}, {"part": ""}, {"content": "0"}):
        other = replace(catalog.images[0], **change)
        changed = replace(catalog, images=(other, *catalog.images[1:]))
        assert digest_of(changed, SETTINGS, True) != found.digest

    # Again: features are there, a label that was found right isn't doubted, the test part stays closed.
    first = found.doubts[0]
    write_confirmed(confirmed_path(sources), [(first.content, first.label)])
    _, events = look(root)
    again = events[-1]["result"]
    assert first.key not in {doubt.key for doubt in again.doubts}
    parts = {(i.path, i.frame): i.part for i in catalog.images}
    assert {parts[doubt.key] for doubt in again.doubts} <= {"train", "val"}
    assert again.images == again.estimate.of == len(catalog.part("train", "val"))
    embedded = [e["done"] for e in events if e["event"] == "progress" and e["stage"] == "embed"]
    assert embedded == [40]


def test_it_can_be_cancelled(tmp_path):
    with Job(TARGET, ReviewRequest(open_sources(draw(tmp_path / "stripes", 5, 0)), SETTINGS)) as job:
        job.send("cancel")
        events = list(job.events())
    assert events[-1]["event"] == "failed"
    assert "cancelled" in events[-1]["message"] or "stopped" in events[-1]["message"]
