"""A run that failed or learned nothing is explained on the Train step, with one button that mends it."""

import json
import time

import pytest
from PySide6.QtCore import Qt

from counterpoise.core.jobs.events import to_line
from counterpoise.core.jobs.ownership import owned
from counterpoise.core.safety.plan import make_plan
from counterpoise.core.study.run_folder import RunFolder
from counterpoise.core.training.start import prepare_run
from counterpoise.gui.steps.base import State
from counterpoise.gui.steps.check import open_blockers
from counterpoise.gui.texts import train as texts

PLOT = {"loss": 0.7, "val_loss": 0.7, "val_auc": 0.5}


@pytest.fixture
def step(opened):
    opened.go("train")
    return opened.step("train")


@pytest.fixture
def planted(opened):
    """Put a run with these events and settings into the study, and look at it."""

    def put(*events, **changes):
        session = opened.session
        settings = session.settings.changed({"training.epochs": 5, **changes})
        run = RunFolder(session.study.runs / "planted")
        prepare_run(run, make_plan(session.catalog, settings, run=run.root, cache=session.study.cache))
        now = time.time()
        lines = [{"time": now + n, **what} for n, what in enumerate([{"event": "started"}, *events])]
        run.events.write_text("".join(map(to_line, lines)), encoding="utf-8")
        session.set_run(run)
        return run

    return put


def guard(code, **more):
    return {"event": "guard", "code": code, "message": "It happened.", "epoch": 2, **more}


FAILED = {"event": "failed", "message": "It ended.", "resumable": True, "paused": False, "seconds": 1.0}


def test_a_run_that_failed_is_explained_and_mended_with_one_button(qtbot, step, opened, planted):
    changes = {"training.learning_rate": 3.0, "training.batch_size": 4}
    opened.session.change(changes)
    image = opened.session.catalog.images[0].path
    planted(
        {"event": "epoch", "epoch": 1, **PLOT}, guard("non-finite-step", paths=[image]), FAILED, **changes
    )
    main = opened.footer.main
    qtbot.waitUntil(lambda: main.text() == "Train anew: use the suggested learning rate", timeout=10_000)
    (card,) = step.state_panel.cards
    assert card.severity == "blocker"
    assert "learning rate of 3" in card.text_label.text()
    assert "To be changed: Learning rate: suggested." in card.text_label.text()
    # The settings as they are have a blocker; the button changes them, so that nothing else is to be settled.
    qtbot.waitUntil(lambda: bool(open_blockers(opened.session)), timeout=10_000)
    assert not opened.footer.hint.text()
    assert texts.mode_done(0.5) not in step.modes.card("features").accessibleDescription()
    assert step.state is State.ATTENTION
    assert step.resume_button.isVisible()
    assert not step.anew_button.isVisible()
    (listed,) = step.watch.happened.cards
    with qtbot.waitSignal(opened.session.images_asked) as asked:
        listed.buttons.itemAt(0).widget().click()
    assert asked.args == [(image,)]
    opened.go("train")

    qtbot.waitUntil(main.isEnabled, timeout=10_000)
    qtbot.mouseClick(main, Qt.MouseButton.LeftButton)
    assert opened.session.settings.training.learning_rate == "auto"
    assert opened.session.settings.training.batch_size == 4
    qtbot.waitUntil(lambda: step.control.busy, timeout=10_000)
    assert not step.state_panel.isVisible()
    qtbot.waitUntil(lambda: step.control.story.phase == "finished", timeout=90_000)
    assert step.control.run.root.name != "planted"


def test_a_run_that_learned_nothing_is_not_simply_done(qtbot, step, opened, planted):
    run = planted({"event": "epoch", "epoch": 1, **PLOT}, **{"training.learning_rate": 1e-8})
    rows = [
        f"{label}{n}.png,,val,{label},benign,,0.7,0.3" for label in ("benign", "malignant") for n in range(6)
    ]
    head = "path,frame,split,label,predicted,group,p_benign,p_malignant"
    run.predictions.write_text("\n".join([head, *rows, ""]), encoding="utf-8")
    with run.events.open("a", encoding="utf-8") as file:
        file.write(
            json.dumps({"event": "finished", "time": time.time(), "message": "Done.", "seconds": 1}) + "\n"
        )
    step.control.leave()
    step.control.run = None
    opened.session.set_run(run)
    main = opened.footer.main
    qtbot.waitUntil(lambda: main.text() == "Train anew: use the suggested learning rate", timeout=10_000)
    assert step.state_panel.cards[0].severity == "warning"
    assert step.state is State.ATTENTION
    qtbot.mouseClick(step.results_button, Qt.MouseButton.LeftButton)
    assert opened.current == "results"


def test_what_is_only_worth_knowing_leaves_the_way_to_the_results(qtbot, trained):
    trained.go("train")
    step = trained.step("train")
    qtbot.waitUntil(step.state_panel.isVisible, timeout=10_000)
    (card,) = step.state_panel.cards  # 13 noisy images of validation
    assert (card.severity, card.title_label.text()) == ("info", "Too few images to tell")
    assert step.state is State.DONE
    assert trained.footer.main.text() == texts.NEXT
    assert step.anew_button.isVisible()


def test_what_a_run_waits_for_is_seen_until_it_goes_on(qtbot, step, opened, planted):
    image = opened.session.catalog.images[0].path
    held = planted({"event": "epoch", "epoch": 1, **PLOT}, guard("source-lost", paths=[image]))
    step.control.leave()
    step.control.run = None
    with owned(held):
        opened.session.set_run(held)
        qtbot.waitUntil(step.state_panel.isVisible, timeout=10_000)
        (card,) = step.state_panel.cards
        assert card.title_label.text() == texts.HELD["source-lost"]
        assert step.watch.progress.doing.text() == texts.HELD["source-lost"]
        assert step.pause_button.isEnabled()
        with held.events.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"event": "epoch", "time": 9.0, "epoch": 2, **PLOT}) + "\n")
        qtbot.waitUntil(lambda: not step.state_panel.isVisible(), timeout=10_000)
        (listed,) = step.watch.happened.cards
        assert "round 2" in listed.when.text()
        step.control.leave()
