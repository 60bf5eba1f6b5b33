"""Filters, order, sections and counts on records: no window needed."""

from dataclasses import replace

import pytest

from counterpoise.core.catalog.types import Catalog, ImageRecord, Sources
from counterpoise.core.findings import Severity
from counterpoise.core.findings.finding import Finding
from counterpoise.core.study.edits import Edit
from counterpoise.gui.counts import hills_of, knows_patients, legend, of_table, patient_sums, sums_of
from counterpoise.gui.gallery_filter import Wish, arrange, counts
from counterpoise.gui.gallery_table import make_table
from counterpoise.gui.moving import divided


def record(name: str, label: str, part: str, group: str = "", **more: object) -> ImageRecord:
    values = {
        "path": f"{label}/{name}.png", "frame": -1, "label": label, "group": group, "part": part,
        "content": name, "width": 64, "height": 64, "channels": 1, "bits": 8, "units": "uint8",
        "format": "PNG", "minimum": 0.0, "maximum": 255.0, "mean": 100.0, "std": 20.0,
    }  # fmt: skip
    return ImageRecord(**(values | more))  # type: ignore[arg-type]  # values of mixed types


IMAGES = (
    record("a", "cat", "train", "p1", mean=50.0),
    record("b", "cat", "train", "p1", mean=200.0),
    record("c", "cat", "test", "p2", bits=12, units="uint16", mean=40.0),
    record("d", "dog", "val", "", format="JPEG", width=128),
    record("e", "dog", "", "", channels=3),
)
FINDINGS = (
    Finding("duplicate-images", Severity.INFO, "Copies.", ("cat/a.png", "cat/b.png")),
    Finding("blank-image", Severity.WARNING, "Blank.", ("cat/b.png",)),
    Finding("class-too-small", Severity.WARNING, "Few.", ("dog/d.png", "dog/e.png")),
)
CATALOG = Catalog(Sources(), IMAGES, (), 5, FINDINGS)
EDITED = {("dog/e.png", -1): Edit("exclude", "dog/e.png")}
TABLE = make_table(CATALOG, EDITED)


def shown(wish: Wish) -> str:
    return "".join(IMAGES[place].content for place in arrange(TABLE, wish).places)


@pytest.mark.parametrize(
    ("wish", "expected"),
    [
        (Wish(), "abcde"),
        (Wish({"class": "dog"}), "de"),
        (Wish({"part": "Left out"}), "e"),
        (Wish({"depth": "12 bits"}), "c"),
        (Wish({"colour": "Colour"}), "e"),
        (Wish({"type": "JPEG"}), "d"),
        (Wish({"size": "128 × 64"}), "d"),
        (Wish({"changed": "Changed by you"}), "e"),
        (Wish({"patients": "Several images"}), "ab"),
        (Wish({"patient": "Patient p2"}), "c"),
        (Wish({"class": "cat", "part": "Training"}), "ab"),
        (Wish({"class": "bird"}), ""),
        (Wish(finding=FINDINGS[1].title), "b"),
        (Wish(text="CAT p1"), "ab"),
        (Wish(text="nothing of the kind"), ""),
        (Wish(paths=frozenset({"dog/d.png", "gone.png"})), "d"),
        (Wish(keys=(("dog/d.png", -1), ("gone.png", -1), ("cat/a.png", -1))), "da"),
        (Wish(sort="brightness"), "cadeb"),
        (Wish(sort="brightness", backwards=True), "bdeac"),
        (Wish({"shape": "Wide"}), "d"),
        (Wish({"frames": "Frames of a file"}), ""),
        (Wish({"contrast": "Lowest contrast (a tenth)"}), "c"),
        (Wish(sort="size", backwards=True), "dabce"),
        (Wish(sort="shape", backwards=True), "dabce"),
        (Wish(sort="part"), "abdce"),
        (Wish(sort="finding"), "bacde"),
        (Wish(sort="changed", backwards=True), "eabcd"),
        (Wish(sort="depth", backwards=True), "cabde"),
        (Wish(backwards=True), "edcba"),
    ],
)
def test_what_is_shown(wish, expected):
    assert shown(wish) == expected


def test_what_images_differ_in():
    assert TABLE.distinguishes("shape")
    assert TABLE.distinguishes("brightness")
    assert not TABLE.distinguishes("frames")
    assert not make_table(replace(CATALOG, images=IMAGES[:2]), {}).distinguishes("class")
    assert not make_table(replace(CATALOG, images=()), {}).distinguishes("size")


