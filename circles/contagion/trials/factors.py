"""Who can default and what makes them default together: a one-factor Gaussian model with sectors.

Member i defaults when √ρ·F + √(1−ρ)·ε < Φ⁻¹(PD), with F the factor of its sector and ε its own (Vasicek 2002, "The
distribution of loan portfolio value", Risk 15(12)). Sectors' factors are F_s = √c·G + √(1−c)·H_s with a common G: two
sectors' factors have correlation c.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.special import ndtri

from circles.contagion.trials.arguments import check_number
from circles.contagion.trials.draws_kernel import DrawnMembers
from circles.contagion.trials.keys import text_keys
from circles.errors import InputError
from circles.portfolio import check_portfolio

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from circles.portfolio import Portfolio

DEFAULT_SECTOR_CORRELATION = 0.5
"""Correlation of two sectors' factors where sectors are used and none is stated: a convention, not an estimate."""

_CLASS_RATIO = 1.25
_CLASS_SIZE = 64
_REMEDY = "fill them, or run circles estimate --default-probabilities"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FactorModel:
    """Who can default and what makes them default together.

    Build one with `factor_model` or `read_factor_model`.

    Attributes
    ----------
    member_count
        Members of the portfolio, those that never default included.
    correlation
        ρ in [0, 1): correlation of two members' values in one sector; 0 means independent.
    sector_correlation
        c in [0, 1]: correlation of two sectors' factors; None without sectors.
    sectors
        Names of the sectors, sorted; one empty name without sectors.
    sector
        Shape (members,), int32: each member's position in `sectors`.
    members
        The members that can default, sorted into classes of one sector and similar probabilities.
    class_sector
        Shape (classes,), int32: position in `sectors`.
    class_range
        Shape (2, classes): Φ⁻¹ of the smallest and the largest default probability of each class.
    """

    member_count: int
    correlation: float
    sector_correlation: float | None
    sectors: tuple[str, ...]
    sector: NDArray[np.int32]
    members: DrawnMembers
    class_sector: NDArray[np.int32]
    class_range: NDArray[np.float64]


def factor_model(
    ids: Sequence[str],
    default_probability: ArrayLike,
    *,
    correlation: float,
    sectors: Sequence[str] | None = None,
    sector_correlation: float | None = None,
) -> FactorModel:
    """Say who can default and how strongly defaults come together.

    Parameters
    ----------
    ids
        Shape (members,): the members' ids, which key their draws.
    default_probability
        Shape (members,), each in [0, 1]: 0 never defaults, 1 always does.
    correlation
        ρ in [0, 1).
    sectors
        Shape (members,): each member's sector by name; None for one factor for all.
    sector_correlation
        c in [0, 1]; only with sectors, where None means `DEFAULT_SECTOR_CORRELATION`.

    Raises
    ------
    InputError
        If a rate is out of its range, a probability is missing or `sector_correlation` comes without sectors.

    Examples
    --------
    >>> factor_model(["M1", "M2", "M3"], [0.0, 0.3, 1.0], correlation=0.2).members.order.tolist()
    [1, 2]
    """
    probability = np.asarray(default_probability, dtype=np.float64)
    _check_probabilities(probability)
    common = _checked_correlations(correlation, sector_correlation, sectors is not None)
    names, sector = np.unique(np.asarray(sectors if sectors is not None else [""] * len(ids)), return_inverse=True)
    keys = text_keys("member", ids)
    active = np.flatnonzero(probability > 0)
    order = active[np.lexsort((keys[active], probability[active], sector[active]))]
    start = _cut_classes(probability[order], sector[order])
    return FactorModel(
        member_count=len(ids),
        correlation=float(correlation),
        sector_correlation=common,
        sectors=tuple(map(str, names)),
        sector=sector.astype(np.int32),
        members=DrawnMembers(
            order=order.astype(np.int32),
            low=keys[order].astype(np.uint32),
            high=(keys[order] >> np.uint64(32)).astype(np.uint32),
            threshold=ndtri(probability[order]),
            class_start=start,
        ),
        class_sector=sector[order[start[:-1]]].astype(np.int32),
        class_range=ndtri(probability[order[np.stack([start[:-1], start[1:] - 1])]]),
    )


def read_factor_model(
    portfolio: Portfolio,
    *,
    correlation: float,
    sector_column: str | None = None,
    sector_correlation: float | None = None,
    rows: NDArray[np.int64] | None = None,
) -> FactorModel:
    """Read who can default from a portfolio's members.

    Parameters
    ----------
    portfolio
        Its members need `default_probability`.
    correlation, sector_correlation
        As in `factor_model`.
    sector_column
        The text column of members that names their sector, such as ``"industry"`` or ``"region"``.
    rows
        Shape (members,): the members' rows in the order that positions shall count them; None as they stand.

    Raises
    ------
    InputError
        If members have no default probability or no sector, or a rate is out of its range.
    """
    members = check_portfolio(portfolio).table("members")
    members = members if rows is None else members.iloc[rows]
    _refuse_nulls(members["default_probability"].isna().to_numpy(), "default_probability", _REMEDY)
    sectors = None
    if sector_column is not None:
        _check_sector_column(members, sector_column)
        sectors = members[sector_column].to_list()
    return factor_model(
        members["member_id"].to_list(),
        members["default_probability"].to_numpy(dtype=np.float64),
        correlation=correlation,
        sectors=sectors,
        sector_correlation=sector_correlation,
    )


def _cut_classes(probability: NDArray[np.float64], sector: NDArray[np.intp]) -> NDArray[np.int64]:
    """Cut sorted members into classes: one sector each, probabilities alike unless there are few members."""
    starts = [0]
    while starts[-1] < len(probability):
        start = starts[-1]
        end = int(np.searchsorted(sector, sector[start], side="right"))
        alike = start + int(np.searchsorted(probability[start:end], _CLASS_RATIO * probability[start], side="right"))
        starts.append(min(end, max(alike, start + _CLASS_SIZE)))
    return np.array(starts, dtype=np.int64)


def _check_probabilities(probability: NDArray[np.float64]) -> None:
    _refuse_nulls(np.isnan(probability), "default_probability", _REMEDY)
    wrong = np.flatnonzero((probability < 0) | (probability > 1))
    if len(wrong):
        msg = f"default probabilities must be in [0, 1], got {probability[wrong[0]]!r}"
        raise InputError(msg)


def _refuse_nulls(null: NDArray[np.bool_], column: str, remedy: str) -> None:
    if null.any():
        msg = f"{int(null.sum()):,} of {len(null):,} members have no {column}; {remedy}"
        raise InputError(msg)


def _check_sector_column(members: pd.DataFrame, column: str) -> None:
    texts = [name for name in members.columns if isinstance(members[name].dtype, pd.StringDtype)]
    if column not in texts:
        msg = f"sector_column must be one of members' text columns {', '.join(texts)}, got {column!r}"
        raise InputError(msg)
    _refuse_nulls(members[column].isna().to_numpy(), column, "fill it or choose another sector_column")


def _checked_correlations(correlation: float, sector_correlation: float | None, sectors: bool) -> float | None:
    check_number("correlation", correlation, below=1)
    if sector_correlation is None:
        return DEFAULT_SECTOR_CORRELATION if sectors else None
    if not sectors:
        msg = f"sector_correlation {sector_correlation!r} needs a sector_column, such as 'industry'"
        raise InputError(msg)
    return check_number("sector_correlation", sector_correlation, most=1)
