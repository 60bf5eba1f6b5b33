"""Mistakes with pixel values."""

from pathlib import Path

import numpy as np
from mistake import Seen, Side, mistake
from origin import chest_set
from ours import PLAIN_CNN, Commands, impossible, mended, trains
from PIL import Image
from plain import arrays, cnn, compiled, judge
from sets import TWO, pixels, save, two_classes

FAMILY = "Pixels"
RAW = (*PLAIN_CNN, "--set", "scaling.method=none", "--set")
SIX = ("train", 40), ("val", 12), ("test", 12)


@mistake(
    "raw-sgd",
    FAMILY,
    "Raw pixels from 0 to 255, plain steps of 0.01",
    wrote="compile(SGD(0.01)); fit(x, y)  # x from 0 to 255",
    typed="Pixels as stored; SGD, rate 0.01",
    cause="pixel|scal|range|input values",
    prepare=chest_set,
    ours=trains(
        *RAW, "training.optimizer=sgd", "--set", "training.learning_rate=0.01", code="pixels-unscaled"
    ),
)
def raw_sgd(work: Path) -> Seen:
    import keras

    x, y, names = arrays(work / "set" / "train")
    model = compiled(2, keras.optimizers.SGD(0.01))
    model.fit(x, y, epochs=8)
    return judge(model, x, y, names)


@mistake(
    "raw-sgd-fast",
    FAMILY,
    "Raw pixels, plain steps of 0.1",
    wrote="compile(SGD(0.1)); fit(x, y)  # x from 0 to 255",
    typed="Pixels as stored; SGD, rate 0.1",
    cause="pixel|scal|range|input values",
    prepare=chest_set,
    ours=trains(
        *RAW, "training.optimizer=sgd", "--set", "training.learning_rate=0.1", code="pixels-unscaled"
    ),
)
def raw_sgd_fast(work: Path) -> Seen:
    import keras

    x, y, names = arrays(work / "set" / "train")
    model = compiled(2, keras.optimizers.SGD(0.1))
    model.fit(x, y, epochs=8)
    return judge(model, x, y, names)


@mistake(
    "raw-adam",
    FAMILY,
    "Raw pixels, Adam",
    wrote='compile("adam"); fit(x, y)  # x from 0 to 255',
    typed="Pixels as stored; Adam",
    cause="pixel|scal|range|input values",
    prepare=chest_set,
    ours=trains(*RAW, "training.optimizer=adam", code="pixels-unscaled"),
    note="Here plain Keras is right to go on: Adam recovers. Counterpoise asks to choose a scaling, or to "
    "accept the finding; on these images that is stricter than needed.",
)
def raw_adam(work: Path) -> Seen:
    x, y, names = arrays(work / "set" / "train")
    model = compiled(2)
    model.fit(x, y, epochs=8)
    return judge(model, x, y, names)


@mistake(
    "scaling-forgotten",
    FAMILY,
    "Pixels scaled for training, and not for the images it is used on",
    wrote="fit(x / 255, y); model.predict(new_x)  # new_x from 0 to 255",
    typed="Scaling from darkest to brightest; the trained model on new files",
    cause="pixel|scal|range|input values",
    prepare=chest_set,
    ours=lambda do: predicts_new(do),
)
def scaling_forgotten(work: Path) -> Seen:
    x, y, _ = arrays(work / "set" / "train")
    new_x, new_y, _ = arrays(work / "set" / "test")
    model = compiled(2)
    model.fit(x / 255, y, epochs=12)
    sure, surely = (misled(model.predict(images, verbose=0), new_y) for images in (new_x / 255, new_x))
    detail = f"{surely} wrong answers are given with 99 % certainty or more; {sure} with the same scaling."
    return Seen("wrong" if surely > sure + 2 else "fine", f"Of {len(new_y)} new images, {detail}")


def misled(answers: np.ndarray, y: np.ndarray) -> int:
    """Count the wrong answers that look certain."""
    return int(((answers.argmax(1) != y) & (answers.max(1) > 0.99)).sum())


