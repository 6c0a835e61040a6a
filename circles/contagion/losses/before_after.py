"""Before and after: what another portfolio, or other terms, change about the loss, on the same random scenarios."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from circles.contagion.losses.differences import estimate_difference
from circles.contagion.losses.losses import TAIL_LEVEL
from circles.contagion.losses.measures import LossDistribution
from circles.contagion.losses.simulate import DEFAULT_CORRELATION, simulate_losses
from circles.contagion.trials.executor import Progress, tell_part
from circles.contagion.trials.scenarios import Scenarios
from circles.errors import InputError
from circles.money import format_yuan
from circles.settlement import check_terms

if TYPE_CHECKING:
    from collections.abc import Callable

    from circles.contagion.losses.losses import Losses
    from circles.portfolio import Portfolio
    from circles.settlement import Terms

SECTIONS = 10
"""Parts of the trials from whose differences the intervals of tail measures are taken."""
_LEAST_SECTION = 100
_MEASURES: dict[str, Callable[[LossDistribution], int]] = {
    "expected_loss": lambda losses: losses.expected_loss_fen,
    "standard_deviation": lambda losses: losses.standard_deviation_fen,
    "value_at_risk": lambda losses: losses.value_at_risk(TAIL_LEVEL),
    "expected_shortfall": lambda losses: losses.expected_shortfall(TAIL_LEVEL),
}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class BeforeAfter:
    """What a change does to the loss; prints as a short text.

    Attributes
    ----------
    before, after
        The `Losses` of both, trial t of either the same scenario.
    """

    before: Losses
    after: Losses

    @property
    def table(self) -> pd.DataFrame:
        """One row a measure: ``measure, before_fen, after_fen, difference_fen, low_fen, high_fen``.

        Measures are ``expected_loss``, ``standard_deviation``, and ``value_at_risk`` and ``expected_shortfall`` at
        level .99; the difference is after − before, with the ends of its 95 % interval: from the differences trial by
        trial for the mean, by sectioning for the others (missing with fewer than 1,000 trials).
        """
        rows = [_describe(name, self.before, self.after) for name in _MEASURES]
        return pd.DataFrame(rows).astype({"low_fen": "Int64", "high_fen": "Int64"})

    @property
    def members(self) -> pd.DataFrame:
        """One row a member of either, the largest rise of its contribution first.

        ``member_id``; ``default_probability_before`` and ``_after``; ``contribution_before_fen`` and ``_after_fen`` to
        the expected shortfall at level .99; ``change_fen``. A member that one of the two lacks has 0 there.
        """
        kept = ["member_id", "default_probability", "contribution_fen"]
        both = self.before.members[kept].merge(
            self.after.members[kept], on="member_id", how="outer", suffixes=("_before", "_after")
        )
        amounts = {name: both[f"contribution_fen_{name}"].fillna(0).round().astype("int64") for name in _WHEN}
        rates = {f"default_probability_{name}": both[f"default_probability_{name}"].fillna(0.0) for name in _WHEN}
        frame = pd.DataFrame(
            {
                "member_id": both["member_id"],
                **rates,
                **{f"contribution_{name}_fen": amount for name, amount in amounts.items()},
                "change_fen": amounts["after"] - amounts["before"],
            }
        )
        return frame.sort_values(["change_fen", "member_id"], ascending=[False, True], ignore_index=True)

    def __str__(self) -> str:
        one = self.before
        head = (
            f"The same {one.trials:,} scenarios (seed {one.seed}, correlation {one.correlation:g}), yuan, "
            f"tail at {TAIL_LEVEL:.0%}",
            f"{'':<20}{'before':>18}{'after':>18}{'difference':>18}   95 % interval",
        )
        return "\n".join([*head, *(_say(row) for row in self.table.itertuples())])

    __repr__ = __str__


_WHEN = ("before", "after")


def compare_before_after(
    before: Portfolio,
    after: Portfolio | None = None,
    *,
    trials: int = 10_000,
    seed: int,
    terms: Terms | None = None,
    terms_after: Terms | None = None,
    correlation: float = DEFAULT_CORRELATION,
    sector_column: str | None = None,
    sector_correlation: float | None = None,
    resource_sensitivity: float = 0.0,
    workers: int | None = None,
    progress: Progress | None = None,
) -> BeforeAfter:
    """Simulate two portfolios, or one under two terms, on common random numbers.

    Draws belong to members by their ids, so whoever is in both defaults first in the same trials of both as long as its
    default probability and sector are the same (P. Glasserman, "Monte Carlo Methods in Financial Engineering", 2004,
    section 4.1, on why that makes differences sure).

    Parameters
    ----------
    before, after
        The two; None for `after` means the same portfolio under other terms.
    trials, seed, correlation, sector_column, sector_correlation, resource_sensitivity, workers
        As for `simulate_losses`.
    terms, terms_after
        How defaults are settled; None for `terms` means the worst case, None for `terms_after` the same as before.
    progress
        Called with (done, total) trials, both counted, from the calling thread.

    Returns
    -------
    The `Losses` of both, and a table of measures before, after and of the change.

    Raises
    ------
    InputError
        If neither another portfolio nor other terms are given, or an argument is refused by `simulate_losses`.
    """
    if after is None and (terms_after is None or check_terms(terms_after) == check_terms(terms)):
        msg = "nothing to compare: give another portfolio, or other terms for after"
        raise InputError(msg)

    scenarios = Scenarios(
        trials=trials,
        seed=seed,
        correlation=correlation,
        sector_column=sector_column,
        sector_correlation=sector_correlation,
        resource_sensitivity=resource_sensitivity,
    )

    def simulate(portfolio: Portfolio, agreed: Terms | None, done: int) -> Losses:
        part = tell_part(progress, done=done, total=2 * trials)
        return simulate_losses(portfolio, **scenarios, terms=agreed, workers=workers, progress=part)

    return BeforeAfter(
        before=simulate(before, terms, 0),
        after=simulate(before if after is None else after, terms if terms_after is None else terms_after, trials),
    )


def _describe(name: str, before: Losses, after: Losses) -> dict[str, object]:
    measure = _MEASURES[name]
    first, second = measure(before.with_guarantees), measure(after.with_guarantees)
    low, high = _bound_mean(before, after) if name == "expected_loss" else _bound_by_sections(measure, before, after)
    return {
        "measure": name,
        "before_fen": first,
        "after_fen": second,
        "difference_fen": second - first,
        "low_fen": low,
        "high_fen": high,
    }


def _bound_mean(before: Losses, after: Losses) -> tuple[int, int]:
    largest = max(before.with_guarantees.largest_fen, after.with_guarantees.largest_fen)
    found = estimate_difference(after.samples_fen - before.samples_fen, largest_fen=largest)
    return found.low_fen, found.high_fen


def _bound_by_sections(
    measure: Callable[[LossDistribution], int], before: Losses, after: Losses
) -> tuple[int | None, int | None]:
    """Give the interval of a difference of measures by sectioning.

    The trials are cut into ten parts, each gives a difference of its own, and Student's quantile makes an interval of
    their spread around the difference of the whole (Asmussen & Glynn 2007, "Stochastic Simulation", chapter III.5).
    """
    from scipy.special import stdtrit

    if before.trials < SECTIONS * _LEAST_SECTION:
        return None, None
    whole = measure(after.with_guarantees) - measure(before.with_guarantees)
    parts = [
        [
            measure(LossDistribution(samples_fen=part, largest_fen=losses.with_guarantees.largest_fen))
            for part in np.array_split(losses.samples_fen, SECTIONS)
        ]
        for losses in (before, after)
    ]
    spread = np.array(parts[1]) - np.array(parts[0]) - float(whole)
    width = -float(stdtrit(SECTIONS - 1, 0.025)) * math.sqrt(float(spread @ spread) / (SECTIONS - 1) / SECTIONS)
    return math.floor(whole - width), math.ceil(whole + width)


def _say(row: pd.Series) -> str:
    name = str(row.measure).replace("_", " ")
    amounts = "".join(f"{format_yuan(amount):>18}" for amount in (row.before_fen, row.after_fen, row.difference_fen))
    if pd.isna(row.low_fen):
        return f"{name:<20}{amounts}   –"
    return f"{name:<20}{amounts}   {format_yuan(row.low_fen)} to {format_yuan(row.high_fen)}"
