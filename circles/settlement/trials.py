"""Many sets of first defaults settled in one go: what a loss distribution is made of."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from circles.errors import ConservationError, InputError
from circles.settlement.ledger import RUN, System, new_trial_ledger, pack_cautious_rules, pack_rules, pack_system
from circles.settlement.trials_kernel import PART, Draws, Losses, attribute_block, settle_block

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.settlement.ledger import Ledger
    from circles.settlement.obligations import Obligations
    from circles.settlement.terms import Terms

MOST_RUNS = 2**30
"""Settlements after which a ledger is replaced: their numbers have 31 bits."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TrialLosses:
    """What each trial's first defaults cost, in several ways, on the same draws.

    Attributes
    ----------
    bank_loss
        Shape (trials,), fen: the bank's loss on the terms, net of the risk pool.
    bare
        Shape (trials,), fen: the first defaulters' shortfalls alone, as if nobody had guaranteed anything and no
        failure spread; the risk pool does not enter.
    with_trade
        Shape (trials,), fen: failures spread by unpaid receivables but no guarantor is called and no deposit drawn.
        A contagious defaulter's loans are lost (less its recovery) only under `Terms.cross_default`; without it
        this equals `bare`. The risk pool does not enter.
    optimistic
        Shape (trials,), fen: no way of collecting loses less (maximum flow), net of the risk pool.
    conservative
        Shape (trials,), fen: the threshold settlement's loss with the smaller of the two recoveries, net of the risk
        pool; NaN unless ``share="equal"``.
    first_count, contagious_count
        Shape (trials,), int32: members that fail.
    contagious_by_member
        Shape (members,), int64: in how many trials each member fails by contagion.
    """

    bank_loss: NDArray[np.float64]
    bare: NDArray[np.float64]
    with_trade: NDArray[np.float64]
    optimistic: NDArray[np.float64]
    conservative: NDArray[np.float64]
    first_count: NDArray[np.int32]
    contagious_count: NDArray[np.int32]
    contagious_by_member: NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LossParts:
    """Whose loans the bank loses on, trial by trial; a trial's amounts add up to its bank loss.

    Attributes
    ----------
    trials
        Shape (chosen,), int64: the trials, as asked.
    offsets
        Shape (chosen + 1,), int64: chosen trial k's rows are ``offsets[k]:offsets[k + 1]``.
    borrower, pool
        Shape (rows,), int64: the failed borrower, and the pool its loan lies in (−1: unsecured). A borrower has a
        row for each loan; the last to fail comes first.
    amount
        Shape (rows,), fen: its part. Deposits and payments served, pro rata, what was outstanding of each shortfall
        of the pool when they were made, and what is left of a shortfall is its part; what the risk pool pays
        lightens all alike.
    """

    trials: NDArray[np.int64]
    offsets: NDArray[np.int64]
    borrower: NDArray[np.int64]
    pool: NDArray[np.int64]
    amount: NDArray[np.float64]


