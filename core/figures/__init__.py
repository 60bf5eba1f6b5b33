"""Figures with intervals from probabilities and truth: the same for validation, test and other data."""
