"""What a graph store answers: small frames and totals, the same from every store."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from circles.errors import InputError
from circles.portfolio import Column, Kind, Table

if TYPE_CHECKING:
    import pandas as pd

    from circles.graph.frames import Row

MAX_HOPS = 20
"""Most steps that a question may ask for; longer ones are questions about the whole graph."""


def _column(name: str, kind: Kind, *, required: bool = True) -> Column:
    return Column(name=name, kind=kind, required=required)


NEIGHBOURS = Table(
    name="neighbours",
    columns=(
        _column("member_id", Kind.ID),
        _column("name", Kind.TEXT, required=False),
        _column("hop", Kind.COUNT),
    ),
)
"""Members within reach; ``hop`` is the fewest steps to them, 0 for the member asked about."""

EDGES = Table(
    name="edges",
    columns=(
        _column("layer", Kind.TEXT),
        _column("source_id", Kind.ID),
        _column("target_id", Kind.ID),
        _column("reference_id", Kind.ID, required=False),
        _column("amount", Kind.MONEY, required=False),
        _column("entries", Kind.COUNT),
    ),
)
"""What joins two members, summed over ``entries`` rows of its table.

========== =========================== ========================= ============ ======
layer      from source to target       ``amount_fen``            reference_id order
========== =========================== ========================= ============ ======
trade      seller to buyer             traded, all months        null         given
acquaintance (no direction)            null                      null         by id
guarantee  guarantor to borrower       the cap                   guarantee_id given
receivable buyer, who owes, to supplier owed                     null         given
circle     members of one circle (no direction) null             circle_id    by id
========== =========================== ========================= ============ ======
"""

LAYERS = ("trade", "acquaintance", "guarantee", "receivable", "circle")

CHAIN_MEMBERS = Table(
    name="chain_members",
    columns=(*NEIGHBOURS.columns, _column("loans", Kind.COUNT), _column("exposure", Kind.MONEY)),
)
"""Members of a chain with the number of their loans and what they owe on them (balance plus accrued interest)."""

CHAIN_GUARANTEES = Table(
    name="chain_guarantees",
    columns=(
        _column("guarantee_id", Kind.ID),
        _column("guarantor_id", Kind.ID),
        _column("borrower_id", Kind.ID),
        _column("amount", Kind.MONEY),
        _column("loan_id", Kind.ID, required=False),
        _column("starts_on", Kind.DATE, required=False),
        _column("expires_on", Kind.DATE, required=False),
        _column("claim_until", Kind.DATE, required=False),
        _column("hop", Kind.COUNT),
    ),
)
"""Guarantees of a chain; ``hop`` is the guarantor's."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Neighbourhood:
    """Who is within some steps of a member, and through what.

    Attributes
    ----------
    member, hops
        What was asked.
    nodes
        Frame ``member_id, name, hop``: everybody within reach, by hop, then id.
    edges
        Frame ``layer, source_id, target_id, reference_id, amount_fen, entries`` (see `EDGES`): everything that the
        steps could cross, so each edge has an end nearer than `hops`. By layer, then ids. Circles and guarantees are
        those on file, in force or not; circles that were only proposed are not among them.
    """

    member: str
    hops: int
    nodes: pd.DataFrame
    edges: pd.DataFrame

    def __str__(self) -> str:
        step = "1 step" if self.hops == 1 else f"{self.hops} steps"
        return f"{len(self.nodes) - 1:,} members within {step} of {self.member!r}, {len(self.edges):,} edges"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class GuaranteeChain:
    """For whom a member stands, for whom these stand, and so on, and what they all owe.

    Attributes
    ----------
    member, since, until, hops
        What was asked; a date is None where that side is open.
    members
        Frame ``member_id, name, hop, loans, exposure_fen``: the member itself (hop 0) and everybody it stands for
        directly or through others, by hop, then id.
    guarantees
        Frame ``guarantee_id, guarantor_id, borrower_id, amount_fen, loan_id, starts_on, expires_on, claim_until,
        hop``: those followed, also where they lead back; by hop, then id.
    loans
        Number of loans of everybody but the member itself.
    exposure_fen
        What these loans come to: balance plus accrued interest, whole fen.
    truncated
        True if the chain goes on beyond `hops`, so that the totals are only a part.
    """

    member: str
    since: date | None
    until: date | None
    hops: int
    members: pd.DataFrame
    guarantees: pd.DataFrame
    loans: int
    exposure_fen: int
    truncated: bool

    def __str__(self) -> str:
        from circles.money import format_yuan

        more = "; the chain goes on" if self.truncated else ""
        return (
            f"{self.member!r} stands for {len(self.members) - 1:,} members within {self.hops} guarantees, who owe "
            f"{format_yuan(self.exposure_fen)} yuan on {self.loans:,} loans{more}"
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StoreSummary:
    """What a store holds.

    Attributes
    ----------
    address
        Where the store is.
    digest, as_of, currency
        Of the portfolio, as `Portfolio.digest` and its fields.
    tables
        Frame ``table, rows``: every table of a portfolio, in its order.
    layers
        Frame ``layer, edges, members, networks, largest``: for trade, acquaintance and guarantee the pairs of members
        joined, the members that are in any pair, the separate networks these form, and the members of the largest.
    circles
        Frame ``kind, circles, members, current``: what `GraphStore.write_circles` wrote, by kind.
    failures
        Frame ``run, members, rounds, current``: what `GraphStore.write_failures` wrote, by run.
    """

    address: str
    digest: str
    as_of: date
    currency: str
    tables: pd.DataFrame
    layers: pd.DataFrame
    circles: pd.DataFrame
    failures: pd.DataFrame

    def __str__(self) -> str:
        held = self.tables[self.tables["rows"] > 0].itertuples()
        rows = ", ".join(f"{row.rows:,} {row.table.replace('_', ' ')}" for row in held)
        lines = [f"{self.address}: portfolio at {self.as_of} in {self.currency}: {rows or 'no rows'}"]
        for row in self.layers.itertuples():
            noun = "network" if row.networks == 1 else "networks"
            form = f"{row.members:,} members in {row.networks:,} {noun}, the largest of {row.largest:,}"
            lines.append(f"{row.layer}: {row.edges:,} pairs join {form}")
        for row in self.circles.itertuples():
            lines.append(f"circles {row.kind!r}: {row.circles:,} of {row.members:,} members{_age(row.current)}")
        for row in self.failures.itertuples():
            lines.append(f"failures {row.run!r}: {row.members:,} members in {row.rounds:,} rounds{_age(row.current)}")
        return "\n".join(lines)


def _age(current: bool) -> str:
    return "" if current else " (made on other data)"


def check_hops(hops: int) -> None:
    """Refuse a number of steps that is not from 1 to `MAX_HOPS`."""
    if isinstance(hops, bool) or not isinstance(hops, int) or not 1 <= hops <= MAX_HOPS:
        msg = f"hops must be a whole number from 1 to {MAX_HOPS}, got {hops!r}"
        raise InputError(msg)


def read_day(value: date | str | None, *, name: str) -> date | None:
    """Read a day given as a date or as ISO text; None stays None."""
    if value is None:
        return None
    try:
        if isinstance(value, date):
            return date(value.year, value.month, value.day)
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        msg = f"{name} must be a date such as 2007-12-29, got {value!r}"
        raise InputError(msg) from None


def check_window(since: date | None, until: date | None) -> None:
    """Refuse a window that ends before it starts."""
    if since is not None and until is not None and until < since:
        msg = f"until must not be before since, got since {since} and until {until}"
        raise InputError(msg)


def total_beyond(members: list[Row], place: int) -> int:
    """Add up a column of a chain's rows, leaving out the member that it starts from."""
    return sum(row[place] for row in members if row[2] > 0)
