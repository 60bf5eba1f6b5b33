"""A study is a folder that can be closed, moved and opened again."""

import os
import shutil
from pathlib import Path

import pytest

from counterpoise.core.errors import CounterpoiseError
from counterpoise.core.settings import Settings
from counterpoise.core.study.places import recall_location, remember_location
from counterpoise.core.study.secret import pseudonym, read_or_make_secret
from counterpoise.core.study.study import Study, create_study, is_study, new_study_folder, open_study


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("COUNTERPOISE_HOME", str(path))
    return path


def test_sources_and_settings_survive(tmp_path: Path):
    settings = Settings().changed({"data.seed": 7, "data.exclude": ["a/1.png"], "weighting.custom.a": 2.0})
    made = create_study(tmp_path / "s", tmp_path / "images", labels=tmp_path / "l.csv", settings=settings)
    opened = open_study(tmp_path / "s")
    assert opened == made
    assert opened.load_settings() == settings
    opened.save_settings(Settings())
    assert open_study(tmp_path / "s").load_settings() == Settings()
    assert open_study(tmp_path / "s").data == tmp_path / "images"


def test_named_classes_survive(tmp_path: Path):
    classes = (("sick ñ", tmp_path / "x"), ("sick ñ", tmp_path / "y"), ("well", tmp_path / "z"))
    create_study(tmp_path / "s", classes=classes)
    assert open_study(tmp_path / "s").classes == classes


def test_images_inside_the_study_move_with_it(tmp_path: Path):
    create_study(tmp_path / "s", tmp_path / "s" / "images")
    (tmp_path / "s" / "images").mkdir()
    shutil.move(tmp_path / "s", tmp_path / "t")
    assert open_study(tmp_path / "t").data == tmp_path / "t" / "images"


def test_only_a_new_or_empty_folder_becomes_a_study(tmp_path: Path):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "x").touch()
    with pytest.raises(CounterpoiseError, match="new or empty"):
        create_study(tmp_path / "full", tmp_path)
    (tmp_path / "empty").mkdir()
    assert is_study(create_study(tmp_path / "empty", tmp_path).root)
    (tmp_path / "file").touch()
    with pytest.raises(CounterpoiseError, match=r"can.t be made|new or empty"):
        create_study(tmp_path / "file" / "s", tmp_path)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("format_version = 99\n", "newer Counterpoise"),
        ("sources = 3\n", "doesn't say where the images lie"),
        ("format_version = 1\n", "doesn't say where the images lie"),
        ("[[sources.classes]]\nname = 'a'\n", "doesn't say where the images lie"),
        ("[sources\n", "not valid TOML"),
    ],
)
def test_a_damaged_or_newer_study_is_one_sentence(tmp_path: Path, text, sentence):
    (tmp_path / "study.toml").write_text(text)
    with pytest.raises(CounterpoiseError, match=sentence):
        open_study(tmp_path)


def test_no_study(tmp_path: Path):
    with pytest.raises(CounterpoiseError, match="is no study"):
        open_study(tmp_path)


def test_runs_newest_first(tmp_path: Path):
    study = Study(tmp_path)
    assert study.run_folders() == ()
    for number, name in enumerate(("old", "new", "other")):
        (study.runs / name).mkdir(parents=True)
        if name != "other":
            (study.runs / name / "config.toml").touch()
            os.utime(study.runs / name / "config.toml", (number, number))
    assert [run.root.name for run in study.run_folders()] == ["new", "old"]


def test_a_new_study_gets_a_free_folder(home: Path, tmp_path: Path):
    first = new_study_folder(tmp_path / "lungs")
    assert first == home / "data" / "studies" / "lungs"
    first.mkdir(parents=True)
    assert new_study_folder(tmp_path / "lungs").name == "lungs 2"


def test_locations_are_remembered_per_run(home: Path):
    assert recall_location("run/../1") is None
    remember_location("run/../1", {"root": "/somewhere"})
    assert recall_location("run/../1") == {"root": "/somewhere"}
    assert recall_location("run-2") is None
    assert all(file.is_relative_to(home / "data" / "locations") for file in home.rglob("*.json"))


def test_the_key_is_made_once_and_kept_private(tmp_path: Path):
    key = read_or_make_secret(tmp_path / "s")
    assert len(key) == 32
    assert read_or_make_secret(tmp_path / "s") == key
    assert (tmp_path / "s" / "secret").stat().st_mode & 0o077 == 0
    assert [file.name for file in (tmp_path / "s").iterdir()] == ["secret"]
    assert read_or_make_secret(tmp_path / "t") != key


@pytest.mark.parametrize("text", ["", "abc", "zz" * 32])
def test_a_damaged_key_is_not_replaced_silently(tmp_path: Path, text):
    (tmp_path / "secret").write_text(text)
    with pytest.raises(CounterpoiseError, match="is damaged"):
        read_or_make_secret(tmp_path)


def test_pseudonyms_depend_on_key_and_name():
    names = {pseudonym(key, name) for key in (b"a", b"b") for name in ("Doe^Jane", "Doe^John")}
    assert len(names) == 4
    assert all(len(name) == 12 and int(name, 16) >= 0 for name in names)
