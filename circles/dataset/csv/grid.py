"""Where each cell of a CSV text starts and ends, found for the whole text at once.

The rules are those of RFC 4180 and of Python's `csv`: a cell that starts with a quote mark runs to the next single
quote mark; inside it two quote marks are one, and commas and line breaks are text. A quote mark elsewhere is a
character like any other. Rows end with LF, CR LF or CR.

Commas, quote marks and line breaks are single bytes in UTF-8 that occur in no other character, so bytes are enough:
nothing here makes an object for a cell, and a line is counted where a person's editor counts it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from circles.dataset.cells import PADDING, Cells

if TYPE_CHECKING:
    from numpy.typing import NDArray

_COMMA, _QUOTE, _CR, _LF = b',"\r\n'
_IS_MARK = np.isin(np.arange(256), [_COMMA, _QUOTE, _CR, _LF])
_IS_BOUND = np.isin(np.arange(256), [_COMMA, _CR, _LF])
_CHUNK = 1 << 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """The cells of a whole text, in reading order.

    Attributes
    ----------
    data
        The whole file in UTF-8, and `PADDING` zero bytes.
    starts, lengths, escaped
        Shape (cells,): as in `Cells`.
    first
        Shape (rows,): the first cell of each row.
    counts
        Shape (rows,): how many cells each row has.
    lines
        Shape (rows,): the line on which each row starts, counted from 1.
    misquoted
        Rows with text after a closing quote mark.
    unclosed
        The row whose last cell is never closed, or −1.
    """

    data: bytes
    starts: NDArray[np.int64]
    lengths: NDArray[np.int64]
    escaped: NDArray[np.bool_]
    first: NDArray[np.int64]
    counts: NDArray[np.int64]
    lines: NDArray[np.int64]
    misquoted: NDArray[np.int64]
    unclosed: int

    def column(self, position: int, rows: NDArray[Any]) -> Cells:
        """Give one column of some rows; a row that is too short has an empty cell there."""
        present = self.counts[rows] > position
        cells = np.where(present, self.first[rows] + position, 0)
        lengths = np.where(present, self.lengths[cells], 0)
        escaped = self.escaped[cells] & present
        return Cells(data=self.data, starts=self.starts[cells], lengths=lengths, escaped=escaped)

    def row(self, row: int) -> list[str]:
        """Give the cells of one row as texts."""
        cells = np.arange(self.first[row], self.first[row] + self.counts[row])
        return Cells(data=self.data, starts=self.starts, lengths=self.lengths, escaped=self.escaped).read_all(cells)

    def row_lengths(self) -> NDArray[np.int64]:
        """Give shape (rows,): the bytes in all cells of a row."""
        if len(self.first) == 0:
            return np.zeros(0, dtype=np.int64)
        return np.add.reduceat(self.lengths, self.first)


def split_cells(data: bytes) -> Grid:
    """Find all cells of a CSV text in UTF-8 (without byte order mark).

    Lines without anything are no rows. Linear in the bytes of the text.
    """
    size = len(data)
    data += bytes(PADDING)
    text = np.frombuffer(data, dtype=np.uint8)
    marks = _find_marks(text[:size])
    quotes = _sort_quotes(text, size, marks)
    ends, is_row_end = _find_ends(text, size, marks, quotes=quotes)
    starts = np.concatenate([[0], ends[:-1] + 1]).astype(ends.dtype)
    starts[1:] += (text[ends[:-1]] == _CR) & (text[starts[1:]] == _LF)
    opens = text[starts] == _QUOTE
    lengths = ends - starts - opens
    lengths -= opens & (lengths > 0) & (text[ends - 1] == _QUOTE)
    starts += opens
    first = np.concatenate([[0], np.flatnonzero(is_row_end)[:-1] + 1])
    counts = np.diff(np.append(first, len(ends)))
    filled = (counts > 1) | (lengths[first] > 0) | opens[first]
    row_ends = ends[first + counts - 1]
    row_of = np.cumsum(filled) - 1
    return Grid(
        data=data,
        starts=starts,
        lengths=lengths,
        escaped=_mark_cells(ends, quotes.doubled),
        first=first[filled],
        counts=counts[filled],
        lines=_count_lines(text, marks, starts[first])[filled],
        misquoted=np.unique(row_of[np.searchsorted(row_ends, quotes.misplaced)]),
        unclosed=int(row_of[-1]) if quotes.unclosed else -1,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Quotes:
    """Quote marks by what they do: positions of those that open or close a cell, of doubled and of misplaced ones."""

    turning: NDArray[np.int64]
    doubled: NDArray[np.int64]
    misplaced: NDArray[np.int64]
    unclosed: bool


def _find_marks(text: NDArray[np.uint8]) -> NDArray[np.int64]:
    kind = np.int32 if len(text) < 2**31 - PADDING else np.int64
    parts = [(np.flatnonzero(_IS_MARK[text[at : at + _CHUNK]]) + at).astype(kind) for at in range(0, len(text), _CHUNK)]
    return np.concatenate(parts) if parts else np.zeros(0, dtype=kind)


def _sort_quotes(text: NDArray[np.uint8], size: int, marks: NDArray[np.int64]) -> _Quotes:
    quotes = marks[text[marks] == _QUOTE]
    before = np.where(quotes > 0, _IS_BOUND[text[quotes - 1]], True)
    after = np.where(quotes < size - 1, _IS_BOUND[text[quotes + 1]], True)
    twin = np.diff(quotes) == 1
    opening, closing = quotes[::2], quotes[1::2]
    opens = before[::2] | np.concatenate([[False], twin[1::2]])[: len(opening)]
    closes = after[1::2] | np.append(twin[1::2], False)[: len(closing)]
    if len(opening) != len(closing) or not opens.all() or not closes.all():
        return _walk_quotes(quotes, before, after)
    nothing = quotes[:0]
    return _Quotes(turning=quotes, doubled=closing[: len(twin[1::2])][twin[1::2]], misplaced=nothing, unclosed=False)


def _walk_quotes(quotes: NDArray[np.int64], before: NDArray[np.bool_], after: NDArray[np.bool_]) -> _Quotes:
    """Go from quote mark to quote mark, where some are not those of RFC 4180."""
    turning, doubled, misplaced, at = [], [], [], 0
    is_open = False
    while at < len(quotes):
        here = int(quotes[at])
        if is_open and at + 1 < len(quotes) and quotes[at + 1] == here + 1:
            doubled.append(here)
            at += 2
            continue
        if is_open or before[at]:
            turning.append(here)
            if is_open and not after[at]:
                misplaced.append(here)
            is_open = not is_open
        at += 1
    return _Quotes(
        turning=np.array(turning, dtype=np.int64),
        doubled=np.array(doubled, dtype=np.int64),
        misplaced=np.array(misplaced, dtype=np.int64),
        unclosed=is_open,
    )


def _find_ends(
    text: NDArray[np.uint8], size: int, marks: NDArray[np.int64], *, quotes: _Quotes
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Give shape (cells,) the position where each cell ends, and whether its row ends there."""
    ends = marks[text[marks] != _QUOTE]
    if len(quotes.turning):
        ends = ends[np.searchsorted(quotes.turning, ends) % 2 == 0]
    second = (text[ends] == _LF) & (text[ends - 1] == _CR) & (ends > 0)
    ends = ends[~second]
    is_row_end = text[ends] != _COMMA
    if len(ends) == 0 or not is_row_end[-1] or ends[-1] + (2 if _ends_with_crlf(text, size) else 1) != size:
        ends, is_row_end = np.append(ends, np.array(size, dtype=ends.dtype)), np.append(is_row_end, True)
    return ends, is_row_end


def _ends_with_crlf(text: NDArray[np.uint8], size: int) -> bool:
    return size > 1 and bool(text[size - 2] == _CR) and bool(text[size - 1] == _LF)


def _mark_cells(ends: NDArray[np.int64], positions: NDArray[np.int64]) -> NDArray[np.bool_]:
    marked = np.zeros(len(ends), dtype=np.bool_)
    marked[np.searchsorted(ends, positions)] = True
    return marked


def _count_lines(text: NDArray[np.uint8], marks: NDArray[np.int64], starts: NDArray[np.int64]) -> NDArray[np.int64]:
    kinds = text[marks]
    breaks = marks[(kinds == _LF) | ((kinds == _CR) & (text[marks + 1] != _LF))]
    return np.searchsorted(breaks, starts) + 1
