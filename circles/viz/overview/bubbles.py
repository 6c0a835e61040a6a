"""Members grouped into bubbles by region and industry, and a place for each of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from circles.viz.escape import clean_text
from circles.viz.languages import HTML_LANG
from circles.viz.nodes import measure_exposure
from circles.viz.overview.words import say

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.contagion import Losses
    from circles.portfolio import Portfolio
    from circles.viz.languages import Language
    from circles.viz.masking import Numbers

MOST_GROUPS = 12
"""Regions or industries with a row or column of their own; the rest share one called “others”."""

CELL = 100.0
_LARGEST = 46.0
_SHADED = 0.98
_TURN = np.pi * (3 - np.sqrt(5))


def list_members(
    portfolio: Portfolio, *, numbers: Numbers | None = None, losses: Losses | None = None, lang: Language = "en"
) -> pd.DataFrame:
    """Give ``member_id, name, region, industry, exposure_fen, rate``, a row a member, in the book's order.

    The rate is the default probability; with losses it is the part of what a member owes that the bank loses on it in
    bad years (its contribution to expected shortfall), 0 where it owes nothing. With numbers, these stand for ids, and
    names are left out.
    """
    table = portfolio.members
    owed = measure_exposure(portfolio)
    named, others = table["name"].fillna("").astype(object), say("others", lang)
    return pd.DataFrame(
        {
            "member_id": table["member_id"].astype(object) if numbers is None else _list_numbers(table, numbers),
            "name": named if numbers is None else "",
            "region": group_names(table["region"], owed, missing=say("no_region", lang), rest=others),
            "industry": group_names(table["industry"], owed, missing=say("no_industry", lang), rest=others),
            "exposure_fen": owed,
            "rate": table["default_probability"].to_numpy(dtype=float) if losses is None else _rate(losses, owed),
        }
    )


def _list_numbers(table: pd.DataFrame, numbers: Numbers) -> pd.Series:
    return pd.Series([numbers.members[member] for member in table["member_id"]], dtype=object)


def _rate(losses: Losses, owed: NDArray[np.int64]) -> NDArray[np.float64]:
    lost = losses.members["contribution_fen"].to_numpy(dtype=float)  # in the portfolio's order
    return np.divide(lost, owed, out=np.zeros(len(owed)), where=owed > 0)


def group_names(values: pd.Series, weight: NDArray[np.int64], *, missing: str, rest: str) -> pd.Series:
    """Give one group a row: the text, `missing` where there is none, `rest` beyond the largest groups."""
    codes, texts = pd.factorize(values.astype(object))
    names = np.array([clean_text(text, longest=40) or missing for text in texts] + [missing], dtype=object)
    filled = pd.Series(names[codes])
    sums = pd.Series(weight).groupby(filled).sum()
    ranked = sorted(sums.index, key=lambda name: (-int(sums[name]), name))
    kept = ranked if len(ranked) <= MOST_GROUPS else [*ranked[: MOST_GROUPS - 1], missing]
    return filled.where(filled.isin(kept), rest)


def build_bubbles(members: pd.DataFrame) -> pd.DataFrame:
    """Give ``region, industry, members, exposure_fen, level, x, y, radius``, a row a bubble, largest first.

    The area of a bubble is its exposure; ``level`` is the rate of its members weighted by exposure, NaN where unknown.
    """
    known = members["rate"].notna()
    work = members.assign(
        known_fen=members["exposure_fen"].where(known, 0),
        expected=members["exposure_fen"] * members["rate"].fillna(0.0),
    )
    sums = work.groupby(["region", "industry"], as_index=False).agg(
        members=("member_id", "size"),
        exposure_fen=("exposure_fen", "sum"),
        known_fen=("known_fen", "sum"),
        expected=("expected", "sum"),
    )
    sums["level"] = sums["expected"] / sums["known_fen"].where(sums["known_fen"] > 0)
    sums["x"] = (sums["industry"].map(_places(sums, "industry")) + 0.5) * CELL
    sums["y"] = (sums["region"].map(_places(sums, "region")) + 0.5) * CELL
    most = max(int(sums["exposure_fen"].max()), 1) if len(sums) else 1
    sums["radius"] = np.maximum(4.0, _LARGEST * np.sqrt(sums["exposure_fen"] / most))
    ordered = sums.sort_values(["exposure_fen", "region", "industry"], ascending=[False, True, True])
    return ordered.drop(columns=["known_fen", "expected"]).reset_index(drop=True)


def find_darkest(bubbles: pd.DataFrame) -> float:
    """Give the level from which bubbles are shaded darkest: at most 2 % of the exposure lies above it.

    A bubble of one or two risky members would else leave all others pale. 0 if no level is known.
    """
    known = bubbles[bubbles["level"].notna()].sort_values("level")
    if not len(known):
        return 0.0
    reached = known["exposure_fen"].cumsum().to_numpy()
    return float(known["level"].iloc[int(np.searchsorted(reached, _SHADED * reached[-1]))])


def place_members(members: pd.DataFrame, bubbles: pd.DataFrame) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Give the bubble of each member, and its place inside: largest in the middle, on a spiral.

    Returns
    -------
    Shapes (members,) and (members, 2).
    """
    keys = pd.MultiIndex.from_frame(bubbles[["region", "industry"]])
    home = keys.get_indexer(pd.MultiIndex.from_frame(members[["region", "industry"]])).astype(np.int32)
    order = np.lexsort((np.arange(len(members)), -members["exposure_fen"].to_numpy(), home))
    sizes = np.bincount(home, minlength=len(bubbles))
    rank = np.empty(len(members))
    rank[order] = np.arange(len(members)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    radius = bubbles["radius"].to_numpy()[home] * np.sqrt((rank + 0.5) / sizes[home])
    spots = bubbles[["x", "y"]].to_numpy()[home]
    turned = np.column_stack((np.cos(rank * _TURN), np.sin(rank * _TURN)))
    return home, (spots + radius[:, None] * turned).astype(np.float32)


def _places(sums: pd.DataFrame, column: str) -> dict[str, int]:
    total = sums.groupby(column)["exposure_fen"].sum()
    rest = {say("others", lang) for lang in HTML_LANG}
    ranked = sorted(total.index, key=lambda name: (name in rest, -int(total[name]), name))
    return {name: place for place, name in enumerate(ranked)}
