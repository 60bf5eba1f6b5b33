"""The patients of a catalog, and what a labels file would change."""

import numpy as np
import pytest
from PIL import Image

from counterpoise.core.catalog.labels_trial import try_labels
from counterpoise.core.catalog.patients import bars, patients_in_words, patients_of
from counterpoise.core.catalog.report import scan_json
from counterpoise.core.cli.show import scan_text
from counterpoise.core.errors import CounterpoiseError

BY_NAME = "name:^([^_]+)_"


def test_patients_with_their_classes_and_parts(put, scanned):
    for name in ("a/x_1", "a/x_2", "b/x_3", "a/y_1", "b/z_1", "b/z_2", "b/loose"):
        put(f"{name}.png")
    catalog = scanned(group_by=BY_NAME, val=0.0, test=0.0, exclude=("b/z_2.png",))
    found = patients_of(catalog, BY_NAME)
    assert [(p.name, p.images, p.classes, p.parts) for p in found.each] == [
        ("x", 3, ("a", "b"), ("train",)),
        ("y", 1, ("a",), ("train",)),
        ("z", 1, ("b",), ("train",)),
    ]
    assert all(patient.name not in patient.group for patient in found.each)
    assert (found.unknown, found.images, found.source, found.known) == (1, 6, "name", True)
    assert [patient.name for patient in found.in_several_classes] == ["x"]
    assert found.in_several_parts == ()
    assert [(bar.low, bar.patients) for bar in found.bars] == [(1, 2), (2, 0), (3, 1)]


def test_patients_in_two_of_the_users_parts(put, scanned):
    for path in ("train/a/x_1", "train/b/y_1", "test/a/x_2", "test/b/z_1"):
        put(f"{path}.png")
    found = patients_of(scanned(group_by=BY_NAME, val=0.0), BY_NAME)
    assert [(p.name, p.parts) for p in found.in_several_parts] == [("x", ("train", "test"))]


def test_without_patients(healthy, scanned):
    found = patients_of(scanned(), "auto")
    assert (found.each, found.unknown, found.known, found.bars) == ((), 24, False, ())


def test_bars_of_many_images_double_in_width():
    found = bars([1, 1, 2, 200])
    assert (found[0].patients, found[-1].low, found[-1].high, found[-1].patients) == (2, 129, 256, 1)
    assert sum(bar.patients for bar in found) == 4


def test_a_labels_file_is_tried_before_it_is_used(put, scanned, data, tmp_path):
    for name in ("a/1", "a/2", "b/3", "b/4"):
        put(f"{name}.png")
    file = tmp_path / "labels.csv"
    file.write_text("path,label,patient\na/1.png,a,p\na/2.png,b,p\nb/3.png,b,\nb/9.png,b,q\n", "utf-8")
    trial = try_labels(file, data, scanned().images)
    assert (trial.named, trial.not_named, trial.relabelled, trial.missing) == (3, 1, 1, 1)
    assert (trial.patients, trial.without_patient) == (1, 1)
    file.write_text("path,patient\na/1.png,p\n", "utf-8")
    with pytest.raises(CounterpoiseError, match="label"):
        try_labels(file, data, scanned().images)


def test_only_patients_that_are_known_are_counted(put, scanned, data, found):
    """Images by themselves, and the frames of one file, are no patients: in words as in the report."""
    for n in range(8):
        put(f"a/p{n // 2}_{n}.png")
        put(f"b/{'loose' if n < 3 else f'q{n // 2}'}x{n}.png")
    frames = [Image.fromarray(np.full((6, 8), 20 * n + 9, np.uint8)) for n in range(3)]
    frames[0].save(data / "b/stack.tif", save_all=True, append_images=frames[1:])
    asked = "name:^([pq][0-9])"
    told = scanned(group_by=asked, test=0.0)
    who = patients_of(told)
    assert (len(who.each), who.unknown) == (8, 3)
    assert patients_in_words(told) == "8 patients (3 images without)"
    assert ", 8 patients (3 images without)\n" in scan_text(scan_json(told), patients_in_words(told))
    (made,) = found(told, "part-made")
    assert "by patient" in made.message
    unknown = scanned(test=0.0)
    assert patients_in_words(unknown) == ""
    assert "patient" not in scan_text(scan_json(unknown) | {"findings": ()}, patients_in_words(unknown))
    (made,) = found(unknown, "part-made")
    assert made.evidence["patients"] is None
    assert "with copies and the frames of one file kept together" in made.message
