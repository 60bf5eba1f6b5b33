"""What the model mixed up: the matrix whose cells open their images, and the worst errors as pictures."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from counterpoise.core.catalog.types import ImageRecord
from counterpoise.gui.outcome import Outcome, Predictions
from counterpoise.gui.session import Session
from counterpoise.gui.texts import results as texts
from counterpoise.gui.thumbnails import Thumbnails
from counterpoise.gui.widgets.cards import Card
from counterpoise.gui.widgets.confusion import ConfusionMatrix
from counterpoise.gui.widgets.image_tile import ImageTile
from counterpoise.gui.widgets.labels import label
from counterpoise.gui.widgets.tile_grid import TileGrid

WORST, COLUMNS = 8, 4
Key = tuple[str, int]


class PublicNames:
    """Finds the catalog's image of a name that a run's files use."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._catalog: object = None
        self._images: dict[Key, ImageRecord] = {}

    def find(self, path: str, frame: int) -> ImageRecord | None:
        """Return the image, None where it isn't among those read."""
        catalog = self._session.catalog
        if catalog is not self._catalog:
            self._catalog = catalog
            known = catalog.images if catalog is not None else ()
            self._images = {(i.path, i.frame): i for i in known}
            if catalog is not None:
                self._images |= {(catalog.public_path(i.path), i.frame): i for i in known}
        return self._images.get((path, frame))

    def paths(self, predictions: Predictions, rows: Sequence[int]) -> list[str]:
        """Return the catalog's paths of some rows."""
        found = (self.find(predictions.paths[i], predictions.frames[i]) for i in rows)
        return [image.path for image in found if image is not None]


class MixedUpCard(Card):
    """The confusion matrix; a cell shows its images in the gallery."""

    def __init__(self, session: Session, names: PublicNames, parent: QWidget | None = None) -> None:
        super().__init__(texts.CONFUSION_TITLE, parent=parent)
        self._session, self._names = session, names
        self._outcome: Outcome | None = None
        self.matrix = ConfusionMatrix()
        self.matrix.cell_chosen.connect(self._open)
        self.body.addWidget(self.matrix, 1)
        self.body.addWidget(label(texts.CONFUSION_NOTE, "small"))

    def set_outcome(self, outcome: Outcome) -> None:
        self._outcome = outcome
        if outcome.figures is not None:
            self.matrix.set_counts(outcome.names, outcome.figures["confusion"])

    def _open(self, truth: int, said: int) -> None:
        if self._outcome is not None and (predictions := self._outcome.predictions) is not None:
            paths = self._names.paths(predictions, predictions.in_cell((truth, said)))
            if paths:
                self._session.show_images(paths)


class WorstErrors(Card):
    """The images of which the model was surest and wrong."""

    images_asked = Signal(tuple)

    def __init__(self, session: Session, names: PublicNames, parent: QWidget | None = None) -> None:
        super().__init__(texts.WORST_TITLE, parent=parent)
        self._session, self._names = session, names
        self._thumbnails = Thumbnails(self)
        self._thumbnails.arrived.connect(self._arrived)
        self._tiles: dict[Key, ImageTile] = {}
        self._images: dict[Key, ImageRecord] = {}
        self.grid = TileGrid(COLUMNS)
        self.body.addWidget(self.grid)
        self.note = label("", "small", wrap=True)
        self.body.addWidget(self.note)

    def set_outcome(self, outcome: Outcome) -> None:
        self.grid.set_tiles(())
        self._tiles, self._images = {}, {}
        predictions, catalog = outcome.predictions, self._session.catalog
        rows = predictions.worst_errors(WORST) if predictions is not None else []
        self.note.setText(texts.WORST_NOTE if rows else texts.WORST_NONE)
        if predictions is None or catalog is None:
            return
        self._thumbnails.set_sources(catalog.sources)
        tiles = []
        for i in rows:
            truth, said = int(predictions.truth[i]), int(predictions.predicted[i])
            sure = float(predictions.probabilities[i, said])
            tile = ImageTile(texts.error_words(outcome.names[truth], outcome.names[said], sure))
            tiles.append(tile)
            image = self._names.find(predictions.paths[i], predictions.frames[i])
            if image is None:
                continue
            key = (image.path, image.frame)
            self._tiles[key], self._images[key] = tile, image
            tile.clicked.connect(lambda _=False, path=image.path: self.images_asked.emit((path,)))
            self._arrived(*key)
        self.grid.set_tiles(tiles)

    def _arrived(self, path: str, frame: int) -> None:
        tile, image = self._tiles.get((path, frame)), self._images.get((path, frame))
        if tile is not None and image is not None and (picture := self._thumbnails.get(image)) is not None:
            tile.set_image(picture)

    def close_down(self) -> None:
        self._thumbnails.close()
