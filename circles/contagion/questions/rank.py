"""Which members do most harm by their default alone, and which are hurt most easily."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from circles.contagion.losses.estimates import mark_estimates
from circles.contagion.trials.executor import count_processors
from circles.money import format_yuan
from circles.settlement import build_obligations, check_terms, settle_trials

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.portfolio import Portfolio
    from circles.settlement import Obligations, Terms

_SHOWN = 10


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Ranking:
    """All members, the most harmful first.

    Attributes
    ----------
    terms
        The terms on which each single default was settled.
    estimated_members
        How many of the members have estimated resources; the ranking rests on them.
    """

    terms: Terms
    estimated_members: int
    _members: pd.DataFrame

    @property
    def members(self) -> pd.DataFrame:
        """One row a member, by the loss it causes alone (largest first), then by id.

        ``member_id``; what its default alone costs: ``bank_loss_fen``, ``own_shortfall_fen`` (what its own loans leave
        unpaid), ``extra_loss_fen`` (bank loss − own shortfall: positive where contagion outweighs what the guarantors
        pay, negative where the guarantee helps), ``brought_down`` (members that fail because of it); how easily it
        is hurt: ``failed_by`` (other members whose default alone brings it down), ``exposed_to`` (other members whose
        default asks it to pay, or leaves it unpaid, at once).
        """
        return self._members.copy(deep=False)

    def __str__(self) -> str:
        head = f"{'member':<24}{'bank loss':>18}{'extra loss':>18}{'brings down':>13}{'failed by':>11}"
        lines = [
            f"{row.member_id:<24}{format_yuan(row.bank_loss_fen):>18}{format_yuan(row.extra_loss_fen):>18}"
            f"{row.brought_down:>13,}{row.failed_by:>11,}"
            for row in self._members.head(_SHOWN).itertuples()
        ]
        more = len(self._members) - len(lines)
        rest = [f"… and {more:,} more members"] if more else []
        return "\n".join([head, *lines, *rest, self.describe_estimates()])

    __repr__ = __str__

    def describe_estimates(self) -> str:
        """Say in a sentence whose resources are estimates."""
        return f"resources of {self.estimated_members:,} of {len(self._members):,} members are estimates"


def rank_members(portfolio: Portfolio, terms: Terms | None = None) -> Ranking:
    """Rank members by what the bank loses when each defaults alone, and say how easily each is hurt.

    Parameters
    ----------
    portfolio
        Members need resources; default probabilities are not used.
    terms
        How defaults are settled; None means the worst case, ``Terms()``.

    Returns
    -------
    The `Ranking`: a frame of all members, the greatest loss first.

    Raises
    ------
    InputError
        If members have no resources.

    Notes
    -----
    One settlement a member; each works on what the default reaches, not on the portfolio.

    Examples
    --------
    >>> import pandas as pd
    >>> from circles.portfolio import Portfolio
    >>> members = pd.DataFrame({"member_id": ["A", "B"], "resources_fen": [0, 0]})
    >>> loans = pd.DataFrame({"loan_id": ["L1"], "borrower_id": ["B"], "balance_fen": [100_00]})
    >>> portfolio = Portfolio.from_frames(as_of="2007-12-29", members=members, loans=loans)
    >>> rank_members(portfolio).members["member_id"].to_list()
    ['B', 'A']
    """
    terms = check_terms(terms)
    obligations = build_obligations(portfolio)
    count = len(obligations.members)
    alone = settle_trials(
        obligations,
        terms,
        offsets=np.arange(count + 1, dtype=np.int64),
        defaulters=np.arange(count, dtype=np.int32),
        workers=count_processors(),
        besides=False,
    )
    loss, shortfall = (np.rint(amounts).astype(np.int64) for amounts in (alone.bank_loss, alone.bare))
    columns = {
        "member_id": obligations.members,
        "bank_loss_fen": loss,
        "own_shortfall_fen": shortfall,
        "extra_loss_fen": loss - shortfall,
        "brought_down": alone.contagious_count.astype(np.int64),
        "failed_by": alone.contagious_by_member,
        "exposed_to": count_exposures(obligations),
    }
    frame = pd.DataFrame(columns).astype({"member_id": "str"})
    order = np.lexsort((np.arange(count), -loss))
    return Ranking(
        terms=terms,
        estimated_members=int(mark_estimates(portfolio, obligations).member.sum()),
        _members=frame.iloc[order].reset_index(drop=True),
    )


def count_exposures(obligations: Obligations) -> NDArray[np.int64]:
    """Count, for each member, the others whose loans it guarantees or who owe it a receivable.

    Returns
    -------
    Shape (members,), in the order of the obligations.
    """
    loans, pools, receivables = obligations.loans, obligations.pools, obligations.receivables
    count, inside = len(obligations.members), loans.pool >= 0
    guarantees = _join(pools.member, pools.pool, shape=(count, len(pools.ids)))
    borrowed = _join(loans.pool[inside], loans.borrower[inside], shape=(len(pools.ids), count))
    owed = csr_array(
        (np.ones(len(receivables.buyer), np.int32), receivables.buyer, receivables.supplier_start), shape=(count, count)
    )
    exposed = guarantees @ borrowed + owed
    return np.asarray(np.diff(exposed.indptr) - (exposed.diagonal() != 0), dtype=np.int64)


def _join(row: NDArray[np.int32], column: NDArray[np.int32], *, shape: tuple[int, int]) -> csr_array:
    return csr_array((np.ones(len(row), np.int32), (row, column)), shape=shape)
