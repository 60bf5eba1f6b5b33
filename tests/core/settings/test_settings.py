"""Every fault in the settings is one sentence that names the key, what was expected and what was received."""

from pathlib import Path

import pytest

from counterpoise.core.errors import CounterpoiseError, UsageError
from counterpoise.core.settings import Settings, build_settings, dump_toml, load_settings, read_toml


def test_defaults_survive_the_way_to_toml_and_back(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    settings = Settings().changed({"weighting.custom": {"a b": 2.0}, "scaling.window": [40, 400]})
    file.write_text(dump_toml(settings.to_json()), encoding="utf-8")
    assert load_settings(file) == settings


def test_overrides_are_read_as_toml_else_as_text() -> None:
    settings = load_settings(
        None,
        [
            "training.learning_rate=1e-3",
            "weighting.custom.WBC=nan",
            "data.group_by=name:^(p[0-9]+)_",
            "scaling.window=[40, 400]",
            "training.epochs = 3",
        ],
    )
    assert settings.training.learning_rate == 1e-3
    assert settings.weighting.custom["WBC"] != settings.weighting.custom["WBC"]
    assert settings.data.group_by == "name:^(p[0-9]+)_"
    assert settings.scaling.window == (40.0, 400.0)
    assert settings.training.epochs == 3


@pytest.mark.parametrize(
    ("override", "parts"),
    [
        ("training.epoch=3", ["'training.epoch'", "Did you mean 'training.epochs'?"]),
        ("trainin.epochs=3", ["'trainin'", "Did you mean 'training'?"]),
        ("training.epochs=0", ["'training.epochs'", "0", "greater than or equal to 1"]),
        ("training.epochs=many", ["'training.epochs'", "'many'"]),
        ("training.optimizer=adma", ["'training.optimizer'", "'adma'", "'adamw'"]),
        ("training.learning_rate=-1", ["-1", "greater than 0"]),
        ("training.learning_rate=nan", ["nan", "finite"]),
        ("model.image_size=5", ["'model.image_size'", "16 to 1024"]),
        ("data.val=2", ["'data.val'", "less than 1"]),
        ("data.group_by=patient", ["'patient'", "name:REGEX"]),
        ("weighting.custom.A=x", ["'weighting.custom", "'x'"]),
        ("weighting.max_ratio=0.5", ["0.5"]),
        ("training.epochs.x=1", ["'training.epochs' has no entries"]),
        ("epochs=1", ["table.key=value"]),
        ("training.epochs", ["table.key=value"]),
    ],
)
def test_a_wrong_setting_is_one_clear_sentence(override: str, parts: list[str]) -> None:
    with pytest.raises(UsageError) as caught:
        load_settings(None, [override])
    for part in parts:
        assert part in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_unknown_table_or_key_in_a_file_names_the_nearest() -> None:
    with pytest.raises(UsageError, match="Did you mean 'scaling'"):
        build_settings({"scalling": {}})
    with pytest.raises(UsageError, match=r"Did you mean 'scaling\.method'"):
        build_settings({"scaling": {"metod": "none"}})


def test_files_that_cannot_be_used(tmp_path: Path) -> None:
    with pytest.raises(CounterpoiseError, match="can't be read"):
        load_settings(tmp_path / "missing.toml")
    broken = tmp_path / "broken.toml"
    broken.write_text("[training\n")
    with pytest.raises(UsageError, match="not valid TOML"):
        load_settings(broken)
    newer = tmp_path / "newer.toml"
    newer.write_text("format_version = 99\n")
    with pytest.raises(CounterpoiseError, match="newer Counterpoise"):
        read_toml(newer)
    stray = tmp_path / "stray.toml"
    stray.write_text("epochs = 3\n")
    with pytest.raises(UsageError, match="'epochs'"):
        load_settings(stray)


def test_changing_keeps_the_rest_and_the_original() -> None:
    before = Settings()
    after = before.changed({"training.epochs": 7})
    assert (before.training.epochs, after.training.epochs) == ("auto", 7)
    assert after.weighting == before.weighting


@pytest.mark.parametrize("table", Settings.model_fields)
def test_every_setting_has_label_and_help(table: str) -> None:
    for name, field in type(getattr(Settings(), table)).model_fields.items():
        assert field.title, name
        assert field.description, name
        assert field.description.endswith("."), name


@pytest.mark.parametrize(
    ("override", "expected"),
    [
        ("training.batch_size=true", "a whole number"),
        ('training.epochs="3"', "a whole number"),
        ("training.seed=1.0", "a whole number"),
        ("model.image_size=true", "a whole number"),
        ('training.learning_rate="1e-3"', "a number"),
        ("weighting.custom={a=true}", "a number"),
        ("weighting.correct_prior=1", "true or false"),
        ("training.learning_rate=0", "a number greater than 0"),
        ("evaluation.target=1.5", "a number less than 1"),
        ("scaling.window=[1]", "two numbers, centre and width"),
        ("scaling.window=[1, 2, 3]", "two numbers, centre and width"),
        ("data.exclude=x", "a list of texts"),
    ],
)
def test_a_value_of_another_type_is_refused_in_plain_words(override: str, expected: str) -> None:
    with pytest.raises(UsageError, match=f"expected {expected}"):
        load_settings(None, [override])


def test_classes_called_by_numbers_can_be_named() -> None:
    settings = load_settings(None, ["data.positive=1", "weighting.custom={0 = 1, 1 = 2.5}"])
    assert settings.data.positive == "1"
    assert settings.weighting.custom == {"0": 1.0, "1": 2.5}
