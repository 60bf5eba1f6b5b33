"""The result in one sentence and one picture."""

import html
from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from counterpoise.gui.outcome import Outcome
from counterpoise.gui.texts import results as texts
from counterpoise.gui.theme import colours
from counterpoise.gui.widgets.cards import Card
from counterpoise.gui.widgets.clearing import clear
from counterpoise.gui.widgets.icon_array import IconArray, Share
from counterpoise.gui.widgets.labels import label

GAP = 24


class Headline(Card):
    """Two classes: found and wrongly flagged of 100 each; several: named rightly of 100, and per class."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.sentence: QLabel = label("", "sentence", wrap=True)
        self.sentence.setTextFormat(Qt.TextFormat.RichText)
        self.note = label("", "small", wrap=True)
        self.body.addWidget(self.sentence)
        self.body.addWidget(self.note)
        self.pictures = QHBoxLayout()
        self.pictures.setSpacing(GAP)
        self.body.addLayout(self.pictures, 1)
        self._lines: list[tuple[str, int, str]] = []

    def set_outcome(self, outcome: Outcome) -> None:
        """Tell of the part that is shown."""
        figures = outcome.figures or {}
        clear(self.pictures)
        of = outcome.of_interest
        shares = _binary(figures, of) if of else _several(figures)
        if not shares:
            self._lines = [(texts.NOTHING_TO_SAY, 0, "")]
            self.note.setText("")
            self._write()
            return
        if of:
            other = next(name for name in outcome.names if name != of)
            first, second = texts.binary_sentence(of, other)
            self._lines = [(first, shares[0].value, "plot1"), (second, shares[1].value, "plot2")]
            likely = texts.binary_range((shares[0].low, shares[0].high), (shares[1].low, shares[1].high))
        else:
            first, second = texts.several_sentence(len(outcome.names))
            self._lines = [(first, shares[0].value, "plot1"), (second, 0, "")]
            likely = f"{texts.likely(shares[0].low, shares[0].high)} · {_extremes(figures)}"
        test = outcome.shown == "test"
        scope = texts.scope(figures["n"], figures.get("groups"), outcome.openings, test=test)
        self.note.setText(f"{likely} · {scope}")
        for share in shares:
            picture = IconArray()
            picture.set_share(share)
            self.pictures.addWidget(picture, 1)
        self._write()

    def _write(self) -> None:
        palette = colours()
        lines = []
        for words, figure, tone in self._lines:
            escaped = html.escape(words, quote=False)
            if tone:
                coloured = f'<span style="color:{getattr(palette, tone)}">{figure}</span>'
                escaped = escaped.replace("{}", coloured)
            lines.append(escaped)
        self.sentence.setText("<br>".join(lines))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_lines"):
            self._write()

    @property
    def plain(self) -> str:
        """The sentence without its colours."""
        return " ".join(words.replace("{}", str(figure)) for words, figure, _ in self._lines)


def _hundred(metric: Mapping[str, Any], *, rest: bool = False) -> tuple[int, int, int] | None:
    """Return value, low and high of a metric (or of what is left of it) in whole numbers of 100."""
    value, low, high = metric.get("value"), metric.get("low"), metric.get("high")
    if value is None:
        return None
    low, high = (value if low is None else low), (value if high is None else high)
    if rest:
        value, low, high = 1 - value, 1 - high, 1 - low
    return round(100 * value), round(100 * low), round(100 * high)


def _binary(figures: Mapping[str, Any], of: str) -> list[Share]:
    entry = figures.get("per_class", {}).get(of)
    if not entry:
        return []
    found, flagged = _hundred(entry["sensitivity"]), _hundred(entry["specificity"], rest=True)
    if found is None or flagged is None:
        return []
    other = next(name for name in figures["classes"] if name != of)
    return [
        Share(*found, texts.found_label(of), "plot1"),
        Share(*flagged, texts.flagged_label(other), "plot2"),
    ]


def _several(figures: Mapping[str, Any]) -> list[Share]:
    right = _hundred(figures.get("metrics", {}).get("accuracy") or {})
    if right is None:
        return []
    shares = [Share(*right, texts.RIGHT_LABEL, "plot1")]
    hard, _ = _ends(figures)
    found = _hundred(figures["per_class"][hard]["sensitivity"])
    return [*shares, Share(*found, texts.hardest_label(hard), "plot2")] if found else shares


def _extremes(figures: Mapping[str, Any]) -> str:
    hard, easy = _ends(figures)
    found = {name: figures["per_class"][name]["sensitivity"]["value"] for name in (hard, easy)}
    return texts.hardest(hard, round(100 * found[hard]), easy, round(100 * found[easy]))


def _ends(figures: Mapping[str, Any]) -> tuple[str, str]:
    """Return the class that is found least and the one found most often."""
    found = {
        name: entry["sensitivity"]["value"]
        for name, entry in figures["per_class"].items()
        if entry["sensitivity"]["value"] is not None
    }
    return min(found, key=lambda n: found[n]), max(found, key=lambda n: found[n])
