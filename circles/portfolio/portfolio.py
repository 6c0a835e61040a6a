"""The portfolio: everything at one date in one currency, as typed frames that are checked once."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self
from weakref import WeakKeyDictionary

import numpy as np
import pandas as pd

from circles.errors import InputError
from circles.portfolio.tables import TABLES

if TYPE_CHECKING:
    from numpy.typing import NDArray


_DIGESTS: WeakKeyDictionary[Portfolio, str] = WeakKeyDictionary()


class TableFrame:
    """Gives one table of a portfolio as a frame of its own: changing the frame never changes the portfolio."""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, portfolio: Portfolio | None, owner: type) -> Any:
        return self if portfolio is None else portfolio.table(self.name)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False, weakref_slot=True)
class Portfolio:
    """Members, what they trade, owe and guarantee: everything at one date in one currency.

    Build one with `Portfolio.from_frames` or `circles.read_portfolio`; both check all tables, so that whoever holds
    a portfolio holds a consistent one. Each table is a frame with one row an entry and all columns of
    ``TABLES[name]``; money is whole fen in columns ending in ``_fen``, dates are ``datetime64[s]``, rates fractions
    in [0, 1].

    Attributes
    ----------
    as_of
        The date of the data; what is in force is judged on it.
    currency
        Three-letter code; ``CNY`` unless stated.
    warnings
        Frame ``file, line, column, value, code, message``: what was odd but not wrong.
    """

    as_of: date
    currency: str
    warnings: pd.DataFrame
    _frames: Mapping[str, pd.DataFrame]
    _codes: Mapping[tuple[str, str], NDArray[np.int32]]

    members = TableFrame()
    trades = TableFrame()
    acquaintances = TableFrame()
    exclusions = TableFrame()
    links = TableFrame()
    applications = TableFrame()
    circles = TableFrame()
    circle_members = TableFrame()
    loans = TableFrame()
    guarantees = TableFrame()
    receivables = TableFrame()
    activity = TableFrame()

    @classmethod
    def from_frames(cls, *, as_of: date | str, currency: str = "CNY", **tables: pd.DataFrame | None) -> Self:
        """Build a portfolio from frames, checking them all.

        Parameters
        ----------
        as_of
            The date of the data (a date, or ISO text).
        currency
            Three-letter code of all amounts.
        **tables
            Frames by table name (``members`` is required), canonical columns, ids as text, money as whole fen in
            columns ending in ``_fen``, missing optional columns allowed.

        Raises
        ------
        DatasetError
            If anything is wrong with the tables: all problems at once, nothing is built.
        InputError
            If a table name is unknown or the date or currency is not one.

        Examples
        --------
        >>> import pandas as pd
        >>> members = pd.DataFrame({"member_id": ["M1", "M2"], "resources_fen": [100_00, 50_00]})
        >>> Portfolio.from_frames(as_of="2007-12-29", members=members)
        Portfolio at 2007-12-29 in CNY: 2 members
        """
        from circles.portfolio.build import build_portfolio, frame_origins

        given = {name: frame for name, frame in tables.items() if frame is not None}
        return cls(**build_portfolio(given, frame_origins(given), as_of=as_of, currency=currency))

    def table(self, name: str) -> pd.DataFrame:
        """Give one table by name, as a frame of its own; the same as the attribute of that name."""
        if name not in self._frames:
            msg = f"unknown table {name!r}; a portfolio has: {', '.join(TABLES)}"
            raise InputError(msg)
        return self._frames[name].copy(deep=False)

    def replace(self, **tables: pd.DataFrame) -> Portfolio:
        """Give the portfolio with some tables exchanged, checked anew; this one stays as it is.

        Raises
        ------
        DatasetError
            If the exchanged tables do not fit.
        """
        kept = {name: frame for name, frame in self._frames.items() if len(frame) or name == "members"}
        return Portfolio.from_frames(as_of=self.as_of, currency=self.currency, **{**kept, **tables})

    def codes(self, table: str, column: str) -> NDArray[np.int32]:
        """Say which row each entry refers to.

        Parameters
        ----------
        table, column
            A column that refers to another table, such as ``("loans", "borrower_id")``.

        Returns
        -------
        Shape (rows of `table`,): position in the table referred to, −1 for a null.

        Raises
        ------
        InputError
            If the column refers to nothing.
        """
        if (table, column) not in self._codes:
            pairs = ", ".join(f"{name}.{reference}" for name, reference in self._codes)
            msg = f"{table}.{column} refers to no other table; these do: {pairs}"
            raise InputError(msg)
        return self._codes[table, column]

    def member_positions(self, ids: list[str], *, what: str = "member") -> NDArray[np.int32]:
        """Find members by id.

        Raises
        ------
        InputError
            If an id is not a member's; the message lists up to five of them.
        """
        found = pd.Index(self._frames["members"]["member_id"]).get_indexer(pd.Index(ids, dtype="str"))
        unknown = [member for member, row in zip(ids, found, strict=True) if row < 0]
        if unknown:
            shown = ", ".join(repr(member) for member in unknown[:5]) + (" …" if len(unknown) > 5 else "")
            msg = f"{what} {shown} not found among the {len(self._frames['members']):,} members"
            raise InputError(msg)
        return found.astype(np.int32)

    def digest(self) -> str:
        """Fingerprint of the data (SHA-256, hexadecimal): equal for equal tables, date and currency.

        It is taken once: a portfolio does not change.
        """
        if self not in _DIGESTS:
            _DIGESTS[self] = self._take_digest()
        return _DIGESTS[self]

    def _take_digest(self) -> str:
        whole = hashlib.sha256(f"{self.as_of.isoformat()} {self.currency}".encode())
        for name, frame in self._frames.items():
            for column in frame.columns:
                whole.update(f"\x1e{name}.{column}\x1f".encode())
                whole.update(self._column_bytes(name, frame[column]))
        return whole.hexdigest()

    def _column_bytes(self, table: str, values: pd.Series) -> bytes:
        if not isinstance(values.dtype, pd.StringDtype):
            return _number_bytes(values)
        places, found = self._factorize(table, values)
        lengths = np.fromiter(map(len, found), dtype=np.int64, count=len(found))
        texts = "".join(found).encode("utf-8", "surrogatepass")
        return len(lengths).to_bytes(8) + places.tobytes() + lengths.tobytes() + texts

    def _factorize(self, table: str, values: pd.Series) -> tuple[NDArray[np.intp], NDArray[np.object_]]:
        """Give texts numbers as they first appear, −1 for a null; those of a reference by what it refers to."""
        if (table, values.name) not in self._codes:
            return pd.factorize(values.to_numpy(dtype=object))
        rows = self._codes[table, str(values.name)]
        places, (known,) = np.full(len(rows), -1, dtype=np.intp), np.nonzero(rows >= 0)
        places[known], found = pd.factorize(rows[known])
        sample = np.empty(len(found), dtype=np.intp)
        sample[places[known]] = known
        return places, values.iloc[sample].to_numpy(dtype=object)

    def __str__(self) -> str:
        counts = [(len(self._frames[name]), name.replace("_", " ")) for name in TABLES]
        kept = ", ".join(f"{count:,} {name}" for count, name in counts if count or name == "members")
        return f"Portfolio at {self.as_of} in {self.currency}: {kept}"

    __repr__ = __str__


def check_portfolio(portfolio: object) -> Portfolio:
    """Give a portfolio as it is.

    Raises
    ------
    InputError
        If it is none, but the path of its tables, say.
    """
    if not isinstance(portfolio, Portfolio):
        hint = f"; write circles.read_portfolio({str(portfolio)!r:.80})" if isinstance(portfolio, str | Path) else ""
        msg = f"portfolio must be a circles.Portfolio, got {type(portfolio).__name__}{hint}"
        raise InputError(msg)
    return portfolio


def _number_bytes(values: pd.Series) -> bytes:
    if isinstance(values.dtype, pd.Int64Dtype):
        return values.isna().to_numpy().tobytes() + values.to_numpy(dtype=np.int64, na_value=0).tobytes()
    if pd.api.types.is_datetime64_dtype(values.dtype):
        return values.to_numpy().astype(np.int64).tobytes()
    return values.to_numpy().tobytes()
