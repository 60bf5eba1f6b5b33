import json
import os
import signal

import psutil
import pytest
from PySide6.QtCore import Qt

from counterpoise.core.jobs.ownership import is_owned
from counterpoise.gui.texts import train as texts


def rounds(run):
    told = [json.loads(line) for line in run.events.read_text(encoding="utf-8").splitlines()]
    return [event for event in told if event["event"] == "epoch"]


@pytest.fixture
def step(opened):
    opened.go("train")
    return opened.step("train")


def start(qtbot, window):
    qtbot.waitUntil(window.footer.main.isEnabled, timeout=10_000)
    assert window.footer.main.text() == texts.START
    qtbot.mouseClick(window.footer.main, Qt.MouseButton.LeftButton)


def test_a_quick_run_is_followed_to_its_end(qtbot, step, opened):
    start(qtbot, opened)
    assert not opened.footer.main.isEnabled()
    assert step.pause_button.isVisible()
    qtbot.waitUntil(lambda: step.control.story.phase == "finished", timeout=90_000)
    run = step.control.run
    epochs = rounds(run)
    assert epochs
    curves = step.watch.curves
    assert curves.auc.points("val_auc") == [(e["epoch"], e["val_auc"]) for e in epochs]
    assert curves.loss.points("loss") == [(e["epoch"], e["loss"]) for e in epochs]
    assert curves.loss.points("val_loss") == [(e["epoch"], e["val_loss"]) for e in epochs]
    qtbot.waitUntil(lambda: opened.session.run == run, timeout=10_000)
    assert opened.footer.main.text() == texts.NEXT
    assert not list(run.root.parent.glob(".*.starting"))


def test_an_old_run_shows_its_curves(qtbot, trained):
    trained.go("train")
    step = trained.step("train")
    qtbot.waitUntil(lambda: step.control.story.phase == "finished", timeout=10_000)
    assert step.watch.curves.auc.points("val_auc") == [
        (e["epoch"], e["val_auc"]) for e in rounds(trained.session.run)
    ]


def test_a_mode_without_a_card_starts_too(qtbot, step, opened):
    opened.session.change({"model.mode": "scratch", "model.name": "small_cnn", "training.epochs": 1})
    start(qtbot, opened)
    assert step.control.busy
    qtbot.waitUntil(lambda: step.control.story.phase == "finished", timeout=90_000)


def test_a_start_that_fails_is_a_sentence(qtbot, step, opened):
    opened.session.study.file.write_text("format_version = 99\n", encoding="utf-8")
    start(qtbot, opened)
    qtbot.waitUntil(lambda: step.control.story.phase == "failed", timeout=30_000)
    assert "newer Counterpoise" in step.control.story.message
    assert opened.isVisible()


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
@pytest.mark.parametrize("victim", ["child", "supervisor"])
def test_killing_leaves_the_window_alive_and_the_run_resumable(qtbot, step, opened, victim):
    opened.session.change({"training.epochs": 100_000, "training.patience": 100_000})
    qtbot.waitUntil(lambda: opened.footer.main.isEnabled(), timeout=10_000)
    start(qtbot, opened)
    qtbot.waitUntil(lambda: step.control.story.last_epoch >= 3, timeout=90_000)
    run = step.control.run
    owner = psutil.Process(json.loads(run.owner.read_text())["pid"])
    if victim == "child":
        workers = [p for p in owner.children() if "spawn_main" in " ".join(p.cmdline())]
        os.kill(workers[0].pid, signal.SIGKILL)
        qtbot.waitUntil(lambda: bool(step.control.story.marks), timeout=60_000)
        (mark,) = step.control.story.marks
        assert mark.code == "process-died"
        assert "kill" in mark.message.lower()
        before = step.control.story.last_epoch
        qtbot.waitUntil(lambda: step.control.story.last_epoch > before, timeout=60_000)
    else:
        os.kill(owner.pid, signal.SIGKILL)
        qtbot.waitUntil(lambda: step.control.story.phase == "failed", timeout=30_000)
        assert step.control.story.message == texts.OWNER_GONE
        assert opened.footer.main.text() == texts.RESUME
        before = step.control.story.last_epoch
        qtbot.mouseClick(opened.footer.main, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: step.control.story.last_epoch > before, timeout=60_000)
    assert opened.isVisible()
    qtbot.mouseClick(step.stop_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: step.control.story.phase == "finished", timeout=60_000)
    assert step.control.story.stopped
    qtbot.waitUntil(lambda: not is_owned(run.owner), timeout=10_000)


def test_a_paused_run_outlives_the_window_and_goes_on(qtbot, qapp, step, opened):
    opened.session.change({"training.epochs": 100_000, "training.patience": 100_000})
    qtbot.waitUntil(lambda: opened.footer.main.isEnabled(), timeout=10_000)
    start(qtbot, opened)
    qtbot.waitUntil(lambda: step.control.story.last_epoch >= 2, timeout=90_000)
    run = step.control.run
    step.control.leave()  # as closing the window does
    assert is_owned(run.owner)
    opened.session.set_run(run)  # as opening the study again does
    qtbot.waitUntil(lambda: step.control.busy and step.control.story.last_epoch >= 2, timeout=10_000)
    qtbot.mouseClick(step.pause_button, Qt.MouseButton.LeftButton)
    assert step.pause_button.text() == texts.PAUSING
    qtbot.waitUntil(lambda: step.control.story.phase == "paused", timeout=60_000)
    qtbot.waitUntil(lambda: opened.footer.main.text() == texts.RESUME, timeout=10_000)
    assert opened.footer.main.isEnabled()
    assert [e["epoch"] for e in rounds(run)] == [n for n, _ in step.watch.curves.auc.points("val_auc")]
