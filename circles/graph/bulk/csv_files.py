"""A portfolio as the files that the importer reads, written from the same batches that a load by statements sends."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import numpy as np

from circles.errors import InputError
from circles.graph.bulk.csv_cells import join_rows, spell_cells
from circles.graph.bulk.csv_parts import EDGES, NODES, ROW, Edges, Nodes, list_properties
from circles.graph.collecting import collection_put_off
from circles.graph.neo4j.batches import Batch, cut_batches
from circles.graph.neo4j.naming import NO_NUMBER
from circles.portfolio import TABLES, Kind, Portfolio

if TYPE_CHECKING:
    from circles.graph.progress import RowCount

LOAD = 1
"""Number of the load in a database that was empty before."""
_DELIMITERS = [chr(code) for code in (*range(1, 9), *range(14, 32), *range(0xE000, 0xE100))]
_NOT_READY = 0
"""Layout of an import that was not seen through; a load by statements then removes it."""
_NOTES = {"Load": 1, "LoadLock": 1}
"""Labels of the notes of a load, and how many of them there are."""
_IMPORTED = {"month": "date"}
"""The importer's words for types that it does not know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CsvFiles:
    """What was written.

    Attributes
    ----------
    arguments
        What the importer is told, apart from where: which files, and how they are to be read.
    batches
        Number of batches.
    """

    arguments: list[str]
    batches: int


def write_csv_files(portfolio: Portfolio, folder: Path, digest: str, count: RowCount) -> CsvFiles:
    """Write a portfolio, and the notes of a load that has all of it, as files for the importer.

    Raises
    ------
    InputError
        If the texts leave no letter to set the entries of a list apart.
    """
    delimiter, places, batches = _choose_delimiter(portfolio), _number_nodes(portfolio), 0
    with collection_put_off(), ExitStack() as opened:
        files = {part: _Part(part, folder, delimiter, places, opened) for part in (*NODES, *EDGES)}
        for batch in cut_batches(portfolio):
            batches += 1
            for part, file in files.items():
                if part.table == batch.table:
                    file.add(batch)
            count.add(batch.rows)
    _write_notes(folder, digest, places, batches=batches)
    arguments = [f"--nodes={part.label}={part.label}.csv" for part in NODES if files[part].rows]
    arguments += [f"--relationships={part.type}={part.type}.csv" for part in EDGES if files[part].rows]
    arguments += ["--nodes=Load=Load.csv", "--nodes=LoadLock=LoadLock.csv", "--id-type=actual"]
    arguments += [f"--array-delimiter=U+{ord(delimiter):04X}", f"--multiline-fields={_has_lines(portfolio)}".lower()]
    return CsvFiles(arguments=arguments, batches=batches)


class _Part:
    """One file while it is written."""

    def __init__(
        self, part: Nodes | Edges, folder: Path, delimiter: str, places: Mapping[str, int], opened: ExitStack
    ) -> None:
        self.rows = 0
        self._places = [places[label] for label in _end_labels(part)]
        self._part = part
        self._properties = {} if isinstance(part, Edges) and part.is_bare else list_properties(part.table)
        self._delimiter = delimiter
        self._file = _open(folder / f"{part.label if isinstance(part, Nodes) else part.type}.csv", opened)
        properties = [f"{name}:{_IMPORTED.get(kind, kind)}" for name, kind in self._properties.items()]
        self._file.write(join_rows([[name] for name in (*self._ends(), *properties, *self._load())]))

    def add(self, batch: Batch) -> None:
        """Write the rows of a batch."""
        part, size = self._part, len(next(iter(batch.parameters.values())))
        lists = {ROW: range(self.rows, self.rows + size), **batch.parameters}
        self.rows += size
        ends = [lists[name] for name in ([ROW] if isinstance(part, Nodes) else [part.begin[1], part.end[1]])]
        if NO_NUMBER in ends[-1]:  # a loan in no circle; such relationships have no properties
            ends = list(zip(*(row for row in zip(*ends, strict=True) if row[-1] != NO_NUMBER), strict=True))
        numbers = [
            [row + place for row in end] if place else end
            for end, place in zip(ends, self._places, strict=False)  # no ends: no rows
        ]
        columns = [spell_cells(end, "long", self._delimiter) for end in numbers]
        columns += [spell_cells(lists[name], kind, self._delimiter) for name, kind in self._properties.items()]
        if isinstance(part, Nodes):
            columns.append([str(LOAD)] * size)
        self._file.write(join_rows(columns))

    def _ends(self) -> list[str]:
        return [":ID"] if isinstance(self._part, Nodes) else [":START_ID", ":END_ID"]

    def _load(self) -> list[str]:
        return ["load:long"] if isinstance(self._part, Nodes) else []


def _end_labels(part: Nodes | Edges) -> list[str]:
    return [part.label] if isinstance(part, Nodes) else [part.begin[0], part.end[0]]


def _number_nodes(portfolio: Portfolio) -> dict[str, int]:
    """Say with which number the nodes of each label begin.

    The importer takes the numbers as those of its own records, so that it need not look any node up: a third of its
    work on relationships. Notes come before the last label, whose nodes gather rows: nobody knows how many they are
    before they are written.
    """
    sizes = {part.label: len(portfolio.table(part.table)) for part in NODES[:-1]} | _NOTES
    starts = np.concatenate([[0], np.cumsum(list(sizes.values()))]).tolist()
    return dict(zip([*sizes, NODES[-1].label], starts, strict=True))


def _open(path: Path, opened: ExitStack) -> TextIO:
    return opened.enter_context(path.open("w", encoding="utf-8", newline=""))


def _write_notes(folder: Path, digest: str, places: Mapping[str, int], *, batches: int) -> None:
    """Write what a load by statements notes (``cypher/load/begin``), in a layout that none goes on with as yet."""
    names = [":ID", "load:long", "digest:string", "layout:long", "batches:long", "isLeaving:boolean"]
    notes = [str(places["Load"]), str(LOAD), digest, str(_NOT_READY), str(batches), "false"]
    with ExitStack() as opened:
        _open(folder / "Load.csv", opened).writelines(",".join(row) + "\r\n" for row in (names, notes))
        _open(folder / "LoadLock.csv", opened).write(f":ID,key:long\r\n{places['LoadLock']},1\r\n")


def _choose_delimiter(portfolio: Portfolio) -> str:
    texts = "".join(
        {text for name in ("kind", "detail") for text in portfolio.activity[name].dropna().unique().tolist()}
    )
    letters = set(texts)
    for delimiter in _DELIMITERS:
        if delimiter not in letters:
            return delimiter
    msg = "activity: its texts hold every control and private letter, which no offline import can take; load without it"
    raise InputError(msg)


def _has_lines(portfolio: Portfolio) -> bool:
    """Say whether any text has more than one line, which makes the importer much slower."""
    columns = ((name, column) for name, table in TABLES.items() for column in table.columns)
    texts = (
        portfolio.table(name)[column.frame_name].dropna().unique().tolist()
        for name, column in columns
        if column.kind in (Kind.ID, Kind.TEXT) and column.refers_to is None
    )
    return any("\n" in joined or "\r" in joined for joined in map("".join, texts))
