"""Files and folders in, rows out."""

import shutil
import tracemalloc

import numpy as np
import pytest
from PIL import Image

from counterpoise.core.catalog.readers import read_frame
from counterpoise.core.catalog.types import NO_FRAME
from counterpoise.core.pixels.prepare import prepare
from counterpoise.core.prediction.opening import open_model
from counterpoise.core.prediction.stream import predict_paths


@pytest.fixture
def model(run):
    return open_model(run.root)


def test_a_folder_gives_a_row_per_image_in_the_order_of_names(model, data):
    rows = list(predict_paths(model, [data]))
    assert [row.path for row in rows] == [
        f"{data}/{p.relative_to(data)}" for p in sorted(data.rglob("*.png"))
    ]
    assert all(row.frame == NO_FRAME and not row.error for row in rows)
    assert all(abs(sum(row.probabilities.values()) - 1) < 1e-6 for row in rows)
    assert list(rows[0].probabilities) == ["bright", "dark"]


def test_a_row_is_what_the_graph_gives_for_the_prepared_image(model, data):
    file = data / "dark" / "03.png"
    [row] = predict_paths(model, [file])
    image = prepare(read_frame(file), model.format)[np.newaxis]
    np.testing.assert_allclose(list(row.probabilities.values()), model.probabilities(image)[0], atol=1e-7)


def test_the_decision_is_the_operating_point(model, data):
    for row in predict_paths(model, [data]):
        assert row.predicted == ("dark" if row.probabilities["dark"] >= 0.45 else "bright")


def test_what_cannot_be_read_is_a_row_and_not_the_end(model, data, tmp_path):
    (data / "dark" / "00.png").write_bytes((data / "dark" / "00.png").read_bytes()[:200])
    (data / "dark" / "notes.txt").write_text("no image")
    (data / ".hidden").write_text("passed over")
    rows = list(predict_paths(model, [data, tmp_path / "missing.png"]))
    errors = {row.path.rpartition("/")[2]: row.error for row in rows if row.error}
    assert set(errors) == {"00.png", "notes.txt", "missing.png"}
    assert "truncated" in errors["00.png"]
    assert len(rows) == 24 + 2
    assert all(row.predicted == "" and row.probabilities == {} for row in rows if row.error)
    assert rows[-1].to_json()["predicted"] is None


def test_many_files_are_decoded_by_workers_in_order(model, data, tmp_path):
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(100):
        shutil.copyfile(data / "dark" / f"{number % 12:02}.png", folder / f"{number:03}.png")
    (folder / "050.png").write_bytes(b"broken")
    rows = list(predict_paths(model, [folder], workers=2))
    assert [row.path.rpartition("/")[2] for row in rows] == [f"{n:03}.png" for n in range(100)]
    assert [row.path.rpartition("/")[2] for row in rows if row.error] == ["050.png"]
    assert rows[0].probabilities == rows[12].probabilities


def test_frames_are_counted_also_beyond_what_travels_together(model, tmp_path):
    pages = [Image.fromarray(np.full((40, 48), 2 * n, np.uint8)) for n in range(70)]
    pages[0].save(tmp_path / "stack.tif", save_all=True, append_images=pages[1:])
    rows = list(predict_paths(model, [tmp_path / "stack.tif"]))
    assert [row.frame for row in rows] == list(range(70))
    assert len({row.probabilities["dark"] for row in rows}) > 60


def test_rows_come_while_files_are_still_read(model, data):
    """Nothing is held back or read ahead without bound: the list of files is consumed as rows are taken."""
    asked = []

    def endless():
        for number in range(10**9):
            asked.append(number)
            yield data / "dark" / "00.png"

    rows = predict_paths(model, endless(), workers=1)
    tracemalloc.start()
    for _ in range(300):
        next(rows)
    rows.close()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(asked) < 2000
    assert peak < 30e6


def test_values_that_the_model_cannot_hold_are_an_error(model, tmp_path):
    """A CT in Hounsfield units is not cut down to the 0 to 255 of a model for 8-bit images."""
    values = np.linspace(-1000, 2000, 40 * 48, dtype=np.float32).reshape(40, 48)
    Image.fromarray(values).save(tmp_path / "hounsfield.tif")
    Image.fromarray(np.clip(values, 0, 255)).save(tmp_path / "bytes.tif")
    wrong, right = predict_paths(model, [tmp_path / "hounsfield.tif", tmp_path / "bytes.tif"])
    assert wrong.error == "its values reach from -1000 to 2000, but the model takes 0 to 255"
    assert right.error == ""


def test_it_can_be_cancelled(model, data):
    assert list(predict_paths(model, [data], cancelled=lambda: True)) == []
