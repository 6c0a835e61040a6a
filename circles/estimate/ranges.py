"""The ranges that the parameters of a rule must keep."""

from __future__ import annotations

import math
from numbers import Real

from circles.errors import InputError


def check_share(name: str, value: object) -> None:
    """Refuse a parameter that is not a fraction in [0, 1]."""
    check_number(name, value, highest=1.0)


def check_number(name: str, value: object, *, highest: float) -> None:
    """Refuse a parameter that is not a number from 0 to `highest`.

    Raises
    ------
    InputError
        Naming the parameter, what was given and what is allowed.
    """
    sound = isinstance(value, Real) and not isinstance(value, bool) and math.isfinite(value)
    if not sound or not 0.0 <= float(value) <= highest:  # type: ignore[arg-type]
        msg = f"the rule's {name} must be a number from 0 to {highest:g}, got {value!r}"
        raise InputError(msg)
