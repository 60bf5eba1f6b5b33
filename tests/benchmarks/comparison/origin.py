"""The three examples of the question this product grew from, run as they stand there."""

from pathlib import Path

import numpy as np
from mistake import Seen, mistake
from ours import PLAIN_CNN, mended, trains
from plain import arrays, cnn, judge
from sets import two_classes

FAMILY = "The three examples of the question it began with"


def chest_set(work: Path) -> None:
    two_classes(work / "set")


@mistake(
    "origin-1",
    FAMILY,
    "One class counts a thousand times as much, handed over as loss_weights",
    wrote="model.compile(..., loss_weights=np.array([1.0, 1000.0]))",
    typed="Your own weights: normal 1000, pneumonia 1",
    cause="class weight|class_weight|one output|number of outputs",
    prepare=chest_set,
    ours=trains(
        *PLAIN_CNN,
        "--set",
        "weighting.method=custom",
        "--set",
        "weighting.custom={normal = 1000, pneumonia = 1}",
        code="weight-ratio-extreme",
    ),
    note="loss_weights weighs the outputs of a network, not the classes. The kernel crash of the question "
    "can't be repeated with this Keras: it refuses the array, without saying what it is for.",
)
def thousandfold(work: Path) -> Seen:
    x, y, names = arrays(work / "set" / "train")
    class_weights = np.array([1.0, 1000.0])
    model = cnn(2)
    model.compile(
        optimizer="adam",
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
        loss_weights=class_weights,
    )
    model.fit(x / 255, y, epochs=5)
    return judge(model, x / 255, y, names)


@mistake(
    "origin-2",
    FAMILY,
    "The weights brought to a sum of one, handed over as loss_weights",
    wrote="class_weights /= np.sum(class_weights); compile(..., loss_weights=class_weights)",
    typed="Full weighting, brought to a sum of one",
    cause="class weight|class_weight|one output|number of outputs",
    prepare=chest_set,
    ours=trains(
        *PLAIN_CNN,
        "--set",
        "weighting.method=balanced",
        "--set",
        "weighting.normalize=sum_one",
        code="weight-changes-learning-rate",
        look=mended("What the sum does to the steps is said."),
    ),
)
def sum_of_one(work: Path) -> Seen:
    x, y, names = arrays(work / "set" / "train")
    class_counts = np.bincount(y)
    class_weights = 1.0 / class_counts
    class_weights = class_weights / np.sum(class_weights)
    model = cnn(2)
    model.compile(
        optimizer="adam",
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
        loss_weights=class_weights,
    )
    model.fit(x / 255, y, epochs=5)
    return judge(model, x / 255, y, names)


@mistake(
    "origin-3",
    FAMILY,
    "Average and spread for the pixels, a lower rate, the weights as loss_weights",
    wrote="StandardScaler().fit_transform(...); compile(Adam(0.001), ..., loss_weights=class_weights)",
    typed="Scaling by average and spread, full weighting, rate 0.001",
    cause="class weight|class_weight|one output|number of outputs",
    prepare=chest_set,
    ours=trains(
        *PLAIN_CNN,
        "--set",
        "scaling.method=zscore",
        "--set",
        "weighting.method=balanced",
        "--set",
        "training.learning_rate=0.001",
    ),
)
def standard_scaler(work: Path) -> Seen:
    import tensorflow as tf
    from sklearn.preprocessing import StandardScaler

    x, y, names = arrays(work / "set" / "train")
    scaler = StandardScaler()
    scaled = scaler.fit_transform(x.reshape(-1, x.shape[-1])).reshape(x.shape)
    class_weights = 1.0 / np.bincount(y)
    class_weights = class_weights / np.sum(class_weights)
    model = cnn(2)
    model.compile(
        optimizer=tf.keras.optimizers.Adam(learning_rate=0.001), loss="sparse_categorical_crossentropy",
        metrics=["accuracy"], loss_weights=class_weights,
    )  # fmt: skip
    model.fit(scaled, y, epochs=5)
    return judge(model, scaled, y, names)