def predicts_new(do: Commands) -> Side:
    """Train, then predict the files of the test part as a user drops them."""
    do.train("--set", "scaling.method=minmax")
    told = do.call("predict", do.run, *(do.data / "test" / name for name in TWO))
    results = told.last.get("results", [])
    wrong = [r for r in results if r["predicted"] and f"{r['predicted']}/" not in r["path"]]
    surely = sum(max(r["probabilities"].values()) > 0.99 for r in wrong)
    detail = f"Of {len(results)} new images, {surely} wrong answers are given with 99 % certainty or more."
    detail = f"The scaling is part of the model. {detail}"
    return do.side("impossible" if results and surely <= 2 else "wrong", detail)


def deep_set(work: Path) -> None:
    """16-bit images of a 12-bit detector: a flat level far below 65,535 with all detail in the low byte."""
    random = np.random.default_rng(0)
    for part, number in SIX:
        for label, level in zip(TWO, (40, 160), strict=True):
            folder = work / "set" / part / label
            folder.mkdir(parents=True)
            for i in range(number):
                noise = random.integers(0, 50, (28, 28))
                Image.fromarray((2048 + level + noise).astype(np.uint16)).save(folder / f"{i:03d}.png")


@mistake(
    "low-byte",
    FAMILY,
    "16-bit PNG files read by TensorFlow",
    wrote='image_dataset_from_directory(folder, color_mode="grayscale")',
    typed="The same folder",
    cause="16|bit|depth|low byte",
    prepare=deep_set,
    ours=trains(),
    note="The images hold a 12-bit detector's values, whose classes differ in the low byte.",
)
def low_byte(work: Path) -> Seen:
    import keras

    dataset = keras.utils.image_dataset_from_directory(
        work / "set" / "train", color_mode="grayscale", image_size=(28, 28), batch_size=100
    )
    x, y = next(iter(dataset))
    model = compiled(2)
    model.fit(np.asarray(x) / 255, np.asarray(y), epochs=12)
    values = sorted({float(v) for v in np.unique(np.asarray(x))})
    seen = judge(model, np.asarray(x) / 255, np.asarray(y), list(TWO))
    return Seen("wrong", f"All images are read as {values}: what differs is gone. {seen.detail}")


def turned_set(work: Path) -> None:
    """X-rays of which every second is stored on its side, with the EXIF note that turns it upright."""
    two_classes(work / "set", {"train": (40, 40), "val": (12, 12), "test": (12, 12)})
    for i, file in enumerate(sorted((work / "set").rglob("*.png"))):
        image = Image.open(file)
        if i % 2:
            exif = image.getexif()
            exif[0x0112] = 6  # turn a quarter clockwise to see it upright
            image.rotate(90).save(file.with_suffix(".jpg"), exif=exif, quality=95)
        else:
            image.save(file.with_suffix(".jpg"), quality=95)
        file.unlink()


@mistake(
    "exif",
    FAMILY,
    "Photographs with a note which way is up",
    wrote="image_dataset_from_directory(folder)",
    typed="The same folder",
    cause="exif|orientation|rotat",
    prepare=turned_set,
    ours=lambda do: upright(do),
)
def exif(work: Path) -> Seen:
    import tensorflow as tf
    from PIL import ImageOps

    files = sorted((work / "set" / "train").rglob("*.jpg"))
    wrong = 0
    for file in files:
        read = tf.io.decode_image(tf.io.read_file(str(file)), channels=1).numpy()[..., 0].astype(float)
        upright = np.asarray(ImageOps.exif_transpose(Image.open(file)), float)
        wrong += np.abs(read - upright).mean() > 5
    return Seen("wrong" if wrong else "fine", f"{wrong} of {len(files)} images are read lying on their side.")


def upright(do: Commands) -> Side:
    """Read the same files with our reader, and train."""
    from PIL import ImageOps

    from counterpoise.core.catalog.readers import read_frame

    files = sorted((do.data / "train").rglob("*.jpg"))
    wrong = 0
    for file in files:
        seen = np.asarray(read_frame(file).pixels, float).squeeze()
        wrong += np.abs(seen - np.asarray(ImageOps.exif_transpose(Image.open(file)), float)).mean() > 5
    return do.side(
        "wrong" if wrong else "fine", f"{wrong} of {len(files)} images are read lying on their side."
    )


