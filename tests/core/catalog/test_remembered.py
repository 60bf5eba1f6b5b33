"""What the last scan left is given back where nothing has changed, and only there."""

import os
import shutil
import struct
from collections.abc import Callable
from pathlib import Path

import pytest

from counterpoise.core.catalog import remembered
from counterpoise.core.catalog.listing import list_files
from counterpoise.core.catalog.progress import ScanProgress
from counterpoise.core.catalog.remembered import Recalled, recall, state_of
from counterpoise.core.catalog.scan import UnchangedError, scan
from counterpoise.core.catalog.sources import open_sources, remembered_file
from counterpoise.core.catalog.types import Catalog
from counterpoise.core.settings import DataSettings
from counterpoise.core.study.edits import Edit, append_edit
from counterpoise.core.study.places import user_cache_dir
from counterpoise.core.study.study import Study, create_study


@pytest.fixture
def study(healthy, put, tmp_path) -> Study:
    put("cat/same.png", seed=1)
    put("dog/same.png", seed=1)
    (healthy / "dog" / "cut.png").write_bytes((healthy / "dog" / "0000.png").read_bytes()[:60])
    return create_study(tmp_path / "study", healthy)


def read(study: Study, **settings: object) -> Catalog:
    return scan(open_sources(study.root), DataSettings.model_validate(settings))


def recalled(study: Study, **settings: object) -> Recalled | None:
    return recall(open_sources(study.root), DataSettings.model_validate(settings), user_cache_dir())


def lose_readings(study: Study) -> None:
    """Let a scan know nothing of the files but the catalog of the last one, and no file be readable."""
    study.catalog_path.unlink()
    for file in study.data.rglob("*.png"):
        status = file.stat()
        file.write_bytes(b"\0" * status.st_size)
        os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))


def test_nothing_is_read_or_judged_where_nothing_has_changed(study):
    first = read(study)
    assert first.findings
    assert first.skipped
    lose_readings(study)
    told = []
    assert scan(open_sources(study.root), DataSettings(), progress=told.append) == first
    assert told[-1].done == told[-1].total == 27


def test_it_is_recalled_without_a_look_at_the_folders(study):
    assert recalled(study) is None
    first = read(study)
    (study.data / "cat" / "0000.png").unlink()
    found = recalled(study)
    assert found.catalog == first
    assert len(read(study).images) == len(first.images) - 1  # which the scan finds out


def test_who_knows_it_is_given_no_second_one(study):
    read(study)
    state = recalled(study).state
    with pytest.raises(UnchangedError):
        scan(open_sources(study.root), DataSettings(), known=state)
    (study.data / "cat" / "0000.png").unlink()
    assert len(scan(open_sources(study.root), DataSettings(), known=state).images) == 25


def relabel(study: Study) -> None:
    append_edit(study.edits, Edit("relabel", "cat/0001.png", value="dog", was="cat"))


def undo(study: Study) -> None:
    append_edit(study.edits, Edit("undo"))


def add(study: Study) -> None:
    shutil.copy(study.data / "cat" / "0002.png", study.data / "dog" / "new.png")


def add_class(study: Study) -> None:
    (study.data / "fish").mkdir()


def remove(study: Study) -> None:
    (study.data / "dog" / "0003.png").unlink()


def rename(study: Study) -> None:
    (study.data / "dog" / "0004.png").rename(study.data / "cat" / "0004b.png")


def hide(study: Study) -> None:
    (study.data / "dog" / "0005.png").rename(study.data / "dog" / ".0005.png")


def rewrite(study: Study) -> None:
    """Give a file other pixels; its size may stay, its time doesn't."""
    file = study.data / "cat" / "0006.png"
    file.write_bytes((study.data / "cat" / "0007.png").read_bytes())
    os.utime(file, ns=(1, 1))


def new_key(study: Study) -> None:
    (study.root / "secret").unlink()


CHANGES: list[Callable[[Study], None]] = [
    relabel,
    add,
    undo,
    add_class,
    remove,
    rename,
    hide,
    rewrite,
    new_key,
]


def test_after_every_change_it_is_as_if_scanned_for_the_first_time(study, tmp_path):
    before = read(study)
    for change in CHANGES:
        change(study)
        after = read(study)
        assert after == read(study), change.__name__
        shutil.rmtree(study.cache)
        study.catalog_path.unlink()
        assert after == read(study), change.__name__
        assert after != before or change is new_key, change.__name__
        before = after


