"""Guarantee circles in a supply chain: among firms that supply each other, but never two under one hand.

Question: can firms of one supply chain form circles if no two of a circle may have the same legal representative?

Data: the enterprise supply chain example of OpenSPG/KAG (Apache-2.0): Company.csv, Product.csv,
Company_fundTrans_Company.csv and Person.csv, names masked at the source. They are not part of this package: give their
folder as the argument. Persons' names and ages are not read.

Assumed, because the data do not say it: every firm applies for the same amount and can pay half of it. Circles are of
three: so many firms supply each other that those of four and five are too many to look at in a minute.

    python examples/kag_supply_chain.py FOLDER [--amount 1000000] [--seconds 30]
"""

import argparse
from itertools import combinations
from pathlib import Path

import pandas as pd

import circles

RULES = circles.MatchingRules(
    max_members=3,
    mode="acquainted",
    min_months_registered=0,
    certification_required=False,
    excluded_regions=(),
    max_amount_fen=None,
)


def assume_applications(portfolio: circles.Portfolio, amount_fen: int) -> circles.Portfolio:
    """Let every firm apply for the same amount, with half of it in resources, marked as estimated."""
    members = portfolio.members.assign(
        resources_fen=amount_fen // 2, resources_source="estimated", default_probability=0.02
    )
    applications = pd.DataFrame(
        {
            "application_id": "A" + members["member_id"],
            "member_id": members["member_id"],
            "amount_fen": amount_fen,
        }
    )
    return portfolio.replace(members=members, applications=applications)


def count_linked(portfolio: circles.Portfolio, proposal: circles.Proposal) -> int:
    """Count pairs in one circle that have one legal representative; there must be none."""
    linked = {frozenset(pair) for pair in portfolio.links[["member_a", "member_b"]].itertuples(index=False)}
    together = [
        frozenset(pair)
        for _, circle in proposal.circles.groupby("circle_id")
        for pair in combinations(circle["member_id"], 2)
    ]
    return sum(pair in linked for pair in together)


def main() -> None:
    """Print the account of the import, the proposal, and the check of it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path, help="the folder with the files of the example")
    parser.add_argument("--amount", type=int, default=1_000_000, help="yuan that every firm applies for (assumed)")
    parser.add_argument("--seconds", type=float, default=30.0, help="time for forming circles")
    arguments = parser.parse_args()
    imported = circles.import_kag(arguments.folder)
    print(imported)
    portfolio = assume_applications(imported.portfolio, arguments.amount * 100)
    proposal = circles.form_circles(portfolio, RULES, seed=7, gap=0.03, time_limit=arguments.seconds)
    print(f"\n{proposal}")
    print(f"violations found by the independent check: {len(circles.check_proposal(portfolio, RULES, proposal))}")
    print(f"pairs in one circle with one legal representative: {count_linked(portfolio, proposal)}")


if __name__ == "__main__":
    main()
