"""What a shock to one sector or region does to the loss: its members default more often, or all at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from circles.contagion.losses.differences import MeanDifference, estimate_difference
from circles.contagion.losses.simulate import DEFAULT_CORRELATION, simulate_losses
from circles.contagion.trials.executor import Progress, tell_part
from circles.contagion.trials.scenarios import Scenarios
from circles.errors import InputError
from circles.money import format_yuan
from circles.portfolio import TABLES, Kind

if TYPE_CHECKING:
    from circles.contagion.losses.losses import Losses
    from circles.portfolio import Portfolio
    from circles.settlement import Terms


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class SectorShock:
    """The loss before and after a shock, on the same draws; prints as a short text.

    Attributes
    ----------
    column, value
        Which members were hit: those with this value in this column.
    members
        How many they are.
    before, after
        The `Losses`; trial t of both is drawn from the same random numbers.
    difference
        Expected loss after less before, with a 95 % interval.
    """

    column: str
    value: str
    members: int
    before: Losses
    after: Losses
    difference: MeanDifference

    @property
    def table(self) -> pd.DataFrame:
        """One row a case: ``shock`` (before, after), then the columns of `Losses.table` for the settled loss."""
        rows = [losses.table.iloc[:1].drop(columns="case") for losses in (self.before, self.after)]
        return pd.concat(rows, ignore_index=True).assign(shock=["before", "after"])[["shock", *rows[0].columns]]

    def __str__(self) -> str:
        change = self.difference
        lines = [
            f"{self.members:,} members with {self.column} {self.value!r} hit, {self.before.trials:,} trials, yuan:"
        ]
        lines += [
            f"  {name:<7} expected loss {format_yuan(losses.expected_loss_fen):>18}, expected shortfall 99 % "
            f"{format_yuan(losses.expected_shortfall(0.99)):>18}"
            for name, losses in (("before", self.before), ("after", self.after))
        ]
        ends = f"{format_yuan(change.low_fen)} to {format_yuan(change.high_fen)}"
        return "\n".join([*lines, f"  the shock adds {format_yuan(change.fen)} ({ends} with 95 % confidence)"])

    __repr__ = __str__


def shock_sector(
    portfolio: Portfolio,
    column: str,
    value: str,
    *,
    default_probability: float | None = None,
    multiplier: float | None = None,
    trials: int = 10_000,
    seed: int,
    terms: Terms | None = None,
    correlation: float = DEFAULT_CORRELATION,
    sector_column: str | None = None,
    sector_correlation: float | None = None,
    resource_sensitivity: float = 0.0,
    workers: int | None = None,
    progress: Progress | None = None,
) -> SectorShock:
    """Simulate the loss with and without a shock to all members of one sector, region or other group.

    Parameters
    ----------
    portfolio, trials, seed, terms, correlation, sector_column, sector_correlation, resource_sensitivity, workers
        As in `simulate_losses`; the sectors of the factors need not be those of `column`.
    column, value
        A text column of members, such as ``industry`` or ``region``, and the value that is hit.
    default_probability
        In [0, 1]: what theirs becomes; 1 means that all of them default.
    multiplier
        At least 0: what theirs is multiplied with, up to 1. One of the two is given.
    progress
        Called with (done, total) trials, both runs counted.

    Returns
    -------
    Both `Losses` and what the shock adds.

    Raises
    ------
    InputError
        If there is no such column or nobody has that value, not exactly one kind of shock is given or it is out of
        range, or as for `simulate_losses`.
    """
    hit = _find_hit(portfolio, column, value)
    shocked = portfolio.replace(members=_shock(portfolio.members, hit, default_probability, multiplier))
    scenarios = Scenarios(
        trials=trials,
        seed=seed,
        correlation=correlation,
        sector_column=sector_column,
        sector_correlation=sector_correlation,
        resource_sensitivity=resource_sensitivity,
    )

    def simulate(book: Portfolio, done: int) -> Losses:
        part = tell_part(progress, done=done, total=2 * trials)
        return simulate_losses(book, **scenarios, terms=terms, workers=workers, progress=part)

    before, after = simulate(portfolio, 0), simulate(shocked, trials)
    change = estimate_difference(after.samples_fen - before.samples_fen, largest_fen=before.with_guarantees.largest_fen)
    return SectorShock(
        column=column, value=value, members=int(hit.sum()), before=before, after=after, difference=change
    )


def _find_hit(portfolio: Portfolio, column: str, value: str) -> pd.Series:
    texts = [each.frame_name for each in TABLES["members"].columns if each.kind is Kind.TEXT]
    if column not in texts:
        msg = f"column must be a text column of members ({', '.join(texts)}), got {column!r}"
        raise InputError(msg)
    hit = (portfolio.members[column] == value).fillna(value=False).astype(np.bool_)
    if not hit.any():
        known = sorted(portfolio.members[column].dropna().unique())
        msg = f"no member has {column} {value!r}; there are: {', '.join(known)[:300] or 'none'}"
        raise InputError(msg)
    return hit


def _shock(
    members: pd.DataFrame, hit: pd.Series, default_probability: float | None, multiplier: float | None
) -> pd.DataFrame:
    if (default_probability is None) == (multiplier is None):
        msg = "give either default_probability or multiplier"
        raise InputError(msg)
    if default_probability is not None and not 0 <= default_probability <= 1:
        msg = f"default_probability must be in [0, 1], got {default_probability!r}"
        raise InputError(msg)
    if multiplier is not None and not 0 <= multiplier < np.inf:
        msg = f"multiplier must be a number of at least 0, got {multiplier!r}"
        raise InputError(msg)
    old = members["default_probability"]
    new = default_probability if multiplier is None else (old * multiplier).clip(upper=1.0)
    return members.assign(default_probability=old.mask(hit, new))