class TrialSettler:
    """Obligations and terms packed once, for any number of trials, from several threads at the same time.

    Ledgers are kept from call to call, and nothing is allocated or cleared for a trial.

    Parameters
    ----------
    obligations, terms
        What is owed and how it is settled.
    resource_group
        Shape (members,): each member's column of `resource_scale`. None: all in column 0.

    Raises
    ------
    InputError
        If `resource_group` does not fit.
    """

    def __init__(self, obligations: Obligations, terms: Terms, *, resource_group: NDArray[Any] | None = None) -> None:
        self._system = pack_system(obligations, _check_groups(obligations, resource_group))
        self._rules, self._cautious = pack_rules(obligations, terms), pack_cautious_rules(obligations, terms)
        self._ledgers: list[Ledger] = []

    def settle(
        self,
        *,
        offsets: NDArray[Any],
        defaulters: NDArray[Any],
        resource_scale: NDArray[np.float64] | None = None,
        workers: int = 1,
        besides: bool = True,
    ) -> TrialLosses:
        """Settle sets of first defaults; parameters and errors as for `settle_trials`."""
        draws = _pack_draws(self._system, offsets, defaulters, resource_scale)
        trials = len(draws.offsets) - 1
        losses = _empty_losses(trials)

        def settle(start: int, end: int) -> NDArray[np.int32]:
            counted = np.zeros(len(self._system.means), np.int32)
            with self._borrow_ledger() as ledger:
                settle_block(
                    self._system, self._rules, self._cautious, draws, losses, counted, ledger, start, end, besides
                )
            return counted

        counts = _split_trials(settle, trials, workers)
        _refuse_faults(losses.fault)
        kept = {name: array for name, array in losses._asdict().items() if name != "fault"}
        return TrialLosses(**kept, contagious_by_member=np.sum(counts, axis=0, dtype=np.int64))

    def attribute(
        self,
        *,
        offsets: NDArray[Any],
        defaulters: NDArray[Any],
        trials: NDArray[np.int64],
        resource_scale: NDArray[np.float64] | None = None,
    ) -> LossParts:
        """Say, for chosen trials, on whose loans the bank loses; parameters and errors as for `attribute_losses`."""
        draws = _pack_draws(self._system, offsets, defaulters, resource_scale)
        chosen = np.array(trials, dtype=np.int64)
        if len(chosen) and not (chosen.min() >= 0 and chosen.max() < len(draws.offsets) - 1):
            msg = f"trials must be indices below {len(draws.offsets) - 1:,}, got {chosen.min()} to {chosen.max()}"
            raise InputError(msg)
        ends = np.zeros(len(chosen) + 1, np.int64)
        with self._borrow_ledger() as ledger:
            noting = ledger._replace(ahead=np.zeros(len(self._system.loans)))
            parts = attribute_block(self._system, self._rules, draws, chosen, ends[1:], noting)
        columns = {name: np.ascontiguousarray(parts[name]) for name in PART.names or ()}
        return LossParts(trials=chosen, offsets=ends, **columns)

    @contextmanager
    def _borrow_ledger(self) -> Iterator[Ledger]:
        """Give a ledger that nobody else uses meanwhile; after an error it is not used again."""
        try:
            ledger = self._ledgers.pop()
        except IndexError:
            ledger = new_trial_ledger(self._system)
        yield ledger
        if ledger.counts[RUN] < MOST_RUNS:
            self._ledgers.append(ledger)


def settle_trials(
    obligations: Obligations,
    terms: Terms,
    *,
    offsets: NDArray[Any],
    defaulters: NDArray[Any],
    resource_scale: NDArray[np.float64] | None = None,
    resource_group: NDArray[np.int32] | None = None,
    workers: int = 1,
    besides: bool = True,
) -> TrialLosses:
    """Settle many sets of first defaults and say what each costs the bank.

    Parameters
    ----------
    obligations, terms
        What is owed and how it is settled.
    offsets
        Shape (trials + 1,), ascending from 0: trial t's first defaulters are ``defaulters[offsets[t]:offsets[t + 1]]``.
    defaulters
        Shape (offsets[-1],): positions in ``obligations.members``, each at most once a trial.
    resource_scale
        Shape (trials, groups), at least 0: members of group g have ``resource_scale[t, g]`` times their resources in
        trial t. None: 1.
    resource_group
        Shape (members,): each member's column of `resource_scale`. None: all in column 0.
    workers
        Threads. Trials are split by index; the result has the same bits for any number.
    besides
        Whether `with_trade` and both bounds are wanted besides; NaN without. They take two thirds of the time.

    Raises
    ------
    InputError
        If shapes or positions do not fit.
    ConservationError
        If a settlement lost or made money (a defect).

    Notes
    -----
    Work grows with the loans, guarantees and receivables of the members that fail, not with the portfolio; whoever
    settles block after block packs that only once with a `TrialSettler`.
    """
    settler = TrialSettler(obligations, terms, resource_group=resource_group)
    return settler.settle(
        offsets=offsets, defaulters=defaulters, resource_scale=resource_scale, workers=workers, besides=besides
    )


