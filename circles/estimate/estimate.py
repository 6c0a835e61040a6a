"""What an estimate gives back: the portfolio with what was missing filled in, and on what each value rests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

    from circles.portfolio import Portfolio

NO_BASIS = "no_basis"
"""Basis of members about whom the data say too little; their value stays missing."""
_NAMED = 5


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Estimate:
    """A portfolio in which a column's missing values are estimates, and on what each of them rests.

    Attributes
    ----------
    portfolio
        The portfolio with the estimates in place; what was stated is as it was.
    column
        The column of members that was filled, by its name in frames: ``resources_fen`` or ``default_probability``.
    rule
        The rule with its parameters.
    bases
        Every basis that the rule knows → what it means, in words.
    total
        How many members there are.
    members
        Frame, one row a member whose value was missing, in the portfolio's order: ``member_id``, ``basis`` (on what
        the estimate rests), and the column itself, missing still where the basis is ``no_basis``.
    """

    portfolio: Portfolio
    column: str
    rule: Any
    bases: dict[str, str]
    total: int
    members: pd.DataFrame

    @property
    def left_empty(self) -> pd.Series:
        """Ids of the members whose value could not be estimated, in the portfolio's order."""
        return self.members.loc[self.members["basis"] == NO_BASIS, "member_id"].reset_index(drop=True)

    @property
    def counts(self) -> pd.DataFrame:
        """One row a basis that occurs, in the rule's order: ``basis, members, meaning``."""
        found = self.members["basis"].value_counts().reindex(list(self.bases)).dropna().astype("int64")
        counted = found.rename("members").rename_axis("basis").reset_index()
        return counted.assign(meaning=counted["basis"].map(self.bases))

    def __str__(self) -> str:
        what, missing, left = self.column.removesuffix("_fen"), len(self.members), len(self.left_empty)
        head = f"{what}: missing for {missing:,} of {self.total:,} members; {missing - left:,} estimated"
        lines = [f"  {row.members:>9,}  {row.basis}: {row.meaning}" for row in self.counts.itertuples()]
        return "\n".join([f"{head}, {left:,} left empty" if left else head, *lines, *self._name_left_empty()])

    __repr__ = __str__

    def _name_left_empty(self) -> list[str]:
        left = self.left_empty
        if not len(left):
            return []
        named = ", ".join(repr(member) for member in left.head(_NAMED)) + (" …" if len(left) > _NAMED else "")
        return [f"  left empty: {named}"]
