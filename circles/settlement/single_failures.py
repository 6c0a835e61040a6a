"""Single failures: who brings whom down alone, and the least deposit with which some members stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from circles.settlement.exchange import replace_deposit
from circles.settlement.trials import TrialSettler

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.settlement.obligations import Obligations
    from circles.settlement.terms import Terms
    from circles.settlement.trials import TrialLosses


def settle_alone(obligations: Obligations, terms: Terms, firsts: NDArray[np.int64]) -> TrialLosses:
    """Let some members fail, each in a trial of its own."""
    return _settle_each(TrialSettler(obligations, terms), firsts)


def stands(obligations: Obligations, terms: Terms, firsts: NDArray[np.int64], members: NDArray[np.int64]) -> bool:
    """Say whether none of some single failures brings any of these members down."""
    return _stands(TrialSettler(obligations, terms), firsts, members)


def find_breakers(
    obligations: Obligations, terms: Terms, members: NDArray[np.int64], *, workers: int = 1
) -> NDArray[np.int64]:
    """Find everybody whose failure alone brings one of these members down, on so many threads.

    Returns
    -------
    Shape (breakers,): ascending positions in ``obligations.members``; some may be among the members themselves.

    Notes
    -----
    Failures that bring nobody down drop out at once; the others are halved until single ones are left, so that k
    breakers among n failures take about k · log₂ n looks.
    """
    settler, everybody = TrialSettler(obligations, terms), np.arange(len(obligations.members))
    spreading = everybody[_settle_each(settler, everybody, workers).contagious_count > 0]
    waiting = [spreading]
    found: list[int] = []
    while waiting:
        firsts = waiting.pop()
        if not len(firsts) or _stands(settler, firsts, members, workers):
            continue
        if len(firsts) == 1:
            found.append(int(firsts[0]))
        else:
            waiting += np.array_split(firsts, 2)
    return np.array(sorted(found), dtype=np.int64)


def find_least_deposit(
    obligations: Obligations,
    terms: Terms,
    *,
    pool: int,
    firsts: NDArray[np.int64],
    members: NDArray[np.int64],
    step_fen: int = 1,
) -> int | None:
    """Find the least further deposit of a circle's pool with which none of some failures brings its members down.

    Once they stand, they stand with every larger deposit (docs/methods/interventions.md proves it for all
    settlements but the share rule ``able``), so halving finds the least.

    Parameters
    ----------
    obligations, terms
        What is owed and how it is settled.
    pool
        Position of the circle's pool.
    firsts, members
        Positions of those that fail, one at a time, and of the members of the circle.
    step_fen
        The deposit is a multiple of it.

    Returns
    -------
    Fen; 0 if they stand already, None if even a deposit as large as all loans of the pool does not help.
    """
    loans, before = obligations.loans, float(obligations.pools.deposit[pool])

    def is_enough(steps: int) -> bool:
        return stands(replace_deposit(obligations, pool, before + steps * step_fen), terms, firsts, members)

    least, most = -1, -(-int(loans.exposure[loans.pool == pool].sum()) // step_fen)
    if not is_enough(most):
        return None
    while most - least > 1:
        middle = (least + most) // 2
        least, most = (least, middle) if is_enough(middle) else (middle, most)
    return most * step_fen


def _settle_each(settler: TrialSettler, firsts: NDArray[np.int64], workers: int = 1) -> TrialLosses:
    return settler.settle(offsets=np.arange(len(firsts) + 1), defaulters=firsts, workers=workers, besides=False)


def _stands(settler: TrialSettler, firsts: NDArray[np.int64], members: NDArray[np.int64], workers: int = 1) -> bool:
    return not _settle_each(settler, firsts, workers).contagious_by_member[members].any()
