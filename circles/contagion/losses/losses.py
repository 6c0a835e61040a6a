"""What a simulation of losses found: the distribution, its companions on the same draws, and who contributes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from circles.money import format_yuan

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from circles.contagion.losses.intervals import Interval
    from circles.contagion.losses.measures import LossDistribution
    from circles.settlement import Terms

TAIL_LEVEL = 0.99
"""Level of contributions to expected shortfall, and of the risk measures in tables and text."""

CASE_TITLES = {
    "with_guarantees": "with the guarantees",
    "bare": "bare loans",
    "with_trade": "with trade, no guarantee",
    "optimistic": "optimistic bound",
    "conservative": "conservative bound",
}
"""The distributions of `Losses`, as texts name them."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Losses:
    """The bank's loss over many trials, with everything needed to read it and to draw it again.

    All distributions are on the same draws: trial t of each is the same set of first defaults.

    Attributes
    ----------
    with_guarantees
        The loss after settlement; the measures of `Losses` itself are this one's.
    bare
        The first defaulters' shortfalls alone: no guarantee, no deposit, no risk pool, no contagion.
    with_trade
        With defaults spreading over unpaid receivables, but no guarantee, deposit or risk pool.
    optimistic
        Lower bound of each trial's loss: the bank may pursue anybody.
    conservative
        Upper bound of each trial's loss by the threshold settlement; None where it is no bound (unequal shares).
    first_defaults, contagious_defaults
        Shape (trials,), int32, read-only: how many members defaulted first, and by contagion.
    trials, seed
        How many trials were drawn, and from what.
    terms
        The terms of settlement.
    correlation, sector_column, sector_correlation, resource_sensitivity
        The factor model; `sector_correlation` is the one used, None without sectors.
    portfolio_digest
        Fingerprint of the portfolio's data.
    estimated_share
        Fraction in [0, 1] of the expected shortfall at level .99 that rests on estimated resources: what is lost in
        pools with a guarantor whose ``resources_source`` is ``estimated``, and on loans of members that failed by
        contagion on estimated resources of their own.
    """

    with_guarantees: LossDistribution
    bare: LossDistribution
    with_trade: LossDistribution
    optimistic: LossDistribution
    conservative: LossDistribution | None
    first_defaults: NDArray[np.int32]
    contagious_defaults: NDArray[np.int32]
    trials: int
    seed: int
    terms: Terms
    correlation: float
    sector_column: str | None
    sector_correlation: float | None
    resource_sensitivity: float
    portfolio_digest: str
    estimated_share: float
    _members: pd.DataFrame
    _pools: pd.DataFrame

    @property
    def samples_fen(self) -> NDArray[np.int64]:
        """Shape (trials,), int64, read-only: the bank's loss in each trial."""
        return self.with_guarantees.samples_fen

    @property
    def expected_loss_fen(self) -> int:
        """Mean loss, whole fen."""
        return self.with_guarantees.expected_loss_fen

    @property
    def standard_deviation_fen(self) -> int:
        """Standard deviation of the loss, whole fen."""
        return self.with_guarantees.standard_deviation_fen

    def value_at_risk(self, level: float) -> int:
        """Smallest loss not exceeded in the share `level` of trials; see `LossDistribution.value_at_risk`."""
        return self.with_guarantees.value_at_risk(level)

    def expected_shortfall(self, level: float) -> int:
        """Mean loss of the worst ``1 − level`` of trials; see `LossDistribution.expected_shortfall`."""
        return self.with_guarantees.expected_shortfall(level)

    def interval(self, measure: str, level: float = TAIL_LEVEL, *, confidence: float = 0.95) -> Interval:
        """Confidence interval of a measure; see `LossDistribution.interval`."""
        return self.with_guarantees.interval(measure, level, confidence=confidence)

    @property
    def members(self) -> pd.DataFrame:
        """One row a member, in the portfolio's order.

        ``member_id``; ``default_probability``: share of trials in which it failed, by itself or by contagion;
        ``first_probability``: share in which it defaulted first; ``contribution_fen``: what is lost on its loans in
        the trials that make the expected shortfall at level .99. Contributions add up to that expected shortfall.
        """
        return self._members.copy(deep=False)

    @property
    def pools(self) -> pd.DataFrame:
        """One row a pool (``circle:ID``, ``loan:ID``, ``borrower:ID``) and one for ``unsecured`` loans.

        ``pool_id``; ``contribution_fen``: as for members, adding up to the same expected shortfall.
        """
        return self._pools.copy(deep=False)

    @property
    def cases(self) -> Iterator[tuple[str, LossDistribution]]:
        """The distributions by name, those that exist: with guarantees, bare, with trade, and the two bounds."""
        for name in CASE_TITLES:
            distribution = getattr(self, name)
            if distribution is not None:
                yield name, distribution

    @property
    def table(self) -> pd.DataFrame:
        """One row a distribution: ``case``, and each measure at level .99 with the ends of its 95 % interval.

        Columns ``expected_loss_fen``, ``standard_deviation_fen``, ``value_at_risk_fen`` and
        ``expected_shortfall_fen``, each also with ``_low_fen`` and ``_high_fen``.
        """
        return pd.DataFrame([{"case": name, **_measures(distribution)} for name, distribution in self.cases])

    @property
    def trial_table(self) -> pd.DataFrame:
        """One row a trial, to export: ``trial``, ``first_defaults``, ``contagious_defaults``, ``<case>_fen`` each."""
        samples = {f"{name}_fen": distribution.samples_fen for name, distribution in self.cases}
        counts = {"first_defaults": self.first_defaults, "contagious_defaults": self.contagious_defaults}
        return pd.DataFrame({"trial": np.arange(self.trials), **counts, **samples})

    def save(self, path: str | Path, *, force: bool = False) -> Path:
        """Write everything to a file that `circles.contagion.read_losses` reads, whole or not at all.

        Parameters
        ----------
        path
            The file, such as ``losses.npz``; its folder must exist.
        force
            Replace a file that is there already.

        Returns
        -------
        The path written. It is a zip file of numpy arrays and one JSON text; nothing in it can run.

        Raises
        ------
        InputError
            If the file exists and `force` is not given, or it cannot be written.
        """
        from circles.contagion.losses.saved import write_losses

        return write_losses(self, path, force=force)

    def __str__(self) -> str:
        head = (
            f"Bank loss over {self.trials:,} trials (seed {self.seed}, correlation {self.correlation:g}), "
            f"yuan, tail at {TAIL_LEVEL:.0%}",
            f"{'':<25}{'expected loss':>19}{'value at risk':>19}{'expected shortfall':>19}",
        )
        first, contagious = self.first_defaults.mean(), self.contagious_defaults.mean()
        tail = (
            f"{CASE_TITLES['with_guarantees']}, with 95 % confidence:",
            *(_interval_line(*measure, self.with_guarantees) for measure in _values(self.with_guarantees).items()),
            f"defaults a trial: {first:.2f} first, {contagious:.2f} by contagion",
            f"{self.estimated_share:.0%} of the expected shortfall rests on estimated resources",
        )
        return "\n".join([*head, *(_line(name, distribution) for name, distribution in self.cases), *tail])

    __repr__ = __str__


