"""From the value of a cell to the text that it stands for, and the kind of text that no cell of a workbook holds."""

from __future__ import annotations

import datetime
import re
from decimal import Decimal

from circles.portfolio.tables import Kind

_DIGITS = 15
"""A spreadsheet keeps so many digits of a number; what a file has after them is noise of its arithmetic."""
_TOO_LARGE = 10**_DIGITS
_AS_SHOWN = {None, Kind.ID, Kind.TEXT}
"""Where a number with more digits is what a spreadsheet shows of it: 1.23456789012346E+17."""
_CONTROL = re.compile(r"_x(00[01][0-9A-Fa-f]|005[Ff])_")
_MUST_ESCAPE = re.compile("[\x01-\x08\x0b-\x1f]|_(?=x[0-9A-Fa-f]{4}_)")


def show_value(value: object, kind: Kind | None = None) -> str:
    """Give the text of a cell, as a CSV file would hold it.

    Parameters
    ----------
    value
        What openpyxl gives: a text, number, truth value, date, time, or nothing.
    kind
        What the column holds: a rate keeps all its digits, any other number those that a spreadsheet keeps.

    Examples
    --------
    >>> show_value(12.0), show_value(0.1 + 0.2), show_value(123456789012345678)
    ('12', '0.3', '1.23456789012346E+17')
    """
    if value is None:
        return ""
    if isinstance(value, str):
        return read_escapes(value)
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        return _show_number(value, kind)
    if isinstance(value, datetime.datetime):
        return value.isoformat(" ") if value.time() != datetime.time() else value.date().isoformat()
    return str(value)


def _show_number(value: float, kind: Kind | None) -> str:
    if abs(value) >= _TOO_LARGE and kind in _AS_SHOWN:
        return f"{value:.{_DIGITS}G}"
    if value == int(value):
        return str(int(value))
    if kind is Kind.RATE:
        return repr(value)
    return format(Decimal(f"{value:.{_DIGITS}g}"), "f")


def is_odd_id(value: object) -> bool:
    """Say whether a cell holds something that was no id when it was typed: part of a number, a date, a truth value."""
    if isinstance(value, bool | datetime.date | datetime.time | datetime.timedelta):
        return True
    return isinstance(value, float) and value != int(value)


def read_escapes(text: str) -> str:
    """Give the text that ``_x000D_`` and the like stand for in a workbook; undoes `write_escapes`."""
    return _CONTROL.sub(lambda found: chr(int(found[1], 16)), text) if "_x00" in text else text


def write_escapes(text: str) -> str:
    r"""Give a text as it stands in a workbook.

    Examples
    --------
    >>> write_escapes("a\rb"), write_escapes("_x0041_")
    ('a_x000D_b', '_x005F_x0041_')
    """
    return _MUST_ESCAPE.sub(lambda found: f"_x{ord(found[0]):04X}_", text)
