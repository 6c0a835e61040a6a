"""What results leave in a store beside the portfolio: circles by kind, and failures by run."""

from __future__ import annotations

import numpy as np
import pandas as pd

from circles.errors import InputError
from circles.graph.storable import is_unicode
from circles.portfolio import Column, Kind, Table
from circles.portfolio.typed import empty_column, type_column

PORTFOLIO_KIND = "portfolio"
"""The kind under which a store lists the portfolio's own circles."""

WRITTEN_CIRCLES = Table(
    name="written_circles",
    key=("circle_id", "member_id"),
    columns=(
        Column(name="circle_id", kind=Kind.ID, required=True),
        Column(name="member_id", kind=Kind.ID, required=True),
        Column(name="draw_order", kind=Kind.COUNT),
        Column(name="deposit", kind=Kind.MONEY),
        Column(name="amount", kind=Kind.MONEY),
        Column(name="score", kind=Kind.COUNT, signed=True),
        Column(name="status", kind=Kind.TEXT),
    ),
)
"""One row a member of a written circle; ``amount_fen`` is the loan meant for the member, ``score`` the circle's."""

WRITTEN_FAILURES = Table(
    name="written_failures",
    key=("member_id",),
    columns=(
        Column(name="member_id", kind=Kind.ID, required=True),
        Column(name="round", kind=Kind.COUNT, required=True),
        Column(name="state", kind=Kind.TEXT),
        Column(name="cause", kind=Kind.TEXT),
        Column(name="hit_by", kind=Kind.TEXT),
        Column(name="own_shortfall", kind=Kind.MONEY),
    ),
)
"""One row a member that failed in a cascade, with the columns of ``Cascade.members`` that say when and why."""

CIRCLES_OF = Table(
    name="circles_of",
    columns=(
        Column(name="kind", kind=Kind.TEXT, required=True),
        Column(name="circle_id", kind=Kind.ID, required=True),
        Column(name="member_id", kind=Kind.ID, required=True),
        Column(name="draw_order", kind=Kind.COUNT),
        Column(name="deposit", kind=Kind.MONEY),
        Column(name="amount", kind=Kind.MONEY),
        Column(name="status", kind=Kind.TEXT),
        Column(name="formed_on", kind=Kind.DATE),
        Column(name="expires_on", kind=Kind.DATE),
    ),
)
"""One row a member of a circle, by kind, circle and member; a store adds the bool column ``current``."""


def type_written(frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Give what is to be written the table's columns and types.

    Parameters
    ----------
    frame
        The required columns, and any others; an absent optional column becomes nulls, unknown ones are left out.
    table
        `WRITTEN_CIRCLES` or `WRITTEN_FAILURES`.

    Raises
    ------
    InputError
        If a required column is missing or has nulls, a cell is not readable, or a key is there twice.
    """
    typed = {}
    for column in table.columns:
        name = column.frame_name
        if name in frame:
            typed[name] = _type(frame[name], column)
        elif column.required:
            msg = f"{table.name}: the required column {name} is missing; the columns are: {', '.join(map(str, frame))}"
            raise InputError(msg)
        else:
            typed[name] = empty_column(column, len(frame))
    whole = pd.DataFrame(typed)
    _refuse_repeats(whole, table)
    return whole


def check_name(name: str, *, what: str) -> None:
    """Refuse a kind or run that cannot name anything: not text, blank, or text that no store can keep."""
    if not isinstance(name, str) or not name.strip() or not is_unicode(name):
        msg = f"{what} must be a name, got {name!r}"
        raise InputError(msg)


def check_kind(kind: str) -> None:
    """Refuse a kind of circles that cannot be written."""
    check_name(kind, what="kind")
    if kind == PORTFOLIO_KIND:
        msg = f"kind must not be {kind!r}, which stands for the portfolio's own circles; give 'proposed' or another"
        raise InputError(msg)


def _type(values: pd.Series, column: Column) -> pd.Series:
    typed, bad = type_column(values, column)
    if column.required:
        bad = bad | typed.isna().to_numpy()
    if bad.any():
        row = int(np.flatnonzero(bad)[0])
        msg = f"{column.frame_name}, row {row}: must be {_expected(column)}, got {values.iloc[row]!r}"
        raise InputError(msg)
    return typed


def _expected(column: Column) -> str:
    return "text" if column.kind in (Kind.ID, Kind.TEXT) else "a whole number"


def _refuse_repeats(frame: pd.DataFrame, table: Table) -> None:
    repeated = np.flatnonzero(frame.duplicated(list(table.key)).to_numpy())
    if len(repeated):
        row = int(repeated[0])
        values = " and ".join(repr(frame[name].iloc[row]) for name in table.key)
        msg = f"{table.name}, row {row}: {' and '.join(table.key)} must be unique, {values} is there already"
        raise InputError(msg)