def _line(name: str, distribution: LossDistribution) -> str:
    values = _values(distribution)
    amounts = (values[measure] for measure in ("expected_loss", "value_at_risk", "expected_shortfall"))
    return f"{CASE_TITLES[name]:<25}" + "".join(f"{format_yuan(amount):>19}" for amount in amounts)


def _interval_line(measure: str, value: int, distribution: LossDistribution) -> str:
    low, high = map(format_yuan, distribution.interval(measure, TAIL_LEVEL))
    return f"  {measure.replace('_', ' '):<23}{format_yuan(value):>19}   {low} to {high}"


def _measures(distribution: LossDistribution) -> dict[str, int]:
    row: dict[str, int] = {}
    for name, value in _values(distribution).items():
        low, high = distribution.interval(name, TAIL_LEVEL)
        row |= {f"{name}_fen": value, f"{name}_low_fen": low, f"{name}_high_fen": high}
    return row


def _values(distribution: LossDistribution) -> dict[str, int]:
    return {
        "expected_loss": distribution.expected_loss_fen,
        "standard_deviation": distribution.standard_deviation_fen,
        "value_at_risk": distribution.value_at_risk(TAIL_LEVEL),
        "expected_shortfall": distribution.expected_shortfall(TAIL_LEVEL),
    }
