"""Result tables for people and for programs."""

from __future__ import annotations

import io
import json
import unicodedata
from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from circles.errors import InputError
from circles.money import format_yuan
from circles.viz.escape import clean_text

_MONEY = "_fen"
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_LONGEST = 400


def render_table(frame: pd.DataFrame, form: str) -> str:
    """Write a result table as text for a terminal, as CSV, or as JSON.

    Parameters
    ----------
    frame
        Any result table; columns ending in ``_fen`` are money in whole fen.
    form
        ``text``: aligned columns, money in yuan under headings without ``_fen``. ``csv``: a heading line and one line
        a row, whole fen; text that a spreadsheet would run as a formula gets an apostrophe before it. ``json``: an
        array of objects, whole fen, missing values null, dates ISO.

    Returns
    -------
    The table, ending in a line break.

    Raises
    ------
    InputError
        If the form is unknown.

    Examples
    --------
    >>> table = pd.DataFrame({"member_id": ["M1", "M2"], "paid_fen": [123450, 0]})
    >>> print(render_table(table, "text"), end="")
    member_id      paid
    M1         1,234.50
    M2             0.00
    >>> print(render_table(table, "csv"), end="")
    member_id,paid_fen
    M1,123450
    M2,0
    """
    if form not in _FORMS:
        msg = f"form must be one of {', '.join(_FORMS)}, got {form!r}"
        raise InputError(msg)
    return _FORMS[form](frame)


def _render_text(frame: pd.DataFrame) -> str:
    columns = [_text_column(str(name), frame[name]) for name in frame.columns]
    lines = ["  ".join(cells).rstrip() for cells in zip(*columns, strict=True)]
    return "".join(f"{line}\n" for line in lines)


def _text_column(name: str, values: pd.Series) -> list[str]:
    heading = clean_text(name.removesuffix(_MONEY))
    cells = [heading, *(_text_cell(name, value) for value in values)]
    width = max(map(_measure_text, cells))
    numbers = pd.api.types.is_numeric_dtype(values.dtype) and not pd.api.types.is_bool_dtype(values.dtype)
    blanks = [" " * (width - _measure_text(cell)) for cell in cells]
    return [blank + cell if numbers else cell + blank for cell, blank in zip(cells, blanks, strict=True)]


def _text_cell(name: str, value: Any) -> str:
    if pd.isna(value):
        return ""
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    if name.endswith(_MONEY):
        return format_yuan(value)
    if isinstance(value, int | np.integer):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:.4g}"
    return str(value.date()) if isinstance(value, pd.Timestamp) else clean_text(value, longest=_LONGEST)


def _measure_text(text: str) -> int:
    """Count terminal columns: Chinese characters take two, combining marks none."""
    wide = sum(unicodedata.east_asian_width(mark) in "WF" for mark in text)
    return len(text) + wide - sum(unicodedata.combining(mark) > 0 for mark in text)


def _render_csv(frame: pd.DataFrame) -> str:
    plain = pd.DataFrame({name: [_csv_cell(value) for value in frame[name]] for name in frame.columns}, dtype=object)
    written = io.StringIO()
    plain.to_csv(written, index=False, lineterminator="\n")
    return _whole_characters(written.getvalue())


def _csv_cell(value: Any) -> Any:
    if isinstance(value, str):
        return f"'{value}" if value.startswith(_FORMULA) else value
    return str(value.date()) if isinstance(value, pd.Timestamp) else value


def _render_json(frame: pd.DataFrame) -> str:
    names = [str(name) for name in frame.columns]
    rows = [
        {name: _json_cell(value) for name, value in zip(names, row, strict=True)}
        for row in frame.itertuples(index=False, name=None)
    ]
    return _whole_characters(json.dumps(rows, ensure_ascii=False, indent=2, allow_nan=False) + "\n")


def _json_cell(value: Any) -> Any:
    if not isinstance(value, list | tuple) and pd.isna(value):
        return None
    if isinstance(value, date):
        return value.isoformat()[: len("2007-12-29")]
    if isinstance(value, np.generic):
        return _json_cell(value.item())
    return str(value) if isinstance(value, float) and not np.isfinite(value) else value


def _whole_characters(text: str) -> str:
    """Replace half characters, which no encoding can write."""
    return text.encode("utf-8", "replace").decode("utf-8")


_FORMS: dict[str, Callable[[pd.DataFrame], str]] = {"text": _render_text, "csv": _render_csv, "json": _render_json}
