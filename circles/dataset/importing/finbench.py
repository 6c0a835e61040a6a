"""LDBC FinBench: companies, their loans, guarantees and holdings from its write-query files."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import sparse

from circles.dataset.importing.account import Imported
from circles.dataset.importing.source import SourceFile, read_source
from circles.errors import InputError
from circles.money import MAX_FEN
from circles.portfolio import Portfolio

if TYPE_CHECKING:
    from numpy.typing import NDArray

CONTROL_SHARE = 0.5
"""Above this share of its capital a company is under its investor's control."""
NO_CURRENCY = "XXX"
"""ISO 4217's code where no currency is named: FinBench states none."""
_FILES = {
    "guarantees": ("AddCompanyGuaranteeCompanyWrite11.csv", ("createTime", "fromId", "toId")),
    "loans": (
        "AddCompanyApplyLoanWrite7.csv",
        ("createTime", "companyId", "loanId", "loanAmount", "interestRate", "org"),
    ),
    "deposits": ("AddLoanDepositAccountWrite15.csv", ("createTime", "loanId")),
    "repayments": ("AddAccountRepayLoanWrite14.csv", ("createTime", "loanId", "amount")),
    "holdings": ("AddCompanyInvestCompanyWrite9.csv", ("createTime", "investorId", "companyId", "ratio")),
}
"""The files that are read and the columns of each; those about persons are not opened."""


def import_finbench(
    folder: str | Path, *, cap_fen: int | None = None, as_of: date | str | None = None, currency: str = NO_CURRENCY
) -> Imported:
    """Make a portfolio of the company files of the LDBC Financial Benchmark.

    Companies are members; a company's loan is a loan with what was repaid in the same files taken off; a guarantee is
    a guarantee, capped at what its borrower owes here; a company that another one holds more than half of shares its
    control group. Persons' files are not read.

    Parameters
    ----------
    folder
        Where the write-query files are (``AddCompanyGuaranteeCompanyWrite11.csv`` and four more, ``|`` between cells).
    cap_fen
        Cap of guarantees whose borrower has no loan here, in hundredths; without it they are left out and counted.
    as_of
        The date of the data; the last day in the files where it is not given.
    currency
        Three-letter code; FinBench states none.

    Returns
    -------
    The portfolio, without resources and default probabilities, and an account of every row.

    Raises
    ------
    InputError
        If a file is missing, cannot be read, lacks a column or has a cell that is not what it should be; or the cap is
        not a whole number from 0 to 10**15.
    DatasetError
        If the rows contradict each other, such as a loan that is there twice.
    """
    _refuse_cap(cap_fen)
    files = {kind: read_source(Path(folder), name, columns, separator="|") for kind, (name, columns) in _FILES.items()}
    loans = _build_loans(files["loans"], files["deposits"], files["repayments"])
    guarantees = _build_guarantees(files["guarantees"], loans, cap_fen)
    kept = guarantees.dropna(subset="amount_fen").astype({"amount_fen": "int64"})
    members = _build_members(files)
    portfolio = Portfolio.from_frames(
        as_of=_last_day(files) if as_of is None else as_of,
        currency=currency,
        members=members,
        loans=loans if len(loans) else None,
        guarantees=kept if len(kept) else None,
    )
    return Imported(portfolio=portfolio, counts=_count(files, loans, guarantees, cap_fen))


def _refuse_cap(cap_fen: int | None) -> None:
    whole = isinstance(cap_fen, int | np.integer) and not isinstance(cap_fen, bool)
    if cap_fen is not None and not (whole and 0 <= cap_fen <= MAX_FEN):
        msg = f"cap_fen must be a whole number from 0 to {MAX_FEN:,}, got {cap_fen!r}"
        raise InputError(msg)


def _build_loans(loans: SourceFile, deposits: SourceFile, repayments: SourceFile) -> pd.DataFrame:
    """Build the loans table: drawn when money was first paid out, less what was repaid, never below zero."""
    ids, granted = loans.texts("loanId"), loans.amounts("loanAmount")
    repaid = pd.Series(repayments.amounts("amount")).groupby(repayments.texts("loanId")).sum()
    paid_out = pd.Series(deposits.times("createTime").astype("datetime64[s]")).groupby(deposits.texts("loanId")).min()
    left = granted - repaid.reindex(ids, fill_value=0).to_numpy(dtype=np.int64)
    return pd.DataFrame(
        {
            "loan_id": ids,
            "borrower_id": loans.texts("companyId"),
            "balance_fen": np.maximum(left, 0),
            "lender": pd.Series(loans.optional_texts("org"), dtype="str"),
            "limit_fen": granted,
            "annual_rate": loans.fractions("interestRate"),
            "drawn_on": paid_out.reindex(ids).to_numpy(dtype="datetime64[s]"),
        }
    )


