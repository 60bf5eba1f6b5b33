"""Edits and exclusions in a scan."""

from counterpoise.core.catalog.edited import changes
from counterpoise.core.catalog.report import scan_json
from counterpoise.core.catalog.sources import edits_path, open_sources
from counterpoise.core.study.edits import Edit, append_edit, undo_last


def image(catalog, path):
    return next(image for image in catalog.images if image.path == path)


def test_edits_take_effect_and_can_be_undone(healthy, scanned):
    file = edits_path(open_sources(healthy))
    before = scanned()
    append_edit(file, Edit("relabel", "cat/0000.png", -1, "dog"))
    append_edit(file, Edit("exclude", "cat/0001.png"))
    append_edit(file, Edit("move", "cat/0002.png", -1, "test"))
    after = scanned()
    assert image(after, "cat/0000.png").label == "dog"
    assert image(after, "cat/0001.png").part == ""
    assert after.excluded == {("cat/0001.png", -1)}
    assert image(after, "cat/0002.png").part == "test"
    assert after.counts() == {"cat": 10, "dog": 13}
    for _ in range(3):
        undo_last(file)
    assert scanned().images == before.images


def test_a_new_class_may_arise_and_an_old_one_vanish(put, scanned, data):
    for index in range(3):
        put(f"a/{index}.png")
        put(f"b/{index}.png")
    file = edits_path(open_sources(data))
    for index in range(3):
        append_edit(file, Edit("relabel", f"a/{index}.png", -1, "new"))
    assert scanned().labels == ("b", "new")


def test_exclude_names_files_and_folders(healthy, put, scanned):
    put("cat/sub/1.png")
    put("cat/sub/2.png")
    catalog = scanned(exclude=["cat/sub/", "./dog/0000.png", "dog\\0001.png", "nothing.png"])
    assert {path for path, _ in catalog.excluded} == {
        "cat/sub/1.png",
        "cat/sub/2.png",
        "dog/0000.png",
        "dog/0001.png",
    }
    assert not any(image.part for image in catalog.images if (image.path, image.frame) in catalog.excluded)
    assert [entry["count"] for entry in scan_json(catalog)["classes"]] == [12, 10]


def test_a_class_left_out_whole_is_no_class(healthy, put, scanned):
    put("extra/1.png")
    catalog = scanned(exclude=["extra"])
    assert catalog.labels == ("cat", "dog")
    assert not [f for f in catalog.findings if f.code in ("empty-class", "class-too-small")]


def test_restore_beats_an_exclusion_of_the_settings():
    keys = [("a/1", -1), ("a/2", -1)]
    changed = changes([Edit("restore", "a/1"), Edit("exclude", "gone")], ["a"], keys)
    assert changed.excluded == {("a/2", -1)}
