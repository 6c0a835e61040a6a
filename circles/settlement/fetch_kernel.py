"""Asking for memory ahead: what the next items of a loop will read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from circles.settlement.kernel import compile_step, prefetch
from circles.settlement.ledger import CALLEES, FAILED, KNOWN, UNSURE, WATCHED
from circles.settlement.ledger_kernel import entries_of, guarantor_of, place_of, pool_at
from circles.settlement.watch_kernel import may_spread

if TYPE_CHECKING:
    from circles.settlement.ledger import Ledger, System


AHEAD = 32
"""How many items ahead a loop asks for what it will read; what that points to is asked for later, items by items."""


@compile_step
def fetch_loans(system: System, ledger: Ledger, k: int, known: int) -> None:
    """Ask for what booking the shortfalls of the next members in the list of `known` failed ones will read."""
    if k + AHEAD < known:
        prefetch(system.debts, ledger.member_lists[FAILED, k + AHEAD])
    if k + AHEAD // 2 < known:
        debts = system.debts[ledger.member_lists[FAILED, k + AHEAD // 2]]
        if debts.pool >= 0:
            prefetch(ledger.pools, place_of(debts.pool))
        if debts.loan_end - debts.loan_start > 1:
            prefetch(system.loans, place_of(debts.loan_start))


@compile_step
def fetch_debts(system: System, ledger: Ledger, k: int) -> None:
    """Ask for what going through the debts of the next failed members to their suppliers will read."""
    known = ledger.counts[KNOWN]
    if k + AHEAD < known and may_spread(ledger, ledger.member_lists[FAILED, k + AHEAD]):
        prefetch(system.debts, ledger.member_lists[FAILED, k + AHEAD])
    if k + AHEAD // 2 < known and may_spread(ledger, ledger.member_lists[FAILED, k + AHEAD // 2]):
        debts = system.debts[ledger.member_lists[FAILED, k + AHEAD // 2]]
        for row in range(debts.owed_start, debts.owed_end, 8):
            prefetch(system.supplier, row)


@compile_step
def fetch_pools(system: System, ledger: Ledger, which: int, k: int, count: int) -> None:
    """Ask for what going through the next pools of a list and their guarantors will read."""
    if k + AHEAD < count:
        prefetch(ledger.pools, pool_at(ledger, which, k + AHEAD))
    if k + AHEAD // 2 < count:
        state = ledger.pools[pool_at(ledger, which, k + AHEAD // 2)]
        prefetch(system.guarantor, place_of(state.start))
        if state.alone == 0:
            for entry in range(place_of(state.start), place_of(state.end), 2):
                prefetch(ledger.entries, entry)
    if k + AHEAD // 4 < count:
        alone = ledger.pools[pool_at(ledger, which, k + AHEAD // 4)].alone == 1
        for entry in entries_of(ledger, pool_at(ledger, which, k + AHEAD // 4)):
            member = guarantor_of(system, entry)
            prefetch(system.means, member)
            if not alone or ledger.marks[member] & WATCHED:
                prefetch(ledger.members, member)


@compile_step
def fetch_unsure(ledger: Ledger, k: int, count: int) -> None:
    """Ask for what says whether the next unsure pools, seen shortly before, are surely paid."""
    if k + AHEAD < count:
        prefetch(ledger.pools, pool_at(ledger, UNSURE, k + AHEAD))
        prefetch(ledger.sure, pool_at(ledger, UNSURE, k + AHEAD))


@compile_step
def fetch_callees(system: System, ledger: Ledger, k: int) -> None:
    """Ask for what settling the next callees will read, also if it must be found out what they lost by trade."""
    if k + AHEAD < ledger.counts[CALLEES]:
        member = place_of(ledger.callees[k + AHEAD].member)
        prefetch(ledger.members, member)
        prefetch(system.means, member)
        if not ledger.marks[member] & WATCHED:
            prefetch(system.ties, member)
    if k + AHEAD // 2 < ledger.counts[CALLEES]:
        member = place_of(ledger.callees[k + AHEAD // 2].member)
        if not ledger.marks[member] & WATCHED:
            prefetch(system.buyer, system.ties[member].credit_start)
