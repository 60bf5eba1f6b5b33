"""Where no window can be opened, one sentence says why instead of Qt's abort."""

import os
import subprocess
import sys

import pytest

from counterpoise.core.errors import CounterpoiseError
from counterpoise.gui import display
from counterpoise.gui.display import need_display

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="Linux alone has sessions without"
)


def test_a_session_without_display_is_told_so() -> None:
    kept = {key: value for key, value in os.environ.items() if key not in ("DISPLAY", "WAYLAND_DISPLAY")}
    kept.pop("QT_QPA_PLATFORM", None)
    done = subprocess.run(
        [sys.executable, "-m", "counterpoise.core.cli.main", "gui"],
        env=kept,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "no display" in done.stderr
    assert "Traceback" not in done.stderr


def test_missing_libraries_are_named_by_their_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("QT_QPA_PLATFORM", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setenv("DISPLAY", ":99")
    monkeypatch.setattr(display, "LIBRARIES", {"libnot-there.so.0": "libnot-there0"})
    with pytest.raises(CounterpoiseError, match="apt-get install libnot-there0"):
        need_display()


def test_a_chosen_platform_is_trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    need_display()
