"""Mistakes with files and folders."""

from pathlib import Path

import numpy as np
from mistake import Seen, mistake
from origin import chest_set
from ours import impossible, mended, trains
from PIL import Image
from plain import cnn, compiled
from sets import TWO, pixels, save, two_classes

FAMILY = "Files and folders"


def jpeg_set(work: Path) -> None:
    """X-rays as JPEG; one training file is cut off half-way."""
    two_classes(work / "set")
    for file in sorted((work / "set").rglob("*.png")):
        Image.open(file).resize((96, 96)).save(file.with_suffix(".jpg"), quality=95)
        file.unlink()
    cut = work / "set" / "train" / "pneumonia" / "120.jpg"
    cut.write_bytes(cut.read_bytes()[: cut.stat().st_size // 2])


def dataset(folder: Path, **options: object) -> object:
    import keras

    return keras.utils.image_dataset_from_directory(
        folder, color_mode="grayscale", image_size=(28, 28), batch_size=32, **options
    )


@mistake(
    "cut-jpeg",
    FAMILY,
    "A JPEG that is cut off",
    wrote="fit(image_dataset_from_directory(folder))",
    typed="The same folder",
    cause=r"120\.jpg",
    prepare=jpeg_set,
    ours=trains(code="unreadable-image", look=mended("The file is left out.")),
    note="Named is said of who names the file: among thousands it can't be found otherwise.",
)
def cut_jpeg(work: Path) -> Seen:
    compiled(2).fit(dataset(work / "set" / "train"), epochs=3)
    return Seen("wrong", "It trains on a picture that is half grey.")


@mistake(
    "errors-ignored",
    FAMILY,
    "The cut JPEG dealt with by ignoring errors",
    wrote="dataset = dataset.ignore_errors()",
    typed="The same folder",
    cause=r"120\.jpg|dropped|skipped",
    prepare=jpeg_set,
    ours=trains(code="unreadable-image", look=mended("One file is left out.")),
)
def errors_ignored(work: Path) -> Seen:
    import tensorflow as tf

    files = sorted(str(file) for file in (work / "set" / "train").rglob("*.jpg"))
    read = tf.data.Dataset.from_tensor_slices(files).batch(32)
    read = read.map(lambda names: tf.map_fn(decoded, names, fn_output_signature=tf.float32)).ignore_errors()
    seen = sum(len(batch) for batch in read)
    missing = len(files) - seen
    return Seen(
        "wrong" if missing > 1 else "fine", f"{missing} of {len(files)} images are dropped for one bad file."
    )


def decoded(name: object) -> object:
    import tensorflow as tf

    return tf.image.resize(tf.io.decode_jpeg(tf.io.read_file(name), channels=1), (28, 28)) / 255


def tiff_set(work: Path) -> None:
    """Half of the images, those of one device, are TIFF files."""
    two_classes(work / "set")
    for file in sorted((work / "set").rglob("*.png"))[1::2]:
        Image.open(file).save(file.with_suffix(".tif"))
        file.unlink()


@mistake(
    "tiff-passed-over",
    FAMILY,
    "Half of the images are TIFF files",
    wrote="image_dataset_from_directory(folder)",
    typed="The same folder",
    cause=r"tif",
    prepare=tiff_set,
    hint=r"Found \d+ files",
    ours=trains(look=lambda _do, answer: all_used(answer)),
)
def tiff_passed_over(work: Path) -> Seen:
    there = len([file for file in (work / "set" / "train").rglob("*.*") if file.is_file()])
    used = len(dataset(work / "set" / "train").file_paths)  # type: ignore[attr-defined]  # Keras adds it
    return Seen("wrong" if used < there else "fine", f"{there - used} of {there} images aren't used.")


def all_used(answer: object) -> Seen:
    used = answer.lines[0]["images"]["train"]  # type: ignore[attr-defined]  # Answer
    return Seen("fine" if used == 240 else "wrong", f"{240 - used} of 240 images aren't used.")


def empty_class_set(work: Path) -> None:
    two_classes(work / "set")
    for part in ("train", "val", "test"):
        (work / "set" / part / "tuberculosis").mkdir()


@mistake(
    "empty-class",
    FAMILY,
    "A class folder without images",
    wrote="image_dataset_from_directory(folder)  # normal, pneumonia, tuberculosis",
    typed="The same folder",
    cause="tuberculosis|empty|no image",
    prepare=empty_class_set,
    ours=trains(code="empty-class"),
)
def empty_class(work: Path) -> Seen:
    read = dataset(work / "set" / "train")
    compiled(3).fit(read, epochs=2)
    return Seen("wrong", "It trains a network for 3 classes, one of which it has never seen.")


def mac_set(work: Path) -> None:
    """A folder that has been on a Mac and a USB stick: each image has a companion that is no image."""
    two_classes(work / "set")
    for file in sorted((work / "set").rglob("*.png")):
        file.with_name(f"._{file.name}").write_bytes(b"\0\5\26\7\0\2\0\0Mac OS X        " + bytes(40))


@mistake(
    "mac-companions",
    FAMILY,
    "Hidden companions of each file (._000.png) from a Mac or a USB stick",
    wrote="image_dataset_from_directory(folder)",
    typed="The same folder",
    cause=r"\._\d+\.png|hidden",
    prepare=mac_set,
    ours=trains(code="unsupported-file", look=mended("The companions are passed over.")),
)
def mac_companions(work: Path) -> Seen:
    compiled(2).fit(dataset(work / "set" / "train"), epochs=2)
    return Seen("fine")


@mistake(
    "order-of-answers",
    FAMILY,
    "Answers compared with labels that come in another order",
    wrote="y = np.concatenate([y for _, y in dataset]); p = model.predict(dataset)  # shuffles each time",
    typed="Train, and look at the results",
    cause="order|shuffl",
    prepare=chest_set,
    ours=trains(look=impossible("Answers and labels stand in one table, by file.")),
)
def order_of_answers(work: Path) -> Seen:
    read = dataset(work / "set" / "train")
    test = dataset(work / "set" / "val")
    import keras

    model = keras.Sequential([keras.Input((28, 28, 1)), keras.layers.Rescaling(1 / 255), *cnn(2).layers])
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(read, epochs=15)
    y = np.concatenate([labels for _, labels in test])
    told = float((model.predict(test, verbose=0).argmax(1) == y).mean())
    true = float(model.evaluate(test, verbose=0)[1])
    return Seen(
        "wrong" if true - told > 0.05 else "fine", f"It tells an accuracy of {told:.2f}; it is {true:.2f}."
    )


def csv_order_set(work: Path) -> None:
    """A table of labels in the order of the examinations, and files that the system lists in its own."""
    two_classes(work / "parts")
    files, rows = sorted((work / "parts").rglob("*.png")), []
    order = np.random.default_rng(0).permutation(len(files))
    for number, file in zip(order, files, strict=True):
        save(pixels(file), work / "set" / f"{number:04d}.png")
        rows.append(f"{number:04d}.png,{file.parent.name}")
    order = np.random.default_rng(1).permutation(len(rows))
    (work / "labels.csv").write_text(
        "path,label\n" + "\n".join(rows[i] for i in order) + "\n", encoding="utf-8"
    )


@mistake(
    "order-of-files",
    FAMILY,
    "Labels of a table put beside files in the order of the folder",
    wrote="x = [load(f) for f in sorted(os.listdir(folder))]; y = table.label",
    typed="The folder, and the table as labels file",
    cause="order|label|path",
    prepare=csv_order_set,
    ours=lambda do: trains(
        "--labels",
        str(do.work / "labels.csv"),
        look=impossible("Labels are found by the file's name."),
    )(do),
)
def order_of_files(work: Path) -> Seen:
    rows = [line.split(",") for line in (work / "labels.csv").read_text().splitlines()[1:]]
    files = sorted((work / "set").iterdir())
    x = np.stack([np.asarray(Image.open(file), np.float32) for file in files])[..., None]
    y = np.array([TWO.index(label) for _, label in rows])
    true = dict(rows)
    wrong = sum(TWO[c] != true[file.name] for c, file in zip(y, files, strict=True))
    compiled(2).fit(x / 255, y, epochs=3)
    return Seen("wrong", f"{wrong} of {len(files)} images are learned under the other class's name.")


def missing_files_set(work: Path) -> None:
    """A table that names 20 files that aren't there."""
    csv_order_set(work)
    rows = (work / "labels.csv").read_text().splitlines()
    (work / "labels.csv").write_text("\n".join([*rows, *(f"gone{i}.png,normal" for i in range(20))]) + "\n")


@mistake(
    "table-names-missing",
    FAMILY,
    "The table names files that aren't there",
    wrote="x = [load(folder / name) for name in table.path]",
    typed="The folder, and the table as labels file",
    cause=r"gone\d",
    prepare=missing_files_set,
    ours=lambda do: trains("--labels", str(do.work / "labels.csv"), code="label-unknown")(do),
)
def table_names_missing(work: Path) -> Seen:
    rows = [line.split(",") for line in (work / "labels.csv").read_text().splitlines()[1:]]
    x = np.stack([np.asarray(Image.open(work / "set" / name), np.float32) for name, _ in rows])[..., None]
    y = np.array([TWO.index(label) for _, label in rows])
    compiled(2).fit(x / 255, y, epochs=3)
    return Seen("fine")
