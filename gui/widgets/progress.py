"""A thin bar that says how far something is, or only that it goes on."""

from PySide6.QtWidgets import QProgressBar, QWidget


class Progress(QProgressBar):
    """A bar without text: the words stand beside it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextVisible(False)
        self.setRange(0, 1000)

    def set_share(self, share: float) -> None:
        """Show a share from 0 to 1."""
        if self.maximum() == 0:
            self.setRange(0, 1000)
        self.setValue(round(1000 * min(max(share, 0.0), 1.0)))

    def set_busy(self) -> None:
        """Show that it goes on, nobody knows how far."""
        self.setRange(0, 0)
