"""The row of buttons over a large view."""

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QWidget

from counterpoise.gui.texts import viewer as texts
from counterpoise.gui.widgets.flow_layout import FlowLayout
from counterpoise.gui.widgets.image_view import ImageView
from counterpoise.gui.widgets.labels import ElidedLabel, button, label


class ViewerBar(QWidget):
    """Back, one on, one back, the place among all; zoom, inversion and the network's view."""

    def __init__(self, view: ImageView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view = view
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        self.back = button(texts.BACK, "small")
        self.previous = button(texts.PREVIOUS, "small")
        self.next = button(texts.NEXT, "small")
        self.place = ElidedLabel("muted")
        self.zoom = label("", "small")
        self.fit = button(texts.FIT, "small", view.fit)
        self.real = button(texts.REAL, "small", view.real_size)
        self.invert = _switch(texts.INVERT)
        self.invert.toggled.connect(view.set_inverted)
        self.network = _switch(texts.NETWORK)
        self.network.setToolTip(texts.NETWORK_HELP)
        for made in (self.back, self.previous, self.next):
            row.addWidget(made)
        row.addWidget(self.place, 1)
        looks = QWidget()
        policy = QSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        looks.setSizePolicy(policy)
        wrapped = FlowLayout(looks)  # with large text they take two lines
        for made in (self.fit, self.real, self.invert, self.network):
            wrapped.addWidget(made)
        row.addWidget(self.zoom)
        row.addWidget(looks)
        view.zoom_changed.connect(self.show_zoom)

    def show_zoom(self) -> None:
        """Say how large the image is shown."""
        self.zoom.setText(texts.zoom(self._view.zoom) if self._view.picture is not None else "")


def _switch(words: str) -> QPushButton:
    made = button(words, "small")
    made.setCheckable(True)
    return made
