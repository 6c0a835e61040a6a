"""Which circles cost the bank most: by one member's default, by everybody's, and in the tail of the loss."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from circles.contagion.cascade.frames import CIRCLE
from circles.contagion.trials.executor import count_processors
from circles.errors import InputError
from circles.settlement import TrialSettler, build_obligations, check_terms

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.contagion.losses.losses import Losses
    from circles.portfolio import Portfolio
    from circles.settlement import Obligations, Terms


def rank_circles(portfolio: Portfolio, terms: Terms | None = None, *, losses: Losses | None = None) -> pd.DataFrame:
    """Rank circles by what the bank loses where their members default.

    Parameters
    ----------
    portfolio
        Members need resources; default probabilities are not used.
    terms
        How defaults are settled; None means the worst case, ``Terms()``.
    losses
        Of the same portfolio: adds the circles' contributions to expected shortfall.

    Returns
    -------
    One row a circle: ``circle_id``; ``members``; ``exposure_fen`` (its loans); ``deposit_fen``; ``resources_fen`` (of
    its members, who may be in other circles too); ``worst_member_id`` and ``worst_member_fen`` (whose default alone
    costs the bank most, and how much); ``all_fail_fen`` (if all default at once, whatever else they bring down); with
    `losses` also ``contribution_fen``. Ordered by the contribution where there is one, else by
    ``worst_member_fen``, the greatest first, then by id.

    Raises
    ------
    InputError
        If members have no resources, or the losses are those of another portfolio.
    """
    if losses is not None and losses.portfolio_digest != portfolio.digest():
        msg = "the losses are those of another portfolio; simulate them for this one"
        raise InputError(msg)
    obligations = build_obligations(portfolio)
    which = np.flatnonzero([name.startswith(CIRCLE) for name in obligations.pools.ids])
    frame = _describe(obligations, check_terms(terms), which)
    key = "worst_member_fen"
    if losses is not None:
        key, parts = "contribution_fen", losses.pools.set_index("pool_id")["contribution_fen"]
        frame[key] = parts.reindex(CIRCLE + frame["circle_id"]).to_numpy()
    return frame.sort_values([key, "circle_id"], ascending=[False, True], kind="stable").reset_index(drop=True)


def _describe(obligations: Obligations, terms: Terms, which: NDArray[np.int64]) -> pd.DataFrame:
    pools, loans, count = obligations.pools, obligations.loans, len(obligations.pools.ids)
    settler, workers = TrialSettler(obligations, terms), count_processors()
    sizes = np.diff(pools.start)[which]
    begin, entries = np.cumsum(sizes) - sizes, _list_entries(pools.start, which)
    members = pools.member[entries].astype(np.int64)

    def settle(offsets: NDArray[np.int64]) -> NDArray[np.int64]:
        lost = settler.settle(offsets=offsets, defaulters=members, workers=workers, besides=False).bank_loss
        return np.rint(lost).astype(np.int64)

    alone, together = settle(np.arange(len(members) + 1)), settle(np.append(begin, len(members)))
    owner = np.repeat(np.arange(len(which)), sizes)
    worst = np.lexsort((members, -alone, owner))[begin]
    inside = loans.pool >= 0
    return pd.DataFrame(
        {
            "circle_id": pd.Series([name.removeprefix(CIRCLE) for name in pools.ids[which]], dtype="str"),
            "members": sizes,
            "exposure_fen": _sum(loans.pool[inside].astype(np.int64), loans.exposure[inside], count)[which],
            "deposit_fen": pools.deposit[which].astype(np.int64),
            "resources_fen": _sum(owner, obligations.resources[members], len(which)),
            "worst_member_id": pd.Series(obligations.members[members[worst]], dtype="str"),
            "worst_member_fen": alone[worst],
            "all_fail_fen": together,
        }
    )


def _list_entries(start: NDArray[np.int64], which: NDArray[np.int64]) -> NDArray[np.int64]:
    """List the guarantor entries of some pools, pool by pool."""
    sizes = start[which + 1] - start[which]
    return np.repeat(start[which] - (np.cumsum(sizes) - sizes), sizes) + np.arange(int(sizes.sum()))


def _sum(groups: NDArray[np.int64], amounts: NDArray[np.float64], count: int) -> NDArray[np.int64]:
    return np.bincount(groups, weights=amounts, minlength=count).astype(np.int64)
