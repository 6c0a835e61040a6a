"""Everything that circles raises on purpose.

::

    CirclesError
    ├── InputError              what you gave can be corrected; the message says how (also a ValueError)
    │   ├── DatasetError        tables were refused; ``.problems`` lists every problem with file and line
    │   └── ProblemError        a matching problem was refused; ``.array`` and ``.index`` say where
    ├── ConvergenceError        a numeric iteration did not settle; no result is returned
    ├── ConservationError       a settlement lost or made money: a defect of circles, please report it
    └── StoreError              a graph store cannot be read or written

Every message says where, what is wrong, what was found and what is allowed. No solution to a well-posed question
is not an error: it is a result with reasons.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


class CirclesError(Exception):
    """Any error that circles raises on purpose."""


class InputError(CirclesError, ValueError):
    """Something the caller gave is wrong and can be corrected."""


class DatasetError(InputError):
    """Tables were refused as a whole; nothing was loaded.

    Attributes
    ----------
    problems
        Frame with one row a problem: ``file``, ``line``, ``column``, ``value``, ``code``, ``message``.
    """

    def __init__(self, problems: pd.DataFrame, *, shown: int = 20) -> None:
        self.problems = problems
        count = len(problems)
        lines = list(problems["message"].head(shown))
        if count > shown:
            lines.append(f"… and {count - shown:,} more (the error's .problems lists all)")
        noun = "problem" if count == 1 else "problems"
        super().__init__("\n".join([f"{count:,} {noun}, nothing was loaded:", *lines]))


class ProblemError(InputError):
    """A matching problem is not well-posed; the message names the array, the index and what is allowed.

    Attributes
    ----------
    array
        Name of the field.
    index
        Position of the entry in it, None where the whole field is meant.
    """

    def __init__(self, message: str, *, array: str, index: int | None = None) -> None:
        super().__init__(message)
        self.array = array
        self.index = index


class ConvergenceError(CirclesError):
    """A numeric iteration did not settle within its stated bound."""


class ConservationError(CirclesError):
    """A settlement's amounts do not add up."""


class StoreError(CirclesError):
    """A graph store cannot be opened, read or written."""
