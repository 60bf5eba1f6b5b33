"""Where images and headings lie, and what is chosen: no window needed."""

import numpy as np
import pytest

from counterpoise.gui.gallery_layout import Box, Layout
from counterpoise.gui.gallery_selection import Selection

PLAIN = Layout(10, [0], columns=4, side=50, header=0)
CUT = Layout(10, [0, 3, 8], columns=4, side=50, header=20)


def test_boxes_of_rows():
    assert PLAIN.height == 150
    assert PLAIN.box(5) == Box(50, 50, 50, 50)
    assert CUT.height == 3 * 20 + (1 + 2 + 1) * 50
    assert CUT.box(0) == Box(0, 20, 50, 50)
    assert CUT.box(7) == Box(0, 20 + 50 + 20 + 50, 50, 50)
    assert CUT.box(8).y == 2 * 70 + 50 + 20


@pytest.mark.parametrize("layout", [PLAIN, CUT])
def test_every_row_is_found_where_it_lies(layout):
    for row in range(10):
        box = layout.box(row)
        assert layout.at(box.x + 1, box.y + 1) == row
        assert [row in rows for rows in layout.visible(box.y, box.y + 1)] == [True]
    assert layout.at(199, layout.height - 1) == -1  # the last line isn't full
    assert [row for rows in layout.visible(0, layout.height) for row in rows] == list(range(10))


def test_headings():
    assert CUT.heading_at(5) == 0
    assert CUT.heading_at(75) == 1
    assert CUT.heading_at(25) == -1
    assert list(CUT.headings(80, 200)) == [(1, 70), (2, 190)]


def test_up_and_down_keep_the_column_across_sections():
    assert CUT.moved(1, 1) == 4
    assert CUT.moved(4, -1) == 1
    assert CUT.moved(6, 1) == 7  # a shorter line
    assert CUT.moved(7, 1) == 8
    assert CUT.moved(9, 5) == 9
    assert CUT.moved(9, -9) == 0


def test_an_empty_gallery_has_no_height():
    empty = Layout(0, (), 4, 50, 0)
    assert empty.height == 0
    assert list(empty.visible(0, 100)) == []
    assert empty.at(5, 5) == -1


def test_choosing():
    chosen = Selection(10)
    chosen.only(2)
    chosen.to(4)
    assert chosen.rows.tolist() == [2, 3, 4]
    chosen.to(1)  # the range begins where it began
    assert chosen.rows.tolist() == [1, 2]
    chosen.toggle(7)
    chosen.to(9)
    assert chosen.rows.tolist() == [1, 2, 7, 8, 9]
    chosen.invert()
    assert chosen.rows.tolist() == [0, 3, 4, 5, 6]
    chosen.add(range(3, 6))
    assert chosen.rows.tolist() == [0, 6]  # all of it was chosen
    chosen.add(range(3, 6))
    assert chosen.count == 5
    chosen.all()
    assert chosen.count == 10
    chosen.take(np.array([5]), 5)
    assert (chosen.rows.tolist(), chosen.current) == ([5], 5)
    chosen.clear()
    assert (chosen.count, chosen.current) == (0, 5)
