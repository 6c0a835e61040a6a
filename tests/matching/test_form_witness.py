"""A circle through one member among strangers: whole columns at once agree with one pair after the other."""

from collections import Counter

import numpy as np
import pytest

from circles.matching import MatchingProblem
from circles.matching.forming.witness import Witness, WitnessSearch


def strangers(seed: int) -> MatchingProblem:
    """Thirty members, half of them too weak for most; a few may never meet."""
    draw = np.random.default_rng(seed)
    none = np.empty(0, np.int64)
    return MatchingProblem(
        value=np.full(30, 10),
        pair_first=none,
        pair_second=none,
        pair_value=none,
        pair_acquainted=none.astype(bool),
        size_charge={3: 1, 4: 1},
        forbidden_first=[0, 0, 3],
        forbidden_second=[1, 2, 9],
        connected=False,
        loan=draw.integers(1, 60, 30),
        resources=draw.integers(1, 12, 30),
        bearable=1.0,
        amount_ratio=4.0,
        max_circle_loan=70,
    )


@pytest.mark.parametrize("seed", range(4))
def test_partners_among_strangers_are_those_whom_no_rule_keeps_away(seed: int):
    problem, alone = strangers(seed), 0
    search = WitnessSearch(problem, budget=100)
    for member in range(problem.members):
        found = Witness()
        partners = search._strangers(member, found)
        others = [other for other in search._strongest.tolist() if other not in {member, *search._apart[member]}]
        clashes = {other: search._clash((member,), other) for other in others}
        assert partners == [other for other in others if clashes[other] is None]
        assert found.partners == len(others)
        if not partners:
            alone += 1
            assert found.broken == Counter(clashes.values())
    assert alone, "somebody fits nobody"
