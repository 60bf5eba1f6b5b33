"""What the window remembers between starts: recent studies, theme, text size, geometry."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings

from counterpoise.gui.theme import Choice

MOST_RECENT = 8


@dataclass(frozen=True)
class Recent:
    """A study that was open before."""

    path: str
    name: str
    images: int = 0
    classes: int = 0


class Preferences:
    """Kept in a file of its own in the user's data folder, so that tests have their own too."""

    def __init__(self, file: Path) -> None:
        self._settings = QSettings(str(file), QSettings.Format.IniFormat)

    @property
    def theme(self) -> Choice:
        stored = str(self._settings.value("theme", Choice.SYSTEM))
        return Choice(stored) if stored in list(Choice) else Choice.SYSTEM

    @theme.setter
    def theme(self, choice: Choice) -> None:
        self._settings.setValue("theme", str(choice))

    @property
    def text_scale(self) -> float:
        try:
            return float(str(self._settings.value("text_scale", 1.0)))
        except ValueError:
            return 1.0

    @text_scale.setter
    def text_scale(self, scale: float) -> None:
        self._settings.setValue("text_scale", scale)

    @property
    def picture_size(self) -> float:
        """Of the gallery's pictures, against the usual."""
        try:
            return float(str(self._settings.value("picture_size", 1.0)))
        except ValueError:
            return 1.0

    @picture_size.setter
    def picture_size(self, size: float) -> None:
        self._settings.setValue("picture_size", size)

    @property
    def geometry(self) -> QByteArray | None:
        stored = self._settings.value("geometry")
        return stored if isinstance(stored, QByteArray) else None

    @geometry.setter
    def geometry(self, geometry: QByteArray) -> None:
        self._settings.setValue("geometry", geometry)

    @property
    def recents(self) -> tuple[Recent, ...]:
        """Studies that are still there, the latest first."""
        try:
            stored = json.loads(str(self._settings.value("recents", "[]")))
            found = [Recent(**entry) for entry in stored]
        except (ValueError, TypeError):  # written by another version: the list is a convenience only
            return ()
        return tuple(recent for recent in found if Path(recent.path).is_dir())

    def remember(self, recent: Recent) -> None:
        """Put a study first among the recent ones."""
        others = [other for other in self.recents if other.path != recent.path]
        self._settings.setValue(
            "recents", json.dumps([asdict(entry) for entry in [recent, *others][:MOST_RECENT]])
        )

    def forget(self, path: str) -> None:
        """Take a study off the list; its folder stays."""
        kept = [asdict(recent) for recent in self.recents if recent.path != path]
        self._settings.setValue("recents", json.dumps(kept))

    def sync(self) -> None:
        """Write to disk now."""
        self._settings.sync()
