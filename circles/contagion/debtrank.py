"""DebtRank: how stress spreads from debtors to creditors before anybody defaults.

Battiston et al. (2012), in which each member passes stress on once, and Bardoscia et al. (2015), in which it does so as
often as its stress grows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from circles.contagion.published.networks import SLACK, read_amounts, read_network
from circles.errors import ConvergenceError, InputError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray
    from scipy.sparse import csr_array


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class DebtRank:
    """Where stress ends.

    Attributes
    ----------
    stress
        Shape (members,), in [0, 1]: the part of each buffer that is lost; 1 is default.
    initial_stress
        Shape (members,): what it began with.
    original_stress, additional_stress
        The initial stress, and what the network added to it, as weighted means.
    losses
        Shape (members,): what each loses if claims are written down by their debtors' stress; may exceed its buffer.
    defaulted
        Shape (members,), bool: whose buffer is lost.
    rounds
        How often stress was passed on.
    """

    stress: NDArray[np.float64]
    initial_stress: NDArray[np.float64]
    original_stress: float
    additional_stress: float
    losses: NDArray[np.float64]
    defaulted: NDArray[np.bool_]
    rounds: int

    def __str__(self) -> str:
        noun = "round" if self.rounds == 1 else "rounds"
        return (
            f"DebtRank of {len(self.stress):,} members: stress {self.original_stress:.4f} at first, "
            f"{self.additional_stress:.4f} added in {self.rounds:,} {noun}, {self.defaulted.sum():,} default"
        )

    __repr__ = __str__


def debtrank(
    exposures: Any,
    buffers: ArrayLike,
    weights: ArrayLike,
    initial_stress: ArrayLike,
    *,
    kind: Literal["linear", "single_hit"] = "linear",
    tolerance: float = 1e-12,
    max_rounds: int = 10_000,
) -> DebtRank:
    """Say how far stress spreads through claims.

    Parameters
    ----------
    exposures
        Shape (members, members), dense or scipy sparse: row i has a claim on column j.
    buffers
        Shape (members,): the loss that uses up each member; with a buffer of 0 any loss does.
    weights
        Shape (members,): how much each counts in the means, such as its size; not all 0.
    initial_stress
        Shape (members,), in [0, 1].
    kind
        ``linear`` (2015) or ``single_hit`` (2012).
    tolerance
        Linear stress has settled when no member's grew by more in a round.
    max_rounds
        Rounds after which that must be so.

    Returns
    -------
    The `DebtRank`.

    Raises
    ------
    InputError
        If an amount is negative or not finite, stress is outside [0, 1], or shapes differ.
    ConvergenceError
        If stress still grows after ``max_rounds``.

    Notes
    -----
    One sparse product a round. Single-hit stress settles in at most members + 1 rounds.

    Examples
    --------
    B has lent 50 to A, whose default takes half of B's buffer.

    >>> debtrank([[0, 0], [50, 0]], [10, 100], [1, 1], [1, 0]).stress.tolist()
    [1.0, 0.5]
    """
    claims = read_network(exposures, "exposures")
    count = claims.shape[0]
    cushion = read_amounts(buffers, count, "buffers")
    weight = _read_weights(weights, count)
    first = read_amounts(initial_stress, count, "initial_stress", largest=1.0)
    if kind == "linear":
        stress, rounds = _spread_linear(claims, cushion, first, tolerance, max_rounds)
    elif kind == "single_hit":
        stress, rounds = _spread_once(claims, cushion, first)
    else:
        msg = f'kind is {kind!r}; give "linear" or "single_hit"'
        raise InputError(msg)
    return DebtRank(
        stress=stress,
        initial_stress=first,
        original_stress=float(weight @ first),
        additional_stress=float(weight @ (stress - first)),
        losses=claims @ stress,
        defaulted=stress >= 1 - SLACK,
        rounds=rounds,
    )


def _read_weights(weights: ArrayLike, count: int) -> NDArray[np.float64]:
    weight = read_amounts(weights, count, "weights")
    if count == 0 or weight.max() == 0:
        msg = "weights are all 0; give at least one member a weight"
        raise InputError(msg)
    relative = weight / weight.max()
    return relative / relative.sum()


def _spread_linear(
    claims: csr_array, buffers: NDArray[np.float64], first: NDArray[np.float64], tolerance: float, max_rounds: int
) -> tuple[NDArray[np.float64], int]:
    """Pass on each round's increase: in sum, min(1, first + losses so far / buffer)."""
    stress = first
    for turn in range(1, max_rounds + 1):
        after = np.maximum(stress, np.minimum(1.0, first + _per_buffer(claims @ stress, buffers)))
        growth = float((after - stress).max())
        stress = after
        if growth <= tolerance:
            return stress, turn
    msg = (
        f"after {max_rounds:,} rounds stress still grew by {growth:g} in a round, allowed is {tolerance:g}; "
        "give more max_rounds or a larger tolerance"
    )
    raise ConvergenceError(msg)


def _spread_once(
    claims: csr_array, buffers: NDArray[np.float64], first: NDArray[np.float64]
) -> tuple[NDArray[np.float64], int]:
    """Let each member pass on its stress in the round after it was first hit, and never again."""
    impact = claims.copy()
    rows = np.repeat(np.arange(len(buffers)), np.diff(claims.indptr))
    impact.data = np.minimum(1.0, _per_buffer(claims.data, buffers[rows]))
    stress, rounds, passed = first, 0, np.zeros(len(first), dtype=np.bool_)
    while (active := (stress > 0) & ~passed).any():
        stress = np.minimum(1.0, stress + impact @ np.where(active, stress, 0.0))
        passed |= active
        rounds += 1
    return stress, rounds


def _per_buffer(losses: NDArray[np.float64], buffers: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give losses as parts of buffers; any loss uses up a buffer of 0."""
    with np.errstate(over="ignore"):
        return np.divide(losses, buffers, out=(losses > 0).astype(np.float64), where=buffers > 0)
