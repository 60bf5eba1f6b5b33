import csv

import pytest
from PySide6.QtCore import Qt

from counterpoise.gui.texts import export as texts


@pytest.fixture
def step(trained):
    trained.go("export")
    return trained.step("export")


def cards(layout):
    return [w for i in range(layout.count()) if (w := layout.itemAt(i).widget()) is not None]


def test_onnx_is_written_verified_and_said(qtbot, step, trained, tmp_path):
    out = tmp_path / "handed on"
    step.folder.setText(str(out))
    step.folder.textEdited.emit(str(out))
    qtbot.mouseClick(trained.footer.main, Qt.MouseButton.LeftButton)
    assert not trained.footer.main.isEnabled()
    qtbot.waitUntil(lambda: step.next_enabled, timeout=90_000)
    (verdict,) = [c for c in cards(step.outcome) if hasattr(c, "severity")]
    assert verdict.severity == "good", verdict.text_label.text()
    assert (out / "onnx" / "model.onnx").is_file()
    assert (out / "onnx" / "manifest.json").is_file()


def test_a_folder_that_holds_it_already_is_refused_in_a_line(qtbot, step, tmp_path):
    (tmp_path / "onnx").mkdir()
    (tmp_path / "onnx" / "x").write_text("x")
    step.folder.setText(str(tmp_path))
    step.start()
    qtbot.waitUntil(lambda: step.next_enabled, timeout=90_000)
    (verdict,) = cards(step.outcome)
    assert verdict.severity == "blocker"


def test_nothing_chosen_nothing_to_press(step, trained):
    step.formats["onnx"].click()
    assert not trained.footer.main.isEnabled()
    assert trained.footer.hint.text() == texts.NO_FORMAT


def test_new_images_give_a_table(qtbot, step, tmp_path):
    folder = step.session.study.root / "images"
    step.predict.start([folder])
    qtbot.waitUntil(lambda: step.predict.files.isEnabled(), timeout=60_000)
    (verdict,) = cards(step.predict.outcome)
    assert verdict.severity == "good", verdict.text_label.text()
    table = step.session.study.root / "predictions" / "images.csv"
    with table.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 65
    assert {row["error"] for row in rows} == {""}
    step.predict.start([tmp_path / "gone.png"])
    qtbot.waitUntil(lambda: step.predict.files.isEnabled(), timeout=60_000)
    (verdict,) = cards(step.predict.outcome)
    assert verdict.severity == "blocker"


@pytest.mark.parametrize(
    ("value", "said"),
    [(0.0, "no difference at all"), (4e-7, "0.0000004"), (1e-9, "below 0.0000001"), (0.02, "0.0200")],
)
def test_differences_in_words(value, said):
    assert said in texts.difference(value, 200)
    assert "200 images" in texts.difference(value, 200)
