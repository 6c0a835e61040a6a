"""One column of a Parquet file: from an Arrow array to values of a table's kind."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from circles.dataset.columns import Finding, Parsed, parse_amounts, parse_texts, take_texts
from circles.dataset.headers import Fault
from circles.dataset.parquet.arrow import import_pyarrow
from circles.dataset.parquet.numbers import read_numbers
from circles.dataset.texts import Texts
from circles.money import FEN_PER_YUAN
from circles.portfolio.tables import Kind
from circles.portfolio.typed import TEXT

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.dataset.headers import Heading
    from circles.portfolio.tables import Column

_EXPECTED = {
    Kind.ID: "text or whole numbers",
    Kind.TEXT: "text or whole numbers",
    Kind.MONEY: "decimals, numbers or text",
    Kind.RATE: "numbers or text",
    Kind.COUNT: "whole numbers or text",
    Kind.DATE: "dates, timestamps without a zone, or text",
    Kind.MONTH: "text such as 2007-12, dates, or timestamps without a zone",
}
_LARGEST = 2**63 - 1
_ID_DIGITS = 10**15


def parse_array(array: Any, heading: Heading) -> Parsed | Fault:
    """Turn an Arrow array into values of a column's kind.

    Parameters
    ----------
    array
        Shape (rows,): what the file holds.
    heading
        The column that it means, and the unit of an amount.

    Returns
    -------
    The values, or what is wrong with the type of the whole column.
    """
    column = heading.column
    assert column is not None
    types = import_pyarrow().types
    if types.is_dictionary(array.type) and not _is_text(array.type.value_type, types):
        array = array.cast(array.type.value_type)
    if types.is_null(array.type):
        array = array.cast("string")
    if types.is_dictionary(array.type) or _is_text(array.type, types):
        return _parse_strings(array, heading)
    if types.is_integer(array.type) and column.kind in (Kind.ID, Kind.TEXT, Kind.DATE, Kind.MONTH):
        return _parse_strings(array.cast("string"), heading)
    is_number = types.is_integer(array.type) or types.is_floating(array.type) or types.is_decimal128(array.type)
    if is_number and column.kind in (Kind.MONEY, Kind.COUNT, Kind.RATE):
        return _parse_numbers(array, heading, column)
    if types.is_floating(array.type) and column.kind is Kind.ID:
        return _parse_float_ids(array)
    if _is_day(array.type, types) and column.kind in (Kind.DATE, Kind.MONTH):
        return _parse_days(array, column)
    return _refuse_type(array, heading, _EXPECTED[column.kind])


def _refuse_type(array: Any, heading: Heading, expected: str) -> Fault:
    kind = array.type.value_type if import_pyarrow().types.is_dictionary(array.type) else array.type
    text = f"{heading.text} must hold {'whole numbers' if heading.in_fen else expected}, it holds the type {kind}"
    return Fault(code="wrong_type", text=text)


def _is_text(kind: Any, types: Any) -> bool:
    return types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind)


def _is_day(kind: Any, types: Any) -> bool:
    return types.is_date(kind) or (types.is_timestamp(kind) and kind.tz is None)


def _parse_strings(array: Any, heading: Heading) -> Parsed | Fault:
    column = heading.column
    assert column is not None
    if heading.in_fen:
        return _refuse_type(array, heading, "whole numbers")
    numbered = array if import_pyarrow().types.is_dictionary(array.type) else array.dictionary_encode()
    try:
        distinct = numbered.dictionary.fill_null("").to_pylist()
    except UnicodeDecodeError:
        return Fault(code="undecodable", text=f"{heading.text} holds text that is not UTF-8")
    codes = numbered.indices.cast("int64").fill_null(len(distinct)).to_numpy(zero_copy_only=False)
    texts = Texts(codes=codes, distinct=[*distinct, ""])
    return _take_texts(texts) if column.kind in (Kind.ID, Kind.TEXT) else parse_texts(texts, column, unit=heading.unit)


def _take_texts(texts: Texts) -> Parsed:
    """Give texts as they are: a typed file needs no apostrophe before them, and blanks in it are meant."""
    parsed = take_texts(texts.codes, [text or np.nan for text in texts.distinct])
    if "\0" not in "".join(texts.distinct):
        return parsed
    has_nul = np.array(["\0" in text for text in texts.distinct], dtype=np.bool_)
    finding = Finding(where=has_nul[texts.codes], code="nul_byte", text="{column} has a NUL character, got {value}")
    return replace(parsed, findings=(finding,))


def _parse_float_ids(array: Any) -> Parsed:
    """Give whole numbers as ids: pandas turns a column of them with a gap into floats."""
    numbers = array.cast("double").to_numpy(zero_copy_only=False)
    missing = np.isnan(numbers)
    bad = ~missing & ~((np.abs(numbers) < _ID_DIGITS) & (np.floor(numbers) == numbers))
    codes, distinct = pd.factorize(np.where(missing | bad, np.nan, numbers))
    texts = np.array([*(str(int(number)) for number in distinct), np.nan], dtype=object)
    text = "{column} must be an id as text or a whole number of at most 15 digits, got {value}"
    return Parsed(
        values=pd.Series(texts[codes], dtype=TEXT), findings=(Finding(where=bad, code="damaged_id", text=text),)
    )


def _parse_numbers(array: Any, heading: Heading, column: Column) -> Parsed:
    if column.kind is Kind.RATE:
        return Parsed(values=pd.Series(array.cast("double").to_numpy(zero_copy_only=False).astype(np.float64)))
    if column.kind is Kind.COUNT:
        counts = read_numbers(array, per_one=1, largest=_LARGEST)
        return _parse_whole(counts.missing, counts.fen, counts.fractional, text="{column} must be a whole number")
    amounts = read_numbers(array, per_one=1 if heading.in_fen else heading.unit * FEN_PER_YUAN)
    parsed = parse_amounts(amounts, column, unit=heading.unit)
    if not heading.in_fen:
        return parsed
    findings = [finding for finding in parsed.findings if finding.code != "decimals"]
    text = "{column} must be a whole number of fen, got {value}"
    odd = Finding(where=amounts.fractional, code="unreadable", text=text)
    return Parsed(values=parsed.values, findings=(odd, *findings))


def _parse_whole(
    missing: NDArray[np.bool_], numbers: NDArray[np.int64], fractional: NDArray[np.bool_], *, text: str
) -> Parsed:
    values = pd.Series(pd.arrays.IntegerArray(numbers, missing | fractional))
    return Parsed(
        values=values, findings=(Finding(where=fractional, code="unreadable", text=f"{text}, got {{value}}"),)
    )


def _parse_days(array: Any, column: Column) -> Parsed:
    types = import_pyarrow().types
    unit = "D" if types.is_date32(array.type) else "ms" if types.is_date64(array.type) else array.type.unit
    numbers = array.view("int32" if unit == "D" else "int64").fill_null(0).to_numpy(zero_copy_only=False)
    moments = numbers.astype(np.int64).view(f"datetime64[{unit}]")
    days = moments.astype("datetime64[D]")
    missing = array.is_null().to_numpy(zero_copy_only=False)
    late = (days.astype(moments.dtype) != moments) & ~missing
    values = days.astype("datetime64[M]").astype("datetime64[s]") if column.kind is Kind.MONTH else days.astype("M8[s]")
    values[missing | late] = np.datetime64("NaT", "s")
    text = "{column} must be a day without a time, got {value}"
    return Parsed(values=pd.Series(values), findings=(Finding(where=late, code="unreadable", text=text),))
