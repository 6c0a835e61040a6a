"""What callers say in numbers, judged at the door."""

from __future__ import annotations

import math
from numbers import Real

import numpy as np

from circles.errors import InputError

MOST_TRIALS = 100_000_000
"""A result keeps about a hundred bytes a trial, so that this many take some ten gigabytes."""


def check_number(
    what: str, value: object, *, least: float = 0.0, most: float = math.inf, below: float = math.inf
) -> float:
    """Give a number as a float.

    Parameters
    ----------
    what
        The parameter's name.
    value
        What was given for it.
    least, most, below
        It must be at least `least`, at most `most`, and below `below`.

    Raises
    ------
    InputError
        If it is no number, NaN, or out of its range.

    Examples
    --------
    >>> check_number("correlation", 0.2, below=1)
    0.2
    """
    number = isinstance(value, Real) and not isinstance(value, bool)
    if not number or not least <= value <= most or not value < below:  # type: ignore[operator]
        allowed = (
            f"at least {least:g} and below {below:g}" if most == math.inf else f"a number from {least:g} to {most:g}"
        )
        msg = f"{what} must be {allowed}, got {value!r:.60}"
        raise InputError(msg)
    return float(value)  # type: ignore[arg-type]


def check_trials(trials: object) -> None:
    """Refuse what is no number of trials from 1 to `MOST_TRIALS`.

    Raises
    ------
    InputError
        If it is not a whole number of at least 1, or there are more trials than a computer holds.
    """
    if isinstance(trials, bool) or not isinstance(trials, int | np.integer) or trials < 1:
        msg = f"trials must be a whole number of at least 1, got {trials!r:.60}"
        raise InputError(msg)
    if trials > MOST_TRIALS:
        msg = (
            f"trials must be at most {MOST_TRIALS:,}, got {trials:,}; for what is rarer, simulate_tail needs some "
            "thousand trials"
        )
        raise InputError(msg)
