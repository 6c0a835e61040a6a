"""The profile of a portfolio: frames that a person can read, and what looks odd."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from circles.money import format_yuan, name_currency

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Health:
    """What a portfolio holds, how much of it is missing, and what looks odd.

    Attributes
    ----------
    as_of, currency, digest
        Of the portfolio.
    members
        How many there are.
    findings
        Frame ``code, table, column, rows, text``: what looks odd or will be refused later.
    columns
        Frame ``table, column, rows, missing, smallest, largest``, one row a column of the tables that have rows;
        smallest and largest are texts, for amounts, rates, counts and dates.
    networks
        Frame ``layer, pairs, connected, isolated, networks, largest``: for trade, acquaintance, guarantee and all of
        them, how many pairs are joined, members with and without a partner, separate networks, members of the largest.
    network_sizes
        Frame ``layer, size, networks, members``: networks by how many members they have.
    hubs
        Frame ``role, member_id, name, partners, amount_fen, share``: the ten largest buyers, sellers, guarantors and
        guaranteed, and the share in [0, 1] of their role's money.
    concentration
        Frame ``role, largest, share``: what the 1, 10 and 100 largest hold together.
    years
        Frame ``table, year, rows, amount_fen``; the year is a text, ``not stated`` where there is no date.
    months
        Frame ``month, rows, amount_fen``: trade in the last 36 months traded in.
    sizes
        Frame ``table, column, from_yuan, rows``: amounts by size.
    dates
        Frame ``table, column, first, last, missing, later``: what dates cover, and how many lie after the date of the
        data though they tell of the past.
    sources
        Frame ``source, members, share, amount_fen``: where resources come from.
    circles
        Frame ``members, circles, share``: circles by size.
    grades
        Frame ``grade, loans, balance_fen, share``.
    """

    as_of: date
    currency: str
    digest: str
    members: int
    findings: pd.DataFrame
    columns: pd.DataFrame
    networks: pd.DataFrame
    network_sizes: pd.DataFrame
    hubs: pd.DataFrame
    concentration: pd.DataFrame
    years: pd.DataFrame
    months: pd.DataFrame
    sizes: pd.DataFrame
    dates: pd.DataFrame
    sources: pd.DataFrame
    circles: pd.DataFrame
    grades: pd.DataFrame

    @property
    def unit(self) -> str:
        """What amounts are in: yuan, or the code of another currency."""
        return name_currency(self.currency)

    @property
    def estimated_share(self) -> float:
        """Fraction in [0, 1] of the members whose resources are estimates."""
        found = self.sources.set_index("source")["share"]
        return float(found.get("estimated", 0.0))

    def count_rows(self, table: str) -> int:
        """Say how many rows a table has."""
        rows = self.columns.loc[self.columns["table"] == table, "rows"]
        return int(rows.iloc[0]) if len(rows) else 0

    def sum_table(self, table: str) -> int:
        """Sum the money of a dated table, fen."""
        return int(self.years.loc[self.years["table"] == table, "amount_fen"].sum())

    def network(self, layer: str) -> dict[str, int]:
        """Give the figures of one kind of edge by name, as in `networks`."""
        row = self.networks.set_index("layer").loc[layer]
        return {str(name): int(value) for name, value in row.items()}

    def __str__(self) -> str:
        everything, trade = self.network("any of these"), self.network("trade")
        lines = [
            f"Health of the data of {self.as_of}, amounts in {self.unit}",
            f"{self.members:,} members; {everything['isolated']:,} neither trade with, know nor stand for any other; "
            f"{everything['networks']:,} networks, the largest of {everything['largest']:,}",
            f"trade {format_yuan(self.sum_table('trades'))} among {trade['connected']:,} members; "
            f"loans {format_yuan(self.sum_table('loans'))}",
            f"resources of {self.estimated_share:.0%} of the members are estimates",
        ]
        odd = [f"  {row.table}.{row.column}: {row.text}" for row in self.findings.itertuples()]
        return "\n".join([*lines, *(["worth a look:", *odd] if odd else ["nothing looks odd"])])

    __repr__ = __str__
