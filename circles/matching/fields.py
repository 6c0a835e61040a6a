"""Reading the fields of a matching problem: each is brought to its pinned type, or refused by name and index."""

from __future__ import annotations

from fractions import Fraction
from numbers import Integral, Rational
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np

from circles.errors import ProblemError

if TYPE_CHECKING:
    from numpy.typing import NDArray

MAX_SCORE = 10**11
"""Largest value, pair score or charge."""
MAX_MONEY = 10**15


def refuse(name: str, got: str, allowed: str, *, index: int | None = None) -> NoReturn:
    """Raise `ProblemError` about a field, or about one of its entries."""
    where = name if index is None else f"{name}[{index}]"
    msg = f"matching problem, {where}: got {got}; allowed: {allowed}"
    raise ProblemError(msg, array=name, index=index)


def read_truth(name: str, value: object) -> bool:
    """Read True or False."""
    if not isinstance(value, (bool, np.bool_)):
        refuse(name, f"{value!r:.60}", "True or False")
    return bool(value)


def read_whole(name: str, value: object, *, bound: int, least: int | None = None, index: int | None = None) -> int:
    """Read one whole number, from `least` (−`bound` if not given) to `bound`."""
    low = -bound if least is None else least
    if not is_whole(value) or not low <= int(value) <= bound:  # type: ignore[call-overload]
        refuse(name, f"{value!r:.60}", f"a whole number from {low:,} to {bound:,}", index=index)
    return int(value)  # type: ignore[call-overload]


def is_whole(value: object) -> bool:
    """Say whether a value is a whole number; True and False are none."""
    return isinstance(value, Integral) and not isinstance(value, (bool, np.bool_))


def read_ratio(name: str, value: object) -> Any:
    """Read a ratio of at least 0, as it is; None is no rule."""
    if value is None:
        return None
    number = isinstance(value, (float, np.floating, Rational)) and not isinstance(value, (bool, np.bool_))
    if not number or not 0 <= value <= MAX_MONEY:  # type: ignore[operator]
        refuse(name, f"{value!r:.60}", "a number of at least 0; 0 or None is no rule")
    return value


def read_array(name: str, given: object) -> NDArray[Any]:
    """Read what is or can be an array; rows of different lengths cannot."""
    try:
        return np.asarray(given)
    except ValueError:
        refuse(name, "rows of different lengths", "an array")


def read_integers(name: str, given: object, *, dimensions: int = 1) -> NDArray[np.int64]:
    """Read an array of whole numbers; the copy cannot be written to."""
    array = read_array(name, given)
    if array.ndim != dimensions:
        refuse(name, f"an array of shape {array.shape}", f"{dimensions} dimension(s)")
    flat, width = array.ravel(), max(1, array.size // max(1, len(array)))
    if array.size and array.dtype.kind not in "iu":
        at = _find_no_whole(flat)
        got = f"{flat[at : at + 1].tolist()[0]!r:.60} among values of type {array.dtype}"
        refuse(name, got, "whole numbers (an integer array)", index=at // width)
    if array.dtype.kind == "u" and array.size and int(array.max()) > np.iinfo(np.int64).max:
        at = int(flat.argmax())
        refuse(name, f"{int(flat[at])}", "numbers that fit 64 bits with a sign", index=at // width)
    return freeze(np.array(array, dtype=np.int64))


def _find_no_whole(flat: NDArray[Any]) -> int:
    """Find the first entry that is no whole number of 64 bits, 0 where the type alone is wrong."""
    if flat.dtype.kind == "f":
        wrong = np.flatnonzero(~(np.abs(flat) < 2.0**63) | (flat != np.floor(flat))).tolist()
    else:
        wrong = [at for at, each in enumerate(flat.tolist()) if not is_whole(each) or abs(each) >= 2**63]
    return int(wrong[0]) if wrong else 0


def read_scores(name: str, given: object, *, least: int = -MAX_SCORE) -> NDArray[np.int64]:
    """Read values, scores or charges."""
    return require_range(name, read_integers(name, given), low=least, high=MAX_SCORE)


def read_positions(name: str, given: object, n: int) -> NDArray[np.int64]:
    """Read positions of members, 0 to n − 1."""
    array = read_integers(name, given)
    if len(array) and n == 0:
        refuse(name, f"{len(array):,} entries", "none: there are no members")
    return require_range(name, array, low=0, high=n - 1) if n else array


def read_amounts(name: str, given: object, n: int, *, most: int = MAX_MONEY) -> NDArray[np.int64]:
    """Read one amount a member, at least 0; an empty array stands for zeros."""
    array = require_range(name, read_integers(name, given), low=0, high=most)
    if len(array) == 0:
        return freeze(np.zeros(n, dtype=np.int64))
    require_length(name, array, n, of="value")
    return array


def require_range(name: str, array: NDArray[np.int64], *, low: int, high: int) -> NDArray[np.int64]:
    """Refuse the first entry out of range."""
    wrong = np.flatnonzero((array.ravel() < low) | (array.ravel() > high))
    if len(wrong):
        at = int(wrong[0])
        refuse(name, f"{int(array.ravel()[at]):,}", f"{low:,} to {high:,}", index=at)
    return array


def require_length(name: str, array: NDArray[Any], wanted: int, *, of: str) -> None:
    """Refuse an array of another length."""
    if len(array) != wanted:
        refuse(name, f"{len(array):,} entries", f"{wanted:,}, as many as {of}")


def freeze(array: NDArray[Any]) -> NDArray[Any]:
    """Make an array read-only."""
    array.setflags(write=False)
    return array


def exact_ratio(value: float | Fraction | None) -> Fraction | None:
    """Give a ratio as the exact number it prints as (0.8 is 4/5), or None where there is no rule.

    Examples
    --------
    >>> exact_ratio(0.8)
    Fraction(4, 5)
    """
    if value is None or value == 0:
        return None
    return Fraction(value) if isinstance(value, Rational) else Fraction(str(float(value)))
