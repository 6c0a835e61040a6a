"""A set of first defaults that costs the bank a given loss, grown by a greedy heuristic and thinned again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from circles.contagion.trials.executor import count_processors
from circles.settlement import TrialSettler

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.settlement import Obligations, Terms

Ending = Literal["target", "most", "candidates", "nothing"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class GreedyDefaults:
    """First defaults in the order in which they were added, and why no more were.

    Attributes
    ----------
    members
        Shape (defaults,), int64: positions in the obligations.
    losses
        Shape (defaults,), fen, int64: what each and all before it cost the bank together.
    ended_by
        ``"target"``: it is reached; ``"most"``: no more defaults were allowed; ``"candidates"``: no further candidate
        raises the loss, and not everybody was one; ``"nothing"``: nobody's default raises it.
    """

    members: NDArray[np.int64]
    losses: NDArray[np.int64]
    ended_by: Ending


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Search:
    """The loss to reach before the risk pool pays, and who may be added: singly, or with others of a pool.

    `candidates` and each array of `pools` hold positions, the heaviest members first: those that owe most and could
    pay most themselves.
    """

    settler: TrialSettler
    goal: int
    candidates: NDArray[np.int64]
    pools: list[NDArray[np.int64]]

    def settle(self, sets: Sequence[NDArray[np.int64]]) -> NDArray[np.int64]:
        """Give what each set of first defaults costs before the risk pool pays, in whole fen."""
        offsets = np.concatenate([[0], np.cumsum([len(one) for one in sets])])
        return _settle(self.settler, offsets, np.concatenate([*sets, np.zeros(0, dtype=np.int64)]))


def find_defaults(obligations: Obligations, terms: Terms, target: int, *, most: int, candidates: int) -> GreedyDefaults:
    """Grow a set of first defaults until it costs the bank a given loss, and leave out who is not needed for it.

    A step adds one candidate, or the heaviest two, three, … of a pool that have not defaulted yet: whichever raises the
    loss most for each default added. Guarantors that can pay for one default often cannot pay for two, so that single
    steps alone would end too soon. Where no step raises the loss but everybody's default would, the heaviest
    candidate is added.

    Parameters
    ----------
    obligations, terms
        What is owed and how it is settled.
    target
        The loss to reach, in fen, net of the risk pool.
    most
        Defaults at most, at least 1.
    candidates
        Members to choose from, at least 1: those that cost most by their default alone, or as a part of a pool.
    """
    search = _open_search(obligations, terms, target, candidates=candidates)
    chosen, room_left = _grow(search, most)
    losses = _settle_prefixes(search, chosen)
    if len(losses) and losses[-1] >= search.goal:
        ended_by: Ending = "target"
        chosen = _thin(search, chosen)
    else:
        all_tried = len(search.candidates) == len(obligations.members)
        ended_by = ("nothing" if all_tried else "candidates") if room_left else "most"
        chosen = chosen[: int(np.argmax(losses)) + 1] if losses.any() else chosen[:0]
    net = np.maximum(_settle_prefixes(search, chosen) - terms.risk_pool_fen, 0)
    return GreedyDefaults(members=chosen, losses=net, ended_by=ended_by)


def _open_search(obligations: Obligations, terms: Terms, target: int, *, candidates: int) -> _Search:
    settler = TrialSettler(obligations, replace(terms, risk_pool_fen=0))
    pool, member = _list_pool_members(obligations)
    chosen = _choose_candidates(settler, len(obligations.members), pool=pool, member=member)[:candidates]
    heaviest = chosen[np.lexsort((chosen, -_weigh(obligations, terms)[chosen]))]
    rank = np.full(len(obligations.members), -1)
    rank[heaviest] = np.arange(len(heaviest))
    pool, place = pool[rank[member] >= 0], rank[member][rank[member] >= 0]
    order = np.lexsort((place, pool))
    pools = np.split(heaviest[place[order]], np.flatnonzero(np.diff(pool[order])) + 1)
    different = {tuple(members.tolist()): members for members in pools if len(members) > 1}
    return _Search(
        settler=settler, goal=target + terms.risk_pool_fen, candidates=heaviest, pools=list(different.values())
    )


def _list_pool_members(obligations: Obligations) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """List who borrows in or guarantees which pool, each once: pool and member, ordered by pool, then member."""
    loans, pools, count = obligations.loans, obligations.pools, max(len(obligations.members), 1)
    inside = loans.pool >= 0
    pool = np.concatenate([loans.pool[inside], pools.pool]).astype(np.int64)
    return np.divmod(np.unique(pool * count + np.concatenate([loans.borrower[inside], pools.member])), count)


def _choose_candidates(
    settler: TrialSettler, count: int, *, pool: NDArray[np.int64], member: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Order members by what each costs alone, or by head in the worst of its pools, whichever is more.

    Of equals those of one pool stand together, so that few candidates are whole circles rather than one of each.
    """
    value, worst = _settle(settler, np.arange(count + 1), np.arange(count)).astype(np.float64), np.full(count, -1)
    if len(pool):
        start = np.flatnonzero(np.diff(pool, prepend=-1))
        size = np.diff(np.append(start, len(pool)))
        by_head = np.repeat(_settle(settler, np.append(start, len(pool)), member) / size, size)
        order = np.lexsort((pool, -by_head, member))
        first = order[np.flatnonzero(np.diff(member[order], prepend=-1))]
        worst[member[first]] = pool[first]
        value[member[first]] = np.maximum(value[member[first]], by_head[first])
    return np.lexsort((np.arange(count), worst, -value))


