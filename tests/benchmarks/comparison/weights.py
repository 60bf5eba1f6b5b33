"""Mistakes with class weights."""

from pathlib import Path

import numpy as np
from mistake import Seen, mistake
from origin import chest_set
from ours import PLAIN_CNN, impossible, trains
from plain import arrays, compiled, judge
from sets import three_classes, two_classes

FAMILY = "Class weights"
CUSTOM = (*PLAIN_CNN, "--set", "weighting.method=custom", "--set")


def cell_set(work: Path) -> None:
    three_classes(work / "set")


def last_class_lost(work: Path) -> None:
    """A training part whose second class has no image."""
    three_classes(work / "set" / "train", (36, 0, 48))
    three_classes(work / "set" / "val", (12, 12, 12), skip=48)
    three_classes(work / "set" / "test", (12, 12, 12), skip=60)


@mistake(
    "weights-by-name",
    FAMILY,
    "Weights given by the names of the classes",
    wrote='fit(x, y, class_weight={"normal": 3.0, "pneumonia": 1.0})',
    typed="Your own weights, by name",
    cause="class_weight|key",
    prepare=chest_set,
    ours=trains(
        "--set",
        "weighting.method=custom",
        "--set",
        "weighting.custom={normal = 3.0, pneumonia = 1.0}",
        look=impossible("Weights are given by name, and are the ones used."),
    ),
)
def by_name(work: Path) -> Seen:
    x, y, _ = arrays(work / "set" / "train")
    history = compiled(2).fit(x / 255, y, epochs=3, class_weight={"normal": 3.0, "pneumonia": 1.0})
    without = compiled(2).fit(x / 255, y, epochs=3)
    if np.allclose(history.history["loss"], without.history["loss"]):
        return Seen("wrong", "The weights are passed over: the losses are those of a training without any.")
    return Seen("fine", "The weights are used.")


@mistake(
    "weight-missing",
    FAMILY,
    "No weight for one of three classes (images as arrays)",
    wrote="fit(x, y, class_weight={0: 2.0, 2: 1.5})",
    typed="Your own weights, one forgotten",
    cause="class_weight|class 1|missing",
    prepare=cell_set,
    ours=trains(*CUSTOM, "weighting.custom={Platelets = 2.0, WBC = 1.5}", code="weight-invalid"),
)
def missing_in_arrays(work: Path) -> Seen:
    x, y, _ = arrays(work / "set")
    history = compiled(3).fit(x / 255, y, epochs=3, class_weight={0: 2.0, 2: 1.5})
    one = compiled(3).fit(x / 255, y, epochs=3, class_weight={0: 2.0, 1: 1.0, 2: 1.5})
    if np.allclose(history.history["loss"], one.history["loss"]):
        return Seen("wrong", "The forgotten class counts 1, as the losses show; nobody chose that.")
    return Seen("fine")


@mistake(
    "weight-missing-dataset",
    FAMILY,
    "No weight for the last of three classes (images as a data set)",
    wrote="fit(dataset, class_weight={0: 2.0, 1: 1.0})",
    typed="Your own weights, the last one forgotten",
    cause="class_weight|missing|no weight",
    prepare=cell_set,
    ours=trains(*CUSTOM, "weighting.custom={Platelets = 2.0, RBC = 1.0}", code="weight-invalid"),
)
def missing_in_dataset(work: Path) -> Seen:
    import tensorflow as tf

    x, y, names = arrays(work / "set")
    model = compiled(3)
    model.fit(
        tf.data.Dataset.from_tensor_slices((x / 255, y)).batch(32), epochs=3, class_weight={0: 2.0, 1: 1.0}
    )
    return judge(model, x / 255, y, names)


@mistake(
    "weight-nan",
    FAMILY,
    "A weight that isn't a number (counts divided by zero, 0/0)",
    wrote='fit(x, y, class_weight={0: float("nan"), 1: 1.0})',
    typed="Your own weights: normal nan",
    cause="weight",
    prepare=chest_set,
    ours=trains(*CUSTOM, "weighting.custom={normal = nan, pneumonia = 1.0}", code="weight-invalid"),
)
def not_a_number(work: Path) -> Seen:
    x, y, names = arrays(work / "set" / "train")
    model = compiled(2)
    model.fit(x / 255, y, epochs=3, class_weight={0: float("nan"), 1: 1.0})
    return judge(model, x / 255, y, names)


