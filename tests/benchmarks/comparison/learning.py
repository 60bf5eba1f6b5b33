"""Mistakes with rate, batch and precision."""

from pathlib import Path

import numpy as np
from mistake import Seen, mistake
from origin import chest_set
from ours import PLAIN_CNN, impossible, trains
from plain import arrays, compiled, judge
from sets import two_classes

FAMILY = "Rate, batch and precision"


@mistake(
    "rate-adam",
    FAMILY,
    "A learning rate of 1 with Adam",
    wrote="compile(Adam(1.0)); fit(x, y)",
    typed="Learning rate 1",
    cause="learning rate|learning_rate",
    prepare=chest_set,
    ours=trains(*PLAIN_CNN, "--set", "training.learning_rate=1.0", code="learning-rate-too-high"),
)
def rate_adam(work: Path) -> Seen:
    import keras

    x, y, names = arrays(work / "set" / "train")
    model = compiled(2, keras.optimizers.Adam(1.0))
    model.fit(x / 255, y, epochs=5)
    return judge(model, x / 255, y, names)


@mistake(
    "rate-sgd",
    FAMILY,
    "A learning rate of 5 with plain steps",
    wrote="compile(SGD(5.0, momentum=0.9)); fit(x, y)",
    typed="SGD, learning rate 5",
    cause="learning rate|learning_rate",
    prepare=chest_set,
    ours=trains(
        *PLAIN_CNN,
        "--set",
        "training.optimizer=sgd",
        "--set",
        "training.learning_rate=5.0",
        code="learning-rate-too-high",
    ),
)
def rate_sgd(work: Path) -> Seen:
    import keras

    x, y, names = arrays(work / "set" / "train")
    model = compiled(2, keras.optimizers.SGD(5.0, momentum=0.9))
    model.fit(x / 255, y, epochs=5)
    return judge(model, x / 255, y, names)


@mistake(
    "half-precision",
    FAMILY,
    "Half precision with a weight of 10,000",
    wrote='set_global_policy("mixed_float16"); fit(..., class_weight={0: 1e4, 1: 1.0})',
    typed="Precision mixed_float16; your own weights as given: normal 10,000",
    cause="float16|scale|precision|overflow",
    prepare=chest_set,
    ours=trains(
        *PLAIN_CNN,
        "--set",
        "training.precision=mixed_float16",
        "--set",
        "weighting.method=custom",
        "--set",
        "weighting.custom={normal = 1e4, pneumonia = 1.0}",
        "--set",
        "weighting.normalize=none",
        code="precision-overflow",
    ),
)
def half_precision(work: Path) -> Seen:
    import keras

    keras.mixed_precision.set_global_policy("mixed_float16")
    x, y, names = arrays(work / "set" / "train")
    model = compiled(2)
    before = model.get_weights()
    model.fit(x / 255, y, epochs=1, class_weight={0: 1e4, 1: 1.0})
    same = all(np.array_equal(a, b) for a, b in zip(before, model.get_weights(), strict=True))
    steps = int(model.optimizer.inner_optimizer.iterations.numpy())
    if steps < 4:
        return Seen(
            "wrong", f"{steps} of 8 steps are applied{', none of them changes a weight' if same else ''}."
        )
    return judge(model, x / 255, y, names)


@mistake(
    "batch-over-set",
    FAMILY,
    "A batch larger than the training part, the rest dropped",
    wrote="fit(dataset.batch(512, drop_remainder=True))",
    typed="Batches of 512",
    cause="batch.*(size|larger|drop)|no data|empty",
    prepare=chest_set,
    ours=trains(*PLAIN_CNN, "--set", "training.batch_size=512", code="batch-too-large"),
)
def batch_over_set(work: Path) -> Seen:
    import tensorflow as tf

    x, y, names = arrays(work / "set" / "train")
    model = compiled(2)
    model.fit(tf.data.Dataset.from_tensor_slices((x / 255, y)).batch(512, drop_remainder=True), epochs=3)
    return judge(model, x / 255, y, names)


def rare(work: Path) -> None:
    two_classes(work / "set", {"train": (6, 300), "val": (12, 60), "test": (12, 100)})


@mistake(
    "batch-without-rare",
    FAMILY,
    "Batches of 16 where one image in fifty is of the rare class",
    wrote="fit(x, y, batch_size=16)",
    typed="Batches of 16, no weighting, from scratch",
    cause="batch|class",
    prepare=rare,
    ours=trains(
        *PLAIN_CNN,
        "--set",
        "training.batch_size=16",
        "--set",
        "weighting.method=none",
        code="batch-misses-minority",
    ),
)
def batch_without_rare(work: Path) -> Seen:
    x, y, names = arrays(work / "set" / "train")
    x_val, y_val, _ = arrays(work / "set" / "val")
    model = compiled(2)
    model.fit(x / 255, y, epochs=5, batch_size=16)
    order = np.random.default_rng(0).permutation(len(y))
    without = np.mean([not (y[order[i : i + 16]] == 0).any() for i in range(0, len(y), 16)])
    seen = judge(model, x_val / 255, y_val, names)
    return Seen(seen.does, f"{without:.0%} of the batches hold none of '{names[0]}'. {seen.detail}")


@mistake(
    "image-without-batch",
    FAMILY,
    "One image without its batch dimension",
    wrote="model.predict(image)  # shape (28, 28, 1)",
    typed="Predict a file",
    cause="expected shape|batch dimension",
    prepare=chest_set,
    ours=trains(look=impossible("Files are predicted, one or many.")),
)
def image_without_batch(work: Path) -> Seen:
    x, y, names = arrays(work / "set" / "train")
    model = compiled(2)
    model.fit(x / 255, y, epochs=2)
    model.predict(x[0] / 255, verbose=0)
    return judge(model, x / 255, y, names)
