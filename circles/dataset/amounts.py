"""Amounts of money: from the digits in a file to whole fen, exactly.

Plain digits with a decimal point are added up as integers, a column at a time. Everything else (thousands separators,
full-width digits, a currency sign) is read text by text as an exact fraction. No amount is ever a float.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

import numpy as np

from circles.dataset.texts import read_texts
from circles.money import FEN_PER_YUAN, MAX_FEN, read_amount

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.dataset.cells import Cells

_CHUNK = 1 << 16
_MINUS, _POINT, _ZERO = b"-.0"
_MAX_DIGITS = 18


@dataclass(frozen=True, slots=True, kw_only=True)
class Amounts:
    """A column of amounts.

    Attributes
    ----------
    fen
        Shape (rows,): whole fen, 0 where there is none.
    missing, unreadable, fractional
        Shape (rows,): True where the cell is empty, is no amount, or has a part of a fen.
    """

    fen: NDArray[np.int64]
    missing: NDArray[np.bool_]
    unreadable: NDArray[np.bool_]
    fractional: NDArray[np.bool_]

    def at(self, rows: NDArray[np.int64]) -> Amounts:
        """Give the amounts at some positions."""
        return Amounts(
            fen=self.fen[rows],
            missing=self.missing[rows],
            unreadable=self.unreadable[rows],
            fractional=self.fractional[rows],
        )


def read_amounts(cells: Cells, *, unit: int = 1) -> Amounts:
    """Read a column of amounts.

    Parameters
    ----------
    cells
        The column.
    unit
        Yuan that one stands for in the file: 1, or 10,000 under a header that says 万元.
    """
    fen, plain = _add_up_digits(cells, places=len(str(unit * FEN_PER_YUAN)) - 1)
    outcome = np.full(len(fen), _Outcome.READ, dtype=np.int8)
    odd = np.flatnonzero(~plain)
    texts = read_texts(cells.at(odd))
    found = [_read_odd(text, unit * FEN_PER_YUAN) for text in texts.distinct]
    fen[odd] = np.array([number for number, _ in found], dtype=np.int64)[texts.codes]
    outcome[odd] = np.array([kind for _, kind in found], dtype=np.int8)[texts.codes]
    return Amounts(
        fen=fen,
        missing=outcome == _Outcome.EMPTY,
        unreadable=outcome == _Outcome.UNREADABLE,
        fractional=outcome == _Outcome.FRACTIONAL,
    )


class _Outcome(IntEnum):
    READ = 0
    EMPTY = 1
    UNREADABLE = 2
    FRACTIONAL = 3


def _read_odd(text: str, fen_per_unit: int) -> tuple[int, _Outcome]:
    """Read one text that is not plain digits; an amount beyond all bounds becomes one just beyond `MAX_FEN`."""
    plain = unicodedata.normalize("NFKC", text).strip().replace("\u2212", "-")
    if not plain:
        return 0, _Outcome.EMPTY
    amount = read_amount(plain.removeprefix("¥").lstrip())
    if amount is None:
        return 0, _Outcome.UNREADABLE
    fen = amount * fen_per_unit
    if fen.denominator != 1:
        return 0, _Outcome.FRACTIONAL
    return max(-MAX_FEN - 1, min(MAX_FEN + 1, int(fen))), _Outcome.READ


def _add_up_digits(cells: Cells, *, places: int) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Read what is an optional minus, digits, and at most `places` decimals; say where that was so."""
    rows = len(cells.starts)
    fen, plain = np.zeros(rows, dtype=np.int64), np.zeros(rows, dtype=np.bool_)
    text = np.frombuffer(cells.data, dtype=np.uint8)
    for at in range(0, rows, _CHUNK):
        some = slice(at, at + _CHUNK)
        fen[some], plain[some] = _add_up(text, cells.starts[some], cells.lengths[some], places=places)
    return fen, plain


def _add_up(
    text: NDArray[np.uint8], starts: NDArray[np.int64], lengths: NDArray[np.int64], *, places: int
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    minus = (text[starts] == _MINUS) & (lengths > 0)
    plain = (lengths > minus) & (lengths <= _MAX_DIGITS - places) & _is_digit(text[starts + minus])
    number = np.zeros(len(starts), dtype=np.int64)
    decimals = np.full(len(starts), -1, dtype=np.int64)
    for offset in range(int(lengths[plain].max(initial=0))):
        active = plain & (lengths > offset)
        byte = text[np.where(active, starts + offset, 0)]
        digit = active & _is_digit(byte)
        point = active & (byte == _POINT) & (decimals < 0)
        plain &= ~active | digit | point | (minus if offset == 0 else False)
        number = np.where(digit, number * 10 + (byte - _ZERO), number)
        decimals += (digit & (decimals >= 0)) | point
    plain &= decimals <= places
    scaled = number * 10 ** np.clip(places - np.maximum(decimals, 0), 0, places)
    return np.where(plain, np.where(minus, -scaled, scaled), 0), plain


def _is_digit(byte: NDArray[np.uint8]) -> NDArray[np.bool_]:
    return byte - np.uint8(_ZERO) < 10
