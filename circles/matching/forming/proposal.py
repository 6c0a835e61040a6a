"""A proposal: circles that await a person's decision, what each is worth, and why the others have none."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from circles.errors import InputError
from circles.matching.forming.explanation import Explanation, explain_circle
from circles.matching.forming.in_place import put_in_place
from circles.matching.forming.stating import state_proposal
from circles.matching.lines import join_lines
from circles.matching.record.document import save_proposal

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from circles.matching.answers.alternatives import Alternatives
    from circles.matching.answers.fragile import Fragility
    from circles.matching.answers.rule_costs import Progress, RuleCosts
    from circles.matching.answers.stability import StabilityAudit
    from circles.matching.answers.swap import Swap
    from circles.matching.answers.why_unplaced import WhyUnplaced
    from circles.matching.forming.forming import Forming
    from circles.matching.plan import Plan, PlanStatus
    from circles.matching.rules import MatchingRules
    from circles.portfolio import Portfolio
    from circles.settlement import Terms


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Proposal:
    """Proposed circles, with a proof of how much better any other proposal could be.

    Attributes
    ----------
    status
        OPTIMAL, WITHIN_GAP, TIME_LIMIT, STOPPED or INFEASIBLE (no admissible circle at all); see `PlanStatus`.
    score
        Sum of the circles' scores, in points.
    upper_bound
        No proposal under the same rules scores more, in points.
    circles
        Frame, one row a member placed: ``circle_id, member_id, application_id, amount_fen, deposit_fen, kind``
        (acquainted or strangers), ``score`` (of the whole circle).
    unplaced
        Frame, one row an applicant without a proposed circle: ``member_id, application_id, amount_fen, reason`` (a
        code), ``detail`` (a sentence).
    breakdown
        Frame ``circle_id, term, points``; a circle's points add up to its score.
    flags
        Frame ``circle_id, flag, members`` (ids; empty for the whole circle), ``detail``: what a person should look at
        before deciding, see `circles.matching.rules.flags`. Flags change neither score nor rules.
    rules, seed
        What it was formed with.
    digest
        Fingerprint of the portfolio it was formed from.
    notes
        Sentences on what the data do not state: rules that were not judged, resources that are estimates.
    plans
        The engine's plans, one for every kind of circle, with their certificates.
    """

    status: PlanStatus
    score: int
    upper_bound: int
    circles: pd.DataFrame
    unplaced: pd.DataFrame
    breakdown: pd.DataFrame
    flags: pd.DataFrame
    rules: MatchingRules
    seed: int
    digest: str
    notes: tuple[str, ...]
    plans: tuple[Plan, ...]
    _portfolio: Portfolio
    _forming: Forming

    @property
    def gap(self) -> float:
        """Proven distance to the best proposal as a share of the bound, at least 0."""
        return (self.upper_bound - self.score) / max(1, abs(self.upper_bound))

    @property
    def plan(self) -> Plan:
        """The engine's plan; with mode ``any``, that of the circles of acquaintances."""
        return self.plans[0]

    @property
    def forming(self) -> Forming:
        """What it was formed from and how: candidates, rules, and the engine's problems with their plans."""
        return self._forming

    def explain(self, circle_id: str) -> Explanation:
        """Explain one circle: its terms, its members and what each may owe, the rule that binds most.

        Raises
        ------
        InputError
            If no proposed circle has that id.
        """
        rows = self.circles[self.circles["circle_id"] == circle_id]
        if not len(rows):
            found = self.circles["circle_id"].drop_duplicates()
            shown = ", ".join(found.head(3)) + (" …" if len(found) > 3 else "") if len(found) else "none"
            msg = f"circle {circle_id!r} is not one of the {len(found):,} proposed circles: {shown}"
            raise InputError(msg)
        terms = self.breakdown[self.breakdown["circle_id"] == circle_id]
        return explain_circle(self._portfolio, self.rules, rows, terms=terms)

    def why_unplaced(self, member_id: str) -> WhyUnplaced:
        """Say why an applicant has no circle: how far it came, and what the best circle through it lacks.

        Raises
        ------
        InputError
            If the member has not applied, or has a circle.
        """
        from circles.matching.answers.why_unplaced import explain_unplaced_member

        return explain_unplaced_member(self, member_id)

    def alternatives(self, member_id: str, count: int = 5) -> Alternatives:
        """Give the best other circles through a candidate, and which proposed circles each would take apart.

        Parameters
        ----------
        member_id
            Whoever is to be in them, placed or not.
        count
            How many, 1 to 50.

        Raises
        ------
        InputError
            If the member is no candidate, or the number is out of its range.
        """
        from circles.matching.answers.alternatives import find_alternatives

        return find_alternatives(self, member_id, count)

    def swap(self, first_id: str, second_id: str) -> Swap:
        """Let two members change places, or an unplaced one take the place of a placed one.

        Returns
        -------
        The new proposal with its score, or the sentences of the rules that refuse it.

        Raises
        ------
        InputError
            If a member has not applied, or neither has a circle.
        """
        from circles.matching.answers.swap import swap_members

        return swap_members(self, first_id, second_id)

    def rule_costs(
        self,
        rules: Sequence[str] | None = None,
        *,
        time_limit: float | None = 20.0,
        workers: int | None = None,
        progress: Progress | None = None,
    ) -> RuleCosts:
        """Form circles again without one rule after the other, and say what each costs.

        Ctrl-C ends it with the costs found so far.

        Parameters
        ----------
        rules
            Names from `circles.matching.answers.rule_costs.WITHOUT`; None: all that are on.
        time_limit
            Seconds for each; None: no limit.
        workers
            Threads; None: two.
        progress
            Called with (done, all) rules.

        Raises
        ------
        InputError
            If a rule is not known, or is not on.
        """
        from circles.matching.answers.rule_costs import cost_rules

        return cost_rules(self, rules, time_limit=time_limit, workers=workers, progress=progress)

    def audit_stability(self, *, workers: int | None = None) -> StabilityAudit:
        """Look for blocking circles: admissible ones in which every member would be strictly better off than now.

        Parameters
        ----------
        workers
            Threads; None: two.
        """
        from circles.matching.answers.stability import audit_stability

        return audit_stability(self, workers=workers)

    def fragile(self, terms: Terms | None = None) -> Fragility:
        """Say which single failure breaks which proposed circle, and the cheapest repair: a swap, or a deposit.

        Parameters
        ----------
        terms
            How defaults are settled; None means the worst case, ``Terms()``.
        """
        from circles.matching.answers.fragile import find_fragile

        return find_fragile(self, terms)

    def self_formed(self) -> Proposal:
        """Give the circles that the same candidates would form by themselves, the strongest choosing their like first.

        Every rule holds for these, too, so that the upper bound is the same.
        """
        from circles.matching.answers.self_formed import form_themselves

        return form_themselves(self)

    def regroup(self, other: Proposal) -> Proposal:
        """Group the members that another proposal places, all of them and nobody else, for the best score.

        Both place the same members with the same loans and differ in the circles alone, as a fair comparison must.

        Parameters
        ----------
        other
            One that came from this proposal, such as `self_formed`.

        Raises
        ------
        InputError
            If the other comes from another forming.
        """
        from circles.matching.answers.regroup import regroup_members

        return regroup_members(self, other)

    def portfolio(self) -> Portfolio:
        """Give the portfolio with the proposed circles in place, each member with the loan that it applied for.

        Circles have the status ``proposed`` and run for twelve months, or the longest term applied for; loans get new
        ids, are drawn at the portfolio's date and belong to their circle.
        """
        return put_in_place(self._portfolio, self.circles)

    @property
    def previous(self) -> tuple[tuple[str, ...], ...] | None:
        """Circles of the earlier plan that these were formed anew from, as sorted member ids; None if there is none."""
        forming = self._forming
        return None if forming.candidates.previous is None else tuple(circle.members for circle in forming.past)

    def save(self, path: str | Path, *, force: bool = False) -> None:
        """Write the audit file: all that `circles.verify_proposal` needs to judge the proposal (docs/audit.md).

        The same proposal gives the same bytes.

        Raises
        ------
        InputError
            If the file exists and `force` is not given, or cannot be written.
        """
        save_proposal(state_proposal(self, self._forming), path, force=force)

    def __str__(self) -> str:
        found = self.circles["circle_id"].nunique()
        reasons = self.unplaced["reason"].value_counts()
        left = ", ".join(f"{reason} {number:,}" for reason, number in reasons.items())
        lines = [
            f"Proposal: {found:,} circles place {len(self.circles):,} of {len(self.circles) + len(self.unplaced):,} "
            f"applicants ({self.status})",
            f"score {self.score:,}, upper bound {self.upper_bound:,}: no proposal scores more (gap {self.gap:.2%})",
        ]
        if left:
            lines.append(f"unplaced {len(self.unplaced):,}: {left}")
        if len(self.flags):
            counted = ", ".join(f"{flag} {number:,}" for flag, number in self.flags["flag"].value_counts().items())
            lines.append(f"flags for a person to look at {len(self.flags):,}: {counted}")
        return join_lines([*lines, *self.notes])

    __repr__ = __str__
