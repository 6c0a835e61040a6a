"""Random scenarios of one portfolio: drawn by number, settled on any terms, always the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from circles.contagion.trials.arguments import check_number
from circles.contagion.trials.draws import draw_normals, draw_numbered
from circles.contagion.trials.executor import cut_trials
from circles.contagion.trials.factors import FactorModel, read_factor_model
from circles.contagion.trials.keys import check_seed
from circles.settlement import TrialSettler, build_obligations

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.portfolio import Portfolio
    from circles.settlement import Obligations, Terms

MOST_SENSITIVITY = 10.0
"""A bad year of one standard deviation then leaves 1/22,000 of what members have; more is no model of anything."""

_CHUNK_WORK = 32_000_000
_CHUNK_MOST = 4_096
_CHUNK_LEAST = 16
_CHUNKS = 16


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FirstDefaults:
    """The first defaulters of some trials and what the members can still pay in each.

    Attributes
    ----------
    offsets, defaulters
        Trial t has ``defaulters[offsets[t]:offsets[t + 1]]``, positions among the obligations' members.
    resource_scale
        Shape (trials, sectors): what resources are multiplied with; None means 1.
    """

    offsets: NDArray[np.int64]
    defaulters: NDArray[np.int32]
    resource_scale: NDArray[np.float64] | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RandomTrials:
    """Everything that makes a trial what it is, so that its number alone draws it.

    Attributes
    ----------
    obligations
        What the portfolio's members owe and guarantee.
    model
        Who can default, positions as in `obligations`.
    seed
        What all trials are drawn from.
    resource_sensitivity
        β: resources in a trial are resources × exp(β·F), F the factor of the member's sector.
    shift
        Shape (normals,): what is taken off the normals that make the factors, the common one first; 0 for nothing.
    """

    obligations: Obligations
    model: FactorModel
    seed: int
    resource_sensitivity: float
    shift: NDArray[np.float64] | float = 0.0

    def draw(self, numbers: NDArray[np.int64]) -> FirstDefaults:
        """Draw the trials with these numbers."""
        draws = draw_numbered(self.model, seed=self.seed, numbers=numbers, shift=self.shift)
        scale = np.exp(self.resource_sensitivity * draws.factors) if self.resource_sensitivity else None
        return FirstDefaults(offsets=draws.offsets, defaulters=draws.defaulters, resource_scale=scale)

    def draw_normals(self, numbers: NDArray[np.int64]) -> NDArray[np.float64]:
        """Draw the normals that make the factors of these trials, before the shift; shape (trials, normals)."""
        return draw_normals(self.model, seed=self.seed, numbers=numbers)

    def weigh(self, numbers: NDArray[np.int64]) -> NDArray[np.float64]:
        """Say how much each of these trials counts, so that the shift leaves every weighted mean as it was."""
        normals = self.draw_normals(numbers)
        shift = np.broadcast_to(self.shift, normals.shape[1:])
        return np.exp(normals @ shift - shift @ shift / 2)

    def settler(self, terms: Terms) -> TrialSettler:
        """Pack what it takes to settle drawn trials on these terms."""
        group = self.model.sector if self.resource_sensitivity else None
        return TrialSettler(self.obligations, terms, resource_group=group)

    def cut(self, trials: int) -> list[range]:
        """Cut trials 0 … trials − 1 into chunks: worth a call each, soon done, and enough of them for every thread."""
        most = np.clip(_CHUNK_WORK // max(1, self.model.member_count), _CHUNK_LEAST, _CHUNK_MOST)
        return cut_trials(trials, chunk=int(np.clip(-(-trials // _CHUNKS), _CHUNK_LEAST, most)))


def plan_trials(
    portfolio: Portfolio,
    *,
    seed: int,
    correlation: float,
    sector_column: str | None = None,
    sector_correlation: float | None = None,
    resource_sensitivity: float = 0.0,
) -> RandomTrials:
    """Prepare a portfolio's random trials.

    Raises
    ------
    InputError
        If members lack resources, a default probability or their sector, or a number is out of its range.
    """
    sensitivity = check_number("resource_sensitivity", resource_sensitivity, most=MOST_SENSITIVITY)
    obligations = build_obligations(portfolio)
    model = read_factor_model(
        portfolio,
        correlation=correlation,
        sector_column=sector_column,
        sector_correlation=sector_correlation,
        rows=obligations.rows,
    )
    return RandomTrials(obligations=obligations, model=model, seed=check_seed(seed), resource_sensitivity=sensitivity)
