"""The optimistic bound's loops: the most that could be collected if the bank might pursue anybody (a maximum flow).

Flow runs from live members' resources through guarantees (limited by caps) and from deposits into the pools' first
shortfalls. Ford and Fulkerson (1956) with shortest augmenting paths (Edmonds and Karp 1972) after a greedy start;
only pools with a shortfall are touched, and a pool whose guarantors are in no other pool is closed at once:
flow = min(shortfall, deposit + Σ min(cap, resources)).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from circles.settlement.kernel import compile_loop
from circles.settlement.ledger import POOLS, STAMP
from circles.settlement.ledger_kernel import book_shortfalls, fail_first, open_member, slack_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from circles.settlement.ledger import Ledger, Rules, System

NOTHING = 1e-7
"""Fen below which capacity counts as used up."""


@compile_loop
def run_pursuit(
    system: System, rules: Rules, scale: NDArray[np.float64], ledger: Ledger, first: NDArray[np.int32]
) -> None:
    """Collect as much as can be collected for the first shortfalls, on an empty ledger; the rest stays outstanding."""
    fail_first(system, scale, ledger, first)
    book_shortfalls(system, rules, ledger, 0, len(first))
    for k in range(ledger.counts[POOLS]):
        pool = ledger.pool_list[k]
        ledger.outstanding[pool] = max(0.0, ledger.shortfall[pool] - system.deposit[pool])
        collect_directly(system, scale, ledger, pool, True)
    for k in range(ledger.counts[POOLS]):
        collect_directly(system, scale, ledger, ledger.pool_list[k], False)
    ledger.counts[STAMP] += 2
    dead = ledger.counts[STAMP]
    for k in range(ledger.counts[POOLS]):
        pool = ledger.pool_list[k]
        while ledger.outstanding[pool] > slack_of(ledger.shortfall[pool]):
            if not augment(system, scale, ledger, pool, dead):
                break


@compile_loop
def collect_directly(system: System, scale: NDArray[np.float64], ledger: Ledger, pool: int, only_here: bool) -> None:
    """Collect from a pool's live guarantors as they come; first from those that guarantee nothing else."""
    for entry in range(system.pool_start[pool], system.pool_start[pool + 1]):
        if ledger.outstanding[pool] <= 0.0:
            return
        member = system.entry_member[entry]
        if ledger.round[member] >= 0:
            continue
        if only_here and system.member_start[member + 1] - system.member_start[member] > 1:
            continue
        open_member(system, scale, ledger, member)
        taken = min(ledger.outstanding[pool], ledger.cash[member], system.cap[entry] - ledger.paid[entry])
        if taken > 0.0:
            ledger.paid[entry] += taken
            ledger.cash[member] -= taken
            ledger.outstanding[pool] -= taken


@compile_loop
def augment(system: System, scale: NDArray[np.float64], ledger: Ledger, target: int, dead: int) -> bool:
    """Collect more for a pool by a shortest chain of guarantors who pay another pool less and this one more.

    Searches are numbered by a stamp that only rises. Pools that a failed search saw can reach no free resources
    any more (nothing flows out of them), so their mark is kept and later searches pass them by.
    """
    ledger.counts[STAMP] += 2
    stamp = ledger.counts[STAMP]
    ledger.mark[target] = stamp
    ledger.active_list[0] = target
    found, last = 1, 0
    while last < found:
        pool = ledger.active_list[last]
        last += 1
        for entry in range(system.pool_start[pool], system.pool_start[pool + 1]):
            member = system.entry_member[entry]
            if ledger.round[member] >= 0 or system.cap[entry] - ledger.paid[entry] <= NOTHING:
                continue
            open_member(system, scale, ledger, member)
            if ledger.cash[member] > NOTHING:
                push_flow(system, ledger, target, entry)
                return True
            found = reach_pools(system, ledger, entry, stamp, dead, found)
    for k in range(found):
        ledger.mark[ledger.active_list[k]] = stamp + 1
    return False


@compile_loop
def reach_pools(system: System, ledger: Ledger, entry: int, stamp: int, dead: int, found: int) -> int:
    """List the unseen pools that an exhausted guarantor pays into: it could pay them less; give the list's length."""
    member = system.entry_member[entry]
    for position in range(system.member_start[member], system.member_start[member + 1]):
        other = system.member_entry[position]
        pool = system.entry_pool[other]
        mark = ledger.mark[pool]
        seen = mark == stamp or (mark > dead and mark % 2 == 1)
        if seen or ledger.paid[other] <= NOTHING:
            continue
        ledger.mark[pool] = stamp
        ledger.parent[pool] = entry
        ledger.parent_entry[pool] = other
        ledger.active_list[found] = pool
        found += 1
    return found


@compile_loop
def push_flow(system: System, ledger: Ledger, target: int, entry: int) -> None:
    """Push what the chain found allows from its free guarantor to the target pool."""
    member = system.entry_member[entry]
    amount = min(ledger.outstanding[target], ledger.cash[member], system.cap[entry] - ledger.paid[entry])
    pool = system.entry_pool[entry]
    while pool != target:
        amount = min(amount, ledger.paid[ledger.parent_entry[pool]])
        step = ledger.parent[pool]
        amount = min(amount, system.cap[step] - ledger.paid[step])
        pool = system.entry_pool[step]
    ledger.cash[member] -= amount
    ledger.paid[entry] += amount
    pool = system.entry_pool[entry]
    while pool != target:
        ledger.paid[ledger.parent_entry[pool]] -= amount
        step = ledger.parent[pool]
        ledger.paid[step] += amount
        pool = system.entry_pool[step]
    ledger.outstanding[target] -= amount
