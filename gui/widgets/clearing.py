"""Emptying layouts."""

from PySide6.QtWidgets import QLayout


def clear(layout: QLayout) -> None:
    """Remove and delete everything in a layout."""
    while item := layout.takeAt(0):
        if widget := item.widget():
            widget.hide()
            widget.deleteLater()
        elif inner := item.layout():
            clear(inner)
