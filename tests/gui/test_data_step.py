import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent

from counterpoise.core.errors import CounterpoiseError
from counterpoise.core.jobs.ownership import owned
from counterpoise.core.safety.plan import make_plan
from counterpoise.core.study.run_folder import RunFolder
from counterpoise.core.study.study import is_study
from counterpoise.core.training.start import prepare_run
from counterpoise.gui.app import make_window
from counterpoise.gui.preferences import Preferences, Recent
from counterpoise.gui.steps.base import State
from counterpoise.gui.studies import earlier, is_training, study_for, title
from counterpoise.gui.widgets.recent_list import RecentButton


def drop(area, *paths: Path) -> None:
    """Drop files on a widget, as a file manager does."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    copy, left = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    area.dropEvent(QDropEvent(QPointF(5, 5), copy, data, left, Qt.KeyboardModifier.NoModifier))


def files(folder: Path) -> set[Path]:
    return set(folder.rglob("*"))


def test_a_dropped_folder_becomes_a_study_and_stays_untouched(qtbot, window, images, home):
    before = files(images)
    step = window.step("data")
    counts = []
    window.session.scan_progressed.connect(lambda event: counts.append(event["classes"]))
    with qtbot.waitSignal(window.session.scan_ended, timeout=60_000) as ended:
        drop(step.drop, images)
    assert ended.args == [""]
    assert files(images) == before
    assert window.session.study.root == home / "data" / "studies" / "cells"
    assert counts[-1] == {"benign": 12, "malignant": 7}
    assert window.session.catalog.counts() == {"benign": 12, "malignant": 7}
    assert step.state is State.DONE
    assert step.next_label
    assert "19 images" in step.words.text()
    assert window.session.preferences.recents[0].images == 19


def test_several_folders_become_classes(qtbot, window, images):
    with qtbot.waitSignal(window.session.scan_ended, timeout=60_000):
        drop(window.step("data").drop, images / "benign", images / "malignant")
    assert window.session.catalog.labels == ("benign", "malignant")


@pytest.mark.parametrize(
    ("name", "word"), [("nowhere", "no folder"), ("file.png", "is a file"), ("empty", "image")]
)
def test_a_bad_folder_is_a_sentence_in_the_page(qtbot, window, tmp_path, home, name, word):
    (tmp_path / "empty").mkdir()
    (tmp_path / "file.png").write_bytes(b"x")
    step = window.step("data")
    with qtbot.waitSignal(
        window.session.scan_ended, timeout=60_000, check_params_cb=lambda m: bool(m)
    ) as ended:
        step.open_paths([tmp_path / name])
    assert word in ended.args[0]
    assert step.fault == ended.args[0]
    assert window.session.study is None
    assert step.state is State.TODO
    studies = home / "data" / "studies"
    qtbot.waitUntil(lambda: not studies.exists() or not list(studies.iterdir()))


def test_a_scan_that_goes_well_takes_back_no_other_sentence(qtbot, opened, tmp_path):
    step = opened.step("data")
    opened.session.scan()
    with qtbot.waitSignal(opened.session.scan_ended, check_params_cb=lambda message: bool(message)):
        step.open_paths([tmp_path / "nowhere"])
    with qtbot.waitSignal(opened.session.scan_ended, timeout=60_000):
        pass
    assert "no folder" in step.fault
    assert opened.session.catalog is not None


def test_cancelling_leaves_nothing_and_no_words(qtbot, window, images):
    step = window.step("data")
    with qtbot.waitSignal(window.session.scan_started, timeout=10_000):
        step.open_paths([images])
    with qtbot.waitSignal(window.session.scan_ended) as ended:
        qtbot.mouseClick(step.cancel, Qt.MouseButton.LeftButton)
    assert ended.args == [""]
    assert window.session.study is None
    assert not window.session.scanning
    assert step.views.currentWidget() is step.drop


def test_settings_and_study_survive_a_restart(qtbot, qapp, opened, home):
    opened.session.change({"weighting.method": "balanced", "training.epochs": 7})
    root = opened.session.study.root
    opened.close()
    again = make_window(qapp, Preferences(home / "window.ini"))
    qtbot.addWidget(again)
    with qtbot.waitSignal(again.session.scan_ended, timeout=60_000):
        again.session.open_paths([root])
    assert again.session.settings.weighting.method == "balanced"
    assert again.session.settings.training.epochs == 7
    again.close()


def test_images_of_a_study_that_was_trained_lead_back_to_it(qtbot, opened):
    session, first = opened.session, opened.session.study
    assert earlier(study_for([first.data])[0]) is None  # no run, nothing to go back to
    run = RunFolder(first.runs / "planted")
    prepare_run(run, make_plan(session.catalog, session.settings, run=run.root, cache=first.cache))
    with qtbot.waitSignal(session.problem) as said, qtbot.waitSignal(session.scan_ended, timeout=60_000):
        session.open_paths([first.data])
    assert session.study != first
    assert earlier(session.study) == first
    assert f"'{first.name}'" in said.args[0]
    assert opened.line.words.text() == said.args[0]
    assert opened.line.isVisible()


def test_a_study_of_a_folder_whose_name_says_nothing_gets_its_parents_too(images, home):
    folder = images.rename(images.parent / "images")
    study, _ = study_for([folder])
    assert study.root.name == f"{images.parent.name} images"
    assert title(study.root) == study.root.name
    assert title(home / "data" / "studies" / "images") == "images"
    assert title(Path("/scans/lungs/train")) == "lungs train"


def test_a_recent_study_shows_the_end_of_its_path(qtbot):
    recent = Recent("/a/very/long/way/to/a/folder/that/holds/all/of/the/studies/lungs", "lungs", 4, 2)
    made = RecentButton(recent)
    qtbot.addWidget(made)
    made.resize(200, 60)
    made.show()
    assert made._where.text().startswith("…")
    assert made._where.text().endswith("studies")
    assert made._what.text() == "4 images · 2 classes"


def test_a_study_that_trains_opens_there_and_is_marked(qtbot, window, trained_once, tmp_path):
    root = tmp_path / "lung"
    shutil.copytree(trained_once, root)
    with owned(RunFolder(root / "runs" / "first")):
        with qtbot.waitSignal(window.session.scan_ended, timeout=60_000):
            window.step("data").open_paths([root])
        assert window.current == "train"
        window.go("data")
        marks = window.step("data").recents.findChildren(RecentButton)
        assert (marks[-1].recent.name, marks[-1].training) == ("lung", True)
    window.session.scan()
    with qtbot.waitSignal(window.session.scan_ended, timeout=60_000):
        pass
    assert window.current == "data"
    assert not is_training(root)


def test_a_setting_out_of_bounds_changes_nothing(opened):
    before = opened.session.settings
    assert "training.epochs" in opened.session.change({"training.epochs": 0})
    assert opened.session.settings == before


def test_folders_and_studies_do_not_mix(images, tmp_path):
    study, made = study_for([images])
    assert made
    assert is_study(study.root)
    assert study_for([study.root]) == (study, False)
    with pytest.raises(CounterpoiseError, match="is a study"):
        study_for([study.root, images])


def test_the_same_folder_twice_makes_two_studies(images):
    assert [study_for([images])[0].name for _ in range(2)] == ["cells", "cells 2"]
