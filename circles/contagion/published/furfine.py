"""Failures that spread by thresholds: a member fails when its claims on the failed cost more than it can bear.

Furfine (2003); the same rule with loss given default as its parameter is used by Upper and Worms (2004).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.sparse import csc_array

from circles.contagion.published.networks import find_exceeding, read_amounts, read_network, read_rate
from circles.errors import InputError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class FurfineCascade:
    """Who fails in which round.

    Attributes
    ----------
    failed
        Shape (members,), bool.
    failed_in
        Shape (members,): round of each failure, 0 for the first ones, −1 for none.
    rounds
        Positions of those that failed, round by round, the first failures first.
    losses
        Shape (members,): what each loses on the failed, in the unit of the exposures.
    """

    failed: NDArray[np.bool_]
    failed_in: NDArray[np.int64]
    rounds: tuple[NDArray[np.int64], ...]
    losses: NDArray[np.float64]

    def __str__(self) -> str:
        first, later = len(self.rounds[0]), int(self.failed.sum()) - len(self.rounds[0])
        rounds = len(self.rounds) - 1
        noun = "round" if rounds == 1 else "rounds"
        return f"{first:,} of {len(self.failed):,} members fail first, {later:,} more in {rounds:,} {noun}"

    __repr__ = __str__


def furfine_cascade(
    exposures: Any, buffers: ArrayLike, first_failures: ArrayLike, *, loss_given_default: float = 1.0
) -> FurfineCascade:
    """Say who fails when some members do.

    Parameters
    ----------
    exposures
        Shape (members, members), dense or scipy sparse: row i has a claim on column j.
    buffers
        Shape (members,): a member fails when it loses more than this; exactly as much is borne.
    first_failures
        Positions of the members that fail by themselves, whole numbers from 0; may be none.
    loss_given_default
        Part of a claim that its debtor's failure costs, in [0, 1].

    Returns
    -------
    The `FurfineCascade`.

    Raises
    ------
    InputError
        If an amount is negative or not finite, the rate outside [0, 1], or a position is none.

    Notes
    -----
    The smallest set of failures that is consistent, in at most members rounds; each looks only at claims on the newly
    failed.

    Examples
    --------
    >>> furfine_cascade([[0, 0], [50, 0]], [10, 40], [0]).failed_in.tolist()
    [0, 1]
    """
    network = read_network(exposures, "exposures")
    limits = read_amounts(buffers, network.shape[0], "buffers")
    rate = read_rate(loss_given_default, "loss_given_default")
    new = _read_positions(first_failures, len(limits))
    claims, losses = csc_array(network), np.zeros(len(limits))
    failed_in, rounds = np.full(len(limits), -1, dtype=np.int64), [new]
    failed_in[new] = 0
    while len(new):
        losses += rate * np.asarray(claims[:, new].sum(axis=1))
        new = np.flatnonzero((failed_in < 0) & find_exceeding(losses, limits))
        failed_in[new] = len(rounds)
        rounds.append(new)
    rounds = rounds[:1] + [found for found in rounds[1:] if len(found)]
    return FurfineCascade(failed=failed_in >= 0, failed_in=failed_in, rounds=tuple(rounds), losses=losses)


def _read_positions(first_failures: ArrayLike, members: int) -> NDArray[np.int64]:
    given = np.asarray(first_failures)
    if given.ndim != 1 or (given.size and not np.issubdtype(given.dtype, np.integer)):
        msg = f"first_failures are {given.dtype} of shape {given.shape}; give a list of positions, whole numbers from 0"
        raise InputError(msg)
    bad = given[(given < 0) | (given >= members)]
    if len(bad):
        msg = f"first_failures holds {bad[0]}; positions are from 0 to {members - 1:,}"
        raise InputError(msg)
    return np.unique(given).astype(np.int64)
