"""Published instances are drawn from their seed; no plan falls below what was planted, and no bound is under it."""

from pathlib import Path

import numpy as np
import pytest
from matching_problems import PlainRules

from benchmarks.instances import INSTANCES, Drawn
from benchmarks.instances.__main__ import format_row, write_rows
from benchmarks.instances.chain import draw_chain
from benchmarks.instances.solving import Solved
from benchmarks.instances.town import Town, draw_town
from circles.matching import MatchingProblem, solve

SMALL = {
    "acquainted": Town(members=40, near=3),
    "planted": Town(members=40, near=3, tie=60),
    "eight": Town(members=24, near=2, largest=8),
    "hubs": Town(members=30, near=2, hubs=1, hub_degree=12),
    "mixed": Town(members=24, mode="mixed"),
    "strangers": Town(members=24, mode="strangers"),
}


def draw_small(kind: str) -> Drawn:
    return draw_chain(24, seed=1) if kind == "chain" else draw_town(SMALL[kind], seed=1)


def as_bytes(problem: MatchingProblem) -> bytes:
    arrays = (problem.value, problem.pair_first, problem.pair_second, problem.pair_value, problem.loan)
    return b"".join(array.tobytes() for array in (*arrays, problem.resources, problem.labels))


@pytest.mark.parametrize("name", [name for name in INSTANCES if not name.endswith("000") or name.endswith("1000")])
def test_the_same_name_and_seed_draw_the_same_instance(name: str) -> None:
    first, again, other = (INSTANCES[name].draw(seed) for seed in (1, 1, 2))
    assert as_bytes(first.problem) == as_bytes(again.problem) != as_bytes(other.problem)
    assert first.planted == again.planted != other.planted


@pytest.mark.parametrize("kind", [*SMALL, "chain"])
def test_planted_circles_are_disjoint_and_admissible_and_worth_what_is_said(kind: str) -> None:
    drawn = draw_small(kind)
    rules, members = PlainRules(drawn.problem), [member for circle in drawn.planted for member in circle]
    assert len(members) == len(set(members)) > drawn.problem.members // 3
    assert all(rules.allow(circle) for circle in drawn.planted)
    assert drawn.planted_value == sum(max(0, rules.worth(circle)) for circle in drawn.planted) > 0


@pytest.mark.parametrize("kind", [*SMALL, "chain"])
def test_a_plan_is_worth_at_least_what_was_planted(kind: str) -> None:
    drawn = draw_small(kind)
    plan = solve(drawn.problem, seed=1, gap=0.0)
    assert drawn.planted_value <= plan.value <= plan.upper_bound


def test_the_town_of_the_figures_has_a_mean_degree_of_about_twelve() -> None:
    problem = INSTANCES["town-1000"].draw(1).problem
    assert 11 < 2 * len(problem.pair_first) / problem.members < 13
    assert problem.sizes == (3, 4, 5, 6)
    assert 0.6 < np.median(problem.resources / problem.loan) < 0.75


def test_a_row_of_the_table_says_when_one_percent_was_proven(tmp_path: Path) -> None:
    solved = Solved(
        name="town-300", seed=1, members=300, pairs=1_700, value=99, bound=100, gap=0.01, status="WITHIN_GAP",
        planted=50, seconds=1.25, first_percent=None, peak_gigabytes=0.3,
    )  # fmt: skip
    assert format_row(solved).endswith("| 1.2 | – | 0.30 |")
    write_rows(tmp_path / "rows.csv", [solved])
    assert (tmp_path / "rows.csv").read_text().splitlines()[1].startswith("town-300,1,300,1700,99,100,0.01,")
