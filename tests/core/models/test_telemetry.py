"""Nothing leaves the machine: onnxruntime, which reports usage by default, is told not to."""

import os
import subprocess
import sys

PROGRAM = """
from onnx import TensorProto, helper
from counterpoise.core.models.session import fast_session
value = [helper.make_tensor_value_info(name, TensorProto.FLOAT, [1]) for name in "xy"]
graph = helper.make_graph([helper.make_node("Identity", ["x"], ["y"])], "g", value[:1], value[1:])
model = helper.make_model(graph, ir_version=10, opset_imports=[helper.make_opsetid("", 20)])
fast_session(model.SerializeToString())
"""
AUTOMATION = (
    "CI",
    "GITHUB_ACTIONS",
    "JENKINS_URL",
    "BUILDKITE",
    "PYTEST_CURRENT_TEST",
    "ORT_DISABLE_TELEMETRY",
)
"""Where one of these is set it reports nothing anyway."""


def test_onnxruntime_makes_no_device_id_and_no_store_of_reports(tmp_path):
    """Its database and its identifier would lie in the user's cache folder."""
    homes = {"HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "cache"), "USERPROFILE": str(tmp_path)}
    environment = {name: value for name, value in os.environ.items() if name not in AUTOMATION} | homes
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert not [file for file in tmp_path.rglob("*") if file.is_file()]
