"""Patients in names: found where they are, and nothing else taken for one."""

import random
import time
from pathlib import Path

import pytest

from counterpoise.core.catalog.groups import compile_pattern
from counterpoise.core.catalog.name_candidates import (
    BY_WORD,
    FOLDER_ABOVE,
    before_first,
    before_last,
    words_of,
)
from counterpoise.core.catalog.name_patterns import propose
from counterpoise.core.catalog.name_preview import preview
from counterpoise.core.catalog.not_patients import Match, begin_anew

Files = dict[str, str]


def named(template: str, patients: int = 40, images: int = 3) -> Files:
    """Files below two classes; ``p`` is the patient, ``i`` the image, ``c`` the class."""
    files = {}
    for p in range(patients):
        for i in range(images):
            label = "ab"[p % 2]
            files[f"{label}/{template.format(p=p, i=i, c=label)}"] = label
    return files


@pytest.mark.parametrize(
    ("template", "group_by"),
    [
        ("BloodImage_{p:05}_{i:02}.jpg", "name:^([^_]+_[^_]+)_"),
        ("img{p}_{i:03}.png", "name:^([^_]+)_"),
        ("{p:06x}f_{i:x}d1.png", "name:^([^_]+)_"),
        ("{p:03}-{i}.dcm", "name:^([^-]+)-"),
        ("ct_chest_{p}_s_{i}.png", "name:^([^_]+_[^_]+_[^_]+)_"),
        ("OAS1_{p:04}_MR1_mpr-{i}_100.jpg", "name:^([^_]+_[^_]+)_"),
        ("scan {i} patient {p}.png", f"name:{BY_WORD}"),
        ("sub-{p:02}_ses-{i}_T1w.png", f"name:{BY_WORD}"),
        ("{p}_left{i}.png", "name:^([^_]+)_"),
        ("P{p:03}S{i:02}.png", r"name:^([A-Za-z]*[0-9]+)[A-Za-z]{1,6}[0-9]*\.[^.]*$"),
        ("p{p}/x{i}.png", "folder:^[^/]+/([^/]+)"),
        ("{p:03}/{i}.png", "folder:^[^/]+/([^/]+)"),
        ("ward/{p:03}/{i}.png", "folder:^[^/]+/[^/]+/([^/]+)"),
        ("pat{p}/s{i}/1.png", f"folder:{BY_WORD}"),
        # what stands before the patient is a class or a day: it would part what belongs together
        ("{c}_{p}_{i}.png", "name:^[^_]+_([^_]+)_"),
        ("20210305_{p}_{i}.png", "name:^[^_]+_([^_]+)_"),
        # the number of the image comes first
        ("{i:03}_p{p}.png", r"name:_([^_.]+)\.[^.]*$"),
        ("{i}_{p:03x}f_scan.png", "name:^[^_]+_([^_]+)_"),
    ],
)
def test_patients_are_found(template, group_by):
    best = propose(named(template))[0]
    assert best.group_by == group_by
    assert best.words
    assert (best.patients, best.fewest, best.median, best.most, best.fits) == (40, 3, 3, 3, 120)
    assert best.in_several_classes == 0


CLASSES = ("normal", "benign", "malignant", "x", "y", "z")
SILENT: dict[str, Files] = {
    "numbers": named("{p:03}{i}.png"),
    "one prefix": named("ISIC_{p:05}{i}.jpg"),
    "one each": named("IM-{p:04}-0001.jpeg", 100, 1),
    "classes": {f"{c}/{c}_{n:04}_v.png": c for c in CLASSES for n in range(50)},
    "short for classes": {f"{c}/Tr-{c[:2]}_{n:04}.jpg": c for c in CLASSES for n in range(50)},
    "days": {f"a/2021-03-{d:02} {n}.png": "a" for d in range(1, 28) for n in range(5)},
    "months": {f"a/Image 2020-{m:02}-{d:02} at 10.png": "a" for m in range(1, 13) for d in range(1, 9)},
    "days of a camera": {f"a/IMG_202003{d:02}_10{n:02}.png": "a" for d in range(1, 30) for n in range(9)},
    "stains": {
        f"a/{s}_{n:03}_b.png": "a" for s in ("HE", "PAS", "CD8", "Ki67", "ER", "PR") for n in range(40)
    },
    "numbers of each class": {f"{c}/img_{n:03}_a.png": c for c in "ab" for n in range(50)},
    "cases of each class": {f"{c}/case_{n}.png": c for c, m in (("a", 60), ("b", 40)) for n in range(m)},
    "masks of each class": {
        f"{c}/{c} ({n}){m}.png": c for c in "ab" for n in range(50) for m in ("", "_mask")
    },
    "tiles": named("tile_{p}_{i}.png"),
    "coordinates": named("slide_x{p}_y{i}.png"),
    "steps of tiles": {f"a/s_{256 * x}_{y}.png": "a" for x in range(9) for y in range(9)},
    "folders of a download": {f"images_{n // 50:03}/{n:05}.png": "ab"[n % 2] for n in range(500)},
    "folders of folds": {f"a/fold{n % 5}/{n:05}.png": "a" for n in range(500)},
    "folders of kinds": {f"a/{k}/{n:05}.png": "a" for k in CLASSES for n in range(50)},
    "hashes": {f"a/{random.Random(n).getrandbits(64):016x}.png": "a" for n in range(500)},
    "one large kind": {f"a/k{0 if n % 2 else n % 14}_{n:03}.png": "a" for n in range(280)},
    "four kinds": {f"a/k{n % 4}_{n:03}.png": "a" for n in range(200)},
    "a word in a few names": named("patient{p}x{i}.png") | {f"a/{n:05}.png": "a" for n in range(200)},
    "sizes": {f"a/{64 * k}x{64 * k}_{n:03}.png": "a" for k in range(1, 9) for n in range(20)},
    "nothing": {},
}


