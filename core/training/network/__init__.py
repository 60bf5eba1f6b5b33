"""The modes ``finetune`` and ``scratch``: a whole network, step by step. Loads TensorFlow."""
