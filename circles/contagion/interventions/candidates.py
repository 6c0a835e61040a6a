"""Interventions worth a look: on the members that do most harm and the circles that cost most."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from circles.contagion.interventions.guarantees import CutGuarantee, ReplaceGuarantor
from circles.contagion.interventions.of_circles import AddDeposit, AddGuarantor, SplitCircle, Standstill
from circles.contagion.interventions.of_members import BailOut
from circles.contagion.questions.rank import rank_members
from circles.errors import InputError
from circles.settlement import attribute_losses, build_obligations, check_terms
from circles.settlement.cover import find_in_force

if TYPE_CHECKING:
    from collections.abc import Iterator

    from circles.contagion.interventions.intervention import Intervention
    from circles.portfolio import Portfolio
    from circles.settlement import Obligations, Terms

DEPOSIT_SHARE = 0.1
"""The deposit that is proposed for a circle, as a fraction of its loans: a convention, not a recommendation."""

_LEAST_SPLIT = 4
"""Members of a circle that may be split: two on each side."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Search:
    """Where to look: the portfolio, what is owed in it, the members and circles that matter, and who could help."""

    portfolio: Portfolio
    obligations: Obligations
    terms: Terms
    members: list[str]
    circles: list[int]
    backer: str | None


def propose_interventions(portfolio: Portfolio, *, terms: Terms | None = None, most: int = 5) -> list[Intervention]:
    """Propose interventions on the members that do most harm and the circles that cost most, to be compared.

    Members: those whose default alone costs the bank most (`rank_members`) are bailed out at the price of all they
    owe; guarantees in force that they give or have are cut, or taken over by the member with the most resources among
    those that guarantee nothing. Circles: those with the largest expected loss from single defaults get a deposit of
    a tenth of their loans, that member as guarantor, a standstill, or are split in two halves of like resources.

    Parameters
    ----------
    portfolio
        Members need resources. Where a default probability is missing, all members count alike.
    terms
        How defaults are settled; None means the worst case, ``Terms()``.
    most
        How many members, circles and guarantees to look at, at least 1.

    Returns
    -------
    The interventions; none where no single default costs anything. Guarantees, splits and standstills are stated to
    cost nothing, which is for the caller to judge.

    Raises
    ------
    InputError
        If members have no resources, or `most` is below 1.
    """
    if isinstance(most, bool) or not isinstance(most, int) or most < 1:
        msg = f"most must be a whole number of at least 1, got {most!r}"
        raise InputError(msg)
    agreed = check_terms(terms)
    obligations = build_obligations(portfolio)
    harm = rank_members(portfolio, agreed).members
    search = _Search(
        portfolio=portfolio,
        obligations=obligations,
        terms=agreed,
        members=list(harm.loc[harm["bank_loss_fen"] > 0, "member_id"].head(most)),
        circles=_find_costly(portfolio, obligations, agreed)[:most],
        backer=_find_backer(obligations),
    )
    return [*_bail_out(search), *_change_guarantees(search, most), *_mend_circles(search)]


def _find_costly(portfolio: Portfolio, obligations: Obligations, terms: Terms) -> list[int]:
    """Give the circles' pools with a loss, by what single defaults are expected to cost in them, the most first."""
    count, pools = len(obligations.members), obligations.pools
    probability = portfolio.table("members")["default_probability"].to_numpy(np.float64)[obligations.rows]
    if np.isnan(probability).any():
        probability = np.ones(count)
    everybody = np.arange(count)
    parts = attribute_losses(obligations, terms, offsets=np.arange(count + 1), defaulters=everybody, trials=everybody)
    weight = np.repeat(probability, np.diff(parts.offsets)) * parts.amount
    inside = parts.pool >= 0
    expected = np.bincount(parts.pool[inside], weights=weight[inside], minlength=len(pools.ids))
    order = np.argsort(-expected, kind="stable")
    return [int(pool) for pool in order if expected[pool] > 0 and str(pools.ids[pool]).startswith("circle:")]


def _find_backer(obligations: Obligations) -> str | None:
    """Find the member with the most resources among those that guarantee nothing and owe nothing."""
    free = np.ones(len(obligations.members), dtype=np.bool_)
    free[obligations.pools.member] = False
    free[obligations.loans.borrower] = False
    free &= obligations.resources > 0
    if not free.any():
        return None
    return str(obligations.members[np.argmax(np.where(free, obligations.resources, -1.0))])


def _bail_out(search: _Search) -> Iterator[Intervention]:
    loans, receivables = search.obligations.loans, search.obligations.receivables
    for member_id in search.members:
        at = int(np.flatnonzero(search.obligations.members == member_id)[0])
        owed = loans.exposure[loans.start[at] : loans.start[at + 1]].sum()
        bills = receivables.supplier_amount[receivables.buyer_start[at] : receivables.buyer_start[at + 1]].sum()
        yield BailOut(member_id=member_id, cost_fen=int(owed + bills))


def _change_guarantees(search: _Search, most: int) -> Iterator[Intervention]:
    rows = search.portfolio.table("guarantees")
    touching = rows["guarantor_id"].isin(search.members) | rows["borrower_id"].isin(search.members)
    chosen = rows[touching & find_in_force(search.portfolio)]
    for row in chosen.sort_values(["amount_fen", "guarantee_id"], ascending=[False, True]).head(most).itertuples():
        yield CutGuarantee(guarantee_id=str(row.guarantee_id))
        if search.backer not in (None, row.borrower_id):
            yield ReplaceGuarantor(guarantee_id=str(row.guarantee_id), guarantor_id=str(search.backer))


def _mend_circles(search: _Search) -> Iterator[Intervention]:
    loans, pools = search.obligations.loans, search.obligations.pools
    for pool in search.circles:
        circle_id = str(pools.ids[pool]).removeprefix("circle:")
        deposit = int(DEPOSIT_SHARE * loans.exposure[loans.pool == pool].sum())
        if deposit:
            yield AddDeposit(circle_id=circle_id, amount_fen=deposit, cost_fen=deposit)
        if search.backer is not None:
            yield AddGuarantor(circle_id=circle_id, guarantor_id=search.backer)
        if search.terms.cross_default and circle_id not in search.terms.standstill:
            yield Standstill(circle_id=circle_id)
        members = pools.member[pools.start[pool] : pools.start[pool + 1]]
        if len(members) >= _LEAST_SPLIT:
            by_resources = members[np.argsort(-search.obligations.resources[members], kind="stable")]
            leaving = sorted(str(search.obligations.members[member]) for member in by_resources[1::2])
            yield SplitCircle(circle_id=circle_id, leaving=tuple(leaving))
