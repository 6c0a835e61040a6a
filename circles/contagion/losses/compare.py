"""The same shocks on several portfolios: what each loses when the same members default first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from circles.contagion.losses.simulate import DEFAULT_CORRELATION, simulate_losses
from circles.contagion.trials.executor import Progress, tell_part
from circles.contagion.trials.scenarios import Scenarios
from circles.errors import InputError
from circles.money import format_yuan

if TYPE_CHECKING:
    from circles.contagion.losses.losses import Losses
    from circles.portfolio import Portfolio
    from circles.settlement import Terms

_COLUMNS = [
    "name",
    "circles",
    "lent_fen",
    "expected_loss_fen",
    "added_fen",
    "added_error_fen",
    "loss_share",
    "bare_fen",
    "bare_share",
    "borne_share",
]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class LossComparison:
    """What several portfolios lose in the same random scenarios; prints as a short text.

    Attributes
    ----------
    trials, seed
        How many scenarios, and what they were drawn from.
    """

    trials: int
    seed: int
    _portfolios: pd.DataFrame
    _differences: pd.DataFrame

    @property
    def portfolios(self) -> pd.DataFrame:
        """One row a portfolio.

        ``name, circles`` (how many), ``lent_fen`` (loans beyond the first portfolio's), ``expected_loss_fen`` (mean
        bank loss), ``added_fen`` (beyond the first portfolio's, mean of the differences trial by trial),
        ``added_error_fen`` (its standard error), ``loss_share`` (added / lent; NaN where nothing is); ``bare_fen,
        bare_share`` (what the same further loans would lose without guarantees: how risky the borrowers are, whoever
        guarantees), ``borne_share`` (1 − added / bare: what the guarantees keep from the bank, less what they do to
        loans that were there before; below 0 where they do more harm than good).
        """
        return self._portfolios.copy(deep=False)

    @property
    def differences(self) -> pd.DataFrame:
        """One row for every two portfolios after the first: ``name, other, fen, error_fen``.

        Expected loss less that of the other, and its standard error.
        """
        return self._differences.copy(deep=False)

    def __str__(self) -> str:
        lines = [f"the same {self.trials:,} scenarios:"]
        for row in self._portfolios.itertuples():
            start = f"  {row.name}: {row.circles:,} circles, expected loss {format_yuan(row.expected_loss_fen)}"
            if pd.notna(row.loss_share):
                start += (
                    f"; {_say_mean(row.added_fen, row.added_error_fen)} more on {format_yuan(row.lent_fen)} more lent: "
                    f"{row.loss_share:.3%}, without guarantees {row.bare_share:.3%}"
                )
            lines.append(start)
        lines += [
            f"  {row.name} less {row.other}: {_say_mean(row.fen, row.error_fen)}"
            for row in self._differences.itertuples()
        ]
        return "\n".join(lines)

    __repr__ = __str__


def compare_losses(
    portfolios: Mapping[str, Portfolio],
    *,
    trials: int = 10_000,
    seed: int,
    terms: Terms | None = None,
    correlation: float = DEFAULT_CORRELATION,
    sector_column: str | None = None,
    sector_correlation: float | None = None,
    resource_sensitivity: float = 0.0,
    workers: int | None = None,
    progress: Progress | None = None,
) -> LossComparison:
    """Compare what several portfolios of the same members lose when the same shocks hit them.

    Draws belong to members, so with one seed the same members default first in the same trial of every portfolio, and
    the differences are those of the portfolios alone (common random numbers; P. Glasserman, "Monte Carlo Methods in
    Financial Engineering", 2004, section 4.1). Portfolios that lend to other members differ in whom they lend to as
    well as in who guarantees; what the same loans lose without guarantees tells the two apart.

    Parameters
    ----------
    portfolios
        At least two, by name: the first is what the others are compared with, such as the portfolio before a proposal.
    trials, seed, terms, correlation, sector_column, sector_correlation, resource_sensitivity, workers
        As for `simulate_losses`; a sector column makes the shock common to a trade or a town.
    progress
        Called with (done, total) trials, all portfolios counted, from the calling thread.

    Returns
    -------
    The comparison, one row a portfolio.

    Raises
    ------
    InputError
        If fewer than two portfolios are given, their members differ, or an argument is refused by `simulate_losses`.
    """
    _check_same_members(portfolios)
    scenarios = Scenarios(
        trials=trials,
        seed=seed,
        correlation=correlation,
        sector_column=sector_column,
        sector_correlation=sector_correlation,
        resource_sensitivity=resource_sensitivity,
    )
    losses = {
        name: simulate_losses(
            portfolio,
            **scenarios,
            terms=terms,
            workers=workers,
            progress=tell_part(progress, done=place * trials, total=len(portfolios) * trials),
        )
        for place, (name, portfolio) in enumerate(portfolios.items())
    }
    base, *others = portfolios
    rows = [_describe(name, portfolios, losses, base=base) for name in portfolios]
    pairs = [(name, other, *_mean_difference(losses[name], losses[other])) for other, name in combinations(others, 2)]
    differences = pd.DataFrame(pairs, columns=["name", "other", "fen", "error_fen"])
    return LossComparison(
        trials=trials,
        seed=seed,
        _portfolios=pd.DataFrame(rows, columns=_COLUMNS).astype({"added_error_fen": "Int64"}),
        _differences=differences.astype({"fen": "int64", "error_fen": "Int64"}),
    )


def _check_same_members(portfolios: Mapping[str, Portfolio]) -> None:
    if len(portfolios) < 2:
        msg = f"portfolios must be at least two by name, got {len(portfolios)}"
        raise InputError(msg)
    first, *others = portfolios.items()
    known = set(first[1].members["member_id"])
    for name, portfolio in others:
        if set(portfolio.members["member_id"]) != known:
            msg = f"portfolios {first[0]!r} and {name!r} have different members; the same shock needs the same members"
            raise InputError(msg)


def _describe(
    name: str, portfolios: Mapping[str, Portfolio], losses: Mapping[str, Losses], *, base: str
) -> tuple[object, ...]:
    lent = int(portfolios[name].loans["balance_fen"].sum() - portfolios[base].loans["balance_fen"].sum())
    bare = float((losses[name].bare.samples_fen - losses[base].bare.samples_fen).mean())
    added, error = _mean_difference(losses[name], losses[base])
    return (
        name,
        len(portfolios[name].circles),
        lent,
        losses[name].expected_loss_fen,
        added,
        error,
        added / lent if lent else float("nan"),
        round(bare),
        bare / lent if lent else float("nan"),
        1 - added / bare if bare else float("nan"),
    )


def _mean_difference(losses: Losses, others: Losses) -> tuple[int, int | None]:
    """Give the mean of the differences trial by trial, and its standard error (None for one trial)."""
    differences = losses.samples_fen - others.samples_fen
    error = differences.std(ddof=1) / np.sqrt(len(differences)) if len(differences) > 1 else None
    return round(float(differences.mean())), None if error is None else round(float(error))


def _say_mean(fen: int, error_fen: int | None) -> str:
    return (
        format_yuan(fen)
        if error_fen is None or pd.isna(error_fen)
        else f"{format_yuan(fen)} (± {format_yuan(error_fen)})"
    )
