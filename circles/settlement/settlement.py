"""One set of first defaults settled, with every call and payment."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from circles.errors import ConservationError, InputError
from circles.settlement.ledger import (
    EXPOSURE,
    LOG_ROW,
    LOGGED,
    RECOVERED,
    RUN,
    UNSECURED,
    new_ledger,
    pack_rules,
    pack_system,
)
from circles.settlement.single_kernel import settle_once, settle_panic

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.settlement.ledger import Ledger, Rules, System
    from circles.settlement.obligations import Obligations
    from circles.settlement.terms import Terms


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Settlement:
    """What one set of first defaults does to members, pools and the bank, in unrounded fen.

    ``exposure = recovered + Σ pool_deposit_used + Σ paid + risk_pool_used + bank_loss`` up to float blur.

    Attributes
    ----------
    round
        Shape (members,), int32: when each fails; 0 first, −1 never.
    cause
        Shape (members,), int8: `ALIVE`, `FIRST`, `CALLED`, `UNPAID` or `REFUSED` of `circles.settlement.ledger`.
    trade_loss
        Shape (members,), fen: lost on failed buyers, at most the cash.
    called_total
        Shape (members,), fen: asked of each as guarantor, paid or not.
    pool_shortfall, pool_deposit_used, pool_loss
        Shape (pools,), fen.
    entry, call_round, called, paid
        Shape (calls,): every call in order of rounds: which guarantor entry of the obligations, when, how much was
        asked and paid (fen). A threshold settlement lists the survivors' payments only.
    exposure, recovered, unsecured_loss, risk_pool_used, bank_loss
        Fen.
    """

    round: NDArray[np.int32]
    cause: NDArray[np.int8]
    trade_loss: NDArray[np.float64]
    called_total: NDArray[np.float64]
    pool_shortfall: NDArray[np.float64]
    pool_deposit_used: NDArray[np.float64]
    pool_loss: NDArray[np.float64]
    entry: NDArray[np.int64]
    call_round: NDArray[np.int64]
    called: NDArray[np.float64]
    paid: NDArray[np.float64]
    exposure: float
    recovered: float
    unsecured_loss: float
    risk_pool_used: float
    bank_loss: float


def settle_waterfall(obligations: Obligations, first: NDArray[np.int64], terms: Terms) -> Settlement:
    """Settle first defaults round by round: guarantors pay what is called until they cannot.

    Parameters
    ----------
    obligations
        What is owed and guaranteed.
    first
        Shape (first defaulters,): positions in ``obligations.members``; order and repetition do not matter.
    terms
        The terms; their `settlement` does not enter.

    Raises
    ------
    ConservationError
        If money was lost or made, or rounds did not end within members + guarantees + 1 (a defect).
    """
    system, rules, initial = _prepare(obligations, first, terms, threshold=False)
    ledger = _settle_logged(system, rules, initial)
    log = ledger.log[: ledger.counts[LOGGED]]
    called_total = np.zeros(len(system.means))
    np.add.at(called_total, system.guarantor[log["entry"]], log["called"])
    return _read_settlement(system, rules, ledger, log=log, called_total=called_total)


def settle_threshold(obligations: Obligations, first: NDArray[np.int64], terms: Terms) -> Settlement:
    """Settle first defaults by thresholds: who cannot pay everything asked of it fails and pays nothing.

    The failures are the least fixed point of F(D) = first defaulters and {i : Σ shares + receivable loss >
    resources}; shares are equal up to the caps. Parameters and errors as for `settle_waterfall`.
    """
    system, rules, initial = _prepare(obligations, first, terms, threshold=True)
    ledger = new_ledger(system)
    _refuse_fault(settle_once(system, rules, np.ones(1), ledger, initial))
    paying = np.flatnonzero(ledger.entries["paid"] > 0.0)
    log = np.zeros(len(paying), dtype=LOG_ROW)
    log["entry"] = paying
    log["called"] = log["paid"] = ledger.entries["paid"][paying]
    log["round"] = ledger.members["round"].max(initial=0) + 1
    return _read_settlement(system, rules, ledger, log=log, called_total=_sum_shares(system, ledger))


def _sum_shares(system: System, ledger: Ledger) -> NDArray[np.float64]:
    """Add up what pools asked of each member until it failed: what its cash is short of its resources, less trade."""
    members = ledger.members
    touched = (members["run"] == ledger.counts[RUN]) & (members["round"] != 0)
    return np.where(touched, system.means["resources"] - members["cash"] - members["trade"], 0.0)


SETTLEMENTS: Mapping[str, Callable[[Obligations, NDArray[np.int64], Terms], Settlement]] = MappingProxyType(
    {"waterfall": settle_waterfall, "threshold": settle_threshold}
)
"""Every settlement by the name that `Terms` gives it."""


def find_panic(obligations: Obligations, first: NDArray[np.int64], terms: Terms) -> NDArray[np.int64]:
    """Find the largest set of failures that justifies itself under the threshold settlement (a run).

    Returns
    -------
    Shape (failures,): ascending positions in ``obligations.members``, the first defaulters among them.
    """
    system, rules, initial = _prepare(obligations, first, terms, threshold=True)
    ledger = new_ledger(system)
    settle_panic(system, rules, np.ones(1), ledger, initial)
    return np.flatnonzero(ledger.members["round"] >= 0)


class _Case(NamedTuple):
    """What a loop is given."""

    system: System
    rules: Rules
    first: NDArray[np.int64]


def _prepare(obligations: Obligations, first: NDArray[np.int64], terms: Terms, *, threshold: bool) -> _Case:
    system = pack_system(obligations)
    initial = np.unique(np.asarray(first, dtype=np.int64))
    if len(initial) and not (initial[0] >= 0 and initial[-1] < len(system.means)):
        msg = f"first defaulters must be positions below {len(system.means):,}, got {initial[0]} to {initial[-1]}"
        raise InputError(msg)
    return _Case(system, pack_rules(obligations, terms)._replace(threshold=threshold), initial)


def _settle_logged(system: System, rules: Rules, first: NDArray[np.int64]) -> Ledger:
    """Settle with a log that is long enough: calls are counted, so a second run knows how many rows it takes."""
    ledger = new_ledger(system, log_rows=2 * len(system.entries) + 16)
    _refuse_fault(settle_once(system, rules, np.ones(1), ledger, first))
    if ledger.counts[LOGGED] > len(ledger.log):
        ledger = new_ledger(system, log_rows=int(ledger.counts[LOGGED]))
        _refuse_fault(settle_once(system, rules, np.ones(1), ledger, first))
    return ledger


def _refuse_fault(sound: bool) -> None:
    if not sound:
        msg = "the settlement lost or made money, or did not end within its bound on rounds"
        raise ConservationError(msg)


def _read_settlement(
    system: System, rules: Rules, ledger: Ledger, *, log: Any, called_total: NDArray[np.float64]
) -> Settlement:
    gross = float(ledger.pools["outstanding"].sum() + ledger.totals[UNSECURED])
    risk_pool_used = min(rules.risk_pool, gross)
    return Settlement(
        round=ledger.members["round"].copy(),
        cause=ledger.members["cause"].astype(np.int8),
        trade_loss=np.minimum(ledger.members["trade"], system.means["resources"]),
        called_total=called_total,
        pool_shortfall=ledger.pools["shortfall"].copy(),
        pool_deposit_used=ledger.pools["drawn"].copy(),
        pool_loss=ledger.pools["outstanding"].copy(),
        entry=log["entry"].copy(),
        call_round=log["round"].copy(),
        called=log["called"].copy(),
        paid=log["paid"].copy(),
        exposure=float(ledger.totals[EXPOSURE]),
        recovered=float(ledger.totals[RECOVERED]),
        unsecured_loss=float(ledger.totals[UNSECURED]),
        risk_pool_used=risk_pool_used,
        bank_loss=gross - risk_pool_used,
    )
