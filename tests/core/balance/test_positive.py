"""The class of interest, guessed from names."""

import pytest

from counterpoise.core.balance.positive import positive_class
from counterpoise.core.errors import UsageError


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        (("normal", "pneumonia"), "pneumonia"),
        (("NORMAL", "PNEUMONIA"), "PNEUMONIA"),
        (("benign", "malignant"), "malignant"),
        (("abnormal", "normal"), "abnormal"),
        (("no", "yes"), "yes"),
        (("CT_COVID", "CT_NonCOVID"), "CT_COVID"),
        (("notumor", "tumor"), "tumor"),
        (("Parasitized", "Uninfected"), "Parasitized"),
        (("infected", "uninfected"), "infected"),
        (("cases", "controls"), "cases"),
        (("0", "1"), "1"),
        (("neg", "pos"), "pos"),
        (("f", "m"), "m"),
        (("disease", "healthy"), "disease"),
        (("covid", "no finding"), "covid"),
        (("nodule", "normal"), "nodule"),
    ],
)
def test_names_that_say_normal_are_the_other_one(labels: tuple[str, str], expected: str) -> None:
    assert positive_class(labels) == expected
    assert positive_class(labels[::-1]) == expected


def test_the_setting_wins() -> None:
    assert positive_class(("normal", "pneumonia"), "normal") == "normal"


def test_several_classes_have_one_only_if_it_is_named() -> None:
    assert positive_class(("a", "b", "c")) is None
    assert positive_class(("a", "b", "c"), "") is None
    assert positive_class(("a", "b", "c"), "b") == "b"


def test_a_class_that_is_not_there_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match="Did you mean 'pneumonia'"):
        positive_class(("normal", "pneumonia"), "pneumona")
