"""How long things take when defaults are settled month by month."""

from __future__ import annotations

from dataclasses import dataclass, fields
from numbers import Integral, Real

from circles.errors import InputError

MOST_MONTHS = 600


@dataclass(frozen=True, slots=True, kw_only=True)
class Timetable:
    """How long a horizon is, and how long calls, recoveries and draw-downs take in it.

    Attributes
    ----------
    months
        Months that are settled, 1 to 600; month 0 begins at the portfolio's date.
    call_delay
        Months from a default until its loans are called, at least 0; 3 stands for 90 days.
    recovery_delay
        Months from a default until what the borrower still pays arrives, at least 0.
    claim_months
        Months after the last due date of a pool's loans in which its guarantors may be called, where a guarantee
        states no date of its own (Civil Code art. 692: six).
    draw_interval
        Months between the draw-downs of one circle, in its `draw_order`; 0: all loans are drawn on their dates.
    income_of_failed
        Fraction in [0, 1] of its free income that a member brought down by others goes on paying with.
    discount_rate
        Yearly rate in [0, 1] at which later amounts count less.

    Raises
    ------
    InputError
        If a value is not allowed.

    Examples
    --------
    >>> Timetable(months=1, call_delay=0, recovery_delay=0).months
    1
    """

    months: int = 36
    call_delay: int = 3
    recovery_delay: int = 18
    claim_months: int = 6
    draw_interval: int = 0
    income_of_failed: float = 1.0
    discount_rate: float = 0.0

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if field.name in ("income_of_failed", "discount_rate"):
                _check_rate(field.name, value)
            else:
                _check_months(field.name, value, least=1 if field.name == "months" else 0)


def _check_months(name: str, value: object, *, least: int) -> None:
    if isinstance(value, bool) or not isinstance(value, Integral) or not least <= int(value) <= MOST_MONTHS:
        msg = f"timetable: {name} must be a whole number of months from {least} to {MOST_MONTHS}, got {value!r}"
        raise InputError(msg)


def _check_rate(name: str, value: object) -> None:
    if isinstance(value, bool) or not isinstance(value, Real) or not 0.0 <= float(value) <= 1.0:
        msg = f"timetable: {name} must be a fraction in [0, 1], got {value!r}"
        raise InputError(msg)
