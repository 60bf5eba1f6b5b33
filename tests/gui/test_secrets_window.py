"""What DICOM files say of a person is neither shown by the window nor kept by it."""

from pathlib import Path

from PySide6.QtWidgets import QLabel, QWidget
from secret_dicoms import assert_no_secret, secrets_in, write_secret_folder

from counterpoise.core.catalog.types import NO_FRAME


def words_of(widget: QWidget) -> str:
    """Return all texts and hints of a widget and its children."""
    children = widget.findChildren(QWidget)
    texts = [child.text() for child in children if isinstance(child, QLabel)]
    return " ".join([*texts, *(child.toolTip() + child.accessibleName() for child in children)])


def test_nothing_is_shown_or_kept(qtbot, window, home, tmp_path, capfd):
    folder: Path = tmp_path / "data"
    healthy = write_secret_folder(folder, each=6)
    (folder / "sick" / "cut.dcm").write_bytes(healthy[:-500])
    session = window.session
    with qtbot.waitSignal(session.scan_ended, timeout=60_000) as ended:
        session.open_paths([folder])
    assert ended.args == [""]
    qtbot.waitUntil(lambda: session.check is not None or bool(session.check_error), timeout=60_000)
    window.go("inspect")
    step = window.step("inspect")
    assert not secrets_in(words_of(window).encode())

    image = session.catalog.named(("sick/01.dcm", NO_FRAME))[0]
    step.viewer.show_image(image, session.catalog.sources, "1 of 12")
    qtbot.waitUntil(lambda: step.viewer.found is not None, timeout=60_000)
    assert not secrets_in(words_of(window).encode())

    window.close_quietly()
    assert assert_no_secret([home]) >= 4
    assert not secrets_in("".join(capfd.readouterr()).encode())
