"""Measure forming and forming anew on a portfolio of 10,000 applications: what the search takes, and all the rest.

``python -m benchmarks.forming [MEMBERS]`` prints a table of wall-clock and processor seconds; on a busy machine only
the latter mean anything. Firms know 11.4 others in the mean, as in the instances ``town-…``; half of them trade. Then
a hundredth of the portfolio changes: applications are withdrawn, pairs of one circle are excluded, loans double.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from unittest.mock import patch

import numpy as np
import pandas as pd

import circles
from benchmarks.instances.town import Town, draw_town
from circles.matching.engine.solver import solve
from circles.portfolio import Portfolio

_UNIT_FEN = 1_000_000
_SEED = 7


class Clock:
    """Adds up what the search takes, and what everything takes."""

    def __init__(self) -> None:
        self.searched = np.zeros(2)

    def search(self, *arguments: object, **options: object) -> object:
        """Run the engine and count its time."""
        began = _now()
        try:
            return solve(*arguments, **options)  # type: ignore[arg-type]
        finally:
            self.searched += _now() - began

    def show(self, what: str, act: Callable[[], object]) -> object:
        """Run something and print a row: search and rest, wall-clock and processor seconds."""
        self.searched[:] = 0.0
        began = _now()
        with patch("circles.matching.forming.search.solve", self.search):
            result = act()
        rest = _now() - began - self.searched
        print(f"| {what} | " + " | ".join(f"{number:.1f}" for number in (*self.searched, *rest)) + " |", flush=True)
        return result


def build_town(members: int, seed: int = _SEED) -> Portfolio:
    """Draw a town of firms that have all applied; its acquaintances trade (each other pair) or are declared."""
    problem = draw_town(Town(members=members), seed).problem
    random = np.random.default_rng(seed)
    ids = np.array([f"M{number:06d}" for number in range(members)])
    first, second = ids[problem.pair_first], ids[problem.pair_second]
    trading = np.arange(len(first)) % 2 == 0
    month = random.integers(1, 13, int(trading.sum()))
    return Portfolio.from_frames(
        as_of="2007-12-29",
        members=pd.DataFrame(
            {
                "member_id": ids,
                "resources_fen": problem.resources * _UNIT_FEN,
                "industry": problem.labels[:, 0].astype(str),
                "city": problem.labels[:, 1].astype(str),
            }
        ),
        applications=pd.DataFrame(
            {
                "application_id": ids,
                "member_id": ids,
                "amount_fen": problem.loan * _UNIT_FEN,
                "applied_on": "2007-12-01",
            }
        ),
        acquaintances=pd.DataFrame({"member_a": first[~trading], "member_b": second[~trading]}),
        trades=pd.DataFrame(
            {
                "seller_id": first[trading],
                "buyer_id": second[trading],
                "period": [f"2007-{number:02d}" for number in month],
                "amount_fen": random.integers(10**6, 10**8, len(month)),
            }
        ),
    )


def change(portfolio: Portfolio, proposal: circles.Proposal, count: int) -> Portfolio:
    """Withdraw 40 of 100 changes' applications, exclude as many pairs of one circle, and double 20 loans."""
    random = np.random.default_rng(_SEED)
    asked = portfolio.applications
    rows = random.permutation(len(asked))[: count * 6 // 10]
    gone, doubled = rows[: count * 4 // 10], rows[count * 4 // 10 :]
    asked.loc[doubled, "amount_fen"] *= 2
    formed = proposal.circles.groupby("circle_id")["member_id"].agg(list)
    chosen = [formed.iloc[at] for at in random.permutation(len(formed))[: count * 4 // 10]]
    apart = pd.DataFrame([members[:2] for members in chosen], columns=["member_a", "member_b"])
    return portfolio.replace(applications=asked.drop(index=gone).reset_index(drop=True), exclusions=apart)


def main(members: int = 10_000) -> None:
    """Print a row for forming and one for forming anew, and what came of each."""
    circles.form_circles(build_town(60), seed=_SEED)  # compiles the kernels
    portfolio, clock = build_town(members), Clock()
    print(f"{portfolio}\n")
    print("| what | search s | search processor s | rest s | rest processor s |\n|---|---|---|---|---|", flush=True)
    before = clock.show("form circles", lambda: circles.form_circles(portfolio, seed=_SEED))
    assert isinstance(before, circles.Proposal)
    changed = change(portfolio, before, members // 100)
    after = clock.show("form anew", lambda: circles.reform_circles(before, changed, seed=_SEED))
    print(f"\n{before}\n\n{after}")


def _now() -> np.ndarray:
    return np.array([time.perf_counter(), time.process_time()])


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
