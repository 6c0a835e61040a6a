"""Trust among strangers, followed again from member to member in plain Python."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

from circles.matching.check.applicants import broken_by_applicant
from circles.matching.check.facts import Facts, Pair, as_pair

if TYPE_CHECKING:
    from circles.matching.rules import MatchingRules


class TrustPaths:
    """The strongest paths between members that do not know each other, looked up one member at a time.

    Parameters
    ----------
    facts, rules
        The tables, and how many pairs and ties count.
    """

    def __init__(self, facts: Facts, rules: MatchingRules) -> None:
        self._facts, self._rules = facts, rules
        self._ties: dict[str, dict[str, int]] = defaultdict(dict)
        for left, right in facts.declared | set(facts.dealings):
            self._ties[left][right] = self._ties[right][left] = self._tie(left, right)
        self._lists: dict[str, dict[str, int]] = {}
        self._eligible: dict[str, bool] = {}

    def points(self, left: str, right: str) -> int:
        """Give the points of two strangers; none if the pair is not among the strongest of both."""
        strength = self._list(left).get(right)
        if strength is None or left not in self._list(right):
            return 0
        return (2 * self._rules.weights.trust * strength + 10**9) // (2 * 10**9)

    def list_pairs(self, members: Sequence[str]) -> list[Pair]:
        """List the pairs of these members that are among the strongest of both."""
        inside = set(members)
        return [
            (left, right)
            for left in sorted(inside)
            for right in sorted(self._list(left))
            if left < right and right in inside and left in self._list(right)
        ]

    def _tie(self, left: str, right: str) -> int:
        tie = 500 if as_pair(left, right) in self._facts.declared else 1
        trade = self._facts.dealings.get(as_pair(left, right))
        if trade is None:
            return tie
        yuan, full = (trade.forward_fen + trade.backward_fen) / 100, self._rules.full_volume_fen / 100
        return max(tie, round(round(1000 * min(math.log1p(yuan) / math.log1p(full), 1.0), 6)))

    def _list(self, member: str) -> dict[str, int]:
        """Give the strongest paths of a member, by their other end."""
        if member not in self._lists:
            found = [
                (-strength, other)
                for other, strength in self._reach(member).items()
                if other != member and self._may_be_placed(other) and not self._facts.know_each_other(member, other)
            ]
            strongest = sorted(found)[: self._rules.trust_pairs]
            self._lists[member] = {other: -strength for strength, other in strongest}
        return self._lists[member]

    def _reach(self, member: str) -> dict[str, int]:
        best: dict[str, int] = {}
        ends = {member: 10**9}
        for hop in range(3):
            longer: dict[str, int] = {}
            for link, strength in ends.items():
                if hop and len(self._ties[link]) > self._rules.trust_ties:
                    continue
                for other, tie in self._ties[link].items():
                    longer[other] = max(longer.get(other, 0), strength * tie // 1000)
            ends = longer
            best = {other: max(best.get(other, 0), longer.get(other, 0)) for other in best | longer}
        return best

    def _may_be_placed(self, member: str) -> bool:
        if member not in self._eligible:
            applied = member in self._facts.applications
            self._eligible[member] = applied and not any(
                broken_by_applicant(self._facts, self._rules, member, kind=kind)
                for kind in {self._rules.kinds[0], "strangers"}
            )
        return self._eligible[member]
