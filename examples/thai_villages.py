"""Sixty-eight real joint-liability groups of Thai farmers against the best their villages could have formed.

Question: how much better could each village have grouped itself, by one and the same score, and is that proven?

Data: baac00, see thai_groups.py. It is not part of this package: give the file as the argument.

The score is that of the matching rules' default weights: placing members counts most, members with different worst
years are worth more than members with the same one, and larger groups cost more, for they bear more together. Within a
village everybody knows everybody, so the score says nothing of friendship. All sizes that real groups have are allowed.

    python examples/thai_villages.py baac00.csv
"""

import argparse
from itertools import combinations
from pathlib import Path

import pandas as pd
from thai_groups import read_borrowers

from circles.matching import MatchingProblem, Weights, solve, verify_bound
from circles.matching.worth import circle_worth

WEIGHTS = Weights()
SIZES = (2, 3, 4, 5)


def describe_village(borrowers: pd.DataFrame) -> MatchingProblem:
    """Put the grouping of one village as an integer problem: everybody knows everybody, no pair is ruled out."""
    pairs = list(combinations(range(len(borrowers)), 2))
    years = borrowers["worst_year"].tolist()
    known = WEIGHTS.acquaintance + WEIGHTS.same_town
    return MatchingProblem(
        value=[WEIGHTS.member] * len(borrowers),
        pair_first=[first for first, _ in pairs],
        pair_second=[second for _, second in pairs],
        pair_value=[known - WEIGHTS.same_industry * (years[first] == years[second]) for first, second in pairs],
        pair_acquainted=[True] * len(pairs),
        size_charge={size: WEIGHTS.size_charge[size] for size in SIZES},
    )


def compare_village(borrowers: pd.DataFrame) -> dict[str, object]:
    """Give what the real groups of a village score, the best that it could have formed, and whether that is proven."""
    problem = describe_village(borrowers)
    groups = borrowers["group"].tolist()
    real = [tuple(at for at, name in enumerate(groups) if name == group) for group in sorted(set(groups))]
    plan = solve(problem, seed=7, gap=0.0)
    score = sum(circle_worth(problem, group) for group in real)
    return {
        "village": borrowers["village"].iloc[0],
        "borrowers": len(borrowers),
        "sizes": "+".join(str(len(group)) for group in real),
        "real": score,
        "best sizes": "+".join(sorted(str(len(circle)) for circle in plan.circles)),
        "best": plan.value,
        "bound": plan.upper_bound,
        "reached": score / plan.upper_bound,
        "status": str(plan.status),
        "verified": str(verify_bound(problem, plan).status),
    }


def compare_villages(path: Path) -> pd.DataFrame:
    """Compare every village, one row each."""
    borrowers = read_borrowers(path)
    return pd.DataFrame(
        [compare_village(village.reset_index(drop=True)) for _, village in borrowers.groupby("village")]
    )


def main() -> None:
    """Print the comparison, village by village, and all together."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("file", type=Path, help="baac00.csv")
    table = compare_villages(parser.parse_args().file)
    print(table.to_string(index=False, float_format="{:.3f}".format))
    real, best, bound = (int(table[name].sum()) for name in ("real", "best", "bound"))
    proven = int((table["status"] == "OPTIMAL").sum())
    at_best = int((table["real"] == table["bound"]).sum())
    print(f"\nProven optimal in {proven} of {len(table)} villages; {at_best} had formed the best groups themselves.")
    print(f"All together: real {real:,}, best {best:,}, bound {bound:,}; the real groups reach {real / bound:.1%}.")


if __name__ == "__main__":
    main()