def test_sections():
    found = arrange(TABLE, Wish(sections="class", sort="brightness"))
    assert (found.titles, found.starts.tolist()) == (("cat", "dog"), [0, 3])
    by_finding = arrange(TABLE, Wish(sections="finding"))
    assert by_finding.titles == (
        FINDINGS[1].title,
        FINDINGS[0].title,
        "Nothing found",
    )  # the most urgent of each
    assert by_finding.starts.tolist() == [0, 1, 2]
    assert arrange(TABLE, Wish({"class": "bird"}, sections="part")).titles == ()


def test_counts_say_what_a_choice_would_show():
    found = counts(TABLE, Wish({"class": "cat"}))
    assert found["class"] == [3, 2]  # the own filter doesn't matter
    assert found["part"] == [2, 0, 1, 0]
    assert dict(zip(TABLE.findings, found["finding"], strict=True))[FINDINGS[0].title] == 2


def test_an_edit_changes_the_table_without_reading_all():
    images = (replace(IMAGES[0], label="dog", part=""), *IMAGES[1:])
    table = TABLE.changed(images, EDITED | {("cat/a.png", -1): Edit("relabel", "cat/a.png", -1, "dog")})
    assert table is not None
    assert arrange(table, Wish({"class": "dog", "part": "Left out"})).places.tolist() == [0, 4]
    assert arrange(table, Wish({"changed": "Changed by you"})).places.tolist() == [0, 4]
    assert TABLE.changed(images[1:], {}) is None
    assert TABLE.changed((IMAGES[1], *IMAGES[1:]), {}) is None
    assert TABLE.changed((replace(IMAGES[0], label="bird"), *IMAGES[1:]), {}) is None


def test_images_and_patients_per_class():
    assert of_table(TABLE)["cat"] == {"train": 2, "val": 0, "test": 1, "": 0}
    assert of_table(TABLE, patients=True)["cat"] == {"train": 1, "val": 0, "test": 1, "": 0}
    assert of_table(TABLE, patients=True)["dog"] == {"train": 0, "val": 1, "test": 0, "": 1}  # each its own
    assert knows_patients(TABLE)
    entries, ratio = legend(sums_of(of_table(TABLE)))
    assert dict(entries)["train"] == "training 2 (50 %)"
    assert dict(entries)[""] == "left out 1"  # no share: it isn't used
    assert ratio == "3.0 to 1"


def test_a_patient_in_several_classes_and_parts_counts_once():
    images = (
        record("a", "cat", "train", "p1"),
        record("b", "cat", "test", "p1"),
        record("c", "dog", "train", "p1"),
        record("d", "dog", "", "p1"),
        record("e", "dog", "", "p2"),
        record("f", "dog", "val"),
    )
    table = make_table(replace(CATALOG, images=images, findings=()), {})
    assert of_table(table, patients=True) == {
        "cat": {"train": 1, "val": 0, "test": 1, "": 0},
        "dog": {"train": 1, "val": 1, "test": 0, "": 1},  # of p1 a dog is used
    }
    sums = patient_sums(table)
    assert (sums.classes, sums.used, sums.shared) == ({"cat": 1, "dog": 2}, 2, 1)
    assert sums.parts == {"train": 1, "val": 1, "test": 1, "": 1}
    assert legend(sums)[1] == "2.0 to 1"


def test_hills_of_brightness_are_of_used_images():
    hills = hills_of(TABLE)
    assert list(hills) == ["cat", "dog"]
    shares, middle = hills["cat"]
    assert shares.sum() == pytest.approx(1, abs=0.15)  # a little is smoothed over the ends
    assert middle == pytest.approx(50 / 255)
    assert hills["dog"][1] == pytest.approx(100 / 255)
    out = tuple(replace(image, part="") for image in IMAGES)
    assert hills_of(make_table(replace(CATALOG, images=out), {})) == {}


def test_a_move_that_divides_is_told():
    assert divided(IMAGES, [IMAGES[0]], "test").others == (IMAGES[1],)
    assert divided(IMAGES, [IMAGES[0]], "test").patients == 1
    assert not divided(IMAGES, IMAGES[:2], "test")
    assert not divided(IMAGES, [IMAGES[3]], "test")
    copy = replace(IMAGES[3], path="dog/z.png", part="train")
    assert divided((*IMAGES, copy), [copy], "test").others == (IMAGES[3],)
