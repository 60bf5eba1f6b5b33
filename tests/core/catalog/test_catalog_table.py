"""A catalog comes back from its table as it was."""

from dataclasses import fields, replace

import numpy as np
import pytest

from counterpoise.core.catalog.catalog_table import from_table, to_table
from counterpoise.core.catalog.types import Catalog, ImageRecord, Skipped, Sources, records
from counterpoise.core.findings import Finding, Fix, Severity


@pytest.fixture
def catalog(tmp_path) -> Catalog:
    """One with something in every field."""
    shared = {"width": 8, "height": 6, "channels": 1, "bits": 12, "units": "dicom", "format": "DICOM"}
    images = tuple(
        ImageRecord(
            path=f"cat/ä {number}\n.dcm",
            frame=number - 1,
            label="cat" if number else "dog",
            group=f"g{number}" if number else "",
            part=("train", "val", "")[number],
            content=f"{number:064x}",
            minimum=-1024.0,
            maximum=0.1 + number,
            mean=1 / 3,
            std=float("inf") if number else 0.0,
            **shared,
        )
        for number in range(3)
    )
    images = (*images[:2], replace(images[2], edge=7.25))
    paths = tuple(image.path for image in images)
    findings = (
        Finding("duplicate-images", Severity.INFO, "Two.", (paths[2], paths[0]), {"pairs": [[0, 1]]}),
        Finding(
            "unreadable-image",
            Severity.WARNING,
            "One.",
            ("cat/cut.png", paths[1]),
            {"n": 1},
            Fix("Leave it out", {"data.exclude": ["cat/cut.png"]}),
        ),
        Finding("class-imbalance", Severity.INFO, "Ratio.", (), {"ratio": 2.5, "class": None}),
    )
    return Catalog(
        Sources(root=tmp_path),
        images,
        (Skipped("cat/cut.png", "it is cut off", "unreadable-image"), Skipped("x.txt", "no image")),
        files=5,
        findings=findings,
        empty_classes=("fish",),
        own_parts=("train", "test"),
        excluded=frozenset({(paths[2], 1)}),
        public_names={paths[0]: "img-12"},
        group_source="patient-id",
    )


def plain(catalog: Catalog) -> dict:
    """Return all fields; NaN, which equals nothing, as text."""
    values = {field.name: getattr(catalog, field.name) for field in fields(catalog)}
    return values | {"images": [repr(image) for image in catalog.images]}


def test_every_field_comes_back(catalog):
    empty = Catalog(Sources(), (), (), 0)
    same = [name for name, value in plain(empty).items() if value == plain(catalog)[name]]
    assert same == ["unread"]  # a field that this catalog leaves empty wouldn't be tested
    assert plain(from_table(to_table(catalog), catalog.sources)) == plain(catalog)


def test_a_record_of_another_kind_is_refused(catalog):
    for values, word in (({"part": ["nowhere"]}, "part"), ({"units": ["pickle"]}, "units")):
        table = to_table(catalog)
        table.values["words"].update(values)
        with pytest.raises(ValueError, match=word):
            from_table(table, catalog.sources)


@pytest.mark.parametrize("column", ["label", "finding 0"])
@pytest.mark.parametrize("number", [-1, 99])
def test_numbers_beyond_the_words_are_refused(catalog, column, number):
    table = to_table(catalog)
    table.columns[column] = np.full(table.columns[column].size, number, np.int32)
    with pytest.raises(ValueError, match=r"below zero|out of range"):
        from_table(table, catalog.sources)


@pytest.mark.parametrize("column", ["path", "content", "part", "width", "edge"])
def test_columns_of_different_lengths_are_refused(catalog, column):
    table = to_table(catalog)
    table.columns[column] = table.columns[column][:1]
    with pytest.raises(ValueError, match="length"):
        from_table(table, catalog.sources)


@pytest.mark.parametrize("lost", ["words", "findings", "skipped", "files"])
def test_a_table_of_something_else_is_refused(catalog, lost):
    table = to_table(catalog)
    table.values.pop(lost)
    with pytest.raises(ValueError, match=f"holds no catalog.*{lost}"):
        from_table(table, catalog.sources)


def test_records_are_made_by_column(catalog):
    columns = [[getattr(image, name) for image in catalog.images] for name in ImageRecord.__slots__]
    assert [repr(image) for image in records(columns)] == [repr(image) for image in catalog.images]
