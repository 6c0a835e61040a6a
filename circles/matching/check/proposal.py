"""The independent check of a whole proposal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pandas as pd

from circles.matching.check.applicants import broken_by_applicant
from circles.matching.check.facts import Facts, gather_facts
from circles.matching.check.members import broken_by_circle
from circles.matching.check.scores import add_up
from circles.matching.check.trust import TrustPaths

if TYPE_CHECKING:
    from circles.matching.forming.proposal import Proposal
    from circles.matching.record.saved import SavedProposal
    from circles.matching.rules import MatchingRules
    from circles.portfolio import Portfolio

_COLUMNS = ("rule", "circle_id", "member_id", "detail")
_FOR_APPLICANTS = ("in_circle", "amount", "wish", "registered", "region", "certified", "overdue")
_FOR_CANDIDATES = ("no_partners", "no_circle", "none_found", "outbid")


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """Something about a proposal that is not as it should be; circle or member are None where none is meant."""

    rule: str
    detail: str
    circle_id: str | None = None
    member_id: str | None = None

    def describe(self) -> str:
        """Give it as one sentence."""
        where = " ".join(name for name in (self.circle_id, self.member_id) if name)
        return f"{self.rule}: {where} {self.detail}" if where else f"{self.rule}: {self.detail}"


def check_proposal(portfolio: Portfolio, rules: MatchingRules, proposal: Proposal | SavedProposal) -> pd.DataFrame:
    """Check a proposal against the tables and the rules, independently of the code that formed it.

    Every rule, amount, deposit and point is worked out again in plain Python; nobody is in two circles; every
    applicant without a circle has one reason; the bound is not below the score.

    Parameters
    ----------
    portfolio, rules
        What the proposal should keep; usually what it was formed from.
    proposal
        Its tables and figures are judged, not how they came about.

    Returns
    -------
    Frame ``rule, circle_id, member_id, detail``, one row a violation; empty when all is well.

    Raises
    ------
    InputError
        If a rule that is on needs resources and candidates have none.

    Notes
    -----
    Time is linear in the tables and quadratic in the size of a circle.
    """
    return tabulate(list_violations(gather_facts(portfolio, rules), rules, proposal))


def list_violations(facts: Facts, rules: MatchingRules, proposal: Proposal | SavedProposal) -> list[Violation]:
    """List what is not as it should be in a proposal's tables and figures."""
    return [
        *_check_placed(facts, proposal.circles),
        *_check_circles(facts, rules, proposal),
        *_check_unplaced(facts, rules, proposal),
        *_check_figures(proposal),
    ]


def tabulate(found: list[Violation]) -> pd.DataFrame:
    """Give violations as a frame ``rule, circle_id, member_id, detail``."""
    rows = [(item.rule, item.circle_id, item.member_id, item.detail) for item in found]
    return pd.DataFrame(rows, columns=list(_COLUMNS), dtype="str")


def _check_placed(facts: Facts, placed: pd.DataFrame) -> Iterator[Violation]:
    """Check that every row is the newest application of a member that is placed once."""
    seen: dict[str, str] = {}
    for row in placed.itertuples(index=False):
        where = {"circle_id": row.circle_id, "member_id": row.member_id}
        if row.member_id in seen:
            yield Violation(rule="one_circle", detail=f"is placed in {seen[row.member_id]} already", **where)
        seen[row.member_id] = row.circle_id
        application = facts.applications.get(row.member_id)
        if application is None:
            yield Violation(rule="application", detail="has applied for nothing", **where)
        elif row.application_id != application.application_id:
            detail = f"{row.application_id} is not its newest application, {application.application_id} is"
            yield Violation(rule="application", detail=detail, **where)
        elif row.amount_fen != application.amount_fen:
            detail = f"{row.amount_fen:,} fen are proposed, {application.amount_fen:,} were applied for"
            yield Violation(rule="application", detail=detail, **where)


def _check_circles(facts: Facts, rules: MatchingRules, proposal: Proposal | SavedProposal) -> Iterator[Violation]:
    stated, trust = dict(iter(proposal.breakdown.groupby("circle_id"))), TrustPaths(facts, rules)
    previous = None if proposal.previous is None else {tuple(sorted(circle)) for circle in proposal.previous}
    for name, rows in proposal.circles.groupby("circle_id", sort=False):
        if name in facts.circle_ids:
            yield Violation(rule="circle_id", circle_id=name, detail="is a circle of the portfolio already")
        kind = rows["kind"].iloc[0]
        if rows["kind"].nunique() != 1 or kind not in rules.kinds:
            detail = f"is of kind {kind!r}; mode {rules.mode} forms {' and '.join(rules.kinds)}"
            yield Violation(rule="kind", circle_id=name, detail=detail)
        members = [member for member in dict.fromkeys(rows["member_id"]) if member in facts.applications]
        if members:
            yield from _check_rules(facts, rules, name, kind=kind, members=members)
        yield from _check_deposits(rules, rows, kind=kind)
        own = add_up(facts, rules, members, trust=trust if kind == "strangers" else None, previous=previous)
        yield from _check_points(rows, own, stated=stated.pop(name, None))
    for name in stated:
        yield Violation(rule="breakdown", circle_id=name, detail="has points but is not proposed")


