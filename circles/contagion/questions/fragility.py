"""Which single failures break an existing circle, and the least deposit or the swap that would hold it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from circles.contagion.lookup import find_circle
from circles.contagion.questions.swaps import FragileCircle, SwapSearch, search_swap
from circles.contagion.trials.executor import count_processors
from circles.errors import InputError
from circles.money import format_yuan
from circles.settlement import SETTLEMENTS, build_obligations, check_terms, find_breakers, find_least_deposit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from circles.contagion.questions.swaps import CircleSwap
    from circles.portfolio import Portfolio
    from circles.settlement import Terms

_COLUMNS = ["failing_id", "is_member", "fallen", "bank_loss_fen"]
_SHOWN = 10

SWAPS = 100
"""Swaps tried at most."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class CircleFragility:
    """The single failures that break a circle; prints as a short text.

    A circle breaks if a member of it fails because another one, of the circle or not, failed alone: called on for
    more than it can pay, here or in its other guarantees, or unpaid by a buyer.

    Attributes
    ----------
    circle_id, member_count
        The circle, and how many members it has.
    deposit_fen
        The least further deposit of the circle with which no single failure breaks it, to the fen: 0 where none does
        now, None where even a deposit as large as the circle's loans does not help.
    swap
        The exchange of a member for one from outside that holds the circle, with the least further deposit that it
        still takes; None where none was found that takes less than `deposit_fen`, or none is needed.
    swaps_tried, swaps_possible
        How many swaps were settled, and how many there are; trying ends with the first that takes no deposit.
    terms
        How defaults were settled.
    """

    circle_id: str
    member_count: int
    deposit_fen: int | None
    swap: CircleSwap | None
    swaps_tried: int
    swaps_possible: int
    terms: Terms
    _failures: pd.DataFrame

    @property
    def failures(self) -> pd.DataFrame:
        """One row a failure that breaks the circle, by the id of who fails.

        ``failing_id``; ``is_member`` (of the circle); ``fallen`` (ids of the circle's members that fail with it,
        joined by ";"); ``bank_loss_fen`` (on the whole portfolio).
        """
        return self._failures.copy(deep=False)

    def __str__(self) -> str:
        if not len(self._failures):
            return f"no single failure breaks circle {self.circle_id} of {self.member_count:,} members"
        inside = int(self._failures["is_member"].sum())
        lines = [
            f"circle {self.circle_id} of {self.member_count:,} members breaks with {len(self._failures):,} single "
            f"failures, {inside:,} of them of its own members:",
            *(_say_failure(row) for row in self._failures.head(_SHOWN).itertuples()),
        ]
        more = len(self._failures) - _SHOWN
        rest = [f"  … and {more:,} more"] if more > 0 else []
        return "\n".join([*lines, *rest, self.describe_deposit(), self.describe_swap()])

    __repr__ = __str__

    def describe_deposit(self) -> str:
        """Say in a sentence which deposit would hold the circle."""
        if self.deposit_fen is None:
            return "no further deposit of this circle alone would hold it"
        return f"a further deposit of {format_yuan(self.deposit_fen)} would hold it"

    def describe_swap(self) -> str:
        """Say in a sentence which swap would hold the circle, and how many were tried."""
        tried = f"{self.swaps_tried:,} of {self.swaps_possible:,} swaps tried"
        if self.swap is None:
            less = "" if self.deposit_fen is None else " with less deposit"
            return f"no swap was found that would hold it{less}; {tried}"
        known = f"acquainted with {self.swap.acquainted:,} of {self.member_count - 1:,} who stay"
        more = f" and a further deposit of {format_yuan(self.swap.deposit_fen)}" if self.swap.deposit_fen else ""
        leaves, joins = self.swap.leaves_id, self.swap.joins_id
        moved = f"swapping {leaves}, with its loans and deposit there, for {joins}, without a loan ({known})"
        return f"{moved}{more} would hold it; {tried}"