@pytest.mark.parametrize("files", SILENT.values(), ids=SILENT)
def test_nothing_is_proposed_where_nothing_looks_like_a_patient(files):
    assert propose(files) == ()


def test_folders_below_that_of_the_patient_are_not_proposed():
    files = {f"a/p{p}/study{3 * p + s}/{i}.png": "a" for p in range(40) for s in range(3) for i in range(2)}
    assert [(found.group_by, found.patients) for found in propose(files)] == [("folder:^[^/]+/([^/]+)", 40)]


def test_the_folder_of_a_class_may_be_given_twice():
    files = {f"a/{'~2/' * (p > 20)}{p:03}a/{i}.png": "a" for p in range(40) for i in range(3)}
    best = propose(files)[0]
    assert (best.words, best.patients) == ("the folder below the class", 40)


def test_patients_numbered_anew_in_each_class_are_kept_apart_by_their_class():
    files = {f"{c}/{n}/{i}.png": c for c, m in (("a", 30), ("b", 20)) for n in range(m) for i in range(4)}
    apart, joined = propose(files)
    assert (apart.group_by, apart.patients, apart.in_several_classes) == ("folder:^([^/]+/[^/]+)", 50, 0)
    assert (joined.group_by, joined.patients, joined.in_several_classes) == ("folder:^[^/]+/([^/]+)", 30, 20)


def test_patients_numbered_anew_in_each_clinic_are_kept_apart_by_it():
    files = {
        f"{'ab'[p % 2]}/site{site}_{p}_{i}.png": "ab"[p % 2]
        for site in range(6)
        for p in range(10 + site)
        for i in range(3)
    }
    apart, joined = propose(files)
    assert (apart.group_by, apart.patients) == ("name:^([^_]+_[^_]+)_", 75)
    assert (joined.group_by, joined.patients) == ("name:^[^_]+_([^_]+)_", 15)


def test_patients_numbered_anew_in_each_part_are_kept_apart_by_it():
    sizes = {"train": 60, "test": 30}
    files = {
        f"{part}/{'ab'[p % 2]}/{p}/{i}.png": "ab"[p % 2]
        for part, size in sizes.items()
        for p in range(size)
        for i in range(3)
    }
    apart, joined = propose(files)
    assert (apart.words, apart.patients) == ("the folder below the class, with the folders above it", 90)
    assert (joined.words, joined.patients, joined.in_several_parts) == ("the folder below the class", 60, 30)


def test_patients_that_leak_between_parts_are_told():
    files = {f"{'train' if i else 'test'}/a/{p}_{i}.png": "a" for p in range(9) for i in range(3)}
    best = propose(files)[0]
    assert (best.group_by, best.patients, best.in_several_parts) == ("name:^([^_]+)_", 9, 9)


def test_classes_that_are_views_of_the_same_patients():
    best = propose({f"{view}/patient_{n}.png": view for view in ("t1", "t2") for n in range(40)})[0]
    assert (best.patients, best.in_several_classes) == (40, 40)


def test_labels_of_a_file_are_no_folders():
    files = {f"images_{p // 40:03}/{p:04}_{i}.png": "mf"[p % 2] for p in range(400) for i in range(3)}
    best = propose(files)[0]
    assert (best.group_by, best.patients) == ("name:^([^_]+)_", 400)


