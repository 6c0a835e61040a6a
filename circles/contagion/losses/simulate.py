"""The bank's loss over many random scenarios."""

from __future__ import annotations

from typing import TYPE_CHECKING

from circles.contagion.losses.trial_run import prepare_run
from circles.contagion.trials.scenarios import Scenarios
from circles.settlement import check_terms

if TYPE_CHECKING:
    from circles.contagion.losses.losses import Losses
    from circles.contagion.trials.executor import Progress
    from circles.portfolio import Portfolio
    from circles.settlement import Terms

DEFAULT_CORRELATION = 0.12
"""ρ where none is stated: the lower end of the Basel formula's range for firms; an assumption, not an estimate."""


def simulate_losses(
    portfolio: Portfolio,
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
) -> Losses:
    """Simulate what the bank may lose: many random sets of first defaults, each settled on the terms.

    Parameters
    ----------
    portfolio
        Members need resources and a default probability.
    trials
        Number of random scenarios, from 1 to 100 million.
    seed
        Any whole number; the same seed gives the same result, bit for bit, for any number of workers.
    terms
        How defaults are settled; None means the worst case, ``Terms()``.
    correlation
        ρ in [0, 1): how strongly a common factor drives defaults.
    sector_column
        Text column of members that names their sector; None for one factor for all.
    sector_correlation
        Correlation in [0, 1] of two sectors' factors; None with a sector column means .5.
    resource_sensitivity
        β in [0, 10]: a trial's resources are multiplied with exp(β·F), F the factor, low in bad years (wrong-way risk).
    workers
        Threads; None means one a processor.
    progress
        Called with (done, total) trials from the calling thread.

    Returns
    -------
    The `Losses`: the distribution, the same without guarantees and with trade alone, and both bounds, all on the
    same draws. Formulas and sources: docs/methods/losses.md.

    Raises
    ------
    InputError
        If members lack resources, a default probability or their sector, or something given is not of its kind or
        out of its range.

    Examples
    --------
    >>> import pandas as pd
    >>> from circles.portfolio import Portfolio
    >>> members = pd.DataFrame({"member_id": ["A"], "resources_fen": [0], "default_probability": [1.0]})
    >>> loans = pd.DataFrame({"loan_id": ["L1"], "borrower_id": ["A"], "balance_fen": [100_00]})
    >>> portfolio = Portfolio.from_frames(as_of="2007-12-29", members=members, loans=loans)
    >>> simulate_losses(portfolio, trials=10, seed=7).expected_loss_fen
    10000
    """
    agreed = check_terms(terms)
    scenarios = Scenarios(
        trials=trials,
        seed=seed,
        correlation=correlation,
        sector_column=sector_column,
        sector_correlation=sector_correlation,
        resource_sensitivity=resource_sensitivity,
    )
    return prepare_run(portfolio, scenarios, workers=workers).simulate(agreed, progress=progress)
