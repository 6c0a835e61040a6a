"""What of a result rests on resources that somebody estimated."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from circles.contagion.trials.random_trials import FirstDefaults
from circles.settlement import attribute_losses

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.portfolio import Portfolio
    from circles.settlement import LossParts, Obligations, Terms


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
        resting: NDArray[np.bool_] = self.pool[parts.pool]
        own = np.flatnonzero(self.member[parts.borrower] & ~resting)
        if len(own):
            trial = np.repeat(np.arange(len(first.offsets) - 1), np.diff(first.offsets))
            part_trial = np.repeat(parts.trials, np.diff(parts.offsets))[own]
            count = len(self.member)
            resting[own] = ~np.isin(part_trial * count + parts.borrower[own], trial * count + first.defaulters)
        return resting


def mark_estimates(portfolio: Portfolio, obligations: Obligations) -> EstimateMarks:
    """Find members whose ``resources_source`` is ``estimated``, and the pools that they guarantee."""
    source = portfolio.table("members")["resources_source"].iloc[obligations.rows]
    member = (source == "estimated").to_numpy(dtype=np.bool_)
    pool = np.zeros(len(obligations.pools.ids) + 1, dtype=np.bool_)
    pool[obligations.pools.pool[member[obligations.pools.member]]] = True
    return EstimateMarks(member=member, pool=pool)


def share_of_loss(
    obligations: Obligations, terms: Terms, defaulters: NDArray[np.int64], *, marks: EstimateMarks
) -> float:
    """Say what part of the bank's loss from these first defaults rests on estimates: in [0, 1], 0 where none is lost.

    Parameters
    ----------
    obligations, terms
        What is settled, and how.
    defaulters
        Shape (k,): positions of the first defaulters.
    marks
        Whose resources are estimated.
    """
    offsets, positions = np.array([0, len(defaulters)]), defaulters.astype(np.int32)
    first = FirstDefaults(offsets=offsets, defaulters=positions, resource_scale=None)
    parts = attribute_losses(
        obligations, terms, offsets=first.offsets, defaulters=defaulters, trials=np.zeros(1, dtype=np.int64)
    )
    lost, resting = parts.amount.sum(), parts.amount[marks.find_resting(parts, first)].sum()
    return min(1.0, float(resting / lost)) if lost > 0 else 0.0
