"""What a rule costs: circles formed again without it, and how much more they score and place."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from circles.errors import InputError
from circles.matching.forming.form import form_circles

if TYPE_CHECKING:
    from circles.matching.forming.proposal import Proposal
    from circles.matching.rules import MatchingRules

Progress = Callable[[int, int], None]
"""Told how many rules are done, and of how many."""

_COLUMNS = ["rule", "score", "upper_bound", "cost_least", "cost_most", "placed_more", "circles_more"]

WITHOUT: Mapping[str, Callable[[MatchingRules], Mapping[str, Any]]] = {
    "connected": lambda rules: {"mode": "any"} if rules.mode == "acquainted" else {},
    "related_parties": lambda rules: {"related_parties_apart": False} if rules.related_parties_apart else {},
    "bearable": lambda rules: _without(rules, "bearable", "bearable_strangers"),
    "coverage": lambda rules: _without(rules, "coverage"),
    "amount_ratio": lambda rules: _without(rules, "amount_ratio"),
    "circle_loan": lambda rules: _without(rules, "max_circle_loan_fen"),
    "amount": lambda rules: _without(rules, "max_amount_fen", "max_amount_strangers_fen"),
    "in_circle": lambda rules: {"one_circle_per_member": False} if rules.one_circle_per_member else {},
    "wish": lambda rules: {"respect_wishes": False} if rules.respect_wishes and rules.mode != "acquainted" else {},
    "registered": lambda rules: {"min_months_registered": 0} if rules.min_months_registered else {},
    "region": lambda rules: _without_regions(rules),
    "certified": lambda rules: {"certification_required": False} if rules.certification_required else {},
    "overdue": lambda rules: {"refuse_overdue": False} if rules.refuse_overdue else {},
}
"""Rule → the fields that switch it off; no fields where it is not on."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class RuleCosts:
    """What each rule costs; prints as a short text.

    Attributes
    ----------
    rules
        Frame, the costliest first: ``rule, score, upper_bound`` (without it), ``cost_least, cost_most`` (points that
        the best proposal without it scores above the best one with it: no less, no more), ``placed_more`` members,
        ``circles_more`` (of the proposals found).
    score, upper_bound
        With all rules.
    untried
        Rules that Ctrl-C left untried.
    """

    rules: pd.DataFrame
    score: int
    upper_bound: int
    untried: tuple[str, ...] = ()

    def __str__(self) -> str:
        lines = [f"with all rules: score {self.score:,}, at most {self.upper_bound:,}; without one of them:"]
        for row in self.rules.itertuples():
            span = (
                f"{row.cost_least:,}" if row.cost_least == row.cost_most else f"{row.cost_least:,} to {row.cost_most:,}"
            )
            lines.append(f"  {row.rule} costs {span} points; {row.placed_more:+,} members placed without it")
        if self.untried:
            lines.append(f"interrupted; not tried: {', '.join(self.untried)}")
        return "\n".join(lines)

    __repr__ = __str__


def cost_rules(
    proposal: Proposal,
    names: Sequence[str] | None,
    *,
    time_limit: float | None,
    workers: int | None,
    progress: Progress | None,
) -> RuleCosts:
    """Form circles again without one rule after the other.

    The best score with the rule lies between the proposal's score and its bound, and that without it between score
    and bound of the new proposal; so the difference, which is at least 0, lies between the differences crosswise.
    """
    changes = _choose(proposal.rules, names)
    rows: list[tuple[object, ...]] = []
    for name, fields in changes.items():
        free = _form_without(proposal, fields, time_limit=time_limit, workers=workers)
        if free is None:
            break
        rows.append(_compare(proposal, free, name))
        if progress is not None:
            progress(len(rows), len(changes))
    frame = pd.DataFrame(rows, columns=_COLUMNS)
    ordered = frame.sort_values(["cost_least", "cost_most", "rule"], ascending=[False, False, True], ignore_index=True)
    untried = tuple(changes)[len(rows) :]
    return RuleCosts(rules=ordered, score=proposal.score, upper_bound=proposal.upper_bound, untried=untried)


def _form_without(
    proposal: Proposal, fields: Mapping[str, Any], *, time_limit: float | None, workers: int | None
) -> Proposal | None:
    """Form circles with some fields of the rules changed, None if Ctrl-C ended it."""
    try:
        free = form_circles(
            proposal.forming.portfolio,
            replace(proposal.rules, **fields),
            seed=proposal.seed,
            gap=proposal.forming.search.gap,
            time_limit=time_limit,
            workers=workers,
        )
    except KeyboardInterrupt:
        return None
    return None if any(plan.interrupted for plan in free.plans) else free


def _choose(rules: MatchingRules, names: Sequence[str] | None) -> dict[str, Mapping[str, Any]]:
    on = {name: fields for name, without in WITHOUT.items() if (fields := without(rules))}
    if names is None:
        return on
    for name in names:
        if name not in on:
            what = "is not on" if name in WITHOUT else "is not known"
            msg = f"rule {name!r} {what}; the rules that are on: {', '.join(on)}"
            raise InputError(msg)
    return {name: on[name] for name in names}


def _compare(proposal: Proposal, free: Proposal, name: str) -> tuple[object, ...]:
    score = max(free.score, proposal.score)
    return (
        name,
        score,
        free.upper_bound,
        max(0, score - proposal.upper_bound),
        max(0, free.upper_bound - proposal.score),
        len(free.circles) - len(proposal.circles),
        free.circles["circle_id"].nunique() - proposal.circles["circle_id"].nunique(),
    )


def _without(rules: MatchingRules, *fields: str) -> dict[str, None]:
    return {field: None for field in fields if getattr(rules, field)}


def _without_regions(rules: MatchingRules) -> dict[str, Any]:
    if rules.allowed_regions is None and not rules.excluded_regions:
        return {}
    return {"allowed_regions": None, "excluded_regions": ()}
