"""What an import gave: the portfolio, and an account of the rows that did or did not go into it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from circles.portfolio import Portfolio


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """A portfolio made of somebody else's data, and how many rows of it could be used.

    Attributes
    ----------
    portfolio
        What was made of them.
    counts
        Sentence → number of rows, in the order of the files; also what could not be linked, even where that is 0.
    """

    portfolio: Portfolio
    counts: Mapping[str, int]

    def __str__(self) -> str:
        lines = [f"{count:>9,}  {what}" for what, count in self.counts.items()]
        return "\n".join([str(self.portfolio), *lines])
