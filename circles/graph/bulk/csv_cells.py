"""How the cells of a column are written for the importer: whole columns at a time, quoted only where they must be.

Python's own writer looks at every letter of every cell; of most columns it is enough to look at all cells joined, and
numbers are taken from the text that Python gives for the whole column.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

_SPECIAL = '",\r\n'


def spell_cells(cells: Sequence[Any], kind: str, delimiter: str) -> Sequence[str]:
    """Give a column as texts.

    Parameters
    ----------
    cells
        Plain values or None; lists of them for a kind that ends in ``[]``.
    kind
        The importer's word for their type, or ``month``.
    delimiter
        What sets the entries of a list apart; it is in no text.
    """
    return _FORMS.get(kind, _spell_texts)(cells, delimiter)


def join_rows(columns: Sequence[Sequence[str]]) -> str:
    """Give columns as the lines of a file."""
    lines = "\r\n".join(map(",".join, zip(*columns, strict=True)))
    return f"{lines}\r\n" if lines else ""


def _spell_numbers(cells: Sequence[Any], delimiter: str) -> Sequence[str]:
    if None in cells:
        return ["" if cell is None else repr(cell) for cell in cells]
    return repr(list(cells))[1:-1].split(", ")


def _spell_texts(cells: Sequence[Any], delimiter: str) -> Sequence[str]:
    texts = ["" if cell is None else cell for cell in cells]
    letters = "".join(texts)
    return list(map(_quote, texts)) if any(letter in letters for letter in _SPECIAL) else texts


def _quote(text: str) -> str:
    if any(letter in text for letter in _SPECIAL):
        doubled = text.replace('"', '""')
        return f'"{doubled}"'
    return text


def _spell_months(cells: Sequence[Any], delimiter: str) -> Sequence[str]:
    return [f"{cell}-01" for cell in cells]


def _join_numbers(cells: Sequence[Any], delimiter: str) -> Sequence[str]:
    return repr(cells)[2:-2].replace(", ", delimiter).split(f"]{delimiter}[")


def _join_texts(cells: Sequence[Any], delimiter: str) -> Sequence[str]:
    return _spell_texts([delimiter.join(cell) for cell in cells], delimiter)


_FORMS: dict[str, Callable[[Sequence[Any], str], Sequence[str]]] = {
    "long": _spell_numbers,
    "double": _spell_numbers,
    "long[]": _join_numbers,
    "string[]": _join_texts,
    "month": _spell_months,
}
"""Kinds that are not texts as they are."""
