"""Reverse stress test: a small set of defaults that costs the bank as much as a given loss."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from circles.contagion.questions.greedy_defaults import Ending, find_defaults
from circles.errors import InputError
from circles.money import format_yuan
from circles.settlement import build_obligations, check_terms

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.contagion.questions.greedy_defaults import GreedyDefaults
    from circles.portfolio import Portfolio
    from circles.settlement import Obligations, Terms

CANDIDATES = 300
"""Members to choose from: those that cost most."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class ReverseStress:
    """Defaults found by a greedy heuristic, and how few could do at best; prints as a short text.

    Attributes
    ----------
    target_fen
        The loss to reach.
    is_reached
        Whether the defaults found reach it.
    ended_by
        Why the heuristic stopped: ``"target"`` (reached), ``"most"`` (no more defaults were allowed), ``"candidates"``
        (no further candidate raises the loss, and not every member was one), ``"nothing"`` (no further default raises
        the loss), ``"bound"`` (not even everybody's default could reach the target, so nothing was tried).
    at_least
        No smaller number of first defaults can reach the target, proven; None if not even everybody's default can.
    """

    target_fen: int
    is_reached: bool
    ended_by: Literal[Ending, "bound"]
    at_least: int | None
    _steps: pd.DataFrame

    @property
    def steps(self) -> pd.DataFrame:
        """One row a default, in the order in which the heuristic added them.

        ``step``; ``member_id``; ``bank_loss_fen`` (of all up to here together); ``added_fen`` (0 where a default
        counts only together with later ones).
        """
        return self._steps.copy(deep=False)

    def __str__(self) -> str:
        target = format_yuan(self.target_fen)
        if self.at_least is None:
            return f"no set of defaults costs the bank {target} yuan: all that can be lost is less"
        count = len(self._steps)
        lost = format_yuan(int(self._steps["bank_loss_fen"].iloc[-1]) if count else 0)
        found = (
            f"{count:,} {'default costs' if count == 1 else 'defaults cost'} the bank {lost} yuan (greedy heuristic)"
        )
        needed = f"at least {self.at_least:,} {'is' if self.at_least == 1 else 'are'} needed (proven)"
        if self.is_reached:
            return f"{found}, no less than {target}; {needed}"
        return f"{found}, less than {target}: {_ENDINGS[self.ended_by]}; {needed}"

    __repr__ = __str__


_ENDINGS = {
    "most": "no more defaults were allowed",
    "candidates": "no further candidate raises the loss, and not every member was one",
    "nothing": "no further default raises the loss",
}


def reverse_stress(
    portfolio: Portfolio, loss_fen: int, terms: Terms | None = None, *, most: int = 50, candidates: int = CANDIDATES
) -> ReverseStress:
    """Look for a small set of first defaults that costs the bank at least so much.

    Parameters
    ----------
    portfolio
        Members need resources; default probabilities are not used.
    loss_fen
        The loss to reach, above 0.
    terms
        How defaults are settled; None means the worst case, ``Terms()``.
    most
        Defaults at most, at least 1.
    candidates
        Members to choose from, at least 1: those that cost most by their default alone, or by head in a pool all of
        whose members default.

    Returns
    -------
    The `ReverseStress`. The set is a heuristic: each step adds the candidate, or the part of a circle or another pool,
    that raises the loss most for each default, and whoever turns out not to be needed is left out again. The bound is
    proven: failures spread only among members joined by pools or receivables, so k first defaults cost at most what
    the k largest such groups owe, less the smaller recovery and the deposits.

    Raises
    ------
    InputError
        If a number is out of its range, or members have no resources.
    """
    for name, number in {"loss_fen": loss_fen, "most": most, "candidates": candidates}.items():
        if isinstance(number, bool) or not isinstance(number, int | np.integer) or number < 1:
            msg = f"{name} must be a whole number of at least 1, got {number!r}"
            raise InputError(msg)
    agreed, obligations, target = check_terms(terms), build_obligations(portfolio), int(loss_fen)
    at_least = _count_least(obligations, agreed, target)
    found = None
    if at_least is not None:
        found = find_defaults(obligations, agreed, target, most=int(most), candidates=int(candidates))
    return ReverseStress(
        target_fen=target,
        is_reached=found is not None and found.ended_by == "target",
        ended_by="bound" if found is None else found.ended_by,
        at_least=at_least,
        _steps=_tabulate(obligations, found),
    )


def _tabulate(obligations: Obligations, found: GreedyDefaults | None) -> pd.DataFrame:
    members, losses = (np.zeros(0, dtype=np.int64),) * 2 if found is None else (found.members, found.losses)
    return pd.DataFrame(
        {
            "step": np.arange(1, len(members) + 1),
            "member_id": pd.Series(obligations.members[members], dtype="str"),
            "bank_loss_fen": losses,
            "added_fen": np.diff(losses, prepend=0),
        }
    )


def _count_least(obligations: Obligations, terms: Terms, target: int) -> int | None:
    """Count the groups, the largest first, that must be hit before they can lose as much as the target.

    A pool with a loss has used up its deposit, so it loses what its loans leave unpaid less the deposit, at most.
    """
    loans, pools = obligations.loans, obligations.pools
    own = obligations.recovery[loans.borrower]
    recovery = np.where(np.isnan(own), min(terms.recovery_rate, terms.contagious), own)
    unpaid, inside = loans.exposure * (1.0 - recovery), loans.pool >= 0
    pooled = np.bincount(loans.pool[inside], weights=unpaid[inside], minlength=len(pools.ids))
    group, group_of_pool = _find_groups(obligations)
    owners = np.concatenate([group[loans.borrower[~inside]], group_of_pool])
    most = np.concatenate([unpaid[~inside], np.maximum(pooled - pools.deposit, 0.0)])
    lost = np.bincount(owners, weights=most).astype(np.float64)
    reached = np.cumsum(np.sort(lost)[::-1]) - float(terms.risk_pool_fen)
    enough = np.flatnonzero(reached >= target - 1.0)  # a fen of rounding
    return int(enough[0]) + 1 if len(enough) else None


def _find_groups(obligations: Obligations) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Give the number of the group that failures can spread in: of each member, and of each pool."""
    loans, pools, receivables = obligations.loans, obligations.pools, obligations.receivables
    members, inside = len(obligations.members), loans.pool >= 0
    buyer = np.repeat(np.arange(members), np.diff(receivables.buyer_start))
    first = np.concatenate([loans.borrower[inside], pools.member, buyer])
    second = np.concatenate([members + loans.pool[inside], members + pools.pool, receivables.supplier])
    size = members + len(pools.ids)
    graph = coo_array((np.ones(len(first), dtype=np.int8), (first, second)), shape=(size, size)).tocsr()
    group = connected_components(graph, directed=False)[1].astype(np.int64)
    return group[:members], group[members:]
