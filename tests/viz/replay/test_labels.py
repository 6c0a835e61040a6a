"""Labels of a replay's picture: none over another, none over a member, none outside."""

import numpy as np
import pytest

from circles.viz.replay.labels import Room, list_sides

FRAME = (0.0, 0.0, 400.0, 300.0)


def test_a_text_takes_its_room_and_the_next_one_stands_on_another_side() -> None:
    room = Room(FRAME)
    sides = list_sides(200, 150, 6, 12)
    first, second = room.place("M00001", sides, 12), room.place("M00001", sides, 12)
    assert first == sides[0]
    assert second == sides[1]
    assert len(room.boxes) == 2


def test_no_text_stands_outside_or_over_what_is_there() -> None:
    room = Room(FRAME)
    assert room.place("M00001", list_sides(5, 295, 6, 12)[:2], 12) is None
    room.take(np.array([[0.0, 0.0, 400.0, 300.0]]))
    assert room.place("M00001", list_sides(200, 150, 6, 12), 12) is None


def test_none_of_many_overlap() -> None:
    room, random = Room(FRAME), np.random.default_rng(3)
    for x, y in random.uniform((0, 0), (400, 300), (200, 2)):
        room.place("联保体 1", list_sides(x, y, 5, 11), 11)
    left, top, right, bottom = room.boxes.T
    over = (left[:, None] < right) & (left < right[:, None]) & (top[:, None] < bottom) & (top < bottom[:, None])
    assert 10 < len(room.boxes) < 200
    assert over.sum() == len(room.boxes)


@pytest.mark.browser
def test_widths_are_no_less_than_a_browser_needs(open_page) -> None:
    opened = open_page(
        '<svg><text id="text" font-family="system-ui, sans-serif" font-size="100" font-weight="600"></text></svg>'
    )
    for text in ("M00123", "GD-2007-0815", "联保体 12", "浙江永康五金"):
        room = Room((-2000.0, -2000.0, 2000.0, 2000.0))
        room.place(text, list_sides(0, 0, 5, 100)[:1], 100)
        needed = opened.page.evaluate(
            "text => { const at = document.querySelector('text'); at.textContent = text; return at.getBBox().width; }",
            text,
        )
        assert needed <= room.boxes[0, 2] - room.boxes[0, 0] <= 1.6 * needed + 50
