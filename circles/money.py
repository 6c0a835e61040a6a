"""Money: whole fen in memory, yuan for people.

100 fen are one yuan. Amounts are integers wherever they are kept; these functions turn them into text and back and
split them without losing one.
"""

from __future__ import annotations

import math
import re
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from circles.errors import InputError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

FEN_PER_YUAN = 100
MAX_FEN = 10**15
"""Largest amount accepted, in fen (10 trillion yuan): float64 still counts single fen below it."""


_AMOUNT = re.compile(r"([+-]?)([0-9]{1,30}|[0-9]{1,3}(?:,[0-9]{3}){1,9})(?:\.([0-9]{0,30}))?")


def read_amount(text: str) -> Fraction | None:
    """Give the exact number that a text states, or nothing if it is not plainly an amount.

    Parameters
    ----------
    text
        ASCII digits with an optional sign, decimal point, and thousands separators in groups of three. ``12,34`` is
        nothing: it is twelve hundred to some and twelve to others; nor is ``1e5``.

    Examples
    --------
    >>> read_amount("-1,234.50")
    Fraction(-2469, 2)
    """
    found = _AMOUNT.fullmatch(text)
    if found is None:
        return None
    sign, whole, decimals = found[1], found[2].replace(",", ""), found[3] or ""
    size = Fraction(int(whole + decimals), 10 ** len(decimals))
    return -size if sign == "-" else size


def parse_yuan(text: str) -> int:
    """Read an amount in yuan as whole fen.

    Parameters
    ----------
    text
        Digits with at most two decimals; thousands separators in groups of three are accepted.

    Raises
    ------
    InputError
        If the text is not an amount, has more than two decimals, or exceeds `MAX_FEN`.

    Examples
    --------
    >>> parse_yuan("1,234.5")
    123450
    """
    yuan = read_amount(text.strip())
    if yuan is None or (yuan * FEN_PER_YUAN).denominator != 1 or abs(yuan * FEN_PER_YUAN) > MAX_FEN:
        msg = f"an amount in yuan has digits and at most two decimals, got {text!r}"
        raise InputError(msg)
    return int(yuan * FEN_PER_YUAN)


def format_yuan(fen: int) -> str:
    """Write whole fen as yuan with thousands separators and two decimals.

    Examples
    --------
    >>> format_yuan(-123450)
    '-1,234.50'
    """
    yuan, rest = divmod(abs(int(fen)), FEN_PER_YUAN)
    return f"{'-' if fen < 0 else ''}{yuan:,}.{rest:02d}"


def name_currency(code: str) -> str:
    """Give the word that stands after an amount in a currency: yuan for CNY, the code itself for any other.

    Examples
    --------
    >>> name_currency("CNY"), name_currency("THB")
    ('yuan', 'THB')
    """
    return "yuan" if code == "CNY" else code


def round_to_fen(amounts: ArrayLike) -> NDArray[np.int64]:
    """Round amounts to whole fen so that their sum is the rounded sum (largest remainder).

    Parameters
    ----------
    amounts
        Shape (n,), fen as float64, each at least 0. Ties go to the earlier entry: order by id before calling.

    Returns
    -------
    Shape (n,), whole fen; each differs from its amount by less than one fen.

    Raises
    ------
    InputError
        If an amount is negative or not a number.

    Examples
    --------
    >>> round_to_fen([33.4, 33.3, 33.3]).tolist()
    [34, 33, 33]
    """
    exact = np.asarray(amounts, dtype=np.float64)
    if not (np.isfinite(exact) & (exact >= 0)).all():
        msg = f"round_to_fen needs amounts of at least 0, got {exact[~(np.isfinite(exact) & (exact >= 0))][0]}"
        raise InputError(msg)
    whole = np.floor(exact + 1e-9).astype(np.int64)
    missing = round(math.fsum(exact)) - int(whole.sum())
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
        Shape (n,), n ≥ 1, whole numbers or fractions, each at least 0. All zero means equal parts.

    Returns
    -------
    Shape (n,), whole fen that add up to `total`.

    Raises
    ------
    InputError
        If there is no weight, a weight is negative or not a number, or the total is negative.

    Examples
    --------
    >>> split_fen(100, [1, 1, 1]).tolist()
    [34, 33, 33]
    """
    parts = _exact_weights(weights)
    if total < 0:
        msg = f"split_fen splits a total of at least 0, got {total}"
        raise InputError(msg)
    whole = sum(parts)
    shares = [total * part // whole for part in parts]
    order = sorted(range(len(parts)), key=lambda i: (-(total * parts[i] % whole), i))
    for i in order[: total - sum(shares)]:
        shares[i] += 1
    return np.array(shares, dtype=np.int64)


def _exact_weights(weights: ArrayLike) -> list[int]:
    """Give weights as whole numbers in the same proportion: a float is the exact fraction it stands for."""
    array = np.asarray(weights)
    given = array.tolist()
    if not given or not all(math.isfinite(weight) and weight >= 0 for weight in given):
        msg = f"split_fen needs one or more weights of at least 0, got {given}"
        raise InputError(msg)
    parts = given if array.dtype.kind in "iu" else _scale_up([Fraction(weight) for weight in given])
    return parts if any(parts) else [1] * len(parts)


def _scale_up(fractions: list[Fraction]) -> list[int]:
    scale = math.lcm(*(fraction.denominator for fraction in fractions))
    return [int(fraction * scale) for fraction in fractions]
