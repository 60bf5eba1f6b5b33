"""Which networks there are and what they need; builders for Keras and ONNX."""
