"""The cells of a frame as attributes of a format, each different value written once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from circles.errors import InputError
from circles.portfolio import Column, Kind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from circles.graph.export.format import GraphFormat


@dataclass(frozen=True, slots=True, kw_only=True)
class AttributeWriter:
    """Writes attributes of nodes (letter ``n``) or edges (``e``).

    Attributes
    ----------
    form
        The format.
    letter
        What an attribute's place in the file begins with.
    columns
        All attributes in the order in which the file declares them.
    """

    form: GraphFormat
    letter: str
    columns: tuple[Column, ...]

    def write_same(self, column: Column, value: str) -> str:
        """Write an attribute that many rows share."""
        return self.form.attribute(self._place(column), column, value)

    def write_rows(self, frame: pd.DataFrame, columns: Sequence[Column], *, table: str) -> list[str]:
        """Write the attributes of each row: shape (rows,), missing values left out.

        Raises
        ------
        InputError
            If the format cannot hold a text; the message names table, row and column.
        """
        cells = [self._write_column(frame[column.frame_name], column, table=table) for column in columns]
        return list(map("".join, zip(*cells, strict=True))) if cells else [""] * len(frame)

    def spell_all(self, texts: list[str], *, table: str, column: str) -> list[str]:
        """Make texts safe.

        Raises
        ------
        InputError
            If the format cannot hold one of them.
        """
        try:
            return [self.form.spell(text) for text in texts]
        except ValueError as error:
            _refuse_text(self.form, texts, where=f"{table}.{column}", why=str(error))
            raise

    def _write_column(self, values: pd.Series, column: Column, *, table: str) -> list[str]:
        codes, distinct = pd.factorize(values)
        texts = _WRITERS[column.kind](distinct)
        if column.kind in (Kind.ID, Kind.TEXT):
            texts = self.spell_all(texts, table=table, column=column.name)
        place = self._place(column)
        written = [self.form.attribute(place, column, text) for text in texts]
        return np.array([*written, ""], dtype=object)[codes].tolist()

    def _place(self, column: Column) -> str:
        names = [known.frame_name for known in self.columns]
        return f"{self.letter}{names.index(column.frame_name)}"


def _refuse_text(form: GraphFormat, texts: list[str], *, where: str, why: str) -> None:
    for text in texts:
        try:
            form.spell(text)
        except ValueError:
            msg = f"{where}: {text!r} has {why}"
            raise InputError(msg) from None


def _write_texts(values: object) -> list[str]:
    return np.asarray(values, dtype=object).tolist()


def _write_numbers(values: object) -> list[str]:
    return [repr(number) for number in np.asarray(values).tolist()]


def _write_days(values: object) -> list[str]:
    return np.datetime_as_string(np.asarray(values, dtype="datetime64[s]"), unit="D").tolist()


def _write_months(values: object) -> list[str]:
    return np.datetime_as_string(np.asarray(values, dtype="datetime64[s]"), unit="M").tolist()


_WRITERS = {
    Kind.ID: _write_texts,
    Kind.TEXT: _write_texts,
    Kind.MONEY: _write_numbers,
    Kind.COUNT: _write_numbers,
    Kind.RATE: _write_numbers,
    Kind.DATE: _write_days,
    Kind.MONTH: _write_months,
}
