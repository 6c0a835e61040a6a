"""Sixty-eight real joint-liability groups of Thai farmers: as they were, and formed anew inside each village.

Question: would circles formed by the rules of this package have lost the bank less than the groups that the farmers
formed themselves?

Data: baac00, 292 borrowers of the Bank for Agriculture and Agricultural Cooperatives in 68 groups and 39 villages
(Townsend Thai Project, Annual Resurvey 2000; in the R package matchingMarkets). It is not part of this package: give
the file as the argument. Its columns used here: g.id (group), m.id (village), loan_size (mean loan of the group; the
data name no unit, here 1 counts as 10,000 baht), pi (the borrower's own stated probability of success), wst (code of
the worst year).

Assumed, because the data do not say it: default probability = 1 − pi, and resources = ¼, ½ or 1 times the loan.

    python examples/thai_groups.py baac00.csv [--trials 2000]
"""

import argparse
from itertools import combinations
from pathlib import Path

import pandas as pd

import circles

AS_OF = "2000-12-31"
RESOURCE_SHARES = (0.25, 0.5, 1.0)
RULES = circles.MatchingRules(min_members=2, max_members=5, mode="acquainted", max_amount_fen=None)


def read_borrowers(path: Path) -> pd.DataFrame:
    """Read the borrowers: member_id, group, village, loan_fen, default_probability, worst_year."""
    raw = pd.read_csv(path)
    return pd.DataFrame(
        {
            "member_id": [f"B{row:03d}" for row in range(1, len(raw) + 1)],
            "group": [f"G{int(group):02d}" for group in raw["g.id"]],
            "village": [f"V{int(village):02d}" for village in raw["m.id"]],
            "loan_fen": (raw["loan_size"] * 1_000_000).round().astype("int64"),
            "default_probability": (1 - raw["pi"]).clip(0, 1),
            "worst_year": [str(code) for code in raw["wst"]],
        }
    )


def describe_members(borrowers: pd.DataFrame, resource_share: float) -> pd.DataFrame:
    """Give the members table; the worst year stands for the industry, so that shared bad years are a charge."""
    return pd.DataFrame(
        {
            "member_id": borrowers["member_id"],
            "city": borrowers["village"],
            "industry": borrowers["worst_year"],
            "resources_fen": (borrowers["loan_fen"] * resource_share).round().astype("int64"),
            "resources_source": "estimated",
            "default_probability": borrowers["default_probability"],
        }
    )


def as_they_were(borrowers: pd.DataFrame, resource_share: float) -> circles.Portfolio:
    """Give the real groups as circles, with everybody's loan in its group."""
    return circles.Portfolio.from_frames(
        as_of=AS_OF,
        currency="THB",
        members=describe_members(borrowers, resource_share),
        circles=pd.DataFrame({"circle_id": sorted(set(borrowers["group"])), "status": "active"}),
        circle_members=borrowers[["group", "member_id"]].set_axis(["circle_id", "member_id"], axis=1),
        loans=pd.DataFrame(
            {
                "loan_id": "L" + borrowers["member_id"],
                "borrower_id": borrowers["member_id"],
                "balance_fen": borrowers["loan_fen"],
                "circle_id": borrowers["group"],
            }
        ),
    )


def propose_anew(borrowers: pd.DataFrame, resource_share: float) -> circles.Proposal:
    """Form circles among neighbours: within a village everybody knows everybody."""
    pairs = [
        pair for _, village in borrowers.groupby("village") for pair in combinations(sorted(village["member_id"]), 2)
    ]
    portfolio = circles.Portfolio.from_frames(
        as_of=AS_OF,
        currency="THB",
        members=describe_members(borrowers, resource_share),
        acquaintances=pd.DataFrame(pairs, columns=["member_a", "member_b"]),
        applications=pd.DataFrame(
            {
                "application_id": "A" + borrowers["member_id"],
                "member_id": borrowers["member_id"],
                "amount_fen": borrowers["loan_fen"],
            }
        ),
    )
    proposal = circles.form_circles(portfolio, RULES, seed=7, gap=0.0)
    violations = circles.check_proposal(portfolio, RULES, proposal)
    if len(violations):
        message = f"the proposal breaks its own rules:\n{violations}"
        raise SystemExit(message)
    return proposal


def measure_losses(book: circles.Portfolio, trials: int) -> dict[str, float]:
    """Simulate a year; losses under each preset as a share of what was lent."""
    compared = circles.compare_presets(book, trials=trials, seed=7, correlation=0.12)
    lent = book.loans["balance_fen"].sum()
    return {
        "bare": compared.base.bare.expected_loss_fen / lent,
        **{name: getattr(compared, name).expected_loss_fen / lent for name in ("worst", "base", "forbearance")},
    }


def worst_cascade(book: circles.Portfolio) -> circles.Cascade:
    """Let the member default that does most harm."""
    terms = circles.Terms.preset("base")
    return circles.run_cascade(book, [circles.rank_members(book, terms).members["member_id"].iloc[0]], terms)


def compare_groups(path: Path, trials: int) -> pd.DataFrame:
    """Compare the groups as they were with circles formed anew, for each assumption about resources."""
    borrowers = read_borrowers(path)
    rows = []
    for share in RESOURCE_SHARES:
        real = as_they_were(borrowers, share)
        print(f"\nResources assumed {share:g} × loan, as they were: {worst_cascade(real)}")
        proposal = propose_anew(borrowers, share)
        print(f"Formed anew: {proposal}")
        books = {"as they were": real}
        if len(proposal.circles):
            books["formed anew"] = proposal.portfolio()
        for name, book in books.items():
            counts = {"circles": len(book.circles), "borrowers": len(book.loans)}
            rows.append({"resources": share, "circles are": name, **counts, **measure_losses(book, trials)})
    return pd.DataFrame(rows)


def main() -> None:
    """Print the comparison: expected loss of a year as a share of what was lent."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("file", type=Path, help="baac00.csv")
    parser.add_argument("--trials", type=int, default=2_000)
    arguments = parser.parse_args()
    table = compare_groups(arguments.file, arguments.trials)
    print("\nExpected loss of a year as a share of what was lent (resources are assumed, not observed):")
    print(table.to_string(index=False, float_format="{:.4f}".format))


if __name__ == "__main__":
    main()
