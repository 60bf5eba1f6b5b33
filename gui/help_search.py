"""Find words in the help."""

from collections.abc import Iterable
from dataclasses import dataclass

from counterpoise.gui.help_pages import Section

BEFORE, LENGTH = 24, 84
"""Characters of a snippet before the first word found, and in all."""


@dataclass(frozen=True)
class Hit:
    section: Section
    snippet: str


def search(sections: Iterable[Section], words: str) -> list[Hit]:
    """Return the sections that hold all ``words``, in any order; with one in the title first."""
    asked = words.casefold().split()
    if not asked:
        return []
    ranked = []
    for number, section in enumerate(sections):
        title, text = section.title.casefold(), section.text.casefold()
        if all(word in title or word in text or word == section.anchor for word in asked):
            in_title = sum(word in title or word == section.anchor for word in asked)
            last = section.page == "comparison"  # who searches has a question first
            ranked.append(((last, -in_title, number), Hit(section, _snippet(section.text, asked))))
    return [hit for _, hit in sorted(ranked, key=lambda entry: entry[0])]


def _snippet(text: str, asked: list[str]) -> str:
    lowered = text.casefold()
    found = [place for word in asked if (place := lowered.find(word)) >= 0]
    start = max(0, min(found, default=0) - BEFORE)
    start = text.rfind(" ", 0, start) + 1 if start else 0  # from the beginning of a word
    piece = text[start : start + LENGTH]
    return f"{'…' if start else ''}{piece}{'…' if start + LENGTH < len(text) else ''}"
