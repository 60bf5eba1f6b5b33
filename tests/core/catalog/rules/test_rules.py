"""Each finding about data fires when it should, is silent when it shouldn't, and its fix mends it."""

import shutil
import struct
import zlib
from dataclasses import replace

import numpy as np
import pytest
import tifffile
from PIL import Image, PngImagePlugin

from counterpoise.core.catalog.report import public_finding
from counterpoise.core.catalog.rules import RULES
from counterpoise.core.findings import CODES, Severity, Subject
from counterpoise.core.findings.sentences.data import DATA

FIRST = 10_001
"""Seed of the first image that the fixture ``healthy`` makes: cat/0000.png."""


def parts(put, *, train: int = 10, val: int = 5, test: int = 5) -> None:
    """Make a set with parts of the user's own."""
    for label in ("a", "b"):
        for part, number in (("train", train), ("val", val), ("test", test)):
            for index in range(number):
                put(f"{part}/{label}/{index}.png")


def test_every_code_about_data_has_a_rule_and_a_sentence():
    codes = {code for code, spec in CODES.items() if spec.subject is Subject.DATA}
    assert codes == {rule.__name__.replace("_", "-") for rule in RULES}
    assert codes == {key.partition(".")[0] for key in DATA}


def test_a_healthy_set_has_nothing_worse_than_info(healthy, scanned):
    catalog = scanned()
    assert {f.code for f in catalog.findings} == {"part-made", "patients-unknown"}
    assert all(f.severity is Severity.INFO for f in catalog.findings)


def test_own_parts_without_a_fault(put, scanned):
    parts(put, train=12, val=10, test=10)
    assert {f.code for f in scanned().findings} == {"patients-unknown"}


