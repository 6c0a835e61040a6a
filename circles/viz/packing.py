"""Where separate things go on a page: in rows, as one reads, none over another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_ALIKE = 1.6


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """Room that a part of the picture needs."""

    width: float
    height: float


def pack_boxes(boxes: list[Box], aspect: float) -> NDArray[np.float64]:
    """Put boxes in rows from left to right and top to bottom, in the order given.

    Boxes of nearly one width stand in columns.

    Parameters
    ----------
    boxes
        At least one.
    aspect
        Width over height, > 0, that the whole should come near.

    Returns
    -------
    Shape (n, 2): centre of each box; no two boxes overlap.
    """
    widths = _align_widths(np.array([box.width for box in boxes]))
    heights = np.array([box.height for box in boxes])
    rows = _break_rows(widths, _choose_page_width(widths, heights, aspect=aspect))
    centres = np.zeros((len(boxes), 2))
    top = 0.0
    for row in rows:
        tallest = heights[row].max()
        right = np.cumsum(widths[row])
        centres[row, 0] = right - widths[row] / 2
        centres[row, 1] = top + tallest / 2
        top += tallest
    return centres


def _align_widths(widths: NDArray[np.float64]) -> NDArray[np.float64]:
    if widths.max() <= _ALIKE * np.median(widths):
        return np.full(len(widths), widths.max())
    return widths


def _choose_page_width(widths: NDArray[np.float64], heights: NDArray[np.float64], *, aspect: float) -> float:
    """Try the widths at which whole columns fit and keep the one whose page is nearest the wished aspect."""
    least = float(widths.max())
    tries = least + np.linspace(0.0, 1.0, 60) * max(float(widths.sum()) - least, 0.0)
    best = [abs(np.log(_page_aspect(widths, heights, page) / aspect)) for page in tries]
    return float(tries[int(np.argmin(best))])


def _page_aspect(widths: NDArray[np.float64], heights: NDArray[np.float64], page: float) -> float:
    rows = _break_rows(widths, page)
    return float(max(widths[row].sum() for row in rows) / sum(heights[row].max() for row in rows))


def _break_rows(widths: NDArray[np.float64], page: float) -> list[list[int]]:
    rows: list[list[int]] = []
    used = np.inf
    for box, width in enumerate(widths):
        if used + width > page + 1e-6:
            rows.append([])
            used = 0.0
        rows[-1].append(box)
        used += width
    return rows
