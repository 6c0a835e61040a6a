"""Reverse stress test: a small set of defaults that costs the bank as much as a given loss."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from circles.contagion.trials.executor import count_processors
from circles.errors import InputError
from circles.money import format_yuan
from circles.settlement import TrialSettler, build_obligations, check_terms

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.portfolio import Portfolio
    from circles.settlement import Obligations, Terms

CANDIDATES = 300
"""Members tried in each step: those whose default alone costs most."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class ReverseStress:
    """Defaults found by a greedy heuristic, and how few could do at best; prints as a short text.

    Attributes
    ----------
    target_fen
        The loss to reach.
    steps
        One row a default, in the order in which the heuristic added them: ``step``, ``member_id``, ``bank_loss_fen``
        (of all up to here together) and ``added_fen``.
    is_reached
        Whether they reach the target.
    at_least
        No smaller number of first defaults can reach it, proven; None if not even everybody's default can.
    """

    target_fen: int
    steps: pd.DataFrame
    is_reached: bool
    at_least: int | None

    def __str__(self) -> str:
        target = format_yuan(self.target_fen)
        if self.at_least is None:
            return f"no set of defaults costs the bank {target} yuan: all that can be lost is less"
        found = f"{len(self.steps):,} defaults (greedy heuristic)"
        reached = f"{found} cost the bank {target} yuan" if self.is_reached else f"{found} do not reach {target} yuan"
        return f"{reached}; at least {self.at_least:,} are needed (proven)"

    __repr__ = __str__


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
        Members to choose from, at least 1: those whose default alone costs most.

    Returns
    -------
    The `ReverseStress`. The set is a heuristic: each step adds the candidate that raises the loss most, ties by id. The
    bound is proven: failures spread only among members joined by pools or receivables, so k first defaults cost at most
    what the k largest such groups owe, less the smaller recovery.

    Raises
    ------
    InputError
        If a number is out of its range, or members have no resources.
    """
    for name, number in {"loss_fen": loss_fen, "most": most, "candidates": candidates}.items():
        if isinstance(number, bool) or not isinstance(number, int | np.integer) or number < 1:
            msg = f"{name} must be a whole number of at least 1, got {number!r}"
            raise InputError(msg)
    agreed, obligations = check_terms(terms), build_obligations(portfolio)
    settler = TrialSettler(obligations, agreed)
    steps = _add_greedily(settler, obligations, int(loss_fen), most=most, candidates=candidates)
    last = int(steps["bank_loss_fen"].iloc[-1]) if len(steps) else 0
    return ReverseStress(
        target_fen=int(loss_fen),
        steps=steps,
        is_reached=last >= loss_fen,
        at_least=_count_least(obligations, agreed, int(loss_fen)),
    )


def _add_greedily(
    settler: TrialSettler, obligations: Obligations, target: int, *, most: int, candidates: int
) -> pd.DataFrame:
    chosen, loss = np.zeros(0, dtype=np.int64), 0
    everybody = np.arange(len(obligations.members))
    alone = _settle_with(settler, chosen, everybody)
    pool = np.sort(np.lexsort((everybody, -alone))[:candidates])
    rows = []
    while loss < target and len(chosen) < min(most, len(pool)):
        rest = np.setdiff1d(pool, chosen)
        losses = _settle_with(settler, chosen, rest)
        best = int(np.argmax(losses))  # the first of equals
        if losses[best] <= loss:
            break
        chosen = np.append(chosen, rest[best])
        rows.append((len(chosen), obligations.members[rest[best]], int(losses[best]), int(losses[best]) - loss))
        loss = int(losses[best])
    return pd.DataFrame(rows, columns=["step", "member_id", "bank_loss_fen", "added_fen"])


def _settle_with(settler: TrialSettler, chosen: NDArray[np.int64], others: NDArray[np.int64]) -> NDArray[np.int64]:
    """Give the loss of the chosen with each of the others, in whole fen."""
    sets = np.column_stack([np.tile(chosen, (len(others), 1)), others])
    offsets = np.arange(len(others) + 1) * sets.shape[1]
    lost = settler.settle(offsets=offsets, defaulters=sets.ravel(), workers=count_processors(), besides=False).bank_loss
    return np.rint(lost).astype(np.int64)


def _count_least(obligations: Obligations, terms: Terms, target: int) -> int | None:
    """Count the groups, the largest first, that must be hit before they owe as much as the target."""
    loans = obligations.loans
    own = obligations.recovery[loans.borrower]
    recovery = np.where(np.isnan(own), min(terms.recovery_rate, terms.contagious), own)
    lost = np.bincount(_find_groups(obligations)[loans.borrower], weights=loans.exposure * (1.0 - recovery))
    reached = np.cumsum(np.sort(lost)[::-1]) - float(terms.risk_pool_fen)
    enough = np.flatnonzero(reached >= target - 1.0)  # a fen of rounding
    return int(enough[0]) + 1 if len(enough) else None


def _find_groups(obligations: Obligations) -> NDArray[np.int64]:
    """Give each member the number of the group that failures can spread in; shape (members,)."""
    loans, pools, receivables = obligations.loans, obligations.pools, obligations.receivables
    members, inside = len(obligations.members), loans.pool >= 0
    buyer = np.repeat(np.arange(members), np.diff(receivables.buyer_start))
    first = np.concatenate([loans.borrower[inside], pools.member, buyer])
    second = np.concatenate([members + loans.pool[inside], members + pools.pool, receivables.supplier])
    size = members + len(pools.ids)
    graph = coo_array((np.ones(len(first), dtype=np.int8), (first, second)), shape=(size, size)).tocsr()
    return connected_components(graph, directed=False)[1][:members].astype(np.int64)