def find_fragility(
    portfolio: Portfolio,
    circle_id: str,
    terms: Terms | None = None,
    *,
    candidates: Sequence[str] | None = None,
    swaps: int = SWAPS,
) -> CircleFragility:
    """Say which single failures break an existing circle, and the least further deposit or the swap that would hold it.

    Parameters
    ----------
    portfolio
        Members need resources; default probabilities are not used.
    circle_id
        The circle.
    terms
        How defaults are settled; None means the worst case, ``Terms()``.
    candidates
        Ids of those who may take a member's place; None: whoever is in no circle and has no overdue loan.
    swaps
        Swaps to try at most, at least 0.

    Returns
    -------
    The `CircleFragility`: a frame of the failures, the deposit to the fen, and the swap.

    Raises
    ------
    InputError
        If the circle or a candidate is not in the portfolio, a candidate is in the circle already, `swaps` is below 0,
        or members have no resources.

    Notes
    -----
    Everybody in the portfolio fails once, alone. The deposit is found by halving: docs/methods/interventions.md says
    why that is exact, and that under the share rule ``able`` it is not proven to be the least. Who leaves takes its
    loans in the circle and its own deposit along; who joins guarantees without a loan. Newcomers acquainted with those
    who stay are tried first.

    Examples
    --------
    >>> from circles.portfolio import Portfolio
    >>> ids = ["A", "B"]
    >>> portfolio = Portfolio.from_frames(
    ...     as_of="2007-12-29",
    ...     members=pd.DataFrame({"member_id": ids, "resources_fen": [100_00, 30_00]}),
    ...     circles=pd.DataFrame({"circle_id": ["C1"]}),
    ...     circle_members=pd.DataFrame({"circle_id": "C1", "member_id": ids}),
    ...     loans=pd.DataFrame({"loan_id": ids, "borrower_id": ids, "balance_fen": 100_00, "circle_id": "C1"}),
    ... )
    >>> find_fragility(portfolio, "C1").deposit_fen
    7000
    """
    agreed = check_terms(terms)
    if isinstance(swaps, bool) or not isinstance(swaps, int) or swaps < 0:
        msg = f"swaps must be a whole number of at least 0, got {swaps!r}"
        raise InputError(msg)
    if isinstance(candidates, str):
        msg = f"candidates must be a list of ids, got one text: write [{candidates!r}]"
        raise InputError(msg)
    find_circle(portfolio, circle_id)
    circle = _find_breaks(portfolio, agreed, circle_id)
    rows = [_describe(circle, int(first)) for first in circle.breakers]
    search = SwapSearch(swap=None, tried=0, possible=0)
    if rows:
        search = search_swap(circle, candidates=candidates, most=swaps)
    return CircleFragility(
        circle_id=circle_id,
        member_count=len(circle.members),
        deposit_fen=circle.deposit_fen,
        swap=search.swap,
        swaps_tried=search.tried,
        swaps_possible=search.possible,
        terms=agreed,
        _failures=pd.DataFrame(rows, columns=_COLUMNS).astype(
            {"failing_id": "str", "is_member": "bool", "fallen": "str", "bank_loss_fen": "int64"}
        ),
    )


def _say_failure(row: Any) -> str:
    fallen = row.fallen.replace(";", ", ")
    return f"  {row.failing_id} brings down {fallen}; the bank loses {format_yuan(row.bank_loss_fen)}"


def _find_breaks(portfolio: Portfolio, terms: Terms, circle_id: str) -> FragileCircle:
    obligations = build_obligations(portfolio)
    pools = obligations.pools
    pool = int(np.flatnonzero(pools.ids == f"circle:{circle_id}")[0])
    members = pools.member[pools.start[pool] : pools.start[pool + 1]].astype(np.int64)
    breakers = find_breakers(obligations, terms, members, workers=count_processors())
    return FragileCircle(
        portfolio=portfolio,
        obligations=obligations,
        terms=terms,
        circle_id=circle_id,
        pool=pool,
        members=members,
        breakers=breakers,
        deposit_fen=find_least_deposit(obligations, terms, pool=pool, firsts=breakers, members=members),
    )


def _describe(circle: FragileCircle, first: int) -> tuple[str, bool, str, int]:
    ids, members = circle.obligations.members, circle.members
    settled = SETTLEMENTS[circle.terms.settlement](circle.obligations, np.array([first]), circle.terms)
    fallen = members[settled.round[members] > 0]
    return (
        str(ids[first]),
        bool(np.isin(first, members)),
        ";".join(str(ids[member]) for member in fallen),
        round(settled.bank_loss),
    )
