"""The test part opened, moved images, other data: with a real run."""

import csv
import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from drawing import draw
from sklearn.metrics import roc_auc_score

from counterpoise.core.catalog.types import Sources
from counterpoise.core.errors import CounterpoiseError
from counterpoise.core.evaluation.evaluate import EvaluationCancelledError, evaluate_run
from counterpoise.core.jobs.job import Job
from counterpoise.core.prediction.opening import open_model
from counterpoise.core.study.places import HOME_VARIABLE


def metrics_of(base: Path) -> dict[str, object]:
    found = json.loads((base / "run" / "metrics.json").read_text())
    assert isinstance(found, dict)
    return found


def table(base: Path) -> list[dict[str, str]]:
    with (base / "run" / "predictions.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_the_test_part_is_opened_and_counted(base: Path) -> None:
    with (base / "run" / "split.csv").open() as file:
        split = {row["path"]: row for row in csv.DictReader(file)}
    before = table(base)
    assert {row["split"] for row in before} == {"val"}
    assert metrics_of(base)["openings"] == 0

    told = evaluate_run(base / "run").to_json()

    test = {path for path, row in split.items() if row["split"] == "test"}
    rows = [row for row in table(base) if row["split"] == "test"]
    assert {row["path"] for row in rows} == test
    assert [row for row in table(base) if row["split"] == "val"] == before
    assert (told["split"], told["n"], told["opened"]) == ("test", len(test), 1)
    assert told["groups"] == len({split[path]["group"] for path in test}) < len(test)
    assert metrics_of(base)["openings"] == 1
    for row in rows:
        assert row["label"] == split[row["path"]]["label"]
        assert float(row["p_normal"]) + float(row["p_sick"]) == pytest.approx(1)

    scores, truth = [float(row["p_sick"]) for row in rows], [row["label"] == "sick" for row in rows]
    assert told["metrics"]["auc"]["value"] == pytest.approx(roc_auc_score(truth, scores))
    right = np.mean([row["predicted"] == row["label"] for row in rows])
    assert told["metrics"]["accuracy"]["value"] == pytest.approx(right)
    threshold = told["threshold"]
    assert [row["predicted"] == "sick" for row in rows] == [score >= threshold["value"] for score in scores]
    assert told["prevalence"] == 0.1

    again = evaluate_run(base / "run").to_json()
    assert again["opened"] == 2
    assert again["metrics"] == told["metrics"]
    assert len([row for row in table(base) if row["split"] == "test"]) == len(test)
    assert [e["opened"] for e in metrics_of(base)["evaluations"]] == [1, 2]  # type: ignore[attr-defined]  # a list
    open_model(base / "run")  # its manifest still holds


def test_moved_and_renamed_images_are_matched_by_content(base: Path, trained: Path) -> None:
    for number, file in enumerate(sorted((trained / "data").rglob("*.png"))):
        place = base / "moved" / file.parent.name / "deeper"
        place.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, place / f"{number}.png")
    told = evaluate_run(base / "run", Sources(root=base / "moved")).to_json()
    here = evaluate_run(base / "run").to_json()
    assert (told["split"], told["missing"]) == ("test", 0)
    assert told["metrics"] == here["metrics"]
    assert told["groups"] == here["groups"]


def test_own_images_in_no_class_folders_are_matched_too(base: Path, trained: Path) -> None:
    own = evaluate_run(base / "run").to_json()
    heap = base / "heap"
    heap.mkdir()
    for number, path in enumerate(sorted((trained / "data").rglob("*.png"))):
        shutil.copy(path, heap / f"{number}.png")
    told = evaluate_run(base / "run", Sources(root=heap)).to_json()
    assert (told["split"], told["opened"]) == ("test", 2)
    assert told["metrics"] == own["metrics"]


