"""The tokens of the look: colours and spacing, in one place."""

from dataclasses import dataclass

from PySide6.QtGui import QColor

SPACE = (4, 8, 12, 16, 24, 32)


@dataclass(frozen=True)
class Palette:
    """Colours as ``#RRGGBB``. Text on its ground has a contrast of at least 4.5 to 1."""

    name: str
    background: str
    surface: str
    line: str
    ink: str
    muted: str
    accent: str
    accent_weak: str
    on_accent: str
    warning: str
    warning_ground: str
    blocker: str
    blocker_ground: str
    info: str
    info_ground: str
    good: str
    good_ground: str
    track: str
    """The empty part of bars."""
    plots: tuple[str, ...]
    """After Okabe and Ito: told apart by the colour-blind, and never without words or shapes."""

    @property
    def plot1(self) -> str:
        return self.plots[0]

    @property
    def plot2(self) -> str:
        return self.plots[1]

    @property
    def plot3(self) -> str:
        return self.plots[2]

    def severity(self, name: str) -> tuple[str, str]:
        """Return text and ground of ``blocker``, ``warning``, ``info`` or ``good``."""
        return {
            "blocker": (self.blocker, self.blocker_ground),
            "warning": (self.warning, self.warning_ground),
            "info": (self.info, self.info_ground),
            "good": (self.good, self.good_ground),
        }[name]

    def part(self, name: str) -> str:
        """Return the colour of the part ``train``, ``val`` or ``test``; of what is left out a grey."""
        return {"train": self.plot1, "val": self.plot3, "test": self.plot2}.get(name, self.muted)


LIGHT = Palette(
    "light",
    background="#F5F7F9",
    surface="#FFFFFF",
    line="#DCE3E9",
    ink="#17212B",
    muted="#566472",
    accent="#0B6E74",
    accent_weak="#DFF1F0",
    on_accent="#FFFFFF",
    warning="#8A4B00",
    warning_ground="#FFF3DD",
    blocker="#A3231B",
    blocker_ground="#FCEBE9",
    info="#1F4E96",
    info_ground="#E8F0FB",
    good="#17693F",
    good_ground="#E5F5EC",
    track="#E6EBEF",
    plots=("#0072B2", "#D55E00", "#009E73", "#AA4499", "#B8860B", "#332288", "#56B4E9", "#882255"),
)
DARK = Palette(
    "dark",
    background="#10151A",
    surface="#182027",
    line="#2A3540",
    ink="#E7EDF2",
    muted="#9DABB8",
    accent="#55C1C2",
    accent_weak="#12363A",
    on_accent="#10151A",
    warning="#FFC16B",
    warning_ground="#38290F",
    blocker="#FF9C92",
    blocker_ground="#3C1A18",
    info="#9CC3FF",
    info_ground="#16283F",
    good="#7ADBA5",
    good_ground="#12301F",
    track="#26313B",
    plots=("#56B4E9", "#F08A4B", "#2BC79A", "#D58BD0", "#E0C14A", "#A99BF5", "#8FD0F5", "#E58BA9"),
)


def mixed(one: str, other: str, share: float) -> str:
    """Return the colour ``share`` (0 to 1) of the way from one to the other."""
    a, b = QColor(one), QColor(other)
    channels = [
        round(x + (y - x) * share)
        for x, y in zip((a.red(), a.green(), a.blue()), (b.red(), b.green(), b.blue()), strict=True)
    ]
    return QColor(*channels).name()
