"""Guarantees between companies of the LDBC Financial Benchmark: who would be called, and what the bank would lose.

Question: if a guaranteed borrower defaults, how much of its loans do its guarantors carry?

Data: the company files of an LDBC FinBench data set (synthetic, Apache-2.0), such as
AddCompanyGuaranteeCompanyWrite11.csv. They are not part of this package: give their folder as the argument. Of 136
guarantees only 14 are for a borrower with a loan in the same files; the others are left out, which the account says.

Assumed, because the data do not say it: every company can pay --resources from liquid funds; amounts have no currency.

    python examples/finbench_guarantees.py FOLDER [--resources 5000000]
"""

import argparse
from pathlib import Path

import pandas as pd

import circles

TERMS = circles.Terms.preset("base")


def assume_resources(portfolio: circles.Portfolio, resources_fen: int) -> circles.Portfolio:
    """Give every company the same resources, marked as estimated."""
    members = portfolio.members.assign(resources_fen=resources_fen, resources_source="estimated")
    return portfolio.replace(members=members)


def default_each(portfolio: circles.Portfolio) -> pd.DataFrame:
    """Let every guaranteed borrower default on its own: what it owes, what is paid for it, what the bank loses."""
    rows = []
    for borrower, promises in portfolio.guarantees.groupby("borrower_id"):
        cascade = circles.run_cascade(portfolio, [borrower], TERMS)
        owed = portfolio.loans.loc[portfolio.loans["borrower_id"] == borrower, "balance_fen"].sum()
        rows.append(
            {
                "borrower": borrower,
                "owed": owed / 100,
                "guarantors": len(promises),
                "paid by guarantors": cascade.guarantor_paid_fen / 100,
                "bank loses": cascade.bank_loss_fen / 100,
                "without guarantees": cascade.loss_without_guarantee_fen / 100,
            }
        )
    return pd.DataFrame(rows).sort_values("owed", ascending=False)


def main() -> None:
    """Print the account of the import and one row a guaranteed borrower."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path, help="the folder with the FinBench files")
    parser.add_argument("--resources", type=int, default=5_000_000, help="what every company can pay (assumed)")
    arguments = parser.parse_args()
    imported = circles.import_finbench(arguments.folder)
    print(imported)
    table = default_each(assume_resources(imported.portfolio, arguments.resources * 100))
    print(f"\nThe default of each guaranteed borrower, resources assumed {arguments.resources:,}, {TERMS.settlement}:")
    print(table.to_string(index=False, float_format="{:,.0f}".format))


if __name__ == "__main__":
    main()
