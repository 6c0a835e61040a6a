"""A supply chain: firms that make one of a few goods, where everybody knows who makes what goes into its own.

Few firms, and hundreds of millions of connected sets of five: a supply chain has no neighbourhoods. Loans and resources
are equal, so that most circles are worth the same, and many are covered to the last fen.
"""

from __future__ import annotations

import numpy as np

from benchmarks.instances.drawing import Drawn
from circles.matching import MatchingProblem

GOODS = 12
VALUE, KNOWN, STRANGER, SAME_GOOD = 100, 30, -10, 15
LOAN, RESOURCES = 100, 50


def draw_chain(members: int, seed: int) -> Drawn:
    """Draw a chain in which two goods of five follow each other, and plant circles of three along it.

    Every loan of 100 needs two co-members with 50 each, exactly.
    """
    random = np.random.default_rng([seed, members])
    good = random.integers(0, GOODS, members)
    follows = np.triu(random.random((GOODS, GOODS)) < 0.4, 1)
    np.fill_diagonal(follows[:, 1:], val=True)
    known = follows | follows.T
    first, second = np.triu_indices(members, 1)
    is_known = known[good[first], good[second]]
    circles = _plant_along(good, random)
    problem = MatchingProblem(
        value=np.full(members, VALUE),
        pair_first=first[is_known],
        pair_second=second[is_known],
        pair_value=np.full(int(is_known.sum()), KNOWN),
        pair_acquainted=np.ones(int(is_known.sum()), dtype=np.bool_),
        stranger_value=STRANGER,
        labels=good[:, None],
        label_charges=[SAME_GOOD],
        size_charge={3: 60, 4: 70, 5: 90},
        loan=np.full(members, LOAN),
        resources=np.full(members, RESOURCES),
        coverage=1,
        bearable=1,
    )
    return Drawn(problem=problem, planted=tuple(circles))


def _plant_along(good: np.ndarray, random: np.random.Generator) -> list[tuple[int, ...]]:
    """Put together makers of three goods in a row, while there are any."""
    makers = [random.permutation(np.flatnonzero(good == which)).tolist() for which in range(GOODS)]
    circles = []
    for start in range(GOODS - 2):
        row = makers[start : start + 3]
        while all(row):
            circles.append(tuple(sorted(firms.pop() for firms in row)))
    return circles
