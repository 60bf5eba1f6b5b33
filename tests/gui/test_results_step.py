import csv
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt

from counterpoise.gui.outcome import read_outcome
from counterpoise.gui.texts import results as texts


@pytest.fixture
def step(qtbot, trained):
    trained.go("results")
    step = trained.step("results")
    qtbot.waitUntil(lambda: step.outcome is not None, timeout=10_000)
    return step


def open_test(qtbot, step):
    qtbot.mouseClick(step.closed.open, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: step.outcome.test is not None, timeout=60_000)


def test_outcome_is_what_the_files_say(step):
    outcome = read_outcome(step.session.run)
    with step.session.run.predictions.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert outcome.shown == "val"
    assert list(outcome.predictions.paths) == [row["path"] for row in rows]
    assert outcome.names == ("benign", "malignant")
    assert outcome.of_interest == "malignant"
    confusion = np.array(outcome.figures["confusion"])
    for truth in range(2):
        for said in range(2):
            assert len(outcome.predictions.in_cell((truth, said))) == confusion[truth, said]
    for row in outcome.predictions.worst_errors(5):
        assert outcome.predictions.truth[row] != outcome.predictions.predicted[row]


def test_the_test_part_is_closed_until_the_button(qtbot, step):
    assert step.closed.isVisible()
    assert step.outcome.openings == 0
    assert "validation" in step.headline.note.text()
    assert step.subtitle_label.text() == texts.SUBTITLE_VALIDATION
    open_test(qtbot, step)
    assert step.subtitle_label.text() == texts.SUBTITLE
    assert step.figures.note.text().startswith(f"{texts.VALIDATION_TITLE}: AUC")
    assert not step.closed.isVisible()
    assert "opened once" in step.headline.note.text()
    assert step.figures.shown["auc"] == texts.score(step.outcome.test["metrics"]["auc"]["value"])
    found = round(100 * step.outcome.test["per_class"]["malignant"]["sensitivity"]["value"])
    assert f"it finds {found}," in step.headline.plain


def test_a_test_figure_wholly_below_validation_is_warned_of(step):
    def figures(value, low, high):
        metrics = {**step.outcome.figures["metrics"], "auc": {"value": value, "low": low, "high": high}}
        return {**step.outcome.figures, "metrics": metrics}

    validation = figures(0.985, 0.971, 0.992)
    step.outcome = replace(step.outcome, validation=validation, test=figures(0.93, 0.9, 0.975))
    step._show()
    assert not step.worse.isVisible()
    step.outcome = replace(step.outcome, test=figures(0.9, 0.86, 0.94))
    step._show()
    assert step.worse.isVisible()
    words = "Worse than on validation (AUC .985, likely .971 to .992)"
    assert step.worse.title_label.text() == words
    assert "AUC .985 (.971 – .992)" in step.figures.note.text()


def test_a_cell_opens_its_images_in_the_gallery(qtbot, step):
    matrix = np.array(step.outcome.figures["confusion"])
    truth, said = np.argwhere(matrix > 0)[0]
    with qtbot.waitSignal(step.session.images_asked) as asked:
        step.mixed_up.matrix.cell_chosen.emit(int(truth), int(said))
    assert len(asked.args[0]) == matrix[truth, said]
    window, inspect = step.window(), step.window().step("inspect")
    assert window.current == "inspect"
    assert inspect.gallery.model.rowCount() == matrix[truth, said]
    assert inspect.way_back.isVisible()
    qtbot.mouseClick(inspect.way_back, Qt.MouseButton.LeftButton)
    assert window.current == "results"
    window.go("inspect")
    assert inspect.way_back.isVisible()
    inspect.gallery.by_finding._choose(None)
    assert not inspect.way_back.isVisible()


def test_the_line_can_be_moved_and_goes_back(qtbot, step):
    line = step.line
    own = line.plot.index
    point = step.outcome.labels.threshold
    p = step.outcome.predictions
    flagged = p.probabilities[:, 1] >= point.value
    assert line.plot._curve.sensitivity[own] == pytest.approx(flagged[p.truth == 1].mean())
    assert texts.OWN_LINE in line.threshold.text()
    assert line.preview.isHidden()
    line.plot.slider.setValue(0 if own else 1)
    assert texts.OWN_LINE not in line.threshold.text()
    assert line.preview.isVisible()
    assert line.preview.text() == texts.PREVIEW
    line.prevalence.setText("10 %")
    line.prevalence.textEdited.emit("10 %")
    assert line.values.text() != texts.NOT_A_SHARE
    line.prevalence.textEdited.emit("much") if line.prevalence.setText("much") else line._tell()
    assert line.values.text() == texts.NOT_A_SHARE
    line.back.click()
    assert line.plot.index == own
    assert line.preview.isHidden()


def test_it_can_be_tried_on_an_image_and_on_what_is_none(qtbot, step, tmp_path):
    image = next((step.session.study.root / "images" / "benign").glob("*.png"))
    card = step.try_it
    card.look_at(image)
    qtbot.waitUntil(lambda: "probability" in card.words.text(), timeout=30_000)
    assert card.bars.accessibleDescription().count("%") == 2
    qtbot.waitUntil(lambda: not card.tile.image.isNull(), timeout=10_000)
    text = tmp_path / "notes.txt"
    text.write_text("no image")
    card.look_at(text)
    qtbot.waitUntil(lambda: card.words.text().startswith("This can't be read"), timeout=30_000)


def test_the_report_is_written(qtbot, step, tmp_path):
    out = tmp_path / "report.html"
    step.write_report(out)
    qtbot.waitUntil(step.show_report.isVisible, timeout=30_000)
    assert out.read_text(encoding="utf-8").lstrip().lower().startswith("<!doctype html")
    assert str(out) in step.said.text()


def test_runs_are_compared(qtbot, step):
    step.runs.show()
    step.runs.refresh()
    qtbot.waitUntil(lambda: step.runs.table.rowCount() == 1, timeout=10_000)
    assert step.runs.table.item(0, 0).text() == "first"
    assert step.runs.table.item(0, 3).text() == texts.CLOSED
    with qtbot.waitSignal(step.runs.run_chosen) as chosen:
        step.runs.table.itemActivated.emit(step.runs.table.item(0, 0))
    assert chosen.args[0] == step.session.run


def test_without_a_run_it_leads_to_training(qtbot, opened):
    opened.go("results")
    step = opened.step("results")
    assert step.nothing.isVisible()
    assert not opened.footer.main.isEnabled()
    qtbot.mouseClick(step.nothing.train, Qt.MouseButton.LeftButton)
    assert opened.current == "train"


def test_other_labelled_images_judge_the_model_too(qtbot, step, tmp_path):
    other = tmp_path / "hospital B"
    random = np.random.default_rng(5)
    for name, level in (("benign", 105), ("malignant", 130)):
        (other / name).mkdir(parents=True)
        for i in range(12):
            pixels = random.normal(level, 40, (32, 32)).clip(0, 255).astype(np.uint8)
            Image.fromarray(pixels).save(other / name / f"{i}.png")
    step.judge_on(other)
    qtbot.waitUntil(lambda: step.other.count() == 1, timeout=60_000)
    card = step.other.itemAt(0).widget()
    assert card.title_label.text() == "On 24 images of hospital B"
    assert step.outcome.openings == 0
    assert step.closed.isVisible()
    with qtbot.waitSignal(step.session.problem) as problem:
        step.judge_on(tmp_path / "gone")
    assert "gone" in problem.args[0]
