"""One image in, one scaled array out; the same code in training, evaluation, export and prediction."""
