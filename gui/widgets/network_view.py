"""One image as the network will be given it, beside the original."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from counterpoise.core.errors import CounterpoiseError
from counterpoise.gui.jobs import in_background
from counterpoise.gui.opened import Opened
from counterpoise.gui.picture import Picture
from counterpoise.gui.scale_preview import fit_on_sample, native_spec, seen_by_network
from counterpoise.gui.texts import viewer as texts
from counterpoise.gui.widgets.image_view import ImageView
from counterpoise.gui.widgets.labels import label

if TYPE_CHECKING:
    from counterpoise.core.pixels.as_seen import AsSeen
    from counterpoise.gui.session import Session
    from counterpoise.gui.training_sample import TrainingSample


class NetworkView(QWidget):
    """Follows the settings while it is seen; stretched to the original's shape, no pixel smoothed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.view = ImageView(windows=False)
        self.view.show_words(texts.NO_PLAN)
        self.view.setAccessibleName(texts.NETWORK)
        self.words = label("", "small", wrap=True)
        """Size, channels and range; whoever shows the view puts them below it."""
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.view)
        self.seen: AsSeen | None = None
        self._session: Session | None = None
        self._sample: TrainingSample | None = None
        self._opened: Opened | None = None
        self._number = 0

    def set_session(self, session: "Session") -> None:
        """Take plan and settings from here."""
        self._session = session
        session.settings_changed.connect(self.refresh)
        session.check_changed.connect(self.refresh)

    def show_image(self, found: Opened | None) -> None:
        """Show another image."""
        self._opened = found
        self.refresh()

    def refresh(self) -> None:
        """Show the image in hand by the settings in force."""
        self._number += 1  # whatever is on its way is out of date
        if self.isHidden() or self._opened is None:
            return
        session, found = self._session, self._opened
        plan = session.plan if session is not None else None
        if session is None or plan is None:
            self._say(texts.NO_PLAN)
            return
        sample = self._training(session)
        if sample.images is None:
            self._say(sample.problem or texts.NETWORK_WAITS)
            return
        number, images, fmt = self._number, sample.images, plan.format
        scaling, native = session.settings.scaling, native_spec(plan)

        def work() -> "tuple[int, Opened, AsSeen | str]":
            from counterpoise.core.pixels.prepare import prepare

            try:
                fitted = fit_on_sample(scaling, fmt, images)
            except CounterpoiseError as error:
                return number, found, str(error)
            prepared = prepare(found.frame, fmt)
            return number, found, seen_by_network(prepared, images, fitted, native, fmt.units)

        in_background(work, self._show, self._say)

    def _training(self, session: "Session") -> "TrainingSample":
        if self._sample is None:
            from counterpoise.gui.training_sample import TrainingSample

            self._sample = TrainingSample.of(session)
            self._sample.changed.connect(self.refresh)
        return self._sample

    def _show(self, outcome: "tuple[int, Opened, AsSeen | str]") -> None:
        number, found, seen = outcome
        if number != self._number:
            return
        if isinstance(seen, str):
            self._say(seen)
            return
        self.seen = seen
        stretched = Picture.of(seen.values, (found.picture.width, found.picture.height))
        place = self.view.place
        self.view.show_picture(stretched, *seen.ends, words_at=self._words_at)
        self.view.set_place(place)
        self.words.setText(f"{texts.seen(seen)}. {texts.seen_range(seen)}")

    def _say(self, words: str) -> None:
        self.seen = None
        self.view.show_words(words)
        self.words.setText("")

    def _words_at(self, column: int, row: int) -> str:
        if self.seen is None:
            return ""
        values = self.seen.values[row, column]
        return texts.seen_at(column, row, [float(value) for value in values.reshape(-1)])

    def close_down(self) -> None:
        """End the child that reads the sample."""
        self._number += 1
        if self._sample is not None:
            self._sample.close()
