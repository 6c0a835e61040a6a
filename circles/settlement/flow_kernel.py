"""The optimistic bound's loops: the most that could be collected if the bank might pursue anybody (a maximum flow).

Flow runs from live members' resources through guarantees (limited by caps) and from deposits into the pools' first
shortfalls. Ford and Fulkerson (1956) with shortest augmenting paths (Edmonds and Karp 1972) after a greedy start;
only pools with a shortfall are touched, and a pool whose guarantors are in no other pool is closed at once:
flow = min(shortfall, deposit + Σ min(cap, resources)).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from circles.settlement.fetch_kernel import fetch_pools
from circles.settlement.kernel import compile_step, inline_step
from circles.settlement.ledger import ACTIVE, EARLIEST, LISTED, RUN, STAMP, UNSECURED, UNSURE
from circles.settlement.ledger_kernel import (
    append_pool,
    begin,
    entries_of,
    first_due,
    guarantor_of,
    has_failed,
    is_listed,
    open_pool,
    pool_at,
    pool_of,
    room_of,
    slack_of,
    sum_outstanding,
)
from circles.settlement.watch_kernel import resources_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from circles.settlement.ledger import Ledger, System


NOTHING = 1e-7
"""Fen below which capacity counts as used up."""


@compile_step
def run_pursuit(system: System, scale: NDArray[np.float64], ledger: Ledger) -> float:
    """Collect as much as can be collected for the first shortfalls, and give the bank's loss before the risk pool.

    It follows the terms' settlement: a pool that stands alone and was paid in full there can be paid here.
    """
    loss, tied = ledger.opening[UNSECURED], 0
    for k in range(ledger.counts[UNSURE]):
        pool = pool_at(ledger, UNSURE, k)
        if ledger.pools[pool].alone == 0:
            tied += 1
        elif ledger.pools[pool].outstanding > 0.0:
            loss += pursue_alone(system, scale, ledger, pool)
    return loss + pursue_tied(system, scale, ledger) if tied > 0 else loss


@compile_step
def pursue_tied(system: System, scale: NDArray[np.float64], ledger: Ledger) -> float:
    """Collect for the pools whose guarantors are in several, or have caps; give what is left."""
    begin(ledger)
    for k in range(ledger.counts[UNSURE]):
        pool = pool_at(ledger, UNSURE, k)
        if ledger.pools[pool].alone == 0:
            open_pool(ledger, pool)
            ledger.pools[pool].outstanding = first_due(ledger, pool)
    for busiest in (1, len(system.pools)):
        for k in range(ledger.counts[LISTED]):
            fetch_pools(system, ledger, LISTED, k, ledger.counts[LISTED])
            collect_directly(system, scale, ledger, pool_at(ledger, LISTED, k), busiest)
    ledger.counts[STAMP] += 2
    dead = ledger.counts[STAMP]
    for k in range(ledger.counts[LISTED]):
        pool = pool_at(ledger, LISTED, k)
        while ledger.pools[pool].outstanding > slack_of(ledger.pools[pool].first):
            if not augment(system, scale, ledger, pool, dead):
                break
    return sum_outstanding(ledger) - ledger.totals[UNSECURED]


@inline_step
def open_payer(system: System, scale: NDArray[np.float64], ledger: Ledger, member: int) -> None:
    """Give a member all its resources the first time it is touched."""
    state = ledger.members[member]
    if state.run != ledger.counts[RUN]:
        state.run = ledger.counts[RUN]
        state.cash = resources_of(system, scale, member)
        state.round = -1


@compile_step
def pursue_alone(system: System, scale: NDArray[np.float64], ledger: Ledger, pool: int) -> float:
    """Collect for a pool that stands alone whatever its guarantors have that did not default first; give the rest."""
    left = first_due(ledger, pool)
    for entry in entries_of(ledger, pool):
        member = guarantor_of(system, entry)
        if not ledger.marks[member] & EARLIEST:
            left -= min(left, resources_of(system, scale, member))
    return left


@compile_step
def collect_directly(system: System, scale: NDArray[np.float64], ledger: Ledger, pool: int, busiest: int) -> None:
    """Collect for a pool from its live guarantors that guarantee at most so many pools, as they come."""
    for entry in entries_of(ledger, pool):
        if ledger.pools[pool].outstanding <= 0.0:
            return
        member = guarantor_of(system, entry)
        open_payer(system, scale, ledger, member)
        if has_failed(ledger, member) or ledger.members[member].cash <= 0.0:
            continue
        if system.ties[member].entry_end - system.ties[member].entry_start > busiest:
            continue
        taken = min(ledger.pools[pool].outstanding, ledger.members[member].cash, room_of(ledger, entry))
        if taken > 0.0:
            ledger.entries[entry].paid += taken
            ledger.members[member].cash -= taken
            ledger.pools[pool].outstanding -= taken


@compile_step
def augment(system: System, scale: NDArray[np.float64], ledger: Ledger, target: int, dead: int) -> bool:
    """Collect more for a pool by a shortest chain of guarantors who pay another pool less and this one more.

    Searches are numbered by a stamp that only rises. Pools that a failed search saw can reach no free resources
    any more (nothing flows out of them), so their mark is kept and later searches pass them by.
    """
    ledger.counts[STAMP] += 2
    stamp = ledger.counts[STAMP]
    ledger.searches[target].mark = stamp
    ledger.pool_lists[ACTIVE - LISTED, 0] = target
    ledger.counts[ACTIVE] = 1
    seen = 0
    while seen < ledger.counts[ACTIVE]:
        pool = pool_at(ledger, ACTIVE, seen)
        seen += 1
        for entry in entries_of(ledger, pool):
            member = guarantor_of(system, entry)
            open_payer(system, scale, ledger, member)
            if has_failed(ledger, member) or room_of(ledger, entry) <= NOTHING:
                continue
            if ledger.members[member].cash > NOTHING:
                push_flow(system, ledger, target, entry)
                return True
            reach_pools(system, ledger, entry, stamp, dead)
    for k in range(seen):
        ledger.searches[pool_at(ledger, ACTIVE, k)].mark = stamp + 1
    return False


@compile_step
def reach_pools(system: System, ledger: Ledger, entry: int, stamp: int, dead: int) -> None:
    """Add to the search the unseen pools that an exhausted guarantor pays into: it could pay them less."""
    member = guarantor_of(system, entry)
    for position in range(system.ties[member].entry_start, system.ties[member].entry_end):
        other = system.member_entry[position]
        pool = pool_of(system, other)
        mark = ledger.searches[pool].mark
        seen = mark == stamp or (mark > dead and mark % 2 == 1)
        if seen or not is_listed(ledger, pool) or ledger.entries[other].paid <= NOTHING:
            continue
        ledger.searches[pool].mark = stamp
        ledger.searches[pool].parent = entry
        ledger.searches[pool].parent_entry = other
        append_pool(ledger, ACTIVE, pool)


@compile_step
def push_flow(system: System, ledger: Ledger, target: int, entry: int) -> None:
    """Push what the chain found allows from its free guarantor to the target pool."""
    member = guarantor_of(system, entry)
    amount = min(
        ledger.pools[target].outstanding,
        ledger.members[member].cash,
        room_of(ledger, entry),
    )
    pool = pool_of(system, entry)
    while pool != target:
        amount = min(amount, ledger.entries[ledger.searches[pool].parent_entry].paid)
        step = ledger.searches[pool].parent
        amount = min(amount, room_of(ledger, step))
        pool = pool_of(system, step)
    ledger.members[member].cash -= amount
    ledger.entries[entry].paid += amount
    pool = pool_of(system, entry)
    while pool != target:
        ledger.entries[ledger.searches[pool].parent_entry].paid -= amount
        step = ledger.searches[pool].parent
        ledger.entries[step].paid += amount
        pool = pool_of(system, step)
    ledger.pools[target].outstanding -= amount
