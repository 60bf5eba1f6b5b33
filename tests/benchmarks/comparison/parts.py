"""Mistakes with what is trained on, chosen with and tested on."""

from pathlib import Path

import numpy as np
from mistake import Seen, mistake
from origin import chest_set
from ours import Commands, impossible, trains
from PIL import Image
from plain import arrays, compiled, judge
from sets import DATA, TWO, chest, pixels, save, two_classes

FAMILY = "Parts: to learn from, to choose with, to test on"


def patients_set(work: Path) -> None:
    """Several images of each patient, the patient in the file name, split without looking at it."""
    real = DATA / "hannover_cxr" / "view"
    random = np.random.default_rng(0)
    for label, kind in zip(("ap", "pa"), TWO, strict=True):
        if real.is_dir():
            images = {file.name: pixels(file, 64) for file in sorted((real / label).glob("*.png"))[:60]}
        else:
            images = {
                f"p{kind[0]}{i // 4:03d}_{i % 4}.png": pixels(f)
                for i, f in enumerate(chest("train", kind)[:60])
            }
        for name in sorted(images):
            save(
                images[name],
                work / "set" / random.choice(["train", "train", "train", "val", "test"]) / label / name,
            )


@mistake(
    "patient-in-two",
    FAMILY,
    "Several images of a patient, split at random",
    wrote="image_dataset_from_directory(folder, validation_split=0.2, subset=..., seed=1)",
    typed="The folder as split, patients from the file names",
    cause="patient|group|leak",
    prepare=patients_set,
    ours=trains("--group-by", "name:^([^_]+)_", code="patient-across-splits"),
)
def patient_in_two(work: Path) -> Seen:
    import keras

    def part(subset: str) -> object:
        return keras.utils.image_dataset_from_directory(
            work / "set" / "train", color_mode="grayscale", image_size=(28, 28), validation_split=0.2,
            subset=subset, seed=1,
        )  # fmt: skip

    train, val = part("training"), part("validation")
    compiled(2).fit(train, validation_data=val, epochs=2)
    learnt, judged = (
        {Path(p).name.split("_")[0] for p in read.file_paths}  # type: ignore[attr-defined]  # Keras adds it
        for read in (train, val)
    )
    both = len(learnt & judged)
    return Seen(
        "wrong" if both else "fine",
        f"{both} of {len(judged)} patients of the validation part were learned from.",
    )


