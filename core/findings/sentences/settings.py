"""Sentences of the findings about the settings."""

SETTINGS: dict[str, str] = {}
