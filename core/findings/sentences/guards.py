"""Sentences of the findings of the guards, said while a run trains."""

GUARDS: dict[str, str] = {}