def test_a_heap_of_other_images_is_refused_as_such(base: Path) -> None:
    heap = base / "heap"
    for number, path in enumerate(sorted(draw(base / "other", 6, seed=9).rglob("*.png"))):
        heap.mkdir(exist_ok=True)
        path.rename(heap / f"{number}.png")
    with pytest.raises(CounterpoiseError, match="holds no image in a class folder"):
        evaluate_run(base / "run", Sources(root=heap))


def test_other_images_are_external_and_open_nothing(base: Path) -> None:
    draw(base / "other", 10, seed=2)
    before = table(base)
    told = evaluate_run(base / "run", Sources(root=base / "other")).to_json()
    assert (told["split"], told["n"], told["groups"], told["opened"]) == ("external", 20, 10, 0)
    assert metrics_of(base)["openings"] == 0
    assert table(base) == before


def test_images_the_model_has_seen_are_left_out_of_other_data(base: Path, trained: Path) -> None:
    draw(base / "other", 10, seed=2)
    with (trained / "run" / "split.csv").open() as file:
        seen = [row["path"] for row in csv.DictReader(file) if row["split"] == "train"][:3]
    for path in seen:
        shutil.copy(trained / "data" / path, base / "other" / path)
    told = evaluate_run(base / "run", Sources(root=base / "other")).to_json()
    assert (told["n"], told["known_left_out"]) == (20, 3)


def test_training_images_alone_are_refused(base: Path, trained: Path) -> None:
    with (trained / "run" / "split.csv").open() as file:
        rows = [row for row in csv.DictReader(file) if row["split"] == "train"]
    for row in rows:
        (base / "seen" / row["label"]).mkdir(parents=True, exist_ok=True)
        shutil.copy(trained / "data" / row["path"], base / "seen" / row["path"])
    with pytest.raises(CounterpoiseError, match="used to make this model"):
        evaluate_run(base / "run", Sources(root=base / "seen"))


def test_a_class_the_model_does_not_know_is_named(base: Path) -> None:
    draw(base / "other", 4, seed=3, labels=("normal", "strange"))
    with pytest.raises(CounterpoiseError, match="class 'strange'"):
        evaluate_run(base / "run", Sources(root=base / "other"))


def test_one_class_alone_gives_what_can_be_computed(base: Path) -> None:
    draw(base / "other", 6, seed=4, labels=("sick",))
    evaluation = evaluate_run(base / "run", Sources(root=base / "other"))
    told = evaluation.to_json()
    json.dumps(told, allow_nan=False)
    assert told["metrics"]["auc"]["value"] is None
    assert told["per_class"]["normal"]["sensitivity"]["value"] is None
    assert "of one class" in evaluation.sentence


def test_images_that_are_gone_ask_for_data(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for file in (base / "home" / "data" / "locations").iterdir():
        file.write_text(file.read_text().replace("/data", "/nowhere"))
    with pytest.raises(CounterpoiseError, match="with --data"):
        evaluate_run(base / "run")
    monkeypatch.setenv(HOME_VARIABLE, str(base / "another user"))
    with pytest.raises(CounterpoiseError, match="with --data"):
        evaluate_run(base / "run")
    assert metrics_of(base)["openings"] == 0


def test_stopping_opens_nothing(base: Path) -> None:
    asked: list[str] = []

    def cancelled() -> bool:
        return "predict" in asked

    with pytest.raises(EvaluationCancelledError, match="stays closed"):
        evaluate_run(
            base / "run", progress=lambda stage, *_: asked.append(stage), cancelled=cancelled, workers=1
        )
    assert metrics_of(base)["openings"] == 0


def test_what_is_no_run_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(CounterpoiseError, match="is not a run"):
        evaluate_run(tmp_path)


def test_it_runs_as_a_job(base: Path) -> None:
    payload = {"run": str(base / "run"), "sources": None}
    job = Job("counterpoise.core.evaluation.evaluate:evaluate_job", payload)
    job.start()
    events = list(job.events())
    assert events[-1]["event"] == "finished", events[-1]
    assert events[-1]["result"]["opened"] == 1
    assert events[-1]["result"]["sentence"]
    assert any(event["event"] == "progress" for event in events)
