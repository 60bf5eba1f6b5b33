"""A run handed on in every format, each loaded again and compared."""

import hashlib
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pydicom
import pytest
from PIL import Image
from tiny_run import IN_MANIFEST, draw_images, make_run

from counterpoise.core.catalog.readers import read_frame
from counterpoise.core.catalog.sources import open_sources, sources_json
from counterpoise.core.errors import CounterpoiseError, UsageError
from counterpoise.core.export.export import export_job, export_run
from counterpoise.core.export.formats import FORMATS
from counterpoise.core.export.held_out import held_out_images
from counterpoise.core.jobs.job import Job
from counterpoise.core.pixels.prepare import prepare
from counterpoise.core.prediction.manifest import write_manifest
from counterpoise.core.prediction.opening import open_model

IN_EVERY_BUNDLE = {"labels.json", "preprocessing.json", "model-card.md", "manifest.json", "example.py"}
MODEL = {
    "keras": {"model.keras"},
    "onnx": {"model.onnx"},
    "litert": {"model.tflite"},
    "savedmodel": {
        "saved_model.pb",
        "fingerprint.pb",
        "variables/variables.index",
        "variables/variables.data-00000-of-00001",
    },
}


def example(bundle, file):
    """Run a bundle's example as a user would; return class and probability."""
    told = subprocess.run(
        [sys.executable, "example.py", str(file)], cwd=bundle, capture_output=True, text=True, check=False
    )
    assert told.returncode == 0, told.stderr
    label, probability = told.stdout.split()
    return label, float(probability)


@pytest.fixture
def exported(run, tmp_path):
    """Everything at once: TensorFlow's part takes a while."""
    return export_run(run, list(FORMATS), tmp_path / "out"), tmp_path / "out"


def test_all_formats_are_written_verified_and_used(run, data, exported):
    result, out = exported
    told = result.to_json()["files"]
    assert [file["format"] for file in told] == list(FORMATS)
    for file in told:
        assert file["verified"], file
        assert file["max_abs_diff"] <= (1e-3 if file["format"] == "litert" else 1e-4)
        assert file["images_checked"] > 0
        assert file["sha256"] == hashlib.sha256((out / file["path"]).read_bytes()).hexdigest()
        check_bundle(out / file["format"], run)
    file = data / "dark" / "00.png"
    model = open_model(run.root)
    image = prepare(read_frame(file), model.format)
    probabilities = model.probabilities(image[np.newaxis])[0]
    label = model.labels.labels[model.decide(probabilities[np.newaxis])[0]]
    expected = float(probabilities[model.labels.labels.index(label)])
    np.save(out / "raw.npy", image.astype(np.float32))
    for name in FORMATS:
        for given in (file, out / "raw.npy"):
            received, probability = example(out / name, given)
            assert received == label, name
            assert probability == pytest.approx(expected, abs=1e-4)
    for name in ("keras", "onnx", "litert"):
        opened = open_model(out / name)
        assert opened.kind == name
        batch = np.stack([image] * 21)  # not a multiple of any batch
        np.testing.assert_allclose(opened.probabilities(batch), np.tile(probabilities, (21, 1)), atol=1e-4)
    with pytest.raises(CounterpoiseError, match="is a SavedModel"):
        open_model(out / "savedmodel")


def check_bundle(folder, run):
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert files == IN_EVERY_BUNDLE | MODEL[folder.name]
    manifest = json.loads((folder / "manifest.json").read_text())
    assert set(manifest["files"]) == files - {"manifest.json"}
    assert json.loads((folder / "labels.json").read_text()) == json.loads(run.labels.read_text())
    preprocessing = json.loads((folder / "preprocessing.json").read_text())
    assert preprocessing == {
        "format_version": 1, "size": [32, 32], "channels": 1, "resize": "bilinear", "units": "uint8",
    }  # fmt: skip
    card = (folder / "model-card.md").read_text()
    for words in (
        "not a medical device",
        "0.900 (0.800 to 0.950)",
        "example.py",
        "| dark |",
        "largest difference",
    ):
        assert words in card
    for path in files:
        content = (folder / path).read_bytes()
        assert str(run.root.parent).encode() not in content
        assert not re.search(rb"/(tmp|home|root|usr|work)/", content), path


def test_a_pretrained_network_keeps_its_figures(tmp_path):
    run = make_run(
        tmp_path / "run",
        draw_images(tmp_path / "colour", colour=True),
        network="efficientnet_lite0",
        mode="features",
        scaling="image_zscore",
    )
    result = export_run(run, ["onnx", "litert"], tmp_path / "out")
    assert [(file.verified, file.images_checked) for file in result.files] == [(True, 6)] * 2


@pytest.mark.parametrize(("bits", "scaling"), [(16, "percentile"), (16, "none"), (8, "zscore")])
def test_the_example_prepares_images_as_we_do(tmp_path, bits, scaling):
    data = draw_images(tmp_path / "images", bits=bits)
    run = make_run(tmp_path / "run", data, scaling=scaling)
    assert export_run(run, ["onnx"], tmp_path / "out").files[0].verified
    model = open_model(run.root)
    eight, colour, turned = (tmp_path / name for name in ("eight.png", "colour.png", "turned.jpg"))
    noise = np.random.default_rng(0).integers(0, 256, (50, 30, 3)).astype(np.uint8)
    Image.fromarray(noise[..., 0]).save(eight)
    Image.fromarray(noise).save(colour)
    exif = Image.Exif()
    exif[274] = 6
    Image.fromarray(noise).save(turned, exif=exif)
    for file in (data / "dark" / "00.png", eight, colour, turned):
        label, probability = example(tmp_path / "out" / "onnx", file)
        p = model.probabilities(prepare(read_frame(file), model.format)[np.newaxis])
        assert label == model.labels.labels[model.decide(p)[0]]
        assert probability == pytest.approx(p[0, model.labels.labels.index(label)], abs=2e-5), file


