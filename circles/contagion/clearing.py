"""Clearing of mutual debts: what everybody pays when everybody pays what he can.

Eisenberg and Noe (2001) and, with costs of default, Rogers and Veraart (2013).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from scipy.sparse import csr_array

from circles.contagion.published.clearing_solve import solve_payments
from circles.contagion.published.networks import find_exceeding, read_amounts, read_network, read_rate
from circles.errors import ConvergenceError, InputError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

_UNSETTLED = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Clearing:
    """The greatest clearing vector: no other consistent set of payments pays anybody more.

    Attributes
    ----------
    payments
        Shape (members,): what each pays, to members and to outside creditors, in the unit of the input.
    received
        Shape (members,): what each gets from other members.
    shortfall
        Shape (members,): what each owes and does not pay.
    equity
        Shape (members,): outside assets + received − owed; 0 for whoever defaults.
    paid_outside
        Shape (members,): the part of the payments that goes to outside creditors.
    defaulted
        Shape (members,), bool: who cannot pay in full.
    default_round
        Shape (members,): the round, from 1, in which each default was found; 0 for none.
    rounds
        Rounds of fictitious default, the last of which found nobody new.
    """

    payments: NDArray[np.float64]
    received: NDArray[np.float64]
    shortfall: NDArray[np.float64]
    equity: NDArray[np.float64]
    paid_outside: NDArray[np.float64]
    defaulted: NDArray[np.bool_]
    default_round: NDArray[np.int64]
    rounds: int

    def __str__(self) -> str:
        noun = "round" if self.rounds == 1 else "rounds"
        return (
            f"Clearing of {len(self.payments):,} members: {self.defaulted.sum():,} default in {self.rounds:,} {noun}, "
            f"{self.payments.sum():,.2f} paid, {self.shortfall.sum():,.2f} unpaid"
        )

    __repr__ = __str__


def clear_payments(
    liabilities: Any,
    external_assets: ArrayLike,
    external_liabilities: ArrayLike,
    *,
    alpha: float = 1.0,
    beta: float = 1.0,
    external_rank: Literal["pari_passu", "senior"] = "pari_passu",
) -> Clearing:
    """Find what everybody pays when debts among members are cleared at once.

    Parameters
    ----------
    liabilities
        Shape (members, members), dense or scipy sparse: row i owes column j.
    external_assets
        Shape (members,): what each has apart from claims on members.
    external_liabilities
        Shape (members,): what each owes to others than members.
    alpha, beta
        Parts of a defaulter's outside assets and of what it receives from members that are left after the costs of its
        default, in [0, 1]. 1 and 1 is Eisenberg–Noe; less is Rogers–Veraart.
    external_rank
        Outside creditors share with members in proportion (``pari_passu``) or come first (``senior``).

    Returns
    -------
    The greatest `Clearing`; `docs/methods/clearing.md` says what it leaves out.

    Raises
    ------
    InputError
        If an amount is negative or not finite, a rate outside [0, 1], or shapes differ.
    ConvergenceError
        If the payments found are not consistent to one part in a billion of the largest debt.

    Notes
    -----
    At most members + 1 rounds, each one sparse linear system of those in default.

    Examples
    --------
    A owes B 100 and has 40; B owes C 70 and has nothing else.

    >>> clearing = clear_payments([[0, 100, 0], [0, 0, 70], [0, 0, 0]], [40, 0, 0], [0, 0, 0])
    >>> clearing.payments.tolist(), clearing.defaulted.tolist()
    ([40.0, 40.0, 0.0], [True, True, False])
    """
    debts = read_network(liabilities, "liabilities")
    count = debts.shape[0]
    outside = read_amounts(external_liabilities, count, "external_liabilities")
    system = _System(
        assets=read_amounts(external_assets, count, "external_assets"),
        inside=np.asarray(debts.sum(axis=1), dtype=np.float64),
        outside=outside,
        senior=_is_senior(external_rank),
        alpha=read_rate(alpha, "alpha"),
        beta=read_rate(beta, "beta"),
        debts=debts,
    )
    return system.clear()


def _is_senior(external_rank: str) -> bool:
    if external_rank not in ("pari_passu", "senior"):
        msg = f'external_rank is {external_rank!r}; give "pari_passu" or "senior"'
        raise InputError(msg)
    return external_rank == "senior"


class _System:
    """Debts in terms of what is shared out: all payments, or with senior outside creditors what is left after them."""

    def __init__(
        self,
        *,
        assets: NDArray[np.float64],
        inside: NDArray[np.float64],
        outside: NDArray[np.float64],
        senior: bool,
        alpha: float,
        beta: float,
        debts: csr_array,
    ) -> None:
        self.assets, self.outside, self.alpha, self.beta = assets, outside, alpha, beta
        self.first = outside if senior else np.zeros_like(outside)
        self.owed = inside if senior else inside + outside
        self.total = inside + outside
        self.senior = senior
        weight = np.divide(1.0, self.owed, out=np.zeros_like(self.owed), where=self.owed > 0)
        shares = debts * weight[:, None] if debts.nnz else debts
        self.inflow = csr_array(shares.T)

    def clear(self) -> Clearing:
        """Find defaults round by round, from everybody paying in full downwards."""
        shared, found_in = self.owed.copy(), np.zeros(len(self.owed), dtype=np.int64)
        for turn in range(1, len(self.owed) + 2):
            means = self.assets + self.inflow @ shared
            new = (found_in == 0) & find_exceeding(self.total, means)
            if not new.any():
                break
            found_in[new] = turn
            shared = self._settle(shared, found_in > 0)
        return self._describe(shared, found_in, turn)

    def _settle(self, shared: NDArray[np.float64], failed: NDArray[np.bool_]) -> NDArray[np.float64]:
        """Solve for what those in default share out, the others paying in full."""
        (places,) = np.nonzero(failed)
        from_live = self.inflow[places] @ np.where(failed, 0.0, shared)
        left = self.alpha * self.assets[places] + self.beta * from_live - self.first[places]
        within = self.beta * self.inflow[places][:, places]
        solved = solve_payments(within, left, start=shared[places])
        after = shared.copy()
        after[places] = np.clip(solved, 0.0, shared[places])
        return after

    def _describe(self, shared: NDArray[np.float64], found_in: NDArray[np.int64], rounds: int) -> Clearing:
        failed, received = found_in > 0, self.inflow @ shared
        left = np.where(failed, self.alpha * self.assets + self.beta * received, self.assets + received)
        payments = np.where(failed, np.minimum(left, self.total), self.total)
        if self.senior:
            paid_outside, expected = np.minimum(payments, self.outside), np.maximum(payments - self.outside, 0.0)
        else:
            portion = np.divide(self.outside, self.owed, out=np.zeros_like(self.owed), where=self.owed > 0)
            paid_outside, expected = payments * portion, payments
        _refuse_unsettled(expected, shared, self.total, rounds)
        return Clearing(
            payments=payments,
            received=received,
            shortfall=self.total - payments,
            equity=np.where(failed, 0.0, np.maximum(self.assets + received - self.total, 0.0)),
            paid_outside=paid_outside,
            defaulted=failed,
            default_round=found_in,
            rounds=rounds,
        )


def _refuse_unsettled(
    expected: NDArray[np.float64], shared: NDArray[np.float64], total: NDArray[np.float64], rounds: int
) -> None:
    if not len(total):
        return
    apart = float(np.abs(expected - shared).max())
    if not apart <= _UNSETTLED * total.max():
        msg = (
            f"after {rounds:,} rounds payments are {apart:g} apart from what members can pay; allowed is "
            f"{_UNSETTLED:g} of the largest debt. Merge amounts that differ by many orders of magnitude"
        )
        raise ConvergenceError(msg)
