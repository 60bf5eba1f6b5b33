"""Which networks there are and what they need; builders for Keras and ONNX."""

import os

# onnxruntime's wheels make a device id and report usage to their maker, unless told not to before they are
# loaded; their switch in Python comes too late for the first report. Here nothing leaves the machine.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