def test_the_example_reads_dicom_as_we_do(tmp_path):
    run = make_run(tmp_path / "run", draw_images(tmp_path / "images", bits=16))
    export_run(run, ["onnx"], tmp_path / "out")
    model = open_model(run.root)
    for photometric, signed, padding in (
        ("MONOCHROME1", 0, ()),
        ("MONOCHROME1", 1, (7,)),
        ("MONOCHROME2", 0, (7,)),
        ("MONOCHROME2", 0, (7, 900)),
    ):
        file = write_dicom(tmp_path / "image.dcm", photometric, signed, padding)
        label, probability = example(tmp_path / "out" / "onnx", file)
        p = model.probabilities(prepare(read_frame(file), model.format)[np.newaxis])
        assert probability == pytest.approx(p[0, model.labels.labels.index(label)], abs=2e-5)


def write_dicom(path, photometric, signed, padding):
    stored = np.random.default_rng(0).integers(0, 4096, (50, 30)).astype(np.int16 if signed else np.uint16)
    stored[:5] = 7
    file = pydicom.Dataset()
    file.file_meta = pydicom.dataset.FileMetaDataset()
    file.file_meta.TransferSyntaxUID = pydicom.uid.ExplicitVRLittleEndian
    file.file_meta.MediaStorageSOPClassUID = file.SOPClassUID = pydicom.uid.CTImageStorage
    file.file_meta.MediaStorageSOPInstanceUID = file.SOPInstanceUID = "1.2.3"
    file.Rows, file.Columns, file.SamplesPerPixel = 50, 30, 1
    file.BitsAllocated, file.BitsStored, file.HighBit, file.PixelRepresentation = 16, 13, 12, signed
    file.PhotometricInterpretation = photometric
    file.RescaleSlope, file.RescaleIntercept = "2", "9000"
    for keyword, value in zip(("PixelPaddingValue", "PixelPaddingRangeLimit"), padding, strict=False):
        file.add_new(keyword, "SS" if signed else "US", value)
    file.PixelData = stored.tobytes()
    file.save_as(path, enforce_file_format=True)
    return path


def test_nothing_is_overwritten_and_nothing_stays_behind(run, tmp_path):
    out = tmp_path / "out"
    (out / "onnx").mkdir(parents=True)
    (out / "onnx" / "mine.txt").write_text("keep")
    with pytest.raises(CounterpoiseError, match="exists already and isn't empty"):
        export_run(run, ["keras", "onnx"], out)
    assert [path.name for path in out.iterdir()] == ["onnx"]
    with pytest.raises(UsageError, match="Did you mean 'litert'"):
        export_run(run, ["liter"], out)


def test_an_unfinished_or_changed_run_is_refused(run, tmp_path):
    run.model_keras.write_bytes(run.model_keras.read_bytes() + b"x")
    with pytest.raises(CounterpoiseError, match=r"its file model\.keras was changed"):
        export_run(run, ["onnx"], tmp_path / "out")
    run.manifest.unlink()
    with pytest.raises(CounterpoiseError, match="hasn't finished"):
        export_run(run, ["onnx"], tmp_path / "out")


def test_images_are_found_by_name_and_by_content_or_asked_for(run, data, tmp_path):
    fmt = open_model(run.root).format
    config_id = "0" * 31 + "1"
    images = held_out_images(run, config_id, fmt, None)
    moved = tmp_path / "moved"
    shutil.move(data, moved)
    with pytest.raises(CounterpoiseError, match="--data"):
        held_out_images(run, config_id, fmt, None)
    np.testing.assert_array_equal(held_out_images(run, config_id, fmt, open_sources(moved)), images)
    for file in sorted(moved.rglob("*.png")):
        file.rename(file.with_name(f"renamed-{file.name}"))
    found = held_out_images(run, config_id, fmt, open_sources(moved))
    assert sorted(map(bytes, found)) == sorted(map(bytes, images))


def test_a_wrong_export_is_not_verified(run, tmp_path, monkeypatch):
    """An export with another network's weights is told from the run's."""
    other = make_run(tmp_path / "other", draw_images(tmp_path / "others"), scaling="none")
    shutil.copyfile(other.model_onnx, run.model_onnx)
    write_manifest(run.root, IN_MANIFEST)
    [file] = export_run(run, ["onnx"], tmp_path / "out", open_sources(tmp_path / "data")).files
    assert not file.verified
    assert file.max_abs_diff > 1e-4
    assert "**Not verified**" in (tmp_path / "out" / "onnx" / "model-card.md").read_text()


def test_it_runs_as_a_job_in_a_child(run, data, tmp_path):
    payload = {
        "run": str(run.root),
        "formats": ["onnx"],
        "out": str(tmp_path / "out"),
        "sources": sources_json(open_sources(data)),
    }
    events = list(Job(export_job, payload).start().events())
    assert events[-1]["event"] == "finished", events
    assert events[-1]["result"]["files"][0]["verified"]
    assert [e["done"] for e in events if e["event"] == "progress"] == [0, 1]
    assert (tmp_path / "out" / "onnx" / "model.onnx").read_bytes() == Path(run.model_onnx).read_bytes()