@mistake(
    "weight-negative",
    FAMILY,
    "A negative weight (a sign lost on the way)",
    wrote="fit(x, y, class_weight={0: -2.0, 1: 1.0})",
    typed="Your own weights: normal -2",
    cause="weight",
    prepare=chest_set,
    ours=trains(*CUSTOM, "weighting.custom={normal = -2.0, pneumonia = 1.0}", code="weight-invalid"),
)
def negative(work: Path) -> Seen:
    x, y, names = arrays(work / "set" / "train")
    model = compiled(2)
    model.fit(x / 255, y, epochs=5, class_weight={0: -2.0, 1: 1.0})
    return judge(model, x / 255, y, names)


@mistake(
    "weight-huge",
    FAMILY,
    "One class counts 100,000 times as much, with plain steps",
    wrote="compile(SGD(0.01, momentum=0.9)); fit(..., class_weight={0: 1e5, 1: 1.0})",
    typed="Your own weights: normal 100,000; SGD",
    cause="weight",
    prepare=chest_set,
    ours=trains(
        *CUSTOM,
        "weighting.custom={normal = 1e5, pneumonia = 1.0}",
        "--set",
        "training.optimizer=sgd",
        code="weight-ratio-extreme",
    ),
)
def huge(work: Path) -> Seen:
    import keras

    x, y, names = arrays(work / "set" / "train")
    model = compiled(2, keras.optimizers.SGD(0.01, momentum=0.9))
    model.fit(x / 255, y, epochs=5, class_weight={0: 1e5, 1: 1.0})
    return judge(model, x / 255, y, names)


@mistake(
    "weights-sum-one",
    FAMILY,
    "Weights brought to a sum of one, with plain steps",
    wrote="weights /= weights.sum(); compile(SGD(0.01, momentum=0.9)); fit(..., class_weight=weights)",
    typed="Full weighting, brought to a sum of one; SGD, rate 0.01",
    cause="weight|learning rate",
    prepare=cell_set,
    ours=trains(
        *PLAIN_CNN,
        "--set",
        "weighting.method=balanced",
        "--set",
        "weighting.normalize=sum_one",
        "--set",
        "training.optimizer=sgd",
        "--set",
        "training.learning_rate=0.01",
        code="weight-changes-learning-rate",
    ),
)
def sum_one(work: Path) -> Seen:
    import keras

    x, y, _ = arrays(work / "set")
    weights = 1 / np.bincount(y)
    weights /= weights.sum()
    model = compiled(3, keras.optimizers.SGD(0.01, momentum=0.9))
    model.fit(x / 255, y, epochs=8, class_weight=dict(enumerate(weights)))
    slow, _ = model.evaluate(x / 255, y, verbose=0)
    mean_one = weights / weights[y].mean()
    model = compiled(3, keras.optimizers.SGD(0.01, momentum=0.9))
    model.fit(x / 255, y, epochs=8, class_weight=dict(enumerate(mean_one)))
    usual, _ = model.evaluate(x / 255, y, verbose=0)
    mean = weights[y].mean()
    detail = (
        f"The mean weight is {mean:.2f}, so the rate works like {0.01 * mean:.2g}: loss {slow:.2f} after "
        f"8 rounds, {usual:.2f} with a mean of one."
    )
    return Seen("wrong" if slow > usual + 0.05 else "fine", detail)


@mistake(
    "lifted-twice",
    FAMILY,
    "Rare images copied and weighted as well",
    wrote="x = np.concatenate([x] + [x[y == 0]] * 5); fit(..., class_weight={0: 6.0, 1: 1.0})",
    typed="Full weighting and balanced sampling",
    cause="weight|oversampl|sampling",
    prepare=lambda work: two_classes(work / "set", {"train": (30, 180), "val": (30, 180), "test": (30, 60)}),
    ours=trains(
        "--set",
        "weighting.method=balanced",
        "--set",
        "weighting.sampling=balanced",
        code="weighting-twice",
        look=lambda _do, _answer: Seen("wrong", "It trains as asked, after saying what that does."),
    ),
)
def twice(work: Path) -> Seen:
    x, y, _ = arrays(work / "set" / "train")
    more_x = np.concatenate([x] + [x[y == 0]] * 5)
    more_y = np.concatenate([y] + [y[y == 0]] * 5)
    model = compiled(2)
    model.fit(more_x / 255, more_y, epochs=5, class_weight={0: 6.0, 1: 1.0})
    x, y, _ = arrays(work / "set" / "val")
    mean = model.predict(x / 255, verbose=0)[:, 0].mean()
    share = (y == 0).mean()
    detail = f"It gives the rare class a mean probability of {mean:.2f}; {share:.2f} of the images are of it."
    return Seen("wrong" if mean > share + 0.1 else "fine", detail)


