"""Numbers of a Parquet file as whole fen, exactly: integers, decimals, and floats that mean their decimal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from circles.dataset.amounts import Amounts
from circles.dataset.parquet.arrow import import_pyarrow
from circles.money import MAX_FEN

if TYPE_CHECKING:
    from numpy.typing import NDArray

_LARGEST_EXACT = 2.0**53


def read_numbers(array: Any, *, per_one: int, largest: int = MAX_FEN + 1) -> Amounts:
    """Read an Arrow array of numbers.

    Parameters
    ----------
    array
        Shape (rows,): integers, decimals or floats. A float is the decimal that it is nearest to: 0.29 is 29 fen,
        although no float is 0.29; 0.295 has a part of a fen.
    per_one
        What one in the file is here, a power of ten: 100 fen where it is in yuan.
    largest
        What is larger in size becomes this.

    Returns
    -------
    The numbers; none is unreadable.
    """
    types = import_pyarrow().types
    missing = array.is_null(nan_is_null=True).to_numpy(zero_copy_only=False)
    if types.is_decimal128(array.type):
        found, fractional = _read_decimals(array, per_one, largest)
    elif types.is_floating(array.type):
        found, fractional = _read_floats(array, per_one, largest)
    else:
        found, fractional = _read_integers(array, per_one, largest), np.zeros(len(array), dtype=np.bool_)
    return Amounts(
        fen=np.where(missing | fractional, 0, found),
        missing=missing,
        unreadable=np.zeros(len(array), dtype=np.bool_),
        fractional=fractional & ~missing,
    )


def _read_integers(array: Any, per_one: int, largest: int) -> NDArray[np.int64]:
    numbers = array.fill_null(0).to_numpy(zero_copy_only=False)
    most = largest // per_one + 1
    if numbers.dtype == np.uint64:
        numbers = np.minimum(numbers, np.uint64(min(most, 2**63 - 1)))
    return _scale(numbers.astype(np.int64), per_one, largest)


def _scale(numbers: NDArray[np.int64], per_one: int, largest: int) -> NDArray[np.int64]:
    most = largest // per_one
    inside = np.clip(numbers, -most, most) * per_one
    return np.where(np.abs(numbers) > most, np.sign(numbers) * largest, inside)


def _read_decimals(array: Any, per_one: int, largest: int) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    pyarrow = import_pyarrow()
    places, scale = len(str(per_one)) - 1, array.type.scale
    fractional = np.zeros(len(array), dtype=np.bool_)
    if scale > places:
        whole = array.cast(pyarrow.decimal128(38, places), safe=False)
        again = whole.cast(pyarrow.decimal128(38, scale), safe=False)
        fractional = pyarrow.compute.not_equal(again, array).fill_null(False).to_numpy(zero_copy_only=False)
        array, scale = whole, places
    words = np.frombuffer(array.buffers()[1], dtype="<i8")[2 * array.offset :][: 2 * len(array)]
    low, high = words[::2].astype(np.int64), words[1::2]
    beyond = (high != low >> 63) | (low == np.iinfo(np.int64).min)
    low[beyond] = 0
    found = _scale(low, 10 ** (places - scale), largest)
    return np.where(beyond, np.where(high < 0, -largest, largest), found), fractional


def _read_floats(array: Any, per_one: int, largest: int) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    numbers = array.fill_null(0.0).to_numpy(zero_copy_only=False)
    kind = numbers.dtype.type
    numbers = np.nan_to_num(numbers.astype(np.float64), nan=0.0, posinf=np.inf, neginf=-np.inf)
    most = min(float(largest), _LARGEST_EXACT)
    beyond = np.abs(numbers) * per_one > most
    inside = np.where(beyond, 0.0, numbers)
    found = np.rint(inside * per_one)
    fractional = (found / per_one).astype(kind) != inside.astype(kind)
    return np.where(beyond, np.sign(numbers) * most, found).astype(np.int64), fractional
