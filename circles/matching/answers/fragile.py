"""Which single failure breaks a proposed circle, and how to mend it before anything is signed."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

import pandas as pd

from circles.matching.answers.failures import find_breaks, open_book
from circles.matching.answers.repairs import find_deposit, find_swap
from circles.matching.answers.standing import read_standing
from circles.matching.lines import join_lines
from circles.money import format_yuan
from circles.settlement import check_terms

if TYPE_CHECKING:
    from circles.matching.answers.failures import Book, Break
    from circles.matching.answers.standing import Standing
    from circles.matching.forming.forming import Forming
    from circles.matching.forming.proposal import Proposal
    from circles.settlement import Terms

_FAILURES = ["circle_id", "failing_id", "is_member", "fallen", "bank_loss_fen"]
_REPAIRS = ["circle_id", "deposit_fen", "leaves_id", "joins_id", "score_change"]
_SHOWN = 10


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Fragility:
    """Proposed circles that a single failure breaks; prints as a short text.

    A circle breaks if a member of it fails because another one, of the circle or not, failed alone: called on for
    more than it can pay, here or in its other guarantees, or unpaid by a buyer.

    Attributes
    ----------
    circle_count
        How many circles were looked at.
    failures
        Frame ``circle_id, failing_id`` (who fails first), ``is_member`` (of that circle), ``fallen`` (ids of the
        members that fail with it, joined by ";"), ``bank_loss_fen`` (on the whole portfolio).
    repairs
        Frame, one row a broken circle: ``circle_id, deposit_fen`` (the least further deposit with which none of its
        breaks happens, whole yuan; NA: none helps), ``leaves_id, joins_id, score_change`` (a swap after which no
        single failure breaks it, the one that costs least; NA: none was found).
    terms
        How defaults were settled.
    """

    circle_count: int
    failures: pd.DataFrame
    repairs: pd.DataFrame
    terms: Terms

    def __str__(self) -> str:
        if not len(self.repairs):
            return f"no single failure breaks any of the {self.circle_count:,} circles"
        inside = self.failures.loc[self.failures["is_member"], "circle_id"].nunique()
        lines = [
            f"{len(self.repairs):,} of {self.circle_count:,} circles break with a single failure, "
            f"{inside:,} of them with a member's own:"
        ]
        first = self.failures.drop_duplicates("circle_id").set_index("circle_id")
        others = self.failures["circle_id"].value_counts() - 1
        for row in self.repairs.head(_SHOWN).itertuples():
            who, fallen = first.loc[row.circle_id, ["failing_id", "fallen"]]
            more = f", or {others[row.circle_id]:,} more alone" if others[row.circle_id] else ""
            those = fallen.replace(";", ", ")
            lines.append(f"  {row.circle_id} breaks if {who} fails ({those} with it){more}: {_say_repairs(row)}")
        return join_lines([*lines, "  …"] if len(self.repairs) > _SHOWN else lines)

    __repr__ = __str__


def find_fragile(proposal: Proposal, terms: Terms | None) -> Fragility:
    """Say which single failure breaks which proposed circle, and the cheapest repairs."""
    agreed, forming, standing = check_terms(terms), proposal.forming, read_standing(proposal)
    if not standing.members:
        failures, repairs = pd.DataFrame(columns=_FAILURES), pd.DataFrame(columns=_REPAIRS)
        return Fragility(circle_count=0, failures=failures, repairs=repairs, terms=agreed)
    book = open_book(proposal, agreed)
    breaks = find_breaks(book, standing)
    by_circle = [list(rows) for _, rows in groupby(breaks, key=lambda one: one.circle_id)]
    repairs = [_repair(forming, standing, book, rows) for rows in by_circle]
    types = {"deposit_fen": "Int64", "score_change": "Int64", "leaves_id": "str", "joins_id": "str"}
    return Fragility(
        circle_count=len(standing.members),
        failures=_list_failures(book, standing, breaks),
        repairs=pd.DataFrame(repairs, columns=_REPAIRS).astype(types),
        terms=agreed,
    )


def _list_failures(book: Book, standing: Standing, breaks: list[Break]) -> pd.DataFrame:
    ids = book.obligations.members
    rows = [
        (
            one.circle_id,
            str(ids[one.first]),
            one.first in book.at[list(standing.members[one.circle_id])],
            ";".join(str(ids[member]) for member in one.fallen),
            one.bank_loss_fen,
        )
        for one in breaks
    ]
    return pd.DataFrame(rows, columns=_FAILURES)


def _repair(forming: Forming, standing: Standing, book: Book, breaks: list[Break]) -> tuple[object, ...]:
    name = breaks[0].circle_id
    deposit = find_deposit(book, breaks, book.at[list(standing.members[name])])
    swap = find_swap(forming, standing, book, breaks=breaks)
    if swap is None:
        return (name, deposit, None, None, None)
    ids = forming.candidates.ids
    return (name, deposit, str(ids[swap.leaves]), str(ids[swap.joins]), swap.change)


def _say_repairs(row: pd.Series) -> str:
    ways = []
    if pd.notna(row.joins_id):
        ways.append(f"swap {row.leaves_id} for {row.joins_id} (score {row.score_change:+,})")
    if pd.notna(row.deposit_fen):
        ways.append(f"add {format_yuan(int(row.deposit_fen))} yuan of deposit")
    return " or ".join(ways) if ways else "neither a deposit nor a swap was found that mends it"