@mistake(
    "weights-shifted",
    FAMILY,
    "Weights computed while the training part lacks a class",
    wrote='dict(enumerate(compute_class_weight("balanced", classes=np.unique(y_train), y=y_train)))',
    typed="Full weighting",
    cause="class_weight|weight|class",
    prepare=last_class_lost,
    ours=trains(*PLAIN_CNN, "--set", "weighting.method=balanced", code="split-lacks-class"),
)
def shifted(work: Path) -> Seen:
    from sklearn.utils.class_weight import compute_class_weight

    _, _, names = arrays(work / "set" / "val")
    x, y, kept = arrays(work / "set" / "train")
    y = np.array([names.index(kept[c]) for c in y])
    computed = compute_class_weight("balanced", classes=np.unique(y), y=y)
    weights = dict(enumerate(computed))
    model = compiled(3)
    model.fit(x / 255, y, epochs=3, class_weight=weights)
    return Seen(
        "wrong",
        f"The weight {computed[1]:.2f} of '{names[2]}' goes to '{names[1]}', which has no image, and "
        f"'{names[2]}' gets none.",
    )


@mistake(
    "weights-two-ways",
    FAMILY,
    "Class weights and sample weights together",
    wrote="fit(x, y, class_weight={0: 3.0, 1: 1.0}, sample_weight=w)",
    typed="Full weighting",
    cause="class_weight.*sample_weight|sample_weight.*class_weight",
    prepare=chest_set,
    ours=trains(
        "--set",
        "weighting.method=balanced",
        look=impossible("There is one weight per class, and no second place to set one."),
    ),
)
def two_ways(work: Path) -> Seen:
    x, y, names = arrays(work / "set" / "train")
    model = compiled(2)
    model.fit(x / 255, y, epochs=3, class_weight={0: 3.0, 1: 1.0}, sample_weight=np.ones(len(y)))
    return judge(model, x / 255, y, names)


@mistake(
    "weighted-probabilities",
    FAMILY,
    "Probabilities of a weighted network taken as they are",
    wrote='fit(..., class_weight=balanced); p = model.predict(x); report(f"{p:.0%} normal")',
    typed="Full weighting",
    cause="probabilit|calibrat|prior",
    prepare=lambda work: two_classes(work / "set", {"train": (20, 200), "val": (20, 200), "test": (20, 100)}),
    ours=trains(
        "--set",
        "weighting.method=balanced",
        look=lambda do, _answer: mean_probability(do),
    ),
)
def weighted_probabilities(work: Path) -> Seen:
    x, y, _ = arrays(work / "set" / "train")
    model = compiled(2)
    model.fit(
        x / 255, y, epochs=4, class_weight={0: len(y) / (2 * sum(y == 0)), 1: len(y) / (2 * sum(y == 1))}
    )
    x, y, _ = arrays(work / "set" / "val")
    return off_by(model.predict(x / 255, verbose=0)[:, 0].mean(), (y == 0).mean())


def mean_probability(do: object) -> Seen:
    """The same figure from the run's own table."""
    import csv

    with (do.run / "predictions.csv").open(encoding="utf-8") as file:  # type: ignore[attr-defined]  # Commands
        rows = [row for row in csv.DictReader(file) if row["split"] == "val"]
    mean = np.mean([float(row["p_normal"]) for row in rows])
    return off_by(float(mean), np.mean([row["label"] == "normal" for row in rows]))


def off_by(mean: float, share: float) -> Seen:
    detail = f"The rare class gets a mean probability of {mean:.2f}; {share:.2f} of the images are of it."
    return Seen("wrong" if abs(mean - share) > 0.1 else "fine", detail)
