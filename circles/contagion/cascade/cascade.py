"""The cascade of one set of first defaults: who fails because of whom, who pays what, and what the bank loses."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from circles.contagion.cascade.debts import list_debts
from circles.contagion.cascade.frames import (
    frame_circles,
    frame_members,
    frame_payments,
    frame_pools,
)
from circles.contagion.cascade.infection import pair_hitters, trace_path
from circles.contagion.cascade.recourse import frame_recourse, share_payments
from circles.contagion.losses.estimates import mark_estimates, share_of_loss
from circles.errors import InputError
from circles.money import format_yuan
from circles.settlement import (
    SETTLEMENTS,
    Terms,
    build_obligations,
    check_terms,
    find_panic,
    round_settlement,
    settle_trials,
)

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from circles.portfolio import Portfolio
    from circles.settlement import Obligations, Settlement, TrialLosses, WholeFen

WORST = Terms()
_NOT_REACHED = ("untouched", "first")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Cascade:
    """What follows when some members default: round by round, member by member, pool by pool.

    Amounts are whole fen. Exposures of the loans that fell due = recovered + deposits used + paid by guarantors +
    risk pool used + bank loss, exactly.

    Attributes
    ----------
    rounds
        Ids that fail, sorted, first defaulters first; rounds in which nobody fails are left out.
    bank_loss_fen
        The bank's loss, net of the risk pool.
    recovered_fen
        What borrowers still pay on their own loans that fell due.
    deposit_used_fen, guarantor_paid_fen, risk_pool_used_fen
        What others pay.
    loss_without_guarantee_fen
        The first defaulters' shortfalls alone: as if nobody had guaranteed anything and nothing spread.
    optimistic_loss_fen
        No way of collecting from guarantors loses less (maximum flow), net of the risk pool.
    conservative_loss_fen
        Loss of the threshold settlement with the smaller recovery, net of the risk pool; None unless shares are equal.
    panic
        Sorted ids of the largest set of failures that justifies itself under the threshold settlement.
    estimated_share
        Fraction in [0, 1] of the bank's loss that rests on estimated resources: what is lost in pools with a guarantor
        whose ``resources_source`` is ``estimated``, and on loans of members that failed by contagion on estimated
        resources of their own. 0 where nothing is lost.
    estimated_members
        Of the members that it reached (not untouched, and no first defaulters), how many have estimated resources.
    terms, portfolio_digest, as_of
        What it was computed from.
    """

    rounds: tuple[tuple[str, ...], ...]
    bank_loss_fen: int
    recovered_fen: int
    deposit_used_fen: int
    guarantor_paid_fen: int
    risk_pool_used_fen: int
    loss_without_guarantee_fen: int
    optimistic_loss_fen: int
    conservative_loss_fen: int | None
    panic: tuple[str, ...]
    estimated_share: float
    estimated_members: int
    terms: Terms
    portfolio_digest: str
    as_of: date
    _members: pd.DataFrame
    _pools: pd.DataFrame
    _payments: pd.DataFrame
    _recourse: pd.DataFrame
    _hits: NDArray[np.int64]

    def __str__(self) -> str:
        first, contagious = len(self.rounds[0]), sum(map(len, self.rounds[1:]))
        bounds = f"at least {format_yuan(self.optimistic_loss_fen)}"
        if self.conservative_loss_fen is not None:
            bounds += f", at most {format_yuan(self.conservative_loss_fen)}"
        return "\n".join(
            [
                f"Cascade at {self.as_of} ({self.terms.settlement}): {_count(first, 'first default')}, "
                f"{contagious:,} more in {_count(len(self.rounds) - 1, 'round')}",
                f"bank loss {format_yuan(self.bank_loss_fen)} yuan ({bounds}); "
                f"without guarantees {format_yuan(self.loss_without_guarantee_fen)}",
                f"recovered {format_yuan(self.recovered_fen)}, deposits {format_yuan(self.deposit_used_fen)}, "
                f"guarantors paid {format_yuan(self.guarantor_paid_fen)}, "
                f"risk pool {format_yuan(self.risk_pool_used_fen)}",
                f"{self.estimated_share:.0%} of the loss rests on estimated resources; "
                f"{self.estimated_members:,} of {_count(self.reached, 'member')} reached have such",
            ]
        )

    def __repr__(self) -> str:
        return str(self)

    @property
    def members(self) -> pd.DataFrame:
        """One row a member, by id.

        Columns: ``member_id``; ``state`` (untouched, hurt, paid, first, contagious); ``round`` of failing (missing for
        the live); ``cause`` (call, receivable, refusal: it would not pay a call that it could; missing otherwise);
        ``hit_by`` (ids joined by ";" of the failed whose loans it was called for, as they were outstanding, or that
        owed it money, in the round in which it failed); ``called_fen, paid_fen,
        trade_loss_fen, own_shortfall_fen, left_fen``.
        """
        return self._members.copy(deep=False)

    @property
    def pools(self) -> pd.DataFrame:
        """One row a pool, by id.

        Columns: ``id, shortfall_fen, deposit_used_fen, paid_fen, bank_loss_fen`` (before the risk pool; loans in no
        pool come on top).
        """
        return self._pools.copy(deep=False)

    @property
    def circles(self) -> pd.DataFrame:
        """One row a circle, by its own id; columns as in `pools`."""
        return frame_circles(self._pools)

    @property
    def payments(self) -> pd.DataFrame:
        """One row a payment, by round.

        Columns: ``payer_id, pool_id, amount_fen, round``; ``on_behalf_of`` (ids joined by ";" of the borrowers whose
        loans were outstanding in the pool when it called).
        """
        return self._payments.copy(deep=False)

    @property
    def recourse(self) -> pd.DataFrame:
        """One row a claim (追偿) that guarantors have afterwards, by creditor.

        Columns: ``creditor_id, debtor_id, pool_id``; ``claim`` (borrower: what was paid for the debtor;
        co_guarantor: what was paid for a borrower beyond an equal part, from the borrower's other guarantors that
        paid less, whether they failed or not, as far as the borrower does not repay it); ``amount_fen``. Claims on
        borrowers add up to what guarantors paid, and those on one borrower to no more than its shortfall.
        """
        return self._recourse.copy(deep=False)

    def why(self, member: str) -> pd.DataFrame:
        """Say by which path a member fell: itself and everybody whose failure led to it, the earliest first.

        Returns
        -------
        Columns: ``round, member_id, state, cause, hit_by, called_fen, paid_fen, trade_loss_fen`` as in `members`;
        one row if it did not fail.

        Raises
        ------
        InputError
            If there is no such member.
        """
        return trace_path(self._members, self._hits, member)

    @property
    def reached(self) -> int:
        """How many members it reached: called upon, hurt or brought down; first defaulters are none of them."""
        return int((~self.members["state"].isin(_NOT_REACHED)).sum())


def run_cascade(portfolio: Portfolio, first_defaulters: Iterable[str], terms: Terms = WORST) -> Cascade:
    """Say what follows if these members default today.

    Parameters
    ----------
    portfolio
        Members with resources, their loans, circles, guarantees and receivables.
    first_defaulters
        Member ids; one named twice counts once.
    terms
        How defaults are settled; without them the worst case.

    Returns
    -------
    The `Cascade`: rounds, losses with both bounds, and a frame each of members, circles, pools and payments.

    Raises
    ------
    InputError
        If a first defaulter is not a member, or members have no resources.
    ConservationError
        If money was lost or made (a defect).

    Notes
    -----
    Waterfall and threshold settlement, the bounds and the panic set are defined in docs/methods/settlement.md.

    Examples
    --------
    >>> import pandas as pd
    >>> from circles.portfolio import Portfolio
    >>> ids = ["M0", "M1", "M2"]
    >>> portfolio = Portfolio.from_frames(
    ...     as_of="2007-12-29",
    ...     members=pd.DataFrame({"member_id": ids, "resources_fen": [0, 60_00, 40_00]}),
    ...     circles=pd.DataFrame({"circle_id": ["C1"]}),
    ...     circle_members=pd.DataFrame({"circle_id": ["C1"] * 3, "member_id": ids}),
    ...     loans=pd.DataFrame(
    ...         {"loan_id": ids, "borrower_id": ids, "balance_fen": [100_00] * 3, "circle_id": ["C1"] * 3}
    ...     ),
    ... )
    >>> cascade = run_cascade(portfolio, ["M0"], Terms(cross_default=False))
    >>> cascade.rounds, cascade.bank_loss_fen, cascade.guarantor_paid_fen
    ((('M0',), ('M2',)), 0, 10000)
    """
    terms = check_terms(terms)
    obligations = build_obligations(portfolio)
    first = _find_first(obligations, portfolio, first_defaulters)
    settlement = SETTLEMENTS[terms.settlement](obligations, first, terms)
    whole = round_settlement(obligations, settlement, terms)
    bounds = settle_trials(obligations, terms, offsets=np.array([0, len(first)]), defaulters=first)
    debts = list_debts(obligations, settlement, whole, terms)
    hits = pair_hitters(obligations, settlement, debts, terms=terms)
    members = frame_members(obligations, settlement, whole, hits=hits)
    shares = share_payments(obligations, debts, whole, terms)
    marks = mark_estimates(portfolio, obligations)
    return Cascade(
        rounds=_list_rounds(obligations, settlement),
        bank_loss_fen=whole.bank_loss,
        recovered_fen=whole.recovered,
        deposit_used_fen=int(whole.pool_deposit_used.sum()),
        guarantor_paid_fen=int(whole.paid.sum()),
        risk_pool_used_fen=whole.risk_pool_used,
        loss_without_guarantee_fen=int(members["own_shortfall_fen"].to_numpy()[first].sum()),
        optimistic_loss_fen=_round_optimistic(bounds, whole),
        conservative_loss_fen=_round_conservative(bounds, whole),
        panic=tuple(obligations.members[find_panic(obligations, first, terms)].tolist()),
        _members=members,
        _pools=frame_pools(obligations, whole),
        _payments=frame_payments(obligations, whole, debts),
        _recourse=frame_recourse(obligations, debts, shares),
        _hits=hits,
        estimated_share=share_of_loss(obligations, terms, first, marks=marks),
        estimated_members=int((marks.member & ~members["state"].isin(_NOT_REACHED).to_numpy()).sum()),
        terms=terms,
        portfolio_digest=portfolio.digest(),
        as_of=portfolio.as_of,
    )


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


def _find_first(obligations: Obligations, portfolio: Portfolio, ids: Iterable[str]) -> NDArray[np.int64]:
    """Give the ascending positions of the first defaulters in the obligations' order."""
    if isinstance(ids, str):
        msg = f"first_defaulters must be a list of member ids, got the text {ids!r}; write [{ids!r}]"
        raise InputError(msg)
    if not isinstance(ids, Iterable):
        msg = f"first_defaulters must be a list of member ids, such as ['M1'], got {ids!r:.60}"
        raise InputError(msg)
    listed = list(ids)
    foreign = [member for member in listed if not isinstance(member, str)]
    if foreign:
        msg = f"first_defaulters must be member ids as text, got {foreign[0]!r}"
        raise InputError(msg)
    rows = portfolio.member_positions(listed, what="first defaulter")
    position = np.empty(len(obligations.members), dtype=np.int64)
    position[obligations.rows] = np.arange(len(position))
    return np.unique(position[rows])


def _list_rounds(obligations: Obligations, settlement: Settlement) -> tuple[tuple[str, ...], ...]:
    failed = np.flatnonzero(settlement.round >= 0)
    order = failed[np.argsort(settlement.round[failed], kind="stable")]
    breaks = np.flatnonzero(np.diff(settlement.round[order])) + 1
    return tuple(tuple(obligations.members[group].tolist()) for group in np.split(order, breaks))


def _round_optimistic(bounds: TrialLosses, whole: WholeFen) -> int:
    """Round the lower bound down; rounding of parts never puts it above the loss that it bounds."""
    lower = math.floor(bounds.optimistic[0] + 1e-3)
    return min(lower, whole.bank_loss) if bounds.optimistic[0] <= bounds.bank_loss[0] + 1e-3 else lower


def _round_conservative(bounds: TrialLosses, whole: WholeFen) -> int | None:
    """Round the upper bound up; rounding of parts never puts it below the loss that it bounds."""
    if np.isnan(bounds.conservative[0]):
        return None
    upper = math.ceil(bounds.conservative[0] - 1e-3)
    return max(upper, whole.bank_loss) if bounds.conservative[0] >= bounds.bank_loss[0] - 1e-3 else upper
