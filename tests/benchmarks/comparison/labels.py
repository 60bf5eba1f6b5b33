"""Mistakes with labels and the network's last layer."""

from pathlib import Path

import numpy as np
from mistake import Seen, mistake
from origin import chest_set
from ours import impossible, trains
from plain import arrays, cnn, compiled, judge
from sets import two_classes
from weights import cell_set

FAMILY = "Labels and the last layer"
OWN_END = impossible("The last layer and its loss are made to fit the classes.")


@mistake(
    "labels-from-one",
    FAMILY,
    "Classes numbered from 1 instead of 0",
    wrote="fit(x, y)  # y holds 1, 2, 3",
    typed="Folders named 1, 2, 3",
    cause=r"label value|valid range",
    prepare=cell_set,
    ours=trains(look=impossible("Classes have names, and are numbered inside.")),
    note="On a GPU the same gives NaN without an error, as TensorFlow's manual says; here it ran on a CPU.",
)
def from_one(work: Path) -> Seen:
    x, y, names = arrays(work / "set")
    model = compiled(3)
    model.fit(x / 255, y + 1, epochs=2)
    return judge(model, x / 255, y, names)


def one_class_set(work: Path) -> None:
    two_classes(work / "set", {"train": (0, 120), "val": (0, 40)})


@mistake(
    "one-class",
    FAMILY,
    "Only one class (the wrong folder was chosen)",
    wrote="image_dataset_from_directory(folder)  # folder/pneumonia",
    typed="The same folder",
    cause="one class|single class|only 1 class",
    prepare=one_class_set,
    hint=r"belonging to 1 class",
    ours=trains(code="single-class"),
)
def one_class(work: Path) -> Seen:
    import keras

    read = keras.utils.image_dataset_from_directory(
        work / "set" / "train", color_mode="grayscale", image_size=(28, 28)
    )
    history = compiled(2).fit(read, epochs=3)
    return Seen(
        "wrong",
        f"It tells an accuracy of {history.history['accuracy'][-1]:.2f}; there is nothing to tell apart.",
    )


@mistake(
    "sigmoid-for-three",
    FAMILY,
    "A sigmoid at the end for three classes",
    wrote='Dense(3, activation="sigmoid"); compile(loss="sparse_categorical_crossentropy")',
    typed="The folder with three classes",
    cause="sigmoid|softmax|probabilit",
    prepare=cell_set,
    ours=trains(look=OWN_END),
)
def sigmoid_for_three(work: Path) -> Seen:
    x, y, _ = arrays(work / "set")
    model = cnn(3, last="sigmoid")
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(x / 255, y, epochs=6)
    sums = model.predict(x / 255, verbose=0).sum(1)
    off = float(np.abs(sums - 1).max())
    return Seen(
        "wrong" if off > 0.05 else "fine",
        f"Its probabilities add up to {sums.min():.2f} to {sums.max():.2f}.",
    )


@mistake(
    "softmax-of-one",
    FAMILY,
    "A softmax over a single output",
    wrote='Dense(1, activation="softmax"); compile(loss="binary_crossentropy")',
    typed="The folder with two classes",
    cause="softmax",
    prepare=chest_set,
    ours=trains(look=OWN_END),
)
def softmax_of_one(work: Path) -> Seen:
    x, y, _ = arrays(work / "set" / "train")
    model = cnn(2, units=1)
    model.compile("adam", "binary_crossentropy", metrics=["accuracy"])
    model.fit(x / 255, y, epochs=3)
    answers = model.predict(x / 255, verbose=0)
    return Seen(
        "dead" if np.ptp(answers) == 0 else "fine", f"It answers {answers[0, 0]:.0f} to all {len(x)} images."
    )


@mistake(
    "no-softmax",
    FAMILY,
    "No softmax at the end, and the loss not told of it",
    wrote='Dense(2); compile(loss="sparse_categorical_crossentropy")',
    typed="The folder with two classes",
    cause="logits|softmax",
    prepare=chest_set,
    ours=trains(look=OWN_END),
)
def no_softmax(work: Path) -> Seen:
    x, y, names = arrays(work / "set" / "train")
    model = cnn(2, last=None)
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(x / 255, y, epochs=6)
    seen = judge(model, x / 255, y, names)
    answers = model.predict(x / 255, verbose=0)
    if seen.does == "fine" and (answers.min() < 0 or answers.max() > 1):
        return Seen(
            "wrong", f"Its answers run from {answers.min():.1f} to {answers.max():.1f}: no probabilities."
        )
    return seen


@mistake(
    "softmax-twice",
    FAMILY,
    "A softmax at the end, and another in the loss",
    wrote='Dense(2, activation="softmax"); SparseCategoricalCrossentropy(from_logits=True)',
    typed="The folder with two classes",
    cause="from_logits",
    prepare=chest_set,
    ours=trains(look=OWN_END),
)
def softmax_twice(work: Path) -> Seen:
    import keras

    x, y, names = arrays(work / "set" / "train")
    model = cnn(2)
    model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True), metrics=["accuracy"])
    model.fit(x / 255, y, epochs=6)
    return judge(model, x / 255, y, names)
