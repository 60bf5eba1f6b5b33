"""What each key does in the gallery."""

from PySide6.QtCore import QKeyCombination, Qt
from PySide6.QtGui import QKeyEvent

_KEY, _CTRL = Qt.Key, Qt.KeyboardModifier.ControlModifier
ACTIONS = {
    (_KEY.Key_Space, False): "look",
    (_KEY.Key_Return, False): "look",
    (_KEY.Key_Enter, False): "look",
    (_KEY.Key_X, False): "leave_out",
    (_KEY.Key_Delete, False): "leave_out",
    (_KEY.Key_T, False): "take_in",
    (_KEY.Key_R, False): "relabel",
    (_KEY.Key_M, False): "move",
    (_KEY.Key_P, False): "patient",
    (_KEY.Key_F, False): "larger",
    (_KEY.Key_F, True): "find",
    (_KEY.Key_F5, False): "again",
    (_KEY.Key_A, True): "all",
    (_KEY.Key_I, True): "invert",
    (_KEY.Key_S, False): "section",
    (_KEY.Key_Space, True): "toggle",
    (_KEY.Key_Escape, False): "none",
    (_KEY.Key_Plus, False): "bigger",
    (_KEY.Key_Equal, False): "bigger",
    (_KEY.Key_Minus, False): "smaller",
}
"""Key, and whether Ctrl is held, to the action's name."""
MOVES = (
    _KEY.Key_Left, _KEY.Key_Right, _KEY.Key_Up, _KEY.Key_Down,
    _KEY.Key_PageUp, _KEY.Key_PageDown, _KEY.Key_Home, _KEY.Key_End,
)  # fmt: skip


def action(event: QKeyEvent) -> str:
    """Return the action of a key; empty where it has none."""
    return ACTIONS.get((Qt.Key(event.key()), bool(event.modifiers() & _CTRL)), "")


def combination(name: str) -> QKeyCombination | None:
    """Return the first key of an action, to be shown in menus."""
    for (key, ctrl), action_name in ACTIONS.items():
        if action_name == name:
            return QKeyCombination(_CTRL if ctrl else Qt.KeyboardModifier.NoModifier, key)
    return None
