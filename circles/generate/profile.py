"""Profiles: the published figures that a sample portfolio reproduces, kept as data with their sources."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from circles.errors import InputError
from circles.generate.amounts import AmountTable


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A place and time with published figures.

    Attributes
    ----------
    name
        What the profile is asked for by.
    as_of
        The date of the data unless another is given.
    capital, sales
        Registered capital and annual sales of the certified members.
    needs_finance
        Share of members that need finance, in [0, 1].
    needs_and_got_none
        Share of members that need finance and got none, in [0, 1].
    largest_loan_yuan
        Most that one member may borrow, in yuan.
    """

    name: str
    as_of: date
    capital: AmountTable
    sales: AmountTable
    needs_finance: float
    needs_and_got_none: float
    largest_loan_yuan: int


# The product's presentation of 2007. Both tables are given in percent with two decimals; capital adds up to 100.02 and
# sales to 100.01, so shares are scaled to 1. Sales are not monotone (0.31 % and 0.40 % in the middle, then 4.79 %):
# that is how they were published, and they are reproduced as they are.
_CAPITAL_2007 = AmountTable(
    # From 30,000 yuan, the least capital of a limited company (Company Law of 2005, art. 26); the top is open and is
    # taken as 500 million here.
    bounds=(30_000, 1_000_000, 5_000_000, 10_000_000, 50_000_000, 100_000_000, 500_000_000),
    percents=(63.34, 23.61, 6.47, 5.27, 0.86, 0.47),
    step=10_000,
)
_SALES_2007 = AmountTable(
    # The lowest class is open below and the highest above; they are taken from 200,000 and up to 500 million here.
    bounds=(200_000, 1_000_000, 2_500_000, 5_000_000, 10_000_000, 50_000_000, 100_000_000, 500_000_000),
    percents=(76.02, 5.29, 8.88, 0.31, 0.40, 4.79, 4.32),
    step=1_000,
)

ZHEJIANG_2007 = Profile(
    name="zhejiang-2007",
    as_of=date(2007, 12, 29),  # the launch: 21 firms, 20.20 million yuan by this day
    capital=_CAPITAL_2007,
    sales=_SALES_2007,
    needs_finance=0.8902,
    needs_and_got_none=0.6895,
    largest_loan_yuan=2_000_000,
)

PROFILES: dict[str, Profile] = {profile.name: profile for profile in (ZHEJIANG_2007,)}
"""Every profile by name."""


def find_profile(name: str) -> Profile:
    """Look up a profile by name.

    Raises
    ------
    InputError
        If there is none of that name; the message lists those there are.
    """
    if name not in PROFILES:
        msg = f"unknown profile {name!r}; the profiles are: {', '.join(PROFILES)}"
        raise InputError(msg)
    return PROFILES[name]
