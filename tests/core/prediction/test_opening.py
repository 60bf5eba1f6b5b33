"""Models are checked before they are opened."""

import hashlib
import json
import shutil
import subprocess
import sys
import zipfile

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper

from counterpoise.core.errors import CounterpoiseError
from counterpoise.core.prediction.manifest import verify_manifest, write_manifest
from counterpoise.core.prediction.opening import open_model


def rewritten(folder, name, content):
    """Change a file and its entry in the manifest, as a careful forger would."""
    (folder / name).write_bytes(content)
    names = json.loads((folder / "manifest.json").read_text())["files"]
    write_manifest(folder, list(names))


@pytest.fixture
def bundle(run, tmp_path):
    """An ONNX bundle as export lays it out."""
    folder = tmp_path / "bundle"
    folder.mkdir()
    for name in ("model.onnx", "labels.json", "preprocessing.json"):
        shutil.copyfile(run.root / name, folder / name)
    write_manifest(folder)
    return folder


def test_run_and_bundle_give_the_same(run, bundle):
    images = np.random.default_rng(0).integers(0, 256, (5, 32, 32, 1), np.uint8)
    ours, theirs = open_model(run.root), open_model(bundle)
    assert (ours.kind, ours.format.shape) == ("onnx", (32, 32, 1))
    np.testing.assert_array_equal(ours.probabilities(images), theirs.probabilities(images))


def test_keras_and_onnx_of_a_run_agree(run):
    images = np.random.default_rng(0).integers(0, 256, (5, 32, 32, 1), np.uint8)
    keras, onnx_model = open_model(run.root, kind="keras"), open_model(run.root)
    assert keras.kind == "keras"
    np.testing.assert_allclose(keras.probabilities(images), onnx_model.probabilities(images), atol=1e-6)
    assert keras.probabilities(images[:0]).shape == onnx_model.probabilities(images[:0]).shape == (0, 2)


def test_opening_a_run_loads_no_tensorflow(run):
    program = f"""
import sys
from pathlib import Path
import counterpoise.core.export.export, counterpoise.core.models.save, counterpoise.core.prediction.stream
from counterpoise.core.prediction.opening import open_model
open_model(Path({str(run.root)!r}))
sys.exit("tensorflow" in sys.modules or "keras" in sys.modules)
"""
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


