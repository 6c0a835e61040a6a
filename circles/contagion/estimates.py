"""What of a loss rests on resources that somebody estimated."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.contagion.random_trials import FirstDefaults
    from circles.portfolio import Portfolio
    from circles.settlement import LossParts, Obligations


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class EstimateMarks:
    """Whose resources are estimated, and which pools have such a guarantor.

    Attributes
    ----------
    member
        Shape (members,), in the order of the obligations.
    pool
        Shape (pools + 1,); the last one, no pool, is never marked.
    """

    member: NDArray[np.bool_]
    pool: NDArray[np.bool_]

    def find_resting(self, parts: LossParts, first: FirstDefaults) -> NDArray[np.bool_]:
        """Say which parts of losses could differ if an estimate did: shape (rows of `parts`,).

        These are all losses in pools with an estimated guarantor, and those on loans of members that failed by
        contagion on estimated resources of their own. What a first defaulter leaves unpaid on an unsecured loan rests
        on no resources at all.
        """
        trial = np.repeat(np.arange(len(first.offsets) - 1), np.diff(first.offsets))
        part_trial = np.repeat(parts.trials, np.diff(parts.offsets))
        count = len(self.member)
        contagious = ~np.isin(part_trial * count + parts.borrower, trial * count + first.defaulters)
        resting: NDArray[np.bool_] = self.pool[parts.pool] | (self.member[parts.borrower] & contagious)
        return resting


def mark_estimates(portfolio: Portfolio, obligations: Obligations) -> EstimateMarks:
    """Find members whose ``resources_source`` is ``estimated``, and the pools that they guarantee."""
    source = portfolio.table("members")["resources_source"].iloc[obligations.rows]
    member = (source == "estimated").to_numpy(dtype=np.bool_)
    pool = np.zeros(len(obligations.pools.ids) + 1, dtype=np.bool_)
    pool[obligations.pools.pool[member[obligations.pools.member]]] = True
    return EstimateMarks(member=member, pool=pool)
