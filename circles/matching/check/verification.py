"""Verifying a saved proposal from scratch: its tables, its points, and the certificates of its bound."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from circles.errors import InputError, ProblemError
from circles.matching.check.facts import Facts, gather_facts
from circles.matching.check.proposal import Violation, list_violations, tabulate
from circles.matching.check.rebuild import list_candidates, rebuild_problem
from circles.matching.record.reading import read_proposal
from circles.matching.verify.bound import BoundStatus, verify_bound

if TYPE_CHECKING:
    import pandas as pd

    from circles.matching.record.saved import Run, SavedProposal
    from circles.portfolio import Portfolio


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Verification:
    """What verifying a saved proposal came to.

    Attributes
    ----------
    status
        PROVED: everything holds and no proposal scores more than the bound. VIOLATED: something does not hold.
        NOT_PROVED: nothing wrong was found, and the bound could not be proved in the time given.
    violations
        Frame ``rule, circle_id, member_id, detail``, one row for everything that does not hold.
    reason
        One sentence.
    """

    status: BoundStatus
    violations: pd.DataFrame
    reason: str

    def __str__(self) -> str:
        return f"{self.status}: {self.reason}"

    __repr__ = __str__


def verify_proposal(
    proposal: SavedProposal | str | Path, portfolio: Portfolio, *, time_limit: float | None = None
) -> Verification:
    """Verify a saved proposal: every rule, amount and point from the tables, and that no proposal scores more.

    Nothing that formed it is used. The integer problem is built again from the tables and the rules that the file
    states, and every admissible circle is held against the certificate's prices.

    Parameters
    ----------
    proposal
        The audit file, or what `circles.read_proposal` read from it.
    portfolio
        What it says it was formed from.
    time_limit
        Seconds for the bound; None for no limit. Every admissible circle is looked at, so large books take long.

    Returns
    -------
    Proved, violated or not proved.

    Raises
    ------
    InputError
        If the file cannot be read, or the time limit is not more than 0.
    """
    if time_limit is not None and not time_limit > 0:
        msg = f"time_limit must be more than 0 seconds, or None for no limit, got {time_limit!r}"
        raise InputError(msg)
    ends = None if time_limit is None else time.monotonic() + time_limit
    saved = read_proposal(proposal) if isinstance(proposal, str | Path) else proposal
    found = list(_check_source(saved, portfolio))
    unproved: list[str] = []
    if not found:
        facts = gather_facts(portfolio, saved.rules)
        found += list_violations(facts, saved.rules, saved)
        found += [*_check_circles(saved), *_check_bound(saved)]
        for run in saved.runs:
            if run.gives_bound and not found:
                left = None if ends is None else ends - time.monotonic()
                found += _check_run(facts, saved, run, time_limit=left, unproved=unproved)
    return _conclude(saved, found, unproved)


def _check_source(saved: SavedProposal, portfolio: Portfolio) -> Iterator[Violation]:
    """Check that file and portfolio are what they were when the one was formed from the other."""
    if not saved.is_sealed:
        yield Violation(rule="seal", detail="the file was changed after it was written: its fingerprint does not fit")
    if saved.digest != portfolio.digest():
        detail = f"it was formed from another portfolio: the fingerprint stated is {saved.digest[:12]}…, "
        yield Violation(rule="portfolio", detail=f"{detail}this one's is {portfolio.digest()[:12]}…")
    for name, stated, own in (
        ("as_of", saved.as_of, portfolio.as_of),
        ("currency", saved.currency, portfolio.currency),
    ):
        if stated != own:
            yield Violation(rule="portfolio", detail=f"{name} is stated as {stated} and is {own}")


def _check_circles(saved: SavedProposal) -> Iterator[Violation]:
    """Check that the circles proposed are those of the runs that give circles."""
    formed = {
        frozenset(run.members[member] for member in circle)
        for run in saved.runs
        if run.gives_circles
        for circle in run.plan.circles
    }
    for name, rows in saved.circles.groupby("circle_id", sort=False):
        if frozenset(rows["member_id"]) not in formed:
            yield Violation(rule="runs", circle_id=name, detail="is proposed, and no run formed it")
        formed.discard(frozenset(rows["member_id"]))
    for circle in sorted(sorted(circle) for circle in formed):
        yield Violation(rule="runs", detail=f"the circle of {', '.join(circle)} was formed and is not proposed")


def _check_bound(saved: SavedProposal) -> Iterator[Violation]:
    """Check that the bound is the one that the certificates give, one for every kind of circle."""
    runs = [run for run in saved.runs if run.gives_bound]
    kinds = tuple(run.kind for run in runs)
    if kinds != saved.rules.kinds:
        detail = f"it needs a certificate for circles of kind {' and '.join(saved.rules.kinds)}, "
        yield Violation(rule="bound", detail=f"{detail}and has {' and '.join(kinds) or 'none'}")
        return
    shown = runs[0].plan.upper_bound if len(runs) == 1 else _join_bounds(runs, saved.rules.first)
    if saved.upper_bound != shown:
        detail = f"the upper bound is stated as {saved.upper_bound:,} and the certificates give {shown:,}"
        yield Violation(rule="bound", detail=detail)


def _join_bounds(runs: list[Run], first: str) -> int:
    """Bound circles of both kinds: by both bounds together, or by the dearer of each member's prices; the less counts.

    A circle of either kind is paid for by its own kind's prices and cuts; what must be placed or lent only lowers what
    it may be worth. Where something must be, the bound of a kind holds for plans of that kind only.
    """
    dearest: dict[str, Fraction] = {}
    cuts = Fraction(0)
    for run in runs:
        scale = run.plan.price_scale
        cuts += sum((Fraction(int(price), scale) for price in run.plan.cut_prices), start=Fraction(0))
        for member, price in zip(run.members, run.plan.prices, strict=True):
            dearest[member] = max(dearest.get(member, Fraction(0)), Fraction(int(price), scale))
    joined = int(sum(dearest.values(), start=cuts))
    return min(joined, sum(run.plan.upper_bound for run in runs)) if first == "score" else joined


def _check_run(
    facts: Facts, saved: SavedProposal, run: Run, *, time_limit: float | None, unproved: list[str]
) -> Iterator[Violation]:
    """Hold one certificate against every admissible circle of the problem that the tables and rules make."""
    candidates = set(list_candidates(facts, saved.rules, run.kind))
    if candidates != set(run.members):
        odd = sorted(candidates.symmetric_difference(run.members))[0]
        detail = "may be placed and has no price" if odd in candidates else "has a price and may not be placed"
        yield Violation(rule="certificate", member_id=odd, detail=f"{detail} in circles of kind {run.kind}")
        return
    if (run.place_at_least is None, run.lend_at_least is None) != _may_be_free(saved.rules.first):
        detail = f"what must be placed or lent does not fit the rule first={saved.rules.first}"
        yield Violation(rule="certificate", detail=detail)
    try:
        problem = replace(
            rebuild_problem(facts, saved.rules, run.kind, members=run.members, previous=saved.previous),
            place_at_least=run.place_at_least,
            lend_at_least=run.lend_at_least,
        )
    except ProblemError as error:
        yield Violation(rule="certificate", detail=f"circles of kind {run.kind}: {error}")
        return
    checked = verify_bound(problem, run.plan, time_limit=time_limit)
    if checked.status is BoundStatus.VIOLATED:
        who = ", ".join(run.members[member] for member in checked.circle or ())
        detail = f"circles of kind {run.kind}: {checked.reason}" + (f" ({who})" if who else "")
        yield Violation(rule="certificate", detail=detail)
    if checked.status is BoundStatus.NOT_PROVED:
        unproved.append(f"circles of kind {run.kind} ({checked.reason})")


def _may_be_free(first: str) -> tuple[bool, bool]:
    """Say whether nothing must be placed, and nothing must be lent."""
    return first != "members", first != "amount"


def _conclude(saved: SavedProposal, found: list[Violation], unproved: list[str]) -> Verification:
    violations = tabulate(found)
    if found:
        count = f"{len(found):,} violation{'s' if len(found) > 1 else ''}"
        return Verification(
            status=BoundStatus.VIOLATED, violations=violations, reason=f"{count}, the first: {found[0].describe()}"
        )
    if unproved:
        reason = f"tables and points hold; the bound is not proved of {' and of '.join(unproved)}"
        return Verification(status=BoundStatus.NOT_PROVED, violations=violations, reason=reason)
    reason = f"every rule and point holds, and no proposal scores more than {saved.upper_bound:,}"
    return Verification(status=BoundStatus.PROVED, violations=violations, reason=reason)
