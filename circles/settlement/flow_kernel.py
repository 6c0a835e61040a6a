"""The optimistic bound's loops: the most that could be collected if the bank might pursue anybody (a maximum flow).

Flow runs from live members' resources through guarantees (limited by caps) and from deposits into the pools' first
shortfalls. Ford and Fulkerson (1956) with shortest augmenting paths (Edmonds and Karp 1972) after a greedy start;
only pools with a shortfall are touched, and a pool whose guarantors are in no other pool is closed at once:
flow = min(shortfall, deposit + Σ min(cap, resources)).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from circles.settlement.kernel import compile_step
from circles.settlement.ledger import ACTIVE, LISTED, STAMP
from circles.settlement.ledger_kernel import book_shortfalls, fail_first, open_member, room_of, slack_of, turn_round

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from circles.settlement.ledger import Ledger, Rules, System

NOTHING = 1e-7
"""Fen below which capacity counts as used up."""


@compile_step
def run_pursuit(
    system: System, rules: Rules, scale: NDArray[np.float64], ledger: Ledger, first: NDArray[np.int64]
) -> None:
    """Collect as much as can be collected for the first shortfalls, on an empty ledger; the rest stays outstanding."""
    fail_first(system, scale, ledger, first)
    turn_round(ledger)
    book_shortfalls(system, rules, ledger)
    for k in range(ledger.counts[LISTED]):
        pool = ledger.pool_lists[0, k]
        ledger.pools[pool].outstanding = max(0.0, ledger.pools[pool].shortfall - system.pools[pool].deposit)
    for busiest in (1, len(system.pools)):
        for k in range(ledger.counts[LISTED]):
            collect_directly(system, scale, ledger, ledger.pool_lists[0, k], busiest)
    ledger.counts[STAMP] += 2
    dead = ledger.counts[STAMP]
    for k in range(ledger.counts[LISTED]):
        pool = ledger.pool_lists[0, k]
        while ledger.pools[pool].outstanding > slack_of(ledger.pools[pool].shortfall):
            if not augment(system, scale, ledger, pool, dead):
                break


@compile_step
def collect_directly(system: System, scale: NDArray[np.float64], ledger: Ledger, pool: int, busiest: int) -> None:
    """Collect for a pool from its live guarantors that guarantee at most so many pools, as they come."""
    for entry in range(system.pools[pool].start, system.pools[pool].end):
        if ledger.pools[pool].outstanding <= 0.0:
            return
        member = system.entries[entry].member
        guaranteed = system.members[member].entry_end - system.members[member].entry_start
        if ledger.members[member].round >= 0 or guaranteed > busiest:
            continue
        open_member(system, scale, ledger, member)
        taken = min(ledger.pools[pool].outstanding, ledger.members[member].cash, room_of(system, ledger, entry))
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
    ledger.pools[target].mark = stamp
    ledger.pool_lists[1, 0] = target
    ledger.counts[ACTIVE] = 1
    seen = 0
    while seen < ledger.counts[ACTIVE]:
        pool = ledger.pool_lists[1, seen]
        seen += 1
        for entry in range(system.pools[pool].start, system.pools[pool].end):
            member = system.entries[entry].member
            if ledger.members[member].round >= 0 or room_of(system, ledger, entry) <= NOTHING:
                continue
            open_member(system, scale, ledger, member)
            if ledger.members[member].cash > NOTHING:
                push_flow(system, ledger, target, entry)
                return True
            reach_pools(system, ledger, entry, stamp, dead)
    for k in range(seen):
        ledger.pools[ledger.pool_lists[1, k]].mark = stamp + 1
    return False


@compile_step
def reach_pools(system: System, ledger: Ledger, entry: int, stamp: int, dead: int) -> None:
    """Add to the search the unseen pools that an exhausted guarantor pays into: it could pay them less."""
    member = system.entries[entry].member
    for position in range(system.members[member].entry_start, system.members[member].entry_end):
        other = system.member_entry[position]
        pool = system.entries[other].pool
        mark = ledger.pools[pool].mark
        seen = mark == stamp or (mark > dead and mark % 2 == 1)
        if seen or ledger.entries[other].paid <= NOTHING:
            continue
        ledger.pools[pool].mark = stamp
        ledger.pools[pool].parent = entry
        ledger.pools[pool].parent_entry = other
        ledger.pool_lists[1, ledger.counts[ACTIVE]] = pool
        ledger.counts[ACTIVE] += 1


@compile_step
def push_flow(system: System, ledger: Ledger, target: int, entry: int) -> None:
    """Push what the chain found allows from its free guarantor to the target pool."""
    member = system.entries[entry].member
    amount = min(
        ledger.pools[target].outstanding,
        ledger.members[member].cash,
        system.entries[entry].cap - ledger.entries[entry].paid,
    )
    pool = system.entries[entry].pool
    while pool != target:
        amount = min(amount, ledger.entries[ledger.pools[pool].parent_entry].paid)
        step = ledger.pools[pool].parent
        amount = min(amount, room_of(system, ledger, step))
        pool = system.entries[step].pool
    ledger.members[member].cash -= amount
    ledger.entries[entry].paid += amount
    pool = system.entries[entry].pool
    while pool != target:
        ledger.entries[ledger.pools[pool].parent_entry].paid -= amount
        step = ledger.pools[pool].parent
        ledger.entries[step].paid += amount
        pool = system.entries[step].pool
    ledger.pools[target].outstanding -= amount
