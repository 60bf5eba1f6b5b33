"""Edits of single images in the window: what can't be done is said, not done for a moment."""

import shutil

from counterpoise.core.catalog.scan import scan
from counterpoise.core.study.edits import read_edits
from counterpoise.gui.texts import edits as texts


def test_a_spare_copy_cannot_be_taken_in(qtbot, opened):
    session = opened.session
    first = session.catalog.images[0]
    file = session.catalog.sources.locate(first.path)
    shutil.copy(file, file.with_name(f"z-{file.name}"))
    session.show_catalog(scan(session.catalog.sources, session.settings.data))
    copy = next(image for image in session.catalog.images if not image.part)
    assert copy.content == first.content
    assert session.edits.is_spare(copy)
    with qtbot.waitSignal(session.problem) as said:
        session.edits.restore([copy])
    assert said.args == [texts.COPY_COUNTS_ONCE]
    gallery = opened.step("inspect").gallery
    gallery.gallery.go_to(gallery.model.row_of((copy.path, copy.frame)))
    gallery.actions_row.show_chosen(1)
    assert not gallery.actions_row.in_button.isEnabled()
    assert gallery.actions_row.in_button.toolTip() == texts.COPY_COUNTS_ONCE
    assert not session.edits.can_undo
    assert not session.catalog.named((copy.path, copy.frame))[0].part

    session.edits.leave_out([first])  # left out by hand: that can be taken back
    out = session.catalog.named((first.path, first.frame))[0]
    assert not session.edits.is_spare(out)
    session.edits.restore([out])
    session.edits._pool.waitForDone()
    assert [edit.kind for edit in read_edits(session.study.edits)] == ["exclude", "restore"]
