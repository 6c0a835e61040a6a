"""The integer problem: who may share a circle, and what every circle is worth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from circles.matching.groups import refuse_broken_pins
from circles.matching.validation import validate_problem

if TYPE_CHECKING:
    from fractions import Fraction

    from numpy.typing import NDArray

    from circles.matching.joint_loss import JointLoss

    Integers = NDArray[np.int64]


def _no_integers() -> Integers:
    return np.zeros(0, dtype=np.int64)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MatchingProblem:
    """Everything the engine needs to know to form circles: indices and integers, no names, no money columns.

    A circle is worth the sum of its members' `value`, plus the score of every pair in it, less the charge of its
    size, its joint loss and the charge of a change. A listed pair scores its `pair_value`, complete; any other pair
    scores `stranger_value` less the charge of every label column in which its members are equal. Members may stay
    unplaced, which is worth 0. Arrays are copied, checked and made read-only.

    Parameters
    ----------
    value
        Shape (n,). Worth of placing member i.
    pair_first, pair_second
        Shape (p,). Positions of the members of each listed pair, each pair once, in either order.
    pair_value
        Shape (p,). Score of having both members in one circle; may be negative.
    pair_acquainted
        Shape (p,), bool. True: they know each other. False: only scored, never counts for `connected`.
    stranger_value
        Score of an unlisted pair in a circle, usually at most 0.
    labels
        Shape (n, k). Codes (industry, town, …), compared as they are: give an unknown label a code of its own.
    label_charges
        Shape (k,). Charge on an unlisted pair for every label column in which it is equal, at least 0.
    connected
        True: a circle must be connected through acquainted pairs. False: strangers may form one.
    forbidden_first, forbidden_second
        Shape (f,). Pairs that may never share a circle; a pair may be given more than once.
    size_charge
        The allowed sizes (2 to 8) and the charge of each.
    loan, resources
        Shape (n,), at least 0. Empty stands for zeros.
    coverage
        ``coverage × loan[i] ≤ Σ resources[j]`` over the others in the circle, for every i; 0 is no rule.
    amount_ratio
        Largest loan at most this ratio times the smallest in a circle; None or 0 is no rule.
    bearable
        ``loan[i] ≤ bearable × (size − 1) × resources[j]`` for all i ≠ j: one default leaves no co-member with more
        than it can pay. None or 0 is no rule.
    max_circle_loan
        Largest sum of loans in a circle; None is no rule.
    together
        Disjoint groups that belong in one circle: placed together or not at all. Inside a group all are acquainted as
        far as `connected` goes; a pair's score stays what it is.
    pinned
        Circles that exist already and are kept as they are; each keeps every rule. Their members are not placed again,
        their worth is the plan's ``fixed_value``, and their loans count against the caps.
    cap_label, cap_limit
        Shape (n,), −1 for none, and (k,): over all circles, the loans of placed members with label j add up to at most
        ``cap_limit[j]``.
    joint_loss
        Charges every circle its expected bank loss (`JointLoss`).
    previous, change_charge
        Disjoint circles of an earlier plan, of whatever size, and the charge, at least 0, on every circle that is not
        one of them. Pinned circles are not charged.
    place_at_least
        At least so many members in circles, pinned ones included; None is no rule.
    lend_at_least
        At least so much lent in circles, pinned ones included; None is no rule.

    Raises
    ------
    ProblemError
        If a shape, type, position or range is wrong, a pair is listed twice or joins a member with itself, groups
        overlap, a pinned circle breaks a rule, or sums could overflow. The message names the array and the index.

    Notes
    -----
    `coverage`, `amount_ratio` and `bearable` are compared exactly: a float stands for the decimal it prints as.

    Examples
    --------
    >>> problem = MatchingProblem(
    ...     value=[10, 10, 10], pair_first=[0, 1], pair_second=[1, 2], pair_value=[5, 5],
    ...     pair_acquainted=[True, True], stranger_value=-2, size_charge={3: 6},
    ... )
    >>> problem.members
    3
    """

    value: Integers
    size_charge: Mapping[int, int]
    pair_first: Integers = field(default_factory=_no_integers)
    pair_second: Integers = field(default_factory=_no_integers)
    pair_value: Integers = field(default_factory=_no_integers)
    pair_acquainted: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, dtype=np.bool_))
    stranger_value: int = 0
    labels: Integers = field(default_factory=lambda: np.zeros((0, 0), dtype=np.int64))
    label_charges: Integers = field(default_factory=_no_integers)
    connected: bool = True
    forbidden_first: Integers = field(default_factory=_no_integers)
    forbidden_second: Integers = field(default_factory=_no_integers)
    loan: Integers = field(default_factory=_no_integers)
    resources: Integers = field(default_factory=_no_integers)
    coverage: float | Fraction = 0
    amount_ratio: float | Fraction | None = None
    bearable: float | Fraction | None = None
    max_circle_loan: int | None = None
    together: Sequence[Sequence[int]] = ()
    pinned: Sequence[Sequence[int]] = ()
    cap_label: Integers = field(default_factory=_no_integers)
    cap_limit: Integers = field(default_factory=_no_integers)
    joint_loss: JointLoss | None = None
    previous: Sequence[Sequence[int]] = ()
    change_charge: int = 0
    place_at_least: int | None = None
    lend_at_least: int | None = None

    def __post_init__(self) -> None:
        for name, checked in validate_problem(self).items():
            object.__setattr__(self, name, checked)
        refuse_broken_pins(self)

    @property
    def members(self) -> int:
        """How many members there are, n."""
        return len(self.value)

    @property
    def sizes(self) -> tuple[int, ...]:
        """The allowed sizes, ascending."""
        return tuple(sorted(self.size_charge))

    def __repr__(self) -> str:
        sizes = ", ".join(map(str, self.sizes))
        mode = "connected" if self.connected else "strangers allowed"
        return (
            f"MatchingProblem({self.members:,} members, {len(self.pair_first):,} listed pairs, sizes {sizes}, {mode})"
        )
