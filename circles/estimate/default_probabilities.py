"""Default probabilities that nobody stated: from the state of members' loans, and from their peers in the book."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from circles.estimate.estimate import NO_BASIS, Estimate
from circles.estimate.ranges import check_number, check_share
from circles.estimate.standing import read_standing

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.portfolio import Portfolio

_MOST_PEERS = 1_000_000
_BASES = {
    "non_performing": "in default: a loan is more than 90 days overdue, or graded substandard or worse",
    "watched": "a loan is overdue or of special mention: the peers' mean, or the rule's figure if that is more",
    "industry": "the mean of those of its industry who state one",
    "book": "the mean of all who state one; too few of its industry do",
    NO_BASIS: "too few members of the book state one",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DefaultProbabilityRule:
    """How default probabilities are estimated; where each figure comes from is in docs/methods/estimate.md.

    Attributes
    ----------
    least_peers
        Members that must state a probability before their mean stands for others, at least 0.
    watched_probability
        The least, in [0, 1], of members with a loan that is overdue or of special mention.

    Raises
    ------
    InputError
        If a parameter is out of its range.
    """

    least_peers: int = 30
    watched_probability: float = 0.2

    def __post_init__(self) -> None:
        check_number("least_peers", self.least_peers, highest=_MOST_PEERS)
        check_share("watched_probability", self.watched_probability)


def estimate_default_probabilities(portfolio: Portfolio, rule: DefaultProbabilityRule | None = None) -> Estimate:
    """Fill in the default probabilities that nobody stated, from the state of loans and from peers in the book.

    What is stated stays as it is. The tables have no column that says of a default probability that it is an estimate,
    so no later result can: keep the list of what was filled in.

    Parameters
    ----------
    portfolio
        Its members' industries and stated probabilities, and the loans in the book.
    rule
        The parameters; None means ``DefaultProbabilityRule()``.

    Returns
    -------
    The `Estimate`: the filled portfolio, and for every member on what its estimate rests.

    Raises
    ------
    InputError
        If a parameter of the rule is out of its range (when the rule is made).

    Notes
    -----
    1 for whoever owes a non-performing loan: it is in default by definition. Otherwise the mean of the stated ones of
    the same industry, else of the whole book, where enough state one; at least `watched_probability` if a loan is
    overdue or of special mention. Linear in members and loans.

    Examples
    --------
    >>> from circles.portfolio import Portfolio
    >>> members = pd.DataFrame({"member_id": ["M1", "M2", "M3"], "default_probability": [0.01, 0.03, None]})
    >>> book = Portfolio.from_frames(as_of="2007-12-29", members=members)
    >>> print(estimate_default_probabilities(book, DefaultProbabilityRule(least_peers=2)))
    default_probability: missing for 1 of 3 members; 1 estimated
              1  book: the mean of all who state one; too few of its industry do
    """
    rule = DefaultProbabilityRule() if rule is None else rule
    members = portfolio.table("members")
    missing = members["default_probability"].isna().to_numpy()
    basis, rates = _apply_rule(portfolio, rule)
    filled = missing & (basis != NO_BASIS)
    rates = np.where(filled, rates, np.nan)
    done = members.assign(default_probability=members["default_probability"].fillna(pd.Series(rates)))
    listed = pd.DataFrame({"member_id": members["member_id"], "basis": basis, "default_probability": rates})
    return Estimate(
        portfolio=portfolio.replace(members=done) if filled.any() else portfolio,
        column="default_probability",
        rule=rule,
        bases=_BASES,
        total=len(members),
        members=listed[missing].reset_index(drop=True),
    )


def _apply_rule(portfolio: Portfolio, rule: DefaultProbabilityRule) -> tuple[NDArray[np.object_], NDArray[np.float64]]:
    """Give for every member the basis and the estimate, NaN where there is none."""
    standing = read_standing(portfolio, interest_rate=0.0)
    by_industry, of_book = _average_peers(portfolio.table("members"), least=rule.least_peers)
    peers = np.where(np.isnan(by_industry), of_book, by_industry)
    watched = np.fmax(peers, rule.watched_probability)
    chosen = [
        (standing.non_performing, "non_performing", 1.0),
        (standing.watched, "watched", watched),
        (~np.isnan(by_industry), "industry", by_industry),
        (~np.isnan(peers), "book", peers),
    ]
    masks, names, rates = zip(*chosen, strict=True)
    basis = np.select(masks, names, NO_BASIS).astype(object)
    return basis, np.select(masks, rates, np.nan)


def _average_peers(members: pd.DataFrame, *, least: int) -> tuple[NDArray[np.float64], float]:
    """Average what is stated by industry, shape (members,), and over the book; NaN where too few state one."""
    stated = members["default_probability"]
    grouped = stated.groupby(members["industry"])
    means = grouped.transform("mean").where(grouped.transform("count") >= max(least, 1))
    of_book = float(stated.mean()) if stated.notna().sum() >= max(least, 1) else np.nan
    return means.to_numpy(np.float64), of_book
