"""One-way guarantees: the network with caps, dates and, for some, the loan they name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from circles.generate.ids import number_ids
from circles.generate.streams import open_stream

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.generate.guarantee_network import GuaranteeNetwork
    from circles.generate.loans import LoanBook
    from circles.generate.population import Population

NAMES_LOAN_SHARE = 0.25
"""Share of guaranteed borrowers whose guarantees name one loan; the others' cover whatever they owe (assumption)."""
SHARED_CAP = 1.5
"""Several guarantors of one borrower promise 1.5 times its limit together, a single one the whole limit."""
CAP_STEP_FEN = 1_000 * 100
KINDS, KIND_SHARES = ("joint", "several", "general"), (0.7, 0.15, 0.15)
CLAIM_DAYS = 183
"""A guarantee may be called until six months after maturity (Civil Code, art. 692)."""


def frame_guarantees(seed: int, population: Population, *, network: GuaranteeNetwork, loans: LoanBook) -> pd.DataFrame:
    """Build the guarantees table: caps and dates follow the borrower's first loan."""
    stream = open_stream(seed, "guarantees")
    loan = _first_loans(loans, len(population))[network.borrower]
    named = (stream.random(len(population)) < NAMES_LOAN_SHARE)[network.borrower]
    due = loans.due_on[loan]
    return pd.DataFrame(
        {
            "guarantee_id": number_ids("G", len(loan)),
            "guarantor_id": population.ids[network.guarantor],
            "borrower_id": population.ids[network.borrower],
            "amount_fen": _cap_guarantees(network.borrower, loans.limit_fen[loan]),
            "loan_id": _name_loans(loans.ids[loan], named),
            "kind": stream.choice(np.array(KINDS, dtype=np.object_), size=len(loan), p=KIND_SHARES),
            "starts_on": loans.drawn_on[loan],
            "expires_on": due,
            "claim_until": due + CLAIM_DAYS,
        }
    )


def _first_loans(loans: LoanBook, members: int) -> NDArray[np.int64]:
    """Shape (members,): the position of each member's first loan outside circles, −1 without one."""
    outside = np.flatnonzero(loans.circle < 0)[::-1]
    first = np.full(members, -1)
    first[loans.borrower[outside]] = outside
    return first


def _name_loans(ids: NDArray[np.object_], named: NDArray[np.bool_]) -> NDArray[np.object_]:
    ids = ids.copy()
    ids[~named] = None
    return ids


def _cap_guarantees(borrower: NDArray[np.int64], limit_fen: NDArray[np.int64]) -> NDArray[np.int64]:
    several = np.bincount(borrower)[borrower] if len(borrower) else borrower
    part = np.where(several > 1, SHARED_CAP / np.maximum(several, 1), 1.0)
    return np.ceil(limit_fen * part / CAP_STEP_FEN).astype(np.int64) * CAP_STEP_FEN
