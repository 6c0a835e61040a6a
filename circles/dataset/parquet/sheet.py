"""A table as a Parquet file holds it: columns that have types already."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from circles.dataset.headers import Fault
from circles.dataset.parquet.arrow import import_pyarrow
from circles.dataset.parquet.columns import parse_array

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.dataset.columns import Parsed
    from circles.dataset.headers import Heading
    from circles.dataset.sheet import RowFault

_MAGIC = b"PAR1"


@dataclass(frozen=True, slots=True, kw_only=True)
class ParquetSheet:
    """A Parquet file as a `Sheet`; its lines are its rows, counted from 1.

    Attributes
    ----------
    table
        The whole file as Arrow columns.
    """

    table: Any

    @property
    def opening(self) -> list[tuple[int, list[str]]]:
        """The names of the columns; no entry can be mistaken for them."""
        return [(0, [" ".join(name.split()) for name in self.table.column_names])]

    @property
    def lines(self) -> NDArray[np.int64]:
        """Shape (rows,): the row of each entry."""
        return np.arange(1, self.table.num_rows + 1)

    @property
    def remarks(self) -> tuple[Fault, ...]:
        """Nothing: a typed file leaves little to remark on."""
        return ()

    @property
    def names_fault(self) -> Fault | None:
        """Nothing: the names stand beside the entries."""
        return None

    @property
    def holds_fen(self) -> bool:
        """Yes: whole numbers are as exact here as decimals."""
        return True

    def find_row_faults(self) -> list[RowFault]:
        """Nothing: rows cannot differ in length."""
        return []

    def count_columns(self, rows: NDArray[np.int64]) -> int:
        """Say how many columns the file has."""
        return int(self.table.num_columns)

    def is_empty(self, position: int) -> bool:
        """Say whether no entry has anything in a column."""
        column = self.table.column(position)
        return bool(column.null_count == len(column))

    def parse(self, position: int, heading: Heading) -> Parsed | Fault:
        """Give a column as typed values, or say that its type cannot be right."""
        return parse_array(_join(self.table.column(position)), heading)

    def show(self, position: int, rows: NDArray[np.int64]) -> list[str]:
        """Give the cells of some rows as texts."""
        cells = _join(self.table.column(position).take(rows))
        try:
            texts = cells.cast("string").to_pylist()
        except (ValueError, NotImplementedError):  # a list or a structure, or text that is not UTF-8
            texts = [repr(cell) for cell in cells]
        return ["" if text is None else text for text in texts]


def _join(column: Any) -> Any:
    """Give the parts of a column as one array."""
    pyarrow = import_pyarrow()
    if pyarrow.types.is_dictionary(column.type):
        column = column.unify_dictionaries()
    return pyarrow.concat_arrays(column.chunks) if column.num_chunks else pyarrow.array([], type=column.type)


def open_parquet(data: bytes) -> ParquetSheet | Fault:
    """Give the table in the bytes of a Parquet file, or what is wrong with the file.

    Raises
    ------
    InputError
        If pyarrow is not installed.
    """
    pyarrow = import_pyarrow()
    if not data:
        return Fault(code="empty_file", text="the file is empty, not even column names are there")
    if not data.startswith(_MAGIC):
        return Fault(code="not_parquet", text="the file is no Parquet file; name it after what it is, such as .csv")
    if not data.endswith(_MAGIC):
        return Fault(code="damaged_parquet", text="the file is cut short, its end is missing; write or send it again")
    try:
        schema = pyarrow.parquet.read_schema(pyarrow.BufferReader(data))
        texts = [field.name for field in schema if pyarrow.types.is_string(field.type)]
        file = pyarrow.parquet.ParquetFile(pyarrow.BufferReader(data), read_dictionary=texts)
        return ParquetSheet(table=file.read())
    except (pyarrow.ArrowException, OSError) as error:
        reason = str(error).split("\n")[0][:200]
        return Fault(code="damaged_parquet", text=f"the file cannot be read ({reason}); write or send it again")