def test_magnifications_part_no_patient():
    draw = random.Random(0)
    files = {}
    for tumour in ("B_A", "B_F", "B_PT", "B_TA", "M_DC", "M_LC", "M_MC", "M_PC"):
        for _ in range(10):
            patient = f"SOB_{tumour}-14-{draw.randrange(10**4, 10**5)}AB"
            for picture in range(24):
                files[f"{tumour[0]}/{patient}-{(40, 100, 200, 400)[picture % 4]}-{picture:03}.png"] = tumour[
                    0
                ]
    assert propose(files)[0].patients == 80


def test_a_preview_tells_what_a_pattern_does():
    files = {"a/x_1.png": "a", "b/x_2.png": "b", "a/y_1.png": "a", "a/z.png": "a"}
    seen = preview(compile_pattern("name:^([^_]+)_"), "name:^([^_]+)_", files)
    assert (seen.files, seen.fits, seen.patients, seen.fewest, seen.most) == (4, 3, 2, 1, 2)
    assert seen.in_several_classes == 1
    assert seen.examples == (("a/x_1.png", "x"), ("a/y_1.png", "y"))
    assert seen.without == "a/z.png"
    assert preview(compile_pattern("name:(Q)"), "name:(Q)", files).patients == 0


def test_an_example_that_would_give_someone_away_is_cut():
    files = {f"a/p{p}_2021-03-0{i}.png": "a" for p in range(1, 9) for i in range(1, 5)}
    assert propose(files)[0].safe_example == ("…p1…", "p1")
    files = {f"a/Smith_Anna_{p}/{i}.png": "a" for p in range(9) for i in range(5)}
    assert propose(files)[0].safe_example is None


def test_a_name_that_gives_nobody_away_is_the_example_before_a_piece_of_one_that_does():
    files = {"a/Smith_John_1962-03-04.png": "a"} | {
        f"a/p{p}_{i}.png": "a" for p in range(9) for i in range(4)
    }
    seen = preview(compile_pattern("name:^([^_]+)_"), "name:^([^_]+)_", files)
    assert seen.examples[0][1] == "Smith"
    assert seen.safe_example == ("p0_0.png", "p0")
    alone = preview(compile_pattern("name:^([^_]+)_"), "name:^([^_]+)_", {"a/Smith_John_1962-03-04.png": "a"})
    assert alone.safe_example is None


def test_every_pattern_offered_has_words():
    assert words_of(before_first("_").group_by, 0) == "everything before the first _"
    assert words_of(before_last("-").group_by, 0) == "everything before the last -"
    assert words_of(FOLDER_ABOVE.group_by, 0)
    assert words_of("name:(own)", 0) == ""


def test_numbers_begin_anew_only_where_they_leave_no_gap():
    def of(label: str, numbers: range) -> list[Match]:
        return [Match(f"p{n}", 0, len(f"p{n}"), label, label) for n in numbers]

    assert begin_anew(of("a", range(30)) + of("b", range(20)))
    assert not begin_anew(of("a", range(30)) + of("b", range(30)))
    assert not begin_anew(of("a", range(30)) + of("b", range(0, 20, 2)))


def test_many_names_take_no_time():
    files = {f"train/{'ab'[p % 2]}/img{p}_{i:03}.png": "ab"[p % 2] for p in range(3000) for i in range(10)}
    began = time.process_time()
    assert propose(files)[0].patients == 3000
    assert time.process_time() - began < 1  # 0.2 s on a quiet machine; 0.6 s for 100,000


REAL = Path(__file__).resolve().parents[4] / "shared" / "data"


@pytest.mark.skipif(not REAL.is_dir(), reason="the real image sets aren't on this computer")
@pytest.mark.parametrize(
    ("name", "patients"),
    [("hannover_cxr/view", 71), ("bccd_crops", 364), ("rbc12_crops", 594), ("pneumoniamnist", 0)],
)
def test_real_names(name, patients):
    """The patient, or the smear, is what README.md there says; pneumoniamnist names nobody."""
    level = 1 if name == "pneumoniamnist" else 0
    paths = [file.relative_to(REAL / name) for file in sorted((REAL / name).rglob("*")) if file.is_file()]
    found = propose({path.as_posix(): path.parts[level] for path in paths})
    assert [proposal.patients for proposal in found] == ([patients] if patients else [])
    if patients:
        in_folders = {
            f"{path.parts[0]}/{path.stem.rpartition('_')[0]}/{path.name}": path.parts[0] for path in paths
        }
        assert propose(in_folders)[0].group_by == "folder:^[^/]+/([^/]+)"
        assert propose(in_folders)[0].patients == patients
