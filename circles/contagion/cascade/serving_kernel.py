"""The loops behind recourse: when each debt was paid, and which amount served which debt, to the fen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from circles.settlement.kernel import compile_loop, compile_step, inline_step

if TYPE_CHECKING:
    from numpy.typing import NDArray

NEVER = 2**62
"""A round that never comes."""

SHARE = np.dtype([("amount", "i8"), ("source", "i8"), ("debt", "i8")], align=True)
"""What of a source served a debt, whole fen."""


class Columns(NamedTuple):
    """Sources or debts by group, then round: group g's rows are ``start[g]:start[g + 1]``.

    `when` is the round of each, `member` whose it is (−1: nobody's), `amount` its whole fen.
    """

    start: NDArray[np.int64]
    when: NDArray[np.int64]
    member: NDArray[np.int64]
    amount: NDArray[np.int64]


@compile_loop
def find_settled(
    debts: Columns,
    unpaid: NDArray[np.float64],
    payments: Columns,
    paid: NDArray[np.float64],
    deposit: NDArray[np.float64],
) -> NDArray[np.int64]:
    """Give for each debt the round at whose end its pool had nothing outstanding, `NEVER` if there was none.

    `unpaid` and `paid` are the unrounded fen of debts and payments, `deposit` that of each pool.
    """
    settled = np.full(len(unpaid), NEVER, np.int64)
    for pool in range(len(deposit)):
        debt, payment = debts.start[pool], payments.start[pool]
        debt_end, payment_end = debts.start[pool + 1], payments.start[pool + 1]
        unsettled, owed, given = debt, 0.0, 0.0
        while debt < debt_end or payment < payment_end:
            now = debts.when[debt] if debt < debt_end else NEVER
            if payment < payment_end:
                now = min(now, payments.when[payment])
            while debt < debt_end and debts.when[debt] == now:
                owed += unpaid[debt]
                debt += 1
            while payment < payment_end and payments.when[payment] == now:
                given += paid[payment]
                payment += 1
            if owed - deposit[pool] - given <= 1e-6 + 1e-12 * owed:
                settled[unsettled:debt] = now
                unsettled = debt
    return settled


@compile_loop
def serve_in_turn(sources: Columns, debts: Columns) -> Any:
    """Let each source in turn serve, pro rata, what is still outstanding of its group's debts; give `SHARE` rows.

    A debt is open from its round on. What a source has beyond all open debts goes to later ones, but never to its own
    member's; so no debt is served beyond its amount. The amounts of `debts` become what is left of them.
    """
    shares, row = np.zeros(len(sources.amount) + len(debts.amount), SHARE), 0
    for group in range(len(sources.start) - 1):
        begin, first, last = row, debts.start[group], debts.start[group + 1]
        opened = first
        for source in range(sources.start[group], sources.start[group + 1]):
            needed = row + (last - first) + 2 * (row - begin)
            if needed > len(shares):
                larger = np.zeros(2 * needed, SHARE)
                larger[:row] = shares[:row]
                shares = larger
            while opened < last and debts.when[opened] <= sources.when[source]:
                opened += 1
            row, rest = serve_open(sources, debts, source, first, opened, shares, row)
            row, rest = serve_later(sources, debts, source, rest, opened, last, shares, row)
            row = exchange_shares(sources, debts, source, rest, opened, last, shares, begin, row)
    return shares[:row]


@inline_step
def write_share(shares: Any, row: int, source: int, debt: int, amount: int) -> None:
    """Write one share."""
    shares[row].source = source
    shares[row].debt = debt
    shares[row].amount = amount


@compile_step
def serve_open(
    sources: Columns, debts: Columns, source: int, first: int, opened: int, shares: Any, row: int
) -> tuple[int, int]:
    """Split a source over the open debts pro rata; give the next row, and what it has beyond them.

    Each debt takes its part of what is then left to split, to the nearest fen.
    """
    outstanding = 0
    for debt in range(first, opened):
        outstanding += debts.amount[debt]
    rest = min(sources.amount[source], outstanding)
    beyond = sources.amount[source] - rest
    for debt in range(first, opened):
        left = debts.amount[debt]
        if rest == 0 or left == 0:
            continue
        part = int(np.floor(rest * (left / outstanding) + 0.5))
        part = min(left, max(part, rest - (outstanding - left)))
        outstanding -= left
        rest -= part
        debts.amount[debt] = left - part
        if part > 0:
            write_share(shares, row, source, debt, part)
            row += 1
    return row, beyond


@compile_step
def serve_later(
    sources: Columns, debts: Columns, source: int, rest: int, opened: int, last: int, shares: Any, row: int
) -> tuple[int, int]:
    """Let a source serve debts of later rounds, the earliest first, but not its own member's."""
    for debt in range(opened, last):
        part = min(rest, debts.amount[debt])
        if part > 0 and debts.member[debt] != sources.member[source]:
            rest -= part
            debts.amount[debt] -= part
            write_share(shares, row, source, debt, part)
            row += 1
    return row, rest


@compile_step
def exchange_shares(
    sources: Columns,
    debts: Columns,
    source: int,
    rest: int,
    opened: int,
    last: int,
    shares: Any,
    begin: int,
    row: int,
) -> int:
    """Let a source serve what others served, and these its own member's debt instead."""
    member = sources.member[source]
    for own in range(opened, last):
        if rest == 0 or debts.member[own] != member:
            continue
        for other in range(begin, row):
            share = shares[other]
            part = min(rest, share.amount, debts.amount[own])
            if part > 0 and sources.member[share.source] != member and debts.member[share.debt] != member:
                rest -= part
                share.amount -= part
                debts.amount[own] -= part
                write_share(shares, row, source, share.debt, part)
                write_share(shares, row + 1, share.source, own, part)
                row += 2
    return row
