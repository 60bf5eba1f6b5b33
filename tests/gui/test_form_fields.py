import pytest

from counterpoise.core.errors import UsageError
from counterpoise.core.settings import Settings
from counterpoise.gui.form_fields import form_fields
from counterpoise.gui.texts import balance, check


@pytest.mark.parametrize("key", form_fields())
def test_every_setting_has_a_label_and_help(key):
    field = form_fields()[key]
    assert field.label != key
    assert len(field.help) > 5


@pytest.mark.parametrize("key", form_fields())
def test_an_empty_field_means_the_default(key):
    field = form_fields()[key]
    if field.kind in ("number", "text"):
        assert Settings().changed({key: field.parse("")}) == Settings()


def test_what_is_typed_becomes_a_value():
    fields = form_fields()
    assert fields["training.learning_rate"].parse(" 0,01 ") == 0.01
    assert fields["training.epochs"].parse("12") == 12
    assert isinstance(fields["training.epochs"].parse("12"), int)
    assert fields["training.epochs"].parse("1.5") == 1.5  # refused by the settings, with a sentence
    with pytest.raises(UsageError, match=r"training\.epochs"):
        Settings().changed({"training.epochs": fields["training.epochs"].parse("1.5")})
    with pytest.raises(UsageError, match=r"training\.learning_rate"):
        Settings().changed({"training.learning_rate": fields["training.learning_rate"].parse("fast")})


def test_bounds_are_told_in_words():
    fields = form_fields()
    assert fields["evaluation.target"].tip.endswith("Above 0 and below 1.")
    assert fields["weighting.max_ratio"].tip.endswith("At least 1.")


def test_choices_are_those_of_the_declaration():
    assert list(form_fields()["training.optimizer"].choices) == ["auto", "adam", "adamw", "sgd", "rmsprop"]


def test_forms_name_settings_that_exist():
    for _, keys in balance.FORM:
        assert set(keys) <= set(form_fields())
    for key, _ in check.SETTINGS:
        assert key in form_fields()


def test_every_expert_setting_is_in_the_form():
    shown = {key for _, keys in balance.FORM for key in keys}
    elsewhere = {"data.exclude"}  # the inspect step leaves images out
    experts = {key for key, field in form_fields().items() if field.expert}
    assert experts <= shown | elsewhere