def _build_guarantees(guarantees: SourceFile, loans: pd.DataFrame, cap_fen: int | None) -> pd.DataFrame:
    """Build the guarantees table with all rows; the cap is null where it is not known."""
    borrower = guarantees.texts("toId")
    owed = loans.groupby("borrower_id")["balance_fen"].sum().astype("Int64").reindex(borrower).array
    width = len(str(len(guarantees)))
    return pd.DataFrame(
        {
            "guarantee_id": [f"G{place:0{width}d}" for place in range(1, len(guarantees) + 1)],
            "guarantor_id": guarantees.texts("fromId"),
            "borrower_id": borrower,
            "amount_fen": owed if cap_fen is None else owed.fillna(cap_fen),
            "starts_on": guarantees.times("createTime").astype("datetime64[s]"),
        }
    )


def _build_members(files: dict[str, SourceFile]) -> pd.DataFrame:
    """Build the members table: every company that any file names, by number."""
    named = pd.concat(
        [
            files[kind].texts(column)
            for kind, columns in {
                "guarantees": ("fromId", "toId"),
                "loans": ("companyId",),
                "holdings": ("investorId", "companyId"),
            }.items()
            for column in columns
        ]
    )
    ids = sorted(set(named), key=lambda member: (len(member), member))
    return pd.DataFrame({"member_id": pd.Series(ids, dtype="str"), "control_group": _group(ids, files["holdings"])})


def _group(ids: list[str], holdings: SourceFile) -> NDArray[np.object_]:
    """Name the control group of each company, null where nobody controls it and it controls nobody."""
    control = holdings.fractions("ratio") > CONTROL_SHARE
    known = pd.Index(ids)
    ends = [known.get_indexer(holdings.texts(column)[control]) for column in ("investorId", "companyId")]
    shape = (len(ids), len(ids))
    holds = sparse.coo_matrix((np.ones(len(ends[0])), (ends[0], ends[1])), shape=shape)
    _, part = sparse.csgraph.connected_components(holds, directed=False)
    groups = np.full(len(ids), None, dtype=object)
    inside = np.unique(np.concatenate(ends))
    numbers = np.unique(part[inside], return_inverse=True)[1]
    groups[inside] = [f"H{number + 1:04d}" for number in numbers]
    return groups


def _last_day(files: dict[str, SourceFile]) -> date:
    days = np.concatenate([file.times("createTime") for file in files.values()])
    if len(days) == 0:
        msg = "the files have no rows, so the date of the data is not known; give as_of (--as-of 2022-12-31)"
        raise InputError(msg)
    last: date = days.max().item()
    return last


def _count(
    files: dict[str, SourceFile], loans: pd.DataFrame, guarantees: pd.DataFrame, cap_fen: int | None
) -> dict[str, int]:
    """Say of every row what became of it."""
    known = loans["loan_id"]
    repayments, deposits = files["repayments"].texts("loanId"), files["deposits"].texts("loanId")
    repaid = pd.Series(files["repayments"].amounts("amount")).groupby(repayments).sum().reindex(known, fill_value=0)
    controls = int((files["holdings"].fractions("ratio") > CONTROL_SHARE).sum())
    linked = guarantees["borrower_id"].isin(loans["borrower_id"])
    fate = "left out: give a cap to keep them" if cap_fen is None else "capped as stated"
    return {
        "loans of companies": len(loans),
        "repayments taken off them": int(repayments.isin(known).sum()),
        "repayments of other loans, left out": int((~repayments.isin(known)).sum()),
        "loans repaid beyond their amount, balance 0": int((repaid.to_numpy() > loans["limit_fen"].to_numpy()).sum()),
        "loans without a repayment here, balance as granted": int((~known.isin(repayments)).sum()),
        "loans without a payment here, so without a date": int((~known.isin(deposits)).sum()),
        "guarantees whose borrower has a loan here, capped at what it owes": int(linked.sum()),
        f"guarantees whose borrower has none, {fate}": int((~linked).sum()),
        f"holdings above {CONTROL_SHARE:g}, which make control groups": controls,
        "smaller holdings, left out": len(files["holdings"]) - controls,
    }