def test_other_settings_have_another_catalog(study):
    read(study)
    assert recalled(study, seed=1) is None
    other = read(study, seed=1)
    assert recalled(study) is None
    assert recalled(study, seed=1).catalog == other


def test_a_labels_file_that_changes_is_read_anew(healthy, tmp_path):
    rows = [f"{file.parent.name}/{file.name},{file.parent.name}" for file in healthy.glob("*/*.png")]
    labels = tmp_path / "labels.csv"
    labels.write_text("\n".join(["path,label", *rows]))
    study = create_study(tmp_path / "study", healthy, labels=labels)
    assert read(study).counts() == {"cat": 12, "dog": 12}
    labels.write_text("\n".join(["path,label", *rows[1:]]))
    assert recalled(study) is None
    assert sum(read(study).counts().values()) == 23


def test_a_labels_file_that_changes_during_a_scan_counts_as_it_was_read(healthy, tmp_path):
    labels = tmp_path / "labels.csv"
    labels.write_text("path,label\ncat/0000.png,cat\nnowhere.png,cat\n")
    sources = open_sources(healthy, labels=labels)
    before = list_files(sources)
    state = state_of(sources, DataSettings(), (), b"", before)
    labels.write_text("path,label\ncat/0000.png,cat\nelsewhere.png,cat\n")
    assert state_of(sources, DataSettings(), (), b"", before) == state
    assert state_of(sources, DataSettings(), (), b"", list_files(sources)) != state


def test_another_version_of_the_program_judges_anew(study, monkeypatch):
    read(study)
    assert remembered._program() == remembered._program()
    monkeypatch.setattr(remembered, "_program", lambda: "another")
    assert recalled(study) is None


def test_the_program_is_known_by_its_code(tmp_path, monkeypatch):
    digests = {remembered._program()}
    core = tmp_path / "core"
    (core / "catalog").mkdir(parents=True)
    monkeypatch.setattr(remembered, "__file__", str(core / "catalog" / "remembered.py"))
    for code in ("a = 1", "a = 2"):
        (core / "catalog" / "rule.py").write_text(code)
        remembered._program.cache_clear()
        digests.add(remembered._program())
    remembered._program.cache_clear()
    assert len(digests) == 3


@pytest.mark.parametrize(
    "harm",
    [
        lambda data: data[:0],
        lambda data: data[: len(data) // 2],
        lambda data: data[:-1] + bytes([data[-1] ^ 1]),
        lambda data: b"\x80\x04\x95" + data,  # a pickle, it says
        lambda data: data + struct.pack("<q", 1),
    ],
)
def test_a_damaged_one_is_passed_over_and_made_anew(study, harm):
    first = read(study)
    file = remembered_file(first.sources, Path("unused"))
    file.write_bytes(harm(file.read_bytes()))
    assert recalled(study) is None
    assert read(study) == first
    assert recalled(study).catalog == first


def test_nothing_is_kept_of_a_scan_in_which_a_drive_failed(study):
    file = study.data / "cat" / "0001.png"

    def fail_once_listed(step: ScanProgress) -> None:
        if step.phase == "reading":
            file.unlink(missing_ok=True)

    catalog = scan(open_sources(study.root), DataSettings(), progress=fail_once_listed)
    assert [entry.path for entry in catalog.skipped] == ["cat/0001.png", "dog/cut.png"]
    assert recalled(study) is None


def test_plain_folders_are_remembered_in_the_users_cache(healthy, home):
    sources = open_sources(healthy)
    first = scan(sources, DataSettings())
    (file,) = (home / "cache" / "catalogs").glob("*.table")
    assert recall(sources, DataSettings(), home / "cache").catalog == first
    scan(sources, DataSettings(), copies=False)  # another question, whose answer isn't kept
    assert recall(sources, DataSettings(), home / "cache").catalog == first
    assert file.stat().st_size < 20_000


def test_without_a_place_to_keep_it_the_scan_goes_well(study):
    study.cache.mkdir(exist_ok=True)
    (study.cache / "catalog.table").mkdir()
    assert len(read(study).images) == 26
    assert recalled(study) is None
