"""Where resources come from, how large circles are, and how loans are graded."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from circles.portfolio import TABLES

if TYPE_CHECKING:
    from circles.portfolio import Portfolio

NOT_STATED = "not stated"
MISSING = "missing"


def count_sources(portfolio: Portfolio) -> pd.DataFrame:
    """Count members by where their resources come from: frame ``source, members, share, amount_fen``.

    The source is ``not stated`` where resources are and it is not, ``missing`` where there are no resources.
    """
    members = portfolio.table("members")
    stated = members["resources_fen"].notna()
    source = members["resources_source"].fillna(NOT_STATED).where(stated, MISSING)
    grouped = members["resources_fen"].fillna(0).astype("int64").groupby(source).agg(["size", "sum"])
    order = [*TABLES["members"].column("resources_source").allowed, NOT_STATED, MISSING]
    counted = _in_order(grouped, order, "source").rename(columns={"size": "members", "sum": "amount_fen"})
    return counted.assign(share=counted["members"] / max(len(members), 1))[["source", "members", "share", "amount_fen"]]


def count_circles(portfolio: Portfolio) -> pd.DataFrame:
    """Count circles by how many members they have: frame ``members, circles, share``, smallest first."""
    codes = portfolio.codes("circle_members", "circle_id")
    count = len(portfolio.table("circles"))
    sizes = pd.Series(codes).value_counts().reindex(range(count), fill_value=0)
    counted = sizes.value_counts().sort_index().rename("circles").rename_axis("members").reset_index()
    return counted.assign(share=counted["circles"] / max(count, 1))


def sum_grades(portfolio: Portfolio) -> pd.DataFrame:
    """Sum loans by grade: frame ``grade, loans, balance_fen, share`` (of all balances, in [0, 1])."""
    loans = portfolio.table("loans")
    grouped = loans["balance_fen"].groupby(loans["grade"].fillna(NOT_STATED)).agg(["size", "sum"])
    order = [*TABLES["loans"].column("grade").allowed, NOT_STATED]
    summed = _in_order(grouped, order, "grade").rename(columns={"size": "loans", "sum": "balance_fen"})
    return summed.assign(share=summed["balance_fen"] / max(int(summed["balance_fen"].sum()), 1))


def _in_order(grouped: pd.DataFrame, order: list[str], name: str) -> pd.DataFrame:
    known = [value for value in order if value in grouped.index]
    return grouped.loc[known].rename_axis(name).reset_index()
