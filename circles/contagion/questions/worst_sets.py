"""Which two or three members of a circle cost the bank most if they default together."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from circles.contagion.cascade.frames import CIRCLE
from circles.contagion.lookup import find_circle
from circles.contagion.trials.executor import count_processors
from circles.errors import InputError
from circles.settlement import TrialSettler, build_obligations, check_terms

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.portfolio import Portfolio
    from circles.settlement import Obligations, Terms

SIZES = (2, 3)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Sets:
    """Sets of members of circles: pool of each, shape (sets,), and members, shape (sets, size)."""

    pool: NDArray[np.int64]
    members: NDArray[np.int64]


def worst_sets(
    portfolio: Portfolio, terms: Terms | None = None, *, size: int = 2, circle: str | None = None
) -> pd.DataFrame:
    """Say which pair or triple of each circle costs the bank most by defaulting together.

    Parameters
    ----------
    portfolio
        Members need resources; default probabilities are not used.
    terms
        How defaults are settled; None means the worst case, ``Terms()``.
    size
        2 or 3.
    circle
        A circle's id: all its sets are given, not the worst one of each circle. None: every circle.

    Returns
    -------
    One row a set, the greatest loss first: ``circle_id``; ``member_ids`` (in order, joined by ";"); ``bank_loss_fen``;
    ``alone_fen`` (what they cost one by one, added up); ``beyond_fen`` (what defaulting together adds; below 0 where
    one default brings the others about anyway). Of equal losses the earlier ids come first. A circle with fewer members
    has no row.

    Raises
    ------
    InputError
        If members have no resources, the size is neither 2 nor 3, or there is no such circle.

    Notes
    -----
    Exact: every set of a circle is settled, whatever it then brings down outside.
    """
    if size not in SIZES:
        msg = f"size must be 2 or 3, got {size!r}"
        raise InputError(msg)
    if circle is not None:
        find_circle(portfolio, circle)
    obligations = build_obligations(portfolio)
    sets = _list_sets(obligations, size, circle)
    loss, alone = _settle_sets(obligations, check_terms(terms), sets)
    order = np.lexsort((np.arange(len(loss)), -loss))
    if circle is None:
        order = order[np.sort(np.unique(sets.pool[order], return_index=True)[1])]
    return _tabulate(obligations, sets, loss, alone, order)


def _list_sets(obligations: Obligations, size: int, circle: str | None) -> _Sets:
    pools, found = obligations.pools, [(np.zeros(0, dtype=np.int64), np.zeros((0, size), dtype=np.int64))]
    names = pools.ids if circle is None else np.where(pools.ids == CIRCLE + circle, pools.ids, "")
    which = np.flatnonzero([name.startswith(CIRCLE) for name in names])
    count = np.diff(pools.start)[which]
    for members in np.unique(count[count >= size]):
        chosen = which[count == members]
        inside = np.array(list(combinations(range(members), size)), dtype=np.int64)
        entries = pools.start[chosen][:, None, None] + inside
        found.append((np.repeat(chosen, len(inside)), pools.member[entries].reshape(-1, size).astype(np.int64)))
    pool, member = (np.concatenate(parts) for parts in zip(*found, strict=True))
    order = np.lexsort((*member.T[::-1], pool))
    return _Sets(pool=pool[order], members=member[order])


def _settle_sets(obligations: Obligations, terms: Terms, sets: _Sets) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Give what each set costs together, and what its members cost one by one, in whole fen."""
    settler, workers = TrialSettler(obligations, terms), count_processors()

    def settle(members: NDArray[np.int64]) -> NDArray[np.int64]:
        offsets = np.arange(len(members) + 1) * members.shape[1]
        lost = settler.settle(offsets=offsets, defaulters=members.ravel(), workers=workers, besides=False).bank_loss
        return np.rint(lost).astype(np.int64)

    single, place = np.unique(sets.members, return_inverse=True)
    return settle(sets.members), settle(single[:, None])[place].reshape(sets.members.shape).sum(axis=1)


def _tabulate(
    obligations: Obligations, sets: _Sets, loss: NDArray[Any], alone: NDArray[Any], order: NDArray[np.int64]
) -> pd.DataFrame:
    names = obligations.pools.ids[sets.pool[order]]
    joined = [";".join(obligations.members[members]) for members in sets.members[order]]
    return pd.DataFrame(
        {
            "circle_id": pd.Series([name.removeprefix(CIRCLE) for name in names], dtype="str"),
            "member_ids": pd.Series(joined, dtype="str"),
            "bank_loss_fen": loss[order],
            "alone_fen": alone[order],
            "beyond_fen": loss[order] - alone[order],
        }
    )