def nan_set(work: Path) -> None:
    """Float images, one of which has one pixel that isn't a number."""
    two_classes(work / "set")
    for file in sorted((work / "set").rglob("*.png")):
        image = pixels(file).astype(np.float32) / 255
        if file.parts[-3:] == ("train", "normal", "007.png"):
            image[3, 3] = np.nan
        Image.fromarray(image).save(file.with_suffix(".tif"))
        file.unlink()


@mistake(
    "nan-pixel",
    FAMILY,
    "One pixel in one of 240 images isn't a number",
    wrote="x = np.stack([tifffile.imread(f) for f in files]); fit(x, y)",
    typed="The same folder",
    cause="pixel|image|input",
    prepare=nan_set,
    ours=trains(code="non-finite-pixels", look=mended("The image is left out.")),
)
def nan_pixel(work: Path) -> Seen:
    import tifffile

    files = sorted((work / "set" / "train").rglob("*.tif"))
    files = [files[i] for i in np.random.default_rng(0).permutation(len(files))]
    x = np.stack([tifffile.imread(file) for file in files])[..., None]
    y, names = np.array([TWO.index(file.parent.name) for file in files]), list(TWO)
    model, usual = compiled(2), compiled(2)
    model.fit(x, y, epochs=8)
    whole = np.isfinite(x).all((1, 2, 3))
    usual.fit(x[whole], y[whole], epochs=8, verbose=0)
    seen, without = (judge(network, x[whole], y[whole], names) for network in (model, usual))
    return Seen(
        seen.does, f"{seen.detail} Without that image: {without.detail[0].lower()}{without.detail[1:]}"
    )


def flat_set(work: Path) -> None:
    """Colour images whose blue channel holds one value."""
    for part, number in SIX:
        two_classes(work / "grey", {part: (number, number)})
        for label in TWO:
            for file in sorted((work / "grey" / part / label).iterdir()):
                grey = pixels(file)
                save(
                    np.stack([grey, grey // 2, np.full_like(grey, 7)], -1),
                    work / "set" / part / label / file.name,
                )


@mistake(
    "flat-channel",
    FAMILY,
    "Average and spread of a colour channel that holds one value",
    wrote="x = (x - x.mean((0, 1, 2))) / x.std((0, 1, 2)); fit(x, y)",
    typed="Scaling by average and spread",
    cause="channel|constant|scal|std",
    prepare=flat_set,
    ours=trains(*PLAIN_CNN, "--set", "scaling.method=zscore", code="scaling-degenerate"),
)
def flat_channel(work: Path) -> Seen:
    import keras

    files = sorted((work / "set" / "train").rglob("*.png"))
    x = np.stack([np.asarray(Image.open(file), np.float32) for file in files])
    y = np.array([TWO.index(file.parent.name) for file in files])
    x = (x - x.mean((0, 1, 2))) / x.std((0, 1, 2))
    model = keras.Sequential([keras.Input((28, 28, 3)), keras.layers.Conv2D(1, 1), *cnn(2).layers])
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(x, y, epochs=3)
    return judge(model, x, y, list(TWO))


@mistake(
    "scaler-on-all",
    FAMILY,
    "The scaling fitted before the images are split",
    wrote="x = StandardScaler().fit_transform(x); x_train, x_test = train_test_split(x)",
    typed="Scaling by average and spread",
    cause="scal|leak|fit",
    prepare=chest_set,
    ours=trains(
        "--set",
        "scaling.method=zscore",
        look=impossible("The scaling is fitted on the training part alone."),
    ),
    note="The effect is small on most images; the figure is still not that of images never seen.",
)
def scaler_on_all(work: Path) -> Seen:
    from sklearn.model_selection import train_test_split
    from sklearn.preprocessing import StandardScaler

    x, y, names = arrays(work / "set" / "train")
    scaled = StandardScaler().fit_transform(x.reshape(len(x), -1)).reshape(x.shape)
    x_train, x_test, y_train, y_test = train_test_split(scaled, y, random_state=0)
    model = compiled(2)
    model.fit(x_train, y_train, epochs=3)
    judge(model, x_test, y_test, names)
    return Seen("wrong", f"The {len(x_test)} test images took part in the scaling of the training images.")