def test_unreadable_image(healthy, scanned, found):
    whole = (healthy / "cat/0000.png").read_bytes()
    (healthy / "cat/cut.png").write_bytes(whole[: len(whole) // 2])
    (healthy / "cat/empty.jpg").write_bytes(b"")
    catalog = scanned()
    (finding,) = found(catalog, "unreadable-image")
    assert finding.severity is Severity.WARNING
    assert finding.paths == ("cat/cut.png", "cat/empty.jpg")
    assert catalog.counts()["cat"] == 12


def test_unsupported_files_are_counted_by_reason(healthy, scanned, found):
    for name in ("README.md", "list.csv", ".hidden", "Thumbs.db"):
        (healthy / "cat" / name).write_text("text")
    (healthy / "loose.csv").write_text("text")
    (finding,) = found(scanned(), "unsupported-file")
    assert finding.severity is Severity.INFO
    assert finding.evidence["files"] == 5
    assert sum(finding.evidence["reasons"].values()) == 5
    assert finding.evidence["reasons"]["a hidden file"] == 2


def test_non_finite_pixels(healthy, scanned, found):
    pixels = np.ones((5, 5), np.float32)
    pixels[2, 2] = np.nan
    tifffile.imwrite(healthy / "cat/nan.tif", pixels)
    (finding,) = found(scanned(), "non-finite-pixels")
    assert finding.severity is Severity.WARNING
    assert finding.paths == ("cat/nan.tif",)


def test_oversized_image(healthy, scanned, found):
    header = (healthy / "cat/0000.png").read_bytes()
    chunk = b"IHDR" + struct.pack(">II", 60_000, 60_000) + header[24:29]
    (healthy / "cat/huge.png").write_bytes(
        header[:12] + chunk + struct.pack(">I", zlib.crc32(chunk)) + header[33:]
    )
    (finding,) = found(scanned(), "oversized-image")
    assert finding.severity is Severity.WARNING
    assert finding.paths == ("cat/huge.png",)


def test_blank_image(healthy, scanned, found):
    Image.new("L", (8, 6), 7).save(healthy / "cat/blank.png")
    (finding,) = found(scanned(), "blank-image")
    assert (finding.severity, finding.paths) == (Severity.WARNING, ("cat/blank.png",))
    assert not found(scanned(exclude=finding.fix.set["data.exclude"]), "blank-image")


def test_extension_mismatch(healthy, scanned, found):
    shutil.move(healthy / "cat/0000.png", healthy / "cat/0000.jpg")
    shutil.move(healthy / "cat/0001.png", healthy / "cat/0001")
    shutil.move(healthy / "cat/0002.png", healthy / "cat/0002.left")
    shutil.move(healthy / "cat/0003.png", healthy / "cat/0003.txt")
    shutil.move(healthy / "cat/0004.png", healthy / "cat/0004.PNG")
    (finding,) = found(scanned(), "extension-mismatch")
    assert (finding.severity, finding.paths) == (Severity.INFO, ("cat/0000.jpg", "cat/0003.txt"))


def test_empty_class(healthy, scanned, found):
    (healthy / "nothing").mkdir()
    (healthy / "broken").mkdir()
    (healthy / "broken/x.png").write_bytes(b"")
    catalog = scanned()
    assert catalog.labels == ("broken", "cat", "dog", "nothing")
    findings = found(catalog, "empty-class")
    assert [f.evidence["class"] for f in findings] == ["broken", "nothing"]
    assert all(f.severity is Severity.BLOCKER for f in findings)
    assert findings[0].paths == ("broken/x.png",)


def test_single_class(put, scanned, found):
    for number in range(12):
        put(f"only/{number}.png")
    (finding,) = found(scanned(), "single-class")
    assert finding.severity is Severity.BLOCKER
    assert finding.evidence["inside"] == []


def test_classes_one_level_too_deep_are_recognised(put, scanned, found):
    for label in ("normal", "sick"):
        for number in range(5):
            put(f"archive/{label}/{number}.png")
    (finding,) = found(scanned(), "single-class")
    assert finding.evidence["inside"] == ["normal", "sick"]
    assert "choose the folder 'archive' itself" in finding.message


@pytest.mark.parametrize(("number", "severity"), [(2, "blocker"), (3, "warning"), (9, "warning"), (10, None)])
def test_class_too_small_by_images(healthy, put, scanned, found, number, severity):
    for index in range(number):
        put(f"small/{index}.png")
    findings = found(scanned(), "class-too-small")
    assert [(f.evidence["class"], str(f.severity)) for f in findings] == (
        [("small", severity)] if severity else []
    )


@pytest.mark.parametrize(("patients", "severity"), [(2, "blocker"), (5, "warning"), (10, None)])
def test_class_too_small_by_patients(put, scanned, found, patients, severity):
    for index in range(12):
        put(f"a/p{index % patients}_{index}.png")
        put(f"b/q{index}_{index}.png")
    findings = found(scanned(group_by="name:^([^_]+)_"), "class-too-small")
    assert [str(f.severity) for f in findings] == ([severity] if severity else [])
    assert all(f.evidence["patients"] == patients for f in findings)


@pytest.mark.parametrize(("few", "severity"), [(8, None), (7, "info"), (1, "warning")])
def test_class_imbalance(put, scanned, found, few, severity):
    for index in range(21):
        put(f"many/{index}.png")
    for index in range(few):
        put(f"few/{index}.png")
    findings = found(scanned(), "class-imbalance")
    assert [str(f.severity) for f in findings] == ([severity] if severity else [])


def test_class_name_collision(put, scanned, found):
    for label in ("Benign", "benign ", "other", "e\u0301te", "\u00e9te"):
        put(f"{label}/x.png")
    findings = found(scanned(), "class-name-collision")
    assert [set(f.evidence["classes"]) for f in findings] == [
        {"Benign", "benign "},
        {"e\u0301te", "\u00e9te"},
    ]
    assert all(f.severity is Severity.WARNING for f in findings)


def test_duplicate_images(healthy, scanned, found):
    with Image.open(healthy / "cat/0000.png") as image:
        image.save(healthy / "cat/again.bmp")
        image.convert("RGB").save(healthy / "cat/again.tif")
    catalog = scanned()
    (finding,) = found(catalog, "duplicate-images")
    assert finding.severity is Severity.INFO
    assert finding.evidence["copies"] == 2
    assert finding.paths == ("cat/0000.png", "cat/again.bmp", "cat/again.tif")
    assert [i.path for i in catalog.images if not i.part] == ["cat/again.bmp", "cat/again.tif"]


def test_duplicate_across_classes(healthy, put, scanned, found):
    put("dog/twin.png", seed=FIRST)
    catalog = scanned()
    (finding,) = found(catalog, "duplicate-across-classes")
    assert finding.severity is Severity.WARNING
    assert finding.paths == ("cat/0000.png", "dog/twin.png")
    assert (finding.evidence["n_pairs"], finding.evidence["pairs"]) == (1, [[0, 1]])
    first, twin = (next(i for i in catalog.images if i.path == p) for p in finding.paths)
    assert first.part == twin.part != ""
    assert not found(scanned(exclude=finding.fix.set["data.exclude"]), "duplicate-across-classes")
    assert not found(catalog, "duplicate-across-splits")


@pytest.mark.parametrize(("test", "severity"), [(49, "blocker"), (50, "warning")])
def test_duplicate_across_splits(put, data, scanned, found, test, severity):
    """Two of 98 are more than 2 %, two of 100 are not."""
    parts(put, train=10, val=10, test=test)
    for label in ("a", "b"):
        for copy in ("x", "y"):
            shutil.copy(data / f"test/{label}/0.png", data / f"train/{label}/{copy}.png")
    finding = found(scanned(), "duplicate-across-splits")[0]
    assert str(finding.severity) == severity
    assert finding.evidence["affected"] == {"val": 0, "test": 2}
    assert finding.fix.set["data.exclude"] == [f"train/{label}/{copy}.png" for label in "ab" for copy in "xy"]
    mended = scanned(exclude=finding.fix.set["data.exclude"])
    assert not found(mended, "duplicate-across-splits")
    assert len(mended.part("test")) == 2 * test


def test_copies_between_validation_and_test_are_taken_from_validation(put, data, scanned, found):
    parts(put)
    shutil.copy(data / "val/a/0.png", data / "test/a/copy.png")
    (finding,) = found(scanned(), "duplicate-across-splits")
    assert finding.evidence["affected"] == {"val": 1, "test": 1}
    assert finding.fix.set["data.exclude"] == ["val/a/0.png"]
    assert not found(scanned(exclude=["val/a/0.png"]), "duplicate-across-splits")


def test_patient_across_splits(put, data, scanned, found):
    for part, number in (("train", 20), ("val", 10), ("test", 10)):
        for label in ("a", "b"):
            for index in range(number):
                put(f"{part}/{label}/{part}{label}{index}_0.png")
    put("train/a/testa0_1.png")
    by_name = "name:^([^_]+)_"
    (finding,) = found(scanned(group_by=by_name), "patient-across-splits")
    assert finding.severity is Severity.BLOCKER
    assert finding.paths == ("test/a/testa0_0.png", "train/a/testa0_1.png")
    mended = scanned(group_by=by_name, exclude=finding.fix.set["data.exclude"])
    assert not found(mended, "patient-across-splits")
    assert not found(scanned(), "patient-across-splits")


def test_patients_unknown_proposes_a_pattern(put, scanned, found):
    for patient in range(12):
        for index in range(3):
            put(f"{'ab'[patient % 2]}/p{patient:02}x_{index}.png")
    (finding,) = found(scanned(), "patients-unknown")
    assert finding.severity is Severity.INFO
    assert (finding.evidence["patients"], finding.evidence["example"]) == (12, "p00x_0.png")
    fixed = scanned(**{key.removeprefix("data."): value for key, value in finding.fix.set.items()})
    assert not found(fixed, "patients-unknown")
    assert len({image.group for image in fixed.images}) == 12
    assert not found(scanned(group_by="none"), "patients-unknown")


def test_patients_unknown_warns_of_a_pattern_that_fits_nothing(put, scanned, found):
    for patient in range(12):
        for index in range(3):
            put(f"{'ab'[patient % 2]}/p{patient:02}x_{index}.png")
    (finding,) = found(scanned(group_by="name:^(P[0-9]+)_"), "patients-unknown")
    assert finding.severity is Severity.WARNING
    assert "fits none of the 36 file names" in finding.message
    fixed = scanned(**{key.removeprefix("data."): value for key, value in finding.fix.set.items()})
    assert not found(fixed, "patients-unknown")


def test_a_pattern_that_fits_nothing_is_not_hidden_by_frames(healthy, scanned, found):
    frames = [Image.fromarray(np.full((6, 8), 40 * n, np.uint8)) for n in range(3)]
    frames[0].save(healthy / "cat/stack.tif", save_all=True, append_images=frames[1:])
    (finding,) = found(scanned(group_by="name:^(P[0-9]+)_"), "patients-unknown")
    assert (finding.severity, finding.evidence["images"]) == (Severity.WARNING, 27)
    assert "fits none of the 25 file names" in finding.message


def test_patients_unknown_proposes_a_folder(put, scanned, found):
    for patient in range(12):
        for index in range(3):
            put(f"{'ab'[patient % 2]}/p{patient:02}x/{index}.png")
    (finding,) = found(scanned(), "patients-unknown")
    assert "but the folders may: 'a/p00x/0.png' would be patient 'p00x'" in finding.message
    for given in ("folder:^(Q)", "name:^(Q)"):
        (warning,) = found(scanned(group_by=given), "patients-unknown")
        assert warning.severity is Severity.WARNING
        assert warning.fix.set == finding.fix.set
    assert (
        "fits none of the folders of 36 files"
        in found(scanned(group_by="folder:^(Q)"), warning.code)[0].message
    )
    fixed = scanned(group_by=finding.fix.set["data.group_by"])
    assert not found(fixed, "patients-unknown")
    assert fixed.group_source == "folder"
    assert len({image.group for image in fixed.images}) == 12


def test_patients_unknown_for_some(put, scanned, found):
    for index in range(30):
        patient = f"p{index // 3}_" if index else "loose"
        put(f"{'ab'[index % 2]}/{patient}{index}.png")
    (finding,) = found(scanned(group_by="name:^([^_]+)_"), "patients-unknown")
    assert finding.evidence == {"images": 1, "of": 30}
    assert finding.paths == ("a/loose0.png",)


def test_mixed_depth(healthy, scanned, found):
    deep = np.arange(48, dtype=np.uint16).reshape(6, 8) * 1000
    Image.fromarray(deep).save(healthy / "cat/deep.png")
    (finding,) = found(scanned(), "mixed-depth")
    assert (finding.severity, finding.paths) == (Severity.INFO, ("cat/deep.png",))
    for number in range(15):
        Image.fromarray(deep + number).save(healthy / f"dog/deep{number}.png")
    (finding,) = found(scanned(), "mixed-depth")
    assert finding.severity is Severity.WARNING


def test_mixed_color(healthy, put, scanned, found):
    put("cat/color.png", color=True)
    (finding,) = found(scanned(), "mixed-color")
    assert (finding.severity, finding.paths) == (Severity.INFO, ("cat/color.png",))
    for number in range(15):
        put(f"dog/color{number}.png", color=True)
    (finding,) = found(scanned(), "mixed-color")
    assert finding.severity is Severity.WARNING


def store_as_color(folder, first, last):
    for number in range(first, last):
        with Image.open(folder / f"{number:04}.png") as image:
            image.convert("RGB").save(folder / f"{number:04}.png")


def test_a_class_of_grey_stored_as_color_is_told_for_what_it_is(healthy, scanned, found):
    store_as_color(healthy / "dog", 0, 12)
    (finding,) = found(scanned(), "mixed-color")
    assert finding.severity is Severity.WARNING
    assert finding.evidence["grey_stored_as_color"] == 12
    assert "12 of the colour ones show grey only, which a network can't tell" in finding.message


def test_grey_stored_as_color_in_both_classes_is_an_info(healthy, scanned, found):
    for label in ("cat", "dog"):
        store_as_color(healthy / label, 0, 6)
    (finding,) = found(scanned(), "mixed-color")
    assert (finding.severity, finding.evidence["with_class"]) == (Severity.INFO, False)


def test_outlier_size(healthy, put, scanned, found):
    assert not found(scanned(), "outlier-size")
    put("cat/large.png", size=(80, 60))
    (finding,) = found(scanned(), "outlier-size")
    assert (finding.severity, finding.paths) == (Severity.INFO, ("cat/large.png",))


def test_identifiers_present(healthy, put, scanned, found):
    put("cat/Smith_John_1962-03-04.png")
    text = PngImagePlugin.PngInfo()
    text.add_text("PatientName", "Jane Doe")
    with Image.open(healthy / "cat/0000.png") as image:
        image.save(healthy / "cat/0000.png", pnginfo=text)
    catalog = scanned()
    (finding,) = found(catalog, "identifiers-present")
    assert finding.severity is Severity.WARNING
    assert finding.paths == ("cat/0000.png", "cat/Smith_John_1962-03-04.png")
    assert finding.evidence["where"] == {"metadata": 1, "names": 1}
    assert finding.evidence["kinds"] == ["date", "name"]
    assert "Jane" not in str(finding.to_json())
    assert catalog.public_path("cat/Smith_John_1962-03-04.png").startswith("img-")
    assert catalog.public_path("cat/0000.png") == "cat/0000.png"


def test_findings_that_leave_the_study_name_nobody(healthy, put, scanned, found):
    put("cat/Smith_John.png", seed=FIRST)
    put("dog/Smith_John.png", seed=FIRST)
    catalog = scanned()
    for code in ("duplicate-across-classes", "duplicate-images", "identifiers-present"):
        (finding,) = found(catalog, code)
        assert "Smith" in str(finding.to_json())
        hidden = str(public_finding(catalog, finding).to_json())
        assert "Smith" not in hidden
        assert "img-" in hidden
        assert "cat/0000.png" in hidden or code == "identifiers-present"
    assert public_finding(replace(catalog, public_names={}), finding) is finding


def test_multi_frame(healthy, scanned, found):
    frames = [
        Image.fromarray(np.full((6, 8), level, np.uint8) + np.arange(8, dtype=np.uint8))
        for level in (0, 9, 18)
    ]
    frames[0].save(healthy / "cat/stack.tif", save_all=True, append_images=frames[1:])
    catalog = scanned()
    (finding,) = found(catalog, "multi-frame")
    assert finding.evidence == {"files": 1, "frames": 3, "most": 3}
    stack = [image for image in catalog.images if image.path == "cat/stack.tif"]
    assert [image.frame for image in stack] == [0, 1, 2]
    assert len({image.part for image in stack}) == len({image.group for image in stack}) == 1
    assert stack[0].group


def test_part_made_says_how_much(healthy, scanned, found):
    findings = found(scanned(val=0.2, test=0.4), "part-made")
    assert [(f.evidence["part"], f.evidence["images"]) for f in findings] == [("val", 4), ("test", 10)]
    assert [f.evidence["part"] for f in found(scanned(val=0), "part-made")] == ["test"]


def test_findings_are_whole_sentences_for_one_file_and_for_several(healthy, put, scanned, found, data):
    def said(code: str) -> str:
        return found(scanned(), code)[0].message

    (data / "cat" / "one.txt").write_text("x")
    assert said("unsupported-file").startswith("1 file was passed over: ")
    (data / "cat" / "two.txt").write_text("x")
    assert said("unsupported-file").startswith("2 files were passed over: ")
    put("cat/color.png", color=True)
    assert said("mixed-color").startswith("1 image is stored in colour and 24 in grey.")
    put("cat/huge.png", size=(80, 80))
    assert said("outlier-size").startswith("1 image is of a size far from the usual 8 × 6 pixels.")


def test_all_images_left_out_is_a_blocker_of_its_own(healthy, scanned, found):
    catalog = scanned(exclude=["cat", "dog"])
    (finding,) = found(catalog, "single-class")
    assert finding.severity == Severity.BLOCKER
    assert finding.message.startswith("24 images are left out, and none remains")
