"""The real window, driven from a folder of images to an exported model, with real child processes."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt

from counterpoise.core.prediction.opening import open_model
from counterpoise.gui.texts import train as train_texts
from counterpoise.gui.window import MainWindow

PNEUMONIA = Path(__file__).parents[3] / "shared" / "data" / "pneumoniamnist"


class Driver:
    """Presses what a person would press, and waits for what a person would wait for."""

    def __init__(self, qtbot: Any, window: MainWindow, patience_s: int) -> None:
        self.qtbot, self.window, self.session = qtbot, window, window.session
        self._patience = patience_s * 1000
        self.problems: list[str] = []
        self.session.problem.connect(self.problems.append)

    def until(self, condition: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(condition, timeout=self._patience)

    def press_main(self) -> None:
        self.until(self.window.footer.main.isEnabled)
        self.qtbot.mouseClick(self.window.footer.main, Qt.MouseButton.LeftButton)

    def next_to(self, name: str) -> None:
        self.press_main()
        self.until(lambda: self.window.current == name)

    def read(self) -> None:
        """Wait until the images are read and judged."""
        self.until(lambda: self.session.catalog is not None)
        self.until(lambda: self.session.check is not None)

    def train(self) -> None:
        """Train to the end and compare what is plotted with the run's own events."""
        step = self.window.step("train")
        assert self.window.footer.main.text() == train_texts.START
        self.press_main()
        self.until(lambda: step.control.story.phase in ("finished", "failed"))
        story = step.control.story
        assert story.phase == "finished", story.message
        told = [json.loads(line) for line in step.control.run.events.read_text("utf-8").splitlines()]
        epochs = [event for event in told if event["event"] == "epoch"]
        assert epochs
        curves = step.watch.curves
        for plot, name in ((curves.auc, "val_auc"), (curves.loss, "loss"), (curves.loss, "val_loss")):
            assert plot.points(name) == [(event["epoch"], event[name]) for event in epochs]

    def judge(self) -> dict[str, Any]:
        """Open the test part; returns its figures."""
        step = self.window.step("results")
        self.until(lambda: step.outcome is not None)
        self.qtbot.mouseClick(step.closed.open, Qt.MouseButton.LeftButton)
        self.until(lambda: step.outcome.test is not None)
        assert "opened once" in step.headline.note.text()
        return dict(step.outcome.test)

    def export(self, out: Path) -> None:
        step = self.window.step("export")
        step.folder.setText(str(out))
        step.folder.textEdited.emit(str(out))
        self.press_main()
        self.until(lambda: step.next_enabled)
        assert step.state == "done"

    def go_the_whole_way(self, out: Path) -> dict[str, Any]:
        """From read images to an exported model by the main button alone, but for opening the test part."""
        for name in ("inspect", "balance", "check", "train"):
            self.next_to(name)
        self.train()
        self.next_to("results")
        figures = self.judge()
        self.next_to("export")
        self.export(out)
        assert [problem for problem in self.problems if problem] == []
        return figures


def test_from_the_demo_to_an_exported_model(qtbot, window, tmp_path):
    driver = Driver(qtbot, window, 90)
    window.step("data").try_demo()
    driver.read()
    figures = driver.go_the_whole_way(tmp_path / "out")
    assert figures["metrics"]["auc"]["value"] > 0.8
    model = open_model(tmp_path / "out" / "onnx")
    assert list(model.labels.labels) == figures["classes"]


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.skipif(not PNEUMONIA.is_dir(), reason="the real images lie beside the checkout, not in it")
@pytest.mark.parametrize(("mode", "least"), [("features", 0.93), ("finetune", 0.93)])
def test_from_real_images_to_an_exported_model(qtbot, window, tmp_path, mode, least):
    driver = Driver(qtbot, window, 3000)
    window.session.open_paths([PNEUMONIA])
    driver.read()
    if mode == "finetune":
        step = window.step("train")
        qtbot.mouseClick(step.modes.buttons["finetune"], Qt.MouseButton.LeftButton)
        assert window.session.settings.model.mode == "finetune"
    figures = driver.go_the_whole_way(tmp_path / "out")
    assert figures["metrics"]["auc"]["value"] >= least
    assert figures["n"] > 600
