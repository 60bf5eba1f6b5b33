"""What will be learned from, before training starts."""

from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from counterpoise.core.catalog.types import Catalog, ImageRecord
from counterpoise.gui.session import Session
from counterpoise.gui.texts import train as texts
from counterpoise.gui.thumbnails import Thumbnails
from counterpoise.gui.widgets.cards import Card
from counterpoise.gui.widgets.image_tile import ImageTile
from counterpoise.gui.widgets.labels import label
from counterpoise.gui.widgets.tile_grid import TileGrid

TILES = 24
COLUMNS = 12
Key = tuple[str, int]


class ReadyCard(Card):
    """How many images there are to learn from and to watch on, where it trains, and some of the images."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(texts.READY, parent=parent)
        self._session = session
        self._catalog: Catalog | None = None
        self._tiles: dict[Key, tuple[ImageTile, ImageRecord]] = {}
        self._thumbnails = Thumbnails(self)
        self._thumbnails.arrived.connect(self._arrived)
        row = QHBoxLayout()
        row.setSpacing(40)
        self.figures: dict[str, QLabel] = {}
        for key, words in texts.READY_FIGURES.items():
            column = QVBoxLayout()
            column.setSpacing(0)
            self.figures[key] = label("", "big")
            column.addWidget(self.figures[key])
            column.addWidget(label(words, "small"))
            row.addLayout(column)
        row.addStretch(1)
        self.body.addLayout(row)
        self.grid = TileGrid(COLUMNS)
        self.body.addWidget(self.grid)
        self.note = label("", "muted", wrap=True)
        self.body.addWidget(self.note)

    def refresh(self) -> None:
        """Tell of the session's images and plan."""
        catalog, plan = self._session.catalog, self._session.plan
        self.grid.setVisible(catalog is not None)
        if catalog is None:
            for figure in self.figures.values():
                figure.setText(texts.NO_SCORE)
            self.note.setText(texts.NO_DATA)
            return
        self.figures["train"].setText(f"{sum(catalog.counts('train').values()):,}")
        self.figures["val"].setText(f"{sum(catalog.counts('val').values()):,}")
        self.figures["classes"].setText(f"{len(catalog.labels):,}")
        gpus = plan.host.gpus if plan is not None and plan.settings.training.device == "gpu" else ()
        device = texts.GPU.format(gpus[0].name) if gpus else texts.CPU
        self.note.setText(texts.DEVICE.format(device) if plan is not None else "")
        if catalog is not self._catalog:
            self._catalog = catalog
            self._show_images(catalog)

    def _show_images(self, catalog: Catalog) -> None:
        self._thumbnails.set_sources(catalog.sources)
        train = catalog.part("train")
        step = max(len(train) // TILES, 1)
        self._tiles = {}
        for image in train[::step][:TILES]:
            tile = ImageTile(f"{image.path} · {image.label}")
            tile.clicked.connect(lambda _=False, path=image.path: self._session.show_images((path,)))
            self._tiles[image.path, image.frame] = tile, image
        self.grid.set_tiles([tile for tile, _ in self._tiles.values()])
        for key in self._tiles:
            self._arrived(*key)

    def _arrived(self, path: str, frame: int) -> None:
        if found := self._tiles.get((path, frame)):
            tile, image = found
            if (picture := self._thumbnails.get(image)) is not None:
                tile.set_image(picture)

    def close_down(self) -> None:
        """Make no more pictures."""
        self._thumbnails.close()