def _weigh(obligations: Obligations, terms: Terms) -> NDArray[np.float64]:
    """Give what each first default takes from the others: its own shortfall, and what it could have paid for them."""
    loans, own = obligations.loans, obligations.recovery
    recovery = np.where(np.isnan(own), terms.recovery_rate, own)
    owed = np.bincount(loans.borrower, weights=loans.exposure, minlength=len(obligations.members))
    return np.asarray(owed * (1.0 - recovery) + obligations.resources, dtype=np.float64)


def _grow(search: _Search, most: int) -> tuple[NDArray[np.int64], bool]:
    """Add to the set until it reaches the goal or nothing helps; give it, and whether more could have been added."""
    chosen, loss = np.zeros(0, dtype=np.int64), 0
    everything = int(search.settle([search.candidates])[0])
    while loss < search.goal:
        moves = _list_moves(search, chosen, most - len(chosen))
        if not moves:
            return chosen, len(chosen) == len(search.candidates)
        losses = search.settle([np.append(chosen, move) for move in moves])
        best = _pick(moves, losses, loss=loss, goal=search.goal)
        if losses[best] <= loss and everything <= loss:
            break
        chosen, loss = np.append(chosen, moves[best]), int(losses[best])
    return chosen, True


def _list_moves(search: _Search, chosen: NDArray[np.int64], room: int) -> list[NDArray[np.int64]]:
    """List what a step could add, at most so many members: one candidate, or the heaviest of a pool."""
    if room < 1:
        return []
    moves = list(search.candidates[~np.isin(search.candidates, chosen)][:, None])
    taken = set(chosen.tolist())
    for pool in search.pools:
        left = pool if taken.isdisjoint(pool.tolist()) else pool[~np.isin(pool, chosen)]
        moves += [left[:count] for count in range(2, min(len(left), room) + 1)]
    return moves


def _pick(moves: list[NDArray[np.int64]], losses: NDArray[np.int64], *, loss: int, goal: int) -> int:
    """Pick the step that brings most towards the goal for each default; of equals the smaller, dearer, first one."""
    sizes = np.array([len(move) for move in moves])
    gained = np.maximum(np.minimum(losses, goal) - loss, 0)
    return int(np.lexsort((np.arange(len(moves)), -losses, sizes, -gained / sizes))[0])


def _thin(search: _Search, chosen: NDArray[np.int64]) -> NDArray[np.int64]:
    """Leave out, from the last to the first, whoever is not needed to reach the goal."""
    for at in range(len(chosen) - 1, -1, -1):
        fewer = np.delete(chosen, at)
        if search.settle([fewer])[0] >= search.goal:
            chosen = fewer
    return chosen


def _settle_prefixes(search: _Search, chosen: NDArray[np.int64]) -> NDArray[np.int64]:
    return search.settle([chosen[:count] for count in range(1, len(chosen) + 1)])


def _settle(settler: TrialSettler, offsets: NDArray[np.int64], members: NDArray[np.int64]) -> NDArray[np.int64]:
    losses = settler.settle(offsets=offsets, defaulters=members, workers=count_processors(), besides=False)
    return np.rint(losses.bank_loss).astype(np.int64)