def copies_set(work: Path) -> None:
    """A third of the validation and test images stand in the training part as well."""
    two_classes(work / "set")
    for part in ("val", "test"):
        for label in TWO:
            files = sorted((work / "set" / part / label).iterdir())
            for file in files[: len(files) // 3]:
                save(pixels(file), work / "set" / "train" / label / f"{part}-{file.name}")


@mistake(
    "copies-in-two",
    FAMILY,
    "Copies of a third of the test images in the training part",
    wrote="fit(train_dataset, validation_data=val_dataset)",
    typed="The same folder",
    cause="duplicate|cop(y|ies)|same image",
    prepare=copies_set,
    ours=trains(code="duplicate-across-splits"),
)
def copies_in_two(work: Path) -> Seen:
    x, y, _ = arrays(work / "set" / "train")
    x_val, y_val, _ = arrays(work / "set" / "val")
    compiled(2).fit(x / 255, y, epochs=2, validation_data=(x_val / 255, y_val))
    known = {image.tobytes() for image in x}
    twice = sum(image.tobytes() in known for image in x_val)
    return Seen("wrong", f"{twice} of {len(x_val)} validation images were learned from.")


@mistake(
    "sorted-split",
    FAMILY,
    "validation_split on images sorted by class",
    wrote="fit(x, y, validation_split=0.2)  # x: all normal first, then all pneumonia",
    typed="The folder without parts",
    cause="class|shuffl|order",
    prepare=chest_set,
    ours=lambda do: trains(
        look=impossible("Parts that are missing are made by patient, each class in its share.")
    )(do),
)
def sorted_split(work: Path) -> Seen:
    x, y, names = arrays(work / "set" / "train")
    order = np.argsort(y, kind="stable")
    x, y = x[order], y[order]
    history = compiled(2).fit(x / 255, y, epochs=4, validation_split=0.2)
    last = y[-len(y) // 5 :]
    detail = f"All {len(last)} validation images are of '{names[last[0]]}'"
    return Seen(
        "wrong", f"{detail}; it tells a validation accuracy of {history.history['val_accuracy'][-1]:.2f}."
    )


def rare_set(work: Path) -> None:
    """One sick patient among forty; the sick are hard to tell by so few."""
    counts = {"train": (8, 320), "val": (8, 240), "test": (8, 240)}
    two_classes(work / "set", counts)
    random = np.random.default_rng(0)
    for file in sorted((work / "set").rglob("*.png")):  # a detector in poor light
        image = pixels(file).astype(float)
        save((0.5 * image + 60 + random.normal(0, 40, image.shape)).clip(0, 255).astype(np.uint8), file)


@mistake(
    "accuracy-of-rare",
    FAMILY,
    "One in forty is of the class that matters, judged by accuracy",
    wrote='compile(metrics=["accuracy"]); fit(x, y)',
    typed="The same folder",
    cause="imbalance|class|sensitivity",
    prepare=rare_set,
    ours=trains(code="class-imbalance", look=lambda do, _answer: finds_rare(do)),
)
def accuracy_of_rare(work: Path) -> Seen:
    x, y, _ = arrays(work / "set" / "train")
    x_val, y_val, _ = arrays(work / "set" / "val")
    model = compiled(2)
    told = model.fit(x / 255, y, epochs=5, validation_data=(x_val / 255, y_val)).history["val_accuracy"][-1]
    found = int((model.predict(x_val / 255, verbose=0).argmax(1)[y_val == 0] == 0).sum())
    detail = f"It tells an accuracy of {told:.2f} and finds {found} of {sum(y_val == 0)} of the rare class."
    return Seen("wrong" if found < 3 else "fine", detail)


def finds_rare(do: Commands) -> Seen:
    """What our decision finds of the rare class in the test part, on which no line was drawn."""
    told = do.call("evaluate", do.run).last
    rows = dict(zip(told["classes"], told["confusion"], strict=True))
    rare = told["classes"].index("normal")
    found, n = rows["normal"][rare], sum(rows["normal"])
    flagged, others = rows["pneumonia"][rare], sum(rows["pneumonia"])
    sensitivity = told["per_class"]["normal"]["sensitivity"]
    detail = (
        f"It finds {found} of {n} of the rare class in the test part, flags {flagged} of {others} others, "
        f"and tells the sensitivity's range, {sensitivity['low']:.2f} to {sensitivity['high']:.2f}."
    )
    return Seen("fine" if found >= 3 else "wrong", detail)


def tiny(work: Path) -> None:
    two_classes(work / "set", {"train": (30, 30), "val": (30, 60), "test": (30, 60)})
    random = np.random.default_rng(0)
    for file in sorted((work / "set" / "train").rglob("*.png")):  # labels of the training part are half wrong
        if random.random() < 0.4:
            other = TWO[1 - TWO.index(file.parent.name)]
            Image.open(file).save(file.parent.parent / other / f"x{file.name}")
            file.unlink()


@mistake(
    "last-not-best",
    FAMILY,
    "Stopping early without going back to the best round",
    wrote='EarlyStopping(monitor="val_loss", patience=20)',
    typed="The same folder",
    cause="best",
    prepare=tiny,
    ours=trains(look=impossible("The best round is what is kept.")),
)
def last_not_best(work: Path) -> Seen:
    import keras

    x, y, names = arrays(work / "set" / "train")
    x_val, y_val, _ = arrays(work / "set" / "val")
    model = compiled(2)
    stop = keras.callbacks.EarlyStopping(monitor="val_loss", patience=20)
    losses = model.fit(
        x / 255, y, epochs=80, validation_data=(x_val / 255, y_val), callbacks=[stop], verbose=2
    ).history["val_loss"]
    if losses[-1] > 1.05 * min(losses):
        return Seen(
            "wrong",
            f"It keeps the last round (validation loss {losses[-1]:.2f}), the best was {min(losses):.2f}.",
        )
    return judge(model, x_val / 255, y_val, names)
