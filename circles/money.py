"""Money: whole fen in memory, yuan for people.

100 fen are one yuan. Amounts are integers wherever they are kept; these functions turn them into text and back and
split them without losing one.
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

import numpy as np

from circles.errors import InputError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

FEN_PER_YUAN = 100
MAX_FEN = 10**15
"""Largest amount accepted, in fen (10 trillion yuan): float64 still counts single fen below it."""


def parse_yuan(text: str) -> int:
    """Read an amount in yuan as whole fen.

    Parameters
    ----------
    text
        Digits with at most two decimals; thousands separators are accepted.

    Raises
    ------
    InputError
        If the text is not an amount, has more than two decimals, or exceeds `MAX_FEN`.

    Examples
    --------
    >>> parse_yuan("1,234.5")
    123450
    """
    try:
        fen = Decimal(text.strip().replace(",", "")) * FEN_PER_YUAN
    except InvalidOperation:
        fen = Decimal("NaN")
    if not fen.is_finite() or fen != fen.to_integral_value() or abs(fen) > MAX_FEN:
        msg = f"an amount in yuan has digits and at most two decimals, got {text!r}"
        raise InputError(msg)
    return int(fen)


def format_yuan(fen: int) -> str:
    """Write whole fen as yuan with thousands separators and two decimals.

    Examples
    --------
    >>> format_yuan(-123450)
    '-1,234.50'
    """
    yuan, rest = divmod(abs(int(fen)), FEN_PER_YUAN)
    return f"{'-' if fen < 0 else ''}{yuan:,}.{rest:02d}"


def round_to_fen(amounts: ArrayLike) -> NDArray[np.int64]:
    """Round amounts to whole fen so that their sum is the rounded sum (largest remainder).

    Parameters
    ----------
    amounts
        Shape (n,), fen as float64, each at least 0. Ties go to the earlier entry: order by id before calling.

    Returns
    -------
    Shape (n,), whole fen; each differs from its amount by less than one fen.

    Examples
    --------
    >>> round_to_fen([33.4, 33.3, 33.3]).tolist()
    [34, 33, 33]
    """
    exact = np.asarray(amounts, dtype=np.float64)
    whole = np.floor(exact + 1e-9).astype(np.int64)
    missing = round(float(exact.sum())) - int(whole.sum())
    if missing > 0:
        order = np.argsort(-np.round(exact - whole, 9), kind="stable")
        whole[order[:missing]] += 1
    return whole


def split_fen(total: int, weights: ArrayLike) -> NDArray[np.int64]:
    """Split whole fen in proportion to weights without losing one (largest remainder, ties to the earlier).

    Parameters
    ----------
    total
        Fen, at least 0.
    weights
        Shape (n,), n ≥ 1, each at least 0. All zero means equal parts.

    Returns
    -------
    Shape (n,), whole fen that add up to `total`.

    Raises
    ------
    InputError
        If there is no weight, or one is negative.

    Examples
    --------
    >>> split_fen(100, [1, 1, 1]).tolist()
    [34, 33, 33]
    """
    parts = [int(weight) for weight in np.asarray(weights)]
    if not parts or min(parts) < 0:
        msg = f"split_fen needs one or more weights of at least 0, got {parts}"
        raise InputError(msg)
    if sum(parts) == 0:
        parts = [1] * len(parts)
    whole = sum(parts)
    shares = [total * part // whole for part in parts]
    order = sorted(range(len(parts)), key=lambda i: (-(total * parts[i] % whole), i))
    for i in order[: total - sum(shares)]:
        shares[i] += 1
    return np.array(shares, dtype=np.int64)