def attribute_losses(
    obligations: Obligations,
    terms: Terms,
    *,
    offsets: NDArray[Any],
    defaulters: NDArray[Any],
    trials: NDArray[np.int64],
    resource_scale: NDArray[np.float64] | None = None,
    resource_group: NDArray[np.int32] | None = None,
) -> LossParts:
    """Say, for chosen trials, on whose loans the bank loses how much.

    Parameters
    ----------
    obligations, terms, offsets, defaulters, resource_scale, resource_group
        As given to `settle_trials`.
    trials
        Shape (chosen,): indices of the trials.

    Raises
    ------
    InputError
        If shapes or positions do not fit.
    """
    settler = TrialSettler(obligations, terms, resource_group=resource_group)
    return settler.attribute(offsets=offsets, defaulters=defaulters, trials=trials, resource_scale=resource_scale)


def _check_groups(obligations: Obligations, groups: NDArray[Any] | None) -> NDArray[Any] | None:
    if groups is not None and np.shape(groups) != obligations.members.shape:
        msg = f"resource_group must give each of {len(obligations.members):,} members a column, got {np.shape(groups)}"
        raise InputError(msg)
    return groups


def _pack_draws(system: System, offsets: NDArray[Any], defaulters: NDArray[Any], scale: NDArray[Any] | None) -> Draws:
    starts = np.array(offsets, dtype=np.int64)
    rows = np.ones((max(len(starts) - 1, 0), 1)) if scale is None else np.array(scale, dtype=np.float64, order="C")
    least = float(rows.min(initial=1.0))
    return _check_draws(system, Draws(starts, np.array(defaulters, dtype=np.int64), rows, least))


def _check_draws(system: System, draws: Draws) -> Draws:
    """Refuse what would make a loop read outside its arrays."""
    offsets, first, scale, _ = draws
    if len(offsets) == 0 or offsets[0] != 0 or offsets[-1] != len(first) or (np.diff(offsets) < 0).any():
        msg = f"offsets must rise from 0 to the {len(first):,} defaulters"
        raise InputError(msg)
    members = len(system.means)
    if len(first) and not (first.min() >= 0 and first.max() < members):
        msg = f"defaulters must be positions below {members:,}, got {first.min()} to {first.max()}"
        raise InputError(msg)
    if scale.ndim != 2 or len(scale) != len(offsets) - 1 or not (scale >= 0.0).all() or np.isinf(scale).any():
        msg = f"resource_scale must be finite, at least 0, with a row for each of {len(offsets) - 1:,} trials"
        raise InputError(msg)
    groups = system.group
    if members and not (groups.min() >= 0 and groups.max() < scale.shape[1]):
        msg = f"resource_group must give each of {members:,} members a column of resource_scale ({scale.shape[1]})"
        raise InputError(msg)
    return draws


def _empty_losses(trials: int) -> Losses:
    return Losses(
        bank_loss=np.zeros(trials),
        bare=np.zeros(trials),
        with_trade=np.full(trials, np.nan),
        optimistic=np.full(trials, np.nan),
        conservative=np.full(trials, np.nan),
        first_count=np.zeros(trials, np.int32),
        contagious_count=np.zeros(trials, np.int32),
        fault=np.zeros(trials, np.int8),
    )


def _split_trials(
    settle: Callable[[int, int], NDArray[np.int32]], trials: int, workers: int
) -> list[NDArray[np.int32]]:
    """Run a block of trials on each thread and give what each counted."""
    if workers < 1:
        msg = f"workers must be at least 1, got {workers}"
        raise InputError(msg)
    edges = np.linspace(0, trials, workers + 1).astype(np.int64)
    if workers == 1:
        return [settle(0, trials)]
    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(settle, edges[:-1], edges[1:]))


def _refuse_faults(fault: NDArray[np.int8]) -> None:
    broken = np.flatnonzero(fault)
    if len(broken):
        msg = f"the settlement of {len(broken):,} trials lost or made money, or did not end; the first is {broken[0]}"
        raise ConservationError(msg)
