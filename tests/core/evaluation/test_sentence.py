"""The one sentence of a result."""

import numpy as np

from counterpoise.core.balance.operating import OperatingPoint
from counterpoise.core.evaluation.sentence import one_sentence
from counterpoise.core.figures.figures import figures

RNG = np.random.default_rng(0)


def told(p: np.ndarray, truth: np.ndarray, labels: tuple[str, ...], point: OperatingPoint) -> str:
    shares = dict.fromkeys(labels, 1 / len(labels))
    return one_sentence(figures(p, truth, [""] * len(truth), labels, point, shares))


def test_two_classes_say_what_is_found_and_what_is_flagged() -> None:
    p = np.array([[0.1, 0.9]] * 94 + [[0.9, 0.1]] * 6 + [[0.1, 0.9]] * 18 + [[0.9, 0.1]] * 82)
    sentence = told(
        p,
        np.repeat([1, 0], 100),
        ("healthy", "viral_pneumonia"),
        OperatingPoint(class_="viral_pneumonia", value=0.5),
    )
    assert sentence == (
        "Of 100 images of viral pneumonia it finds 94, likely between 88 and 97, and wrongly flags 18 of 100 "
        "images of healthy."
    )


def test_several_classes_name_the_best_and_the_hardest() -> None:
    truth = np.repeat([0, 1, 2], 20)
    p = np.eye(3)[truth] * 0.6 + 0.1333
    p[40:50] = [0.6, 0.3, 0.1]
    sentence = told(p, truth, ("a", "b", "c"), OperatingPoint())
    assert sentence.startswith("It names the right one of 3 classes for 83 of 100 images, likely between")
    assert "finds c hardest (50 of 100)" in sentence


def test_no_signal_has_a_kind_end() -> None:
    scores, truth = RNG.random(60), RNG.integers(0, 2, 60)
    sentence = told(
        np.column_stack([1 - scores, scores]), truth, ("a", "b"), OperatingPoint(class_="b", value=0.5)
    )
    assert "don't answer the question yet" in sentence
    assert "no fault of yours" in sentence


def test_one_class_and_no_image_say_so() -> None:
    point = OperatingPoint(class_="b", value=0.5)
    assert "of one class" in told(np.array([[0.9, 0.1]] * 3), np.zeros(3, int), ("a", "b"), point)
    assert "no image" in told(np.zeros((0, 2)), np.zeros(0, int), ("a", "b"), point)


def test_not_quite_all_is_not_a_hundred() -> None:
    truth = np.repeat([1, 0], [1000, 1000])
    p = np.repeat([[0.1, 0.9], [0.9, 0.1]], 1000, axis=0)
    p[0] = p[-1000]
    p[-1] = p[1]
    sentence = told(p, truth, ("a", "b"), OperatingPoint(class_="b", value=0.5))
    assert "finds more than 99" in sentence
    assert "flags fewer than 1 of 100" in sentence
