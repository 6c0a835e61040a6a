"""Why this circle: its terms, its members and what each may owe, and how near it is to its limits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from circles.matching.lines import join_lines
from circles.money import format_yuan

if TYPE_CHECKING:
    from circles.matching.rules import CircleLimits, MatchingRules
    from circles.portfolio import Portfolio


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Explanation:
    """One proposed circle, explained; prints as a short text.

    Attributes
    ----------
    circle_id, kind, score
        As in the proposal.
    terms
        Frame ``term, points``; they add up to `score`.
    members
        Frame ``member_id, name, amount_fen, resources_fen, deposit_fen``, ``may_owe_fen`` (the loans of all the others:
        it is liable until they are paid in full) and ``largest_call_fen`` (its equal share, rounded up, if the
        co-member with the largest loan defaults alone and nothing is recovered).
    limits
        Frame ``rule, allowed, found``: the nearest that the circle comes to each limit.
    """

    circle_id: str
    kind: str
    score: int
    terms: pd.DataFrame
    members: pd.DataFrame
    limits: pd.DataFrame

    def __str__(self) -> str:
        lines = [f"Circle {self.circle_id} ({self.kind}), {len(self.members)} members, score {self.score:,}"]
        lines += [f"  {row.term:<18}{row.points:>+8,}" for row in self.terms.itertuples()]
        lines += [
            f"  {row.member_id}: borrows {format_yuan(row.amount_fen)}, may owe {format_yuan(row.may_owe_fen)} for "
            f"the others, at most {format_yuan(row.largest_call_fen)} for one"
            for row in self.members.itertuples()
        ]
        lines += [f"  {row.rule}: {row.found} ({row.allowed})" for row in self.limits.itertuples()]
        return join_lines(lines)

    __repr__ = __str__


def explain_circle(
    portfolio: Portfolio, rules: MatchingRules, rows: pd.DataFrame, *, terms: pd.DataFrame
) -> Explanation:
    """Explain one proposed circle.

    Parameters
    ----------
    portfolio, rules
        What it was formed from.
    rows
        The circle's rows of a proposal's ``circles``.
    terms
        Its rows of the ``breakdown``.
    """
    about = portfolio.members[["member_id", "name", "resources_fen"]]
    placed = rows[["member_id", "amount_fen", "deposit_fen"]].merge(about, on="member_id", how="left")
    members = placed[["member_id", "name", "amount_fen", "resources_fen", "deposit_fen"]].assign(
        may_owe_fen=placed["amount_fen"].sum() - placed["amount_fen"],
        largest_call_fen=_largest_calls(placed["amount_fen"].to_numpy(np.int64)),
    )
    kind = str(rows["kind"].iloc[0])
    return Explanation(
        circle_id=str(rows["circle_id"].iloc[0]),
        kind=kind,
        score=int(rows["score"].iloc[0]),
        terms=terms[["term", "points"]].reset_index(drop=True),
        members=members,
        limits=_measure_limits(members, rules.limits(kind)),
    )


def _largest_calls(loans: np.ndarray) -> list[int]:
    others = len(loans) - 1
    return [-(-int(np.delete(loans, at).max()) // others) for at in range(len(loans))]


def _measure_limits(members: pd.DataFrame, limits: CircleLimits) -> pd.DataFrame:
    """Say how near the circle comes to each limit."""
    loans = members["amount_fen"].to_numpy(np.int64)
    rows = [("size", f"{limits.min_members} to {limits.max_members} members", f"{len(loans)} members")]
    if limits.needs_resources:
        rows += _measure_resources(members, limits)
    if limits.amount_ratio is not None:
        rows.append(("amount_ratio", f"at most {float(limits.amount_ratio):g}", f"{loans.max() / loans.min():.4g}"))
    if limits.max_circle_loan_fen is not None:
        most = format_yuan(limits.max_circle_loan_fen)
        rows.append(("circle_loan", f"at most {most} yuan", f"{format_yuan(int(loans.sum()))} yuan"))
    return pd.DataFrame(rows, columns=["rule", "allowed", "found"])


def _measure_resources(members: pd.DataFrame, limits: CircleLimits) -> list[tuple[str, str, str]]:
    loans = members["amount_fen"].to_numpy(np.float64)
    cash = members["resources_fen"].to_numpy(np.float64, na_value=0.0)
    rows = []
    if limits.coverage is not None:
        covered = (cash.sum() - cash) / loans
        least = int(covered.argmin())
        found = f"the others cover {covered[least]:.4g} × the loan of {members['member_id'].iloc[least]}"
        rows.append(("coverage", f"at least {float(limits.coverage):g}", found))
    if limits.bearable is not None:
        called = np.array([np.delete(loans, at).max() for at in range(len(loans))]) / (len(loans) - 1)
        burden = np.divide(called, cash, out=np.full(len(cash), np.inf), where=cash > 0)
        most = int(burden.argmax())
        found = f"one default calls {burden[most]:.4g} × the resources of {members['member_id'].iloc[most]}"
        rows.append(("bearable", f"at most {float(limits.bearable):g}", found))
    return rows
