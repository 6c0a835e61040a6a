"""Labels of a replay's picture, in its own units: the first ones first, none over another or over a member."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_WIDTH, _WIDE_WIDTH, _SPACE = 0.7, 1.04, 0.3
_RISE, _FALL, _GAP = 0.82, 0.26, 0.35
"""Parts of the font's size: the width of a letter and of a Chinese one, the space kept free beside a text; what stands
over and under its line, and the gap between it and what it names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """Where a text stands: its foot line, and which of its ends (``start``, ``middle``, ``end``) is at `x`."""

    x: float
    y: float
    anchor: str


@dataclass(slots=True)
class Room:
    """What is taken of a picture; nothing may stand outside `frame`.

    Attributes
    ----------
    frame
        Left, top, right, bottom.
    boxes
        Shape (taken, 4): the same of everything that is there.
    """

    frame: tuple[float, float, float, float]
    boxes: NDArray[np.float64] = field(default_factory=lambda: np.empty((0, 4)))

    def take(self, boxes: NDArray[np.float64]) -> None:
        """Take some boxes, shape (boxes, 4)."""
        self.boxes = np.vstack((self.boxes, boxes))

    def place(self, text: str, sides: list[Label], font: float) -> Label | None:
        """Place a text at the first side where there is room; None if nowhere."""
        for side in sides:
            box = _measure(text, side, font)
            if self._is_free(box):
                self.take(box[None, :])
                return side
        return None

    def _is_free(self, box: NDArray[np.float64]) -> bool:
        left, top, right, bottom = self.frame
        if box[0] < left or box[1] < top or box[2] > right or box[3] > bottom:
            return False
        taken = self.boxes
        return not ((taken[:, :2] < box[2:]).all(axis=1) & (taken[:, 2:] > box[:2]).all(axis=1)).any()


def list_sides(x: float, y: float, reach: float, font: float) -> list[Label]:
    """Give the places beside something round: under it, over it, right and left of it."""
    away, middle = reach + _GAP * font, y + (_RISE - _FALL) / 2 * font
    return [
        Label(x=x, y=y + away + _RISE * font, anchor="middle"),
        Label(x=x, y=y - away - _FALL * font, anchor="middle"),
        Label(x=x + away, y=middle, anchor="start"),
        Label(x=x - away, y=middle, anchor="end"),
    ]


def _measure(text: str, at: Label, font: float) -> NDArray[np.float64]:
    wide = sum(unicodedata.east_asian_width(letter) in "WF" for letter in text)
    width = font * (_SPACE + _WIDE_WIDTH * wide + _WIDTH * (len(text) - wide))
    left = at.x - {"start": 0.0, "middle": width / 2, "end": width}[at.anchor]
    return np.array([left, at.y - _RISE * font, left + width, at.y + _FALL * font])