def _check_rules(
    facts: Facts, rules: MatchingRules, name: str, *, kind: str, members: list[str]
) -> Iterator[Violation]:
    for rule, detail in broken_by_circle(facts, rules, members, kind=kind):
        yield Violation(rule=rule, circle_id=name, detail=detail)
    for member in members:
        for rule in broken_by_applicant(facts, rules, member, kind=kind):
            detail = f"breaks the rule {rule} and may not be in a circle of kind {kind}"
            yield Violation(rule=rule, circle_id=name, member_id=member, detail=detail)


def _check_deposits(rules: MatchingRules, rows: pd.DataFrame, *, kind: str) -> Iterator[Violation]:
    share = Fraction(str(float(rules.deposit_share_strangers if kind == "strangers" else rules.deposit_share)))
    for row in rows.itertuples(index=False):
        due = -(-row.amount_fen * share.numerator // share.denominator)
        if row.deposit_fen != due:
            detail = f"a deposit of {row.deposit_fen:,} fen is proposed, {due:,} is due"
            yield Violation(rule="deposit", circle_id=row.circle_id, member_id=row.member_id, detail=detail)


def _check_points(rows: pd.DataFrame, own: Counter[str], *, stated: Any) -> Iterator[Violation]:
    name, scores = rows["circle_id"].iloc[0], rows["score"]
    given: dict[str, int] = {} if stated is None else stated.groupby("term")["points"].sum().to_dict()
    for term in [*own, *(term for term in given if term not in own)]:
        if own[term] != given.get(term, 0):
            detail = f"{term} is stated as {given.get(term, 0):,} points and comes to {own[term]:,}"
            yield Violation(rule="breakdown", circle_id=name, detail=detail)
    if scores.nunique() != 1 or scores.iloc[0] != own.total():
        detail = f"is stated as {scores.iloc[0]:,} points and comes to {own.total():,}"
        yield Violation(rule="score", circle_id=name, detail=detail)


def _check_unplaced(facts: Facts, rules: MatchingRules, proposal: Proposal | SavedProposal) -> Iterator[Violation]:
    placed, listed = set(proposal.circles["member_id"]), set(proposal.unplaced["member_id"])
    for member in sorted(set(facts.applications) - placed - listed):
        yield Violation(rule="unplaced", member_id=member, detail="has applied, and has neither a circle nor a reason")
    seen: set[str] = set()
    for row in proposal.unplaced.itertuples(index=False):
        for detail in _wrong_reason(facts, rules, row, known=seen | placed):
            yield Violation(rule="unplaced", member_id=row.member_id, detail=detail)
        seen.add(row.member_id)


def _wrong_reason(facts: Facts, rules: MatchingRules, row: Any, *, known: set[str]) -> Iterator[str]:
    """Say what is wrong with the reason of one applicant without a circle."""
    if row.member_id in known:
        yield "is listed as unplaced a second time, or has a circle"
    if row.member_id not in facts.applications:
        yield "has not applied for anything"
        return
    if not isinstance(row.detail, str) or not row.detail.strip():
        yield "has no sentence that says why"
    broken = broken_by_applicant(facts, rules, row.member_id, kind=rules.kinds[0])
    if broken and row.reason != broken[0]:
        yield f"breaks the rule {broken[0]}, the reason given is {row.reason}"
    if not broken and row.reason not in _FOR_CANDIDATES:
        kept = "keeps that rule" if row.reason in _FOR_APPLICANTS else "is no reason code"
        yield f"the reason given is {row.reason}, which {kept}" if kept.startswith("is") else f"{kept}: {row.reason}"


def _check_figures(proposal: Proposal | SavedProposal) -> Iterator[Violation]:
    """Check that the circles' scores add up, and that the bound is one."""
    total = int(proposal.circles.drop_duplicates("circle_id")["score"].sum())
    if proposal.score != total:
        detail = f"the score is stated as {proposal.score:,} points and the circles come to {total:,}"
        yield Violation(rule="score", detail=detail)
    if proposal.upper_bound < proposal.score:
        detail = f"the upper bound {proposal.upper_bound:,} is below the score {proposal.score:,}"
        yield Violation(rule="bound", detail=detail)
    if (proposal.status == "OPTIMAL") != (proposal.score == proposal.upper_bound) and proposal.status != "INFEASIBLE":
        detail = f"the status is {proposal.status}, score and bound are {proposal.score:,} and {proposal.upper_bound:,}"
        yield Violation(rule="status", detail=detail)
    if proposal.status == "INFEASIBLE" and len(proposal.circles):
        yield Violation(rule="status", detail="the status is INFEASIBLE, and circles are proposed")
