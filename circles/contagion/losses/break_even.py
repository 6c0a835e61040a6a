"""From which recovery on guarantees help: below it, contagion over them costs the bank more than guarantors pay."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

TOLERANCE = 0.01
"""Width in recovery to which the break-even is found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakEven:
    """The contagious recovery at which guarantees stop helping, all other terms kept.

    Attributes
    ----------
    recovery
        Fraction in [0, 1], to within half of `TOLERANCE`: a little above it guarantees lower the expected loss, a
        little below they raise it. None unless they raise it at recovery 0 and lower it at recovery 1.
    cost_at_none, cost_at_all
        Mean over the trials, in fen, of the loss with guarantees less the loss without them, where nothing and where
        everything is recovered from contagious defaulters.
    trials
        Trials that were compared.
    """

    recovery: float | None
    cost_at_none: float
    cost_at_all: float
    trials: int

    def __str__(self) -> str:
        if self.recovery is not None:
            return f"guarantees lower the expected loss where more than {self.recovery:.0%} {_RECOVERED}"
        if self.cost_at_none == self.cost_at_all == 0:
            return "guarantees make no difference to the expected loss"
        none, whole = ("raise" if cost > 0 else "do not raise" for cost in (self.cost_at_none, self.cost_at_all))
        if none == whole:
            return f"guarantees {none} the expected loss, whether nothing or everything {_RECOVERED}"
        return f"guarantees {none} the expected loss where nothing {_RECOVERED}, and {whole} it where everything is"


_RECOVERED = "is recovered from contagious defaulters"


def find_break_even(cost: Callable[[float], float], *, trials: int) -> BreakEven:
    """Find the contagious recovery at which guarantees stop helping, by bisection.

    Parameters
    ----------
    cost
        Gives, for a recovery in [0, 1], the mean loss with guarantees less the one without, in fen, always over the
        same trials. As a rule it falls as the recovery rises, since guarantees add contagious defaulters; where it
        crosses zero more than once, one of the crossings is found.
    trials
        How many those are.

    Notes
    -----
    Evaluates `cost` 2 + log2(1 / `TOLERANCE`) times, rounded up.

    Examples
    --------
    >>> find_break_even(lambda recovery: 300.0 - 1000.0 * recovery, trials=1).recovery
    0.30078125
    """
    low, high = 0.0, 1.0
    at_none, at_all = cost(low), cost(high)
    found = None
    if at_none > 0 > at_all:
        while high - low > TOLERANCE:
            middle = (low + high) / 2
            low, high = (middle, high) if cost(middle) > 0 else (low, middle)
        found = (low + high) / 2
    return BreakEven(recovery=found, cost_at_none=at_none, cost_at_all=at_all, trials=trials)