@pytest.mark.parametrize("name", ["model.onnx", "labels.json", "preprocessing.json"])
def test_a_changed_file_is_refused(bundle, name):
    content = bytearray((bundle / name).read_bytes())
    content[len(content) // 2] ^= 1
    (bundle / name).write_bytes(content)
    with pytest.raises(CounterpoiseError, match=f"refused: its file {name} was changed"):
        open_model(bundle)


@pytest.mark.parametrize("name", ["labels.json", "preprocessing.json"])
def test_a_file_that_says_it_is_newer_is_refused_as_newer(bundle, name):
    tables = json.loads((bundle / name).read_text())
    (bundle / name).write_text(json.dumps({**tables, "format_version": 99}))
    with pytest.raises(CounterpoiseError, match=rf"{name} was written by a newer Counterpoise"):
        open_model(bundle)


def test_a_missing_file_is_refused(bundle):
    (bundle / "labels.json").unlink()
    with pytest.raises(CounterpoiseError, match=r"its file labels\.json is missing"):
        open_model(bundle)


@pytest.mark.parametrize(
    "name", ["../secret.txt", "/etc/hostname", "a/../../secret.txt", "..\\secret.txt", "C:x"]
)
def test_paths_that_leave_the_folder_are_refused(bundle, tmp_path, name):
    (tmp_path / "secret.txt").write_text("secret")
    manifest = json.loads((bundle / "manifest.json").read_text())
    manifest["files"][name] = hashlib.sha256(b"secret").hexdigest()
    (bundle / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(CounterpoiseError, match="which lies outside it"):
        verify_manifest(bundle)


def test_links_that_leave_the_folder_are_refused(bundle, tmp_path):
    shutil.move(bundle / "model.onnx", tmp_path / "model.onnx")
    (bundle / "model.onnx").symlink_to(tmp_path / "model.onnx")
    with pytest.raises(CounterpoiseError, match="which lies outside it"):
        open_model(bundle)


@pytest.mark.parametrize("name", ["manifest.json", "labels.json", "preprocessing.json"])
def test_a_newer_format_is_refused(bundle, name):
    tables = json.loads((bundle / name).read_text()) | {"format_version": 2}
    if name == "manifest.json":
        (bundle / name).write_text(json.dumps(tables))
    else:
        rewritten(bundle, name, json.dumps(tables).encode())
    with pytest.raises(CounterpoiseError, match="written by a newer Counterpoise"):
        open_model(bundle)


def test_no_folder_no_bundle_and_an_unfinished_run(run, tmp_path):
    with pytest.raises(CounterpoiseError, match="There is no model at"):
        open_model(tmp_path / "nothing")
    (tmp_path / "out" / "keras").mkdir(parents=True)
    (tmp_path / "out" / "keras" / "manifest.json").write_text("{}")
    with pytest.raises(CounterpoiseError, match="It holds models in keras"):
        open_model(tmp_path / "out")
    run.manifest.unlink()
    with pytest.raises(CounterpoiseError, match="hasn't finished"):
        open_model(run.root)


def test_an_incomplete_manifest_is_refused(bundle):
    write_manifest(bundle, ["model.onnx"])
    with pytest.raises(CounterpoiseError, match=r"doesn't list labels\.json"):
        open_model(bundle)


def test_graphs_that_are_not_ours_are_refused(bundle):
    rewritten(bundle, "model.onnx", b"no graph at all")
    with pytest.raises(CounterpoiseError, match="it is no ONNX graph"):
        open_model(bundle)


def test_weights_in_other_files_are_refused(bundle):
    model = onnx.load(bundle / "model.onnx")
    tensor = model.graph.initializer[0]
    tensor.data_location = TensorProto.EXTERNAL
    tensor.external_data.add(key="location", value="../../../etc/hostname")
    tensor.ClearField("raw_data")
    rewritten(bundle, "model.onnx", model.SerializeToString())
    with pytest.raises(CounterpoiseError, match="its weights lie in other files"):
        open_model(bundle)


def test_operations_that_are_not_ours_are_refused(bundle):
    model = onnx.load(bundle / "model.onnx")
    model.graph.node.append(helper.make_node("Loop", ["image"], ["x"], domain="elsewhere"))
    rewritten(bundle, "model.onnx", model.SerializeToString())
    with pytest.raises(CounterpoiseError, match=r"operations that none of ours has \(Loop\)"):
        open_model(bundle)


def test_a_graph_that_does_not_fit_its_papers_is_refused(bundle):
    tables = json.loads((bundle / "preprocessing.json").read_text()) | {"size": [64, 64]}
    rewritten(bundle, "preprocessing.json", json.dumps(tables).encode())
    with pytest.raises(CounterpoiseError, match=r"takes images of \(32, 32, 1\)"):
        open_model(bundle)


def test_a_saved_model_is_refused(bundle):
    shutil.move(bundle / "model.onnx", bundle / "saved_model.pb")
    write_manifest(bundle, ["saved_model.pb", "labels.json", "preprocessing.json"])
    with pytest.raises(CounterpoiseError, match="is a SavedModel, which can hold file operations"):
        open_model(bundle)


def keras_bundle(run, folder, change):
    """A Keras bundle whose configuration was changed, with a manifest that fits."""
    folder.mkdir()
    for name in ("labels.json", "preprocessing.json"):
        shutil.copyfile(run.root / name, folder / name)
    with zipfile.ZipFile(run.model_keras) as old, zipfile.ZipFile(folder / "model.keras", "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, change(content) if name == "config.json" else content)
    write_manifest(folder)
    return folder


def test_layers_that_could_run_code_or_read_files_are_refused(run, tmp_path):
    changed = {
        "Lambda": lambda c: c.replace(b'"ReLU"', b'"Lambda"', 1),
        "StringLookup": lambda c: c.replace(b'"ReLU"', b'"StringLookup"', 1),
        "os.ReLU": lambda c: c.replace(
            b'"keras.layers", "class_name": "ReLU"', b'"os", "class_name": "ReLU"'
        ),
    }
    for name, change in changed.items():
        folder = keras_bundle(run, tmp_path / name, change)
        with pytest.raises(CounterpoiseError, match=f"it holds {name}, which none of ours has"):
            open_model(folder)


def test_a_keras_file_that_is_none_is_refused(run, tmp_path):
    folder = keras_bundle(run, tmp_path / "bundle", lambda content: content)
    rewritten(folder, "model.keras", b"PK nothing")
    with pytest.raises(CounterpoiseError, match="it is no Keras model"):
        open_model(folder)
