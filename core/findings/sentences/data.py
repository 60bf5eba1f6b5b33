"""Sentences of the findings about the data."""

DATA: dict[str, str] = {}
