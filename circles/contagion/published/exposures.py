"""A portfolio's receivables as a network that the published models read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.sparse import csr_array

from circles.settlement import build_obligations

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.portfolio import Portfolio


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ReceivableExposures:
    """Who owes whom, with what each member has and owes to the bank; positions are those of the ids in order.

    Attributes
    ----------
    members
        Shape (members,), text: member ids, ascending.
    exposures
        Shape (members, members), sparse, fen: row i has a receivable from column j.
    resources
        Shape (members,), fen: what each can pay; outside assets, or a buffer.
    loans
        Shape (members,), fen: balance and accrued interest owed to the bank; outside liabilities.
    """

    members: NDArray[Any]
    exposures: csr_array
    resources: NDArray[np.float64]
    loans: NDArray[np.float64]

    @property
    def liabilities(self) -> csr_array:
        """Shape (members, members), sparse, fen: row i owes column j."""
        return csr_array(self.exposures.T)

    def __repr__(self) -> str:
        return f"ReceivableExposures of {len(self.members):,} members: {self.exposures.nnz:,} pairs"


def receivable_exposures(portfolio: Portfolio) -> ReceivableExposures:
    """Arrange a portfolio's receivables as a sparse matrix by member.

    Parameters
    ----------
    portfolio
        Members need resources. Several rows of one pair add up; guarantees are left out, these models have none.

    Returns
    -------
    The `ReceivableExposures`.

    Raises
    ------
    InputError
        If members have no resources.

    Examples
    --------
    >>> import pandas as pd
    >>> from circles.portfolio import Portfolio
    >>> members = pd.DataFrame({"member_id": ["A", "B"], "resources_fen": [0, 500]})
    >>> owed = pd.DataFrame({"supplier_id": ["B"], "buyer_id": ["A"], "amount_fen": [700]})
    >>> portfolio = Portfolio.from_frames(as_of="2007-12-29", members=members, receivables=owed)
    >>> receivable_exposures(portfolio).exposures.toarray().tolist()
    [[0.0, 0.0], [700.0, 0.0]]
    """
    obligations = build_obligations(portfolio)
    receivables, loans = obligations.receivables, obligations.loans
    count = len(obligations.members)
    arrays = (receivables.buyer_amount, receivables.buyer, receivables.supplier_start)
    owed = np.bincount(loans.borrower, weights=loans.exposure, minlength=count).astype(np.float64)
    return ReceivableExposures(
        members=obligations.members,
        exposures=csr_array(arrays, shape=(count, count), copy=True),
        resources=obligations.resources,
        loans=owed,
    )
