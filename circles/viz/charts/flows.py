"""The chart of guarantee amounts: from groups of guarantors to groups of borrowers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path

from circles.errors import InputError
from circles.settlement.cover import find_in_force
from circles.viz.charts.canvas import DARK, LIGHT, SOFT, new_canvas
from circles.viz.charts.words import say
from circles.viz.escape import clean_text
from circles.viz.languages import Language, say_unit
from circles.viz.wording import say_whole_yuan

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from circles.portfolio import Portfolio
    from circles.viz.charts.chart import Chart

_MOST = 8
_LETTERS = 14
_GAP = 0.035
_LEAST_NAMED = 0.012


def draw_flows(portfolio: Portfolio, *, by: str = "industry", unit: str = "yuan", lang: Language = "en") -> Chart:
    """Draw for whose loans which groups of members are guarantors (Sankey diagram).

    A circle's loan is guaranteed by all other members of the circle, each drawn with an equal part of it; a guarantee
    in force counts with its amount.

    Parameters
    ----------
    portfolio
        Circles, loans and guarantees.
    by
        A text column of members, such as industry, region or city; the eight largest groups are named.
    unit
        What amounts are in.
    lang
        ``en`` or ``zh``.

    Returns
    -------
    The chart; its data are ``source, target, amount_fen``.

    Raises
    ------
    InputError
        If members have no such column, or the language has no words.
    """
    if by not in portfolio.members:
        msg = f"members have no column {by!r}; give one such as industry, region or city"
        raise InputError(msg)
    data = sum_flows(portfolio, by, lang=lang)
    with new_canvas(300) as canvas:
        axes = canvas.axes(left=0, right=0, top=26, bottom=6)
        axes.axis("off")
        axes.set_xlim(0, 1)
        axes.set_ylim(1, 0)
        _draw(axes, data, lang)
        said = _describe(data, unit, lang)
        return canvas.finish("flows", title=say("flows_title", lang), description=said, data=data)


def sum_flows(portfolio: Portfolio, by: str, *, lang: Language = "en") -> pd.DataFrame:
    """Sum guaranteed amounts by group: ``source, target, amount_fen``, the largest first."""
    named = portfolio.members.set_index("member_id")[by].astype(object).fillna(say("unknown", lang)).astype(str)
    pairs = pd.concat([_list_circle_parts(portfolio), _list_guarantees(portfolio)], ignore_index=True)
    grouped = pairs.assign(source=pairs["source"].map(named), target=pairs["target"].map(named))
    sides = [grouped.groupby(side)["amount_fen"].sum() for side in ("source", "target")]
    kept = list(sides[0].add(sides[1], fill_value=0).sort_values(ascending=False, kind="stable").index[:_MOST])
    for side in ("source", "target"):
        grouped[side] = grouped[side].where(grouped[side].isin(kept), say("others", lang))
    summed = grouped.groupby(["source", "target"], sort=True)["amount_fen"].sum().reset_index()
    summed["amount_fen"] = summed["amount_fen"].round().astype("int64")
    summed = summed[summed["amount_fen"] > 0]
    return summed.sort_values("amount_fen", ascending=False, kind="stable", ignore_index=True)


def _list_circle_parts(portfolio: Portfolio) -> pd.DataFrame:
    """Give each other member of a loan's circle an equal part of the loan."""
    loans = portfolio.loans[["borrower_id", "circle_id", "balance_fen"]].dropna(subset=["circle_id"])
    inside = portfolio.circle_members[["circle_id", "member_id"]]
    pairs = loans.reset_index(names="loan").merge(inside, on="circle_id")
    pairs = pairs[pairs["member_id"] != pairs["borrower_id"]]
    parts = pairs["balance_fen"].astype("float64") / pairs.groupby("loan")["loan"].transform("size")
    return pd.DataFrame(
        {
            "source": pairs["member_id"].astype(object),
            "target": pairs["borrower_id"].astype(object),
            "amount_fen": parts,
        }
    )


def _list_guarantees(portfolio: Portfolio) -> pd.DataFrame:
    rows = portfolio.guarantees[find_in_force(portfolio)]
    return pd.DataFrame(
        {
            "source": rows["guarantor_id"].astype(object),
            "target": rows["borrower_id"].astype(object),
            "amount_fen": rows["amount_fen"].astype("float64"),
        }
    )


def _draw(axes: Axes, data: pd.DataFrame, lang: Language) -> None:
    if not len(data):
        axes.text(0.02, 0.3, say("nothing", lang))
        return
    total = data["amount_fen"].sum()
    last = say("others", lang)
    left, right = _stack(data, "source", last), _stack(data, "target", last)
    for names, across, align in ((left, 0.28, "right"), (right, 0.70, "left")):
        whole = _room(names)
        for name, (top, size) in names.items():
            axes.add_patch(Rectangle((across, top), 0.02, size, facecolor=DARK, edgecolor="none"))
            if size >= _LEAST_NAMED:
                where = across - 0.015 if align == "right" else across + 0.035
                text = f"{clean_text(name, longest=_LETTERS)}  {100 * size / whole:.0f} %"
                axes.text(where, top + size / 2, text, ha=align, va="center", fontsize=9)
    _draw_bands(axes, data, left, right, total)
    for across, key, align in ((0.30, "flows_from", "right"), (0.70, "flows_to", "left")):
        axes.text(across, -0.03, say(key, lang), ha=align, va="bottom", fontsize=9, color=SOFT)


def _room(names: dict[str, tuple[float, float]]) -> float:
    return 1 - _GAP * (len(names) - 1)


def _stack(data: pd.DataFrame, side: str, last: str) -> dict[str, tuple[float, float]]:
    """Give each group its place: top and size, the largest on top and the others last, in fractions of the height."""
    sums = data.groupby(side, sort=True)["amount_fen"].sum().sort_values(ascending=False, kind="stable")
    sums = sums.reindex(sorted(sums.index, key=lambda name: name == last))
    sizes = sums / sums.sum() * (1 - _GAP * (len(sums) - 1))
    tops = np.concatenate([[0.0], np.cumsum(sizes.to_numpy() + _GAP)[:-1]])
    return {str(name): (float(top), float(size)) for name, top, size in zip(sums.index, tops, sizes, strict=True)}


def _draw_bands(
    axes: Axes,
    data: pd.DataFrame,
    left: dict[str, tuple[float, float]],
    right: dict[str, tuple[float, float]],
    total: int,
) -> None:
    begins = {name: top for name, (top, _) in left.items()}
    ends = {name: top for name, (top, _) in right.items()}
    order = {name: place for place, name in enumerate(right)}
    first = {name: place for place, name in enumerate(left)}
    rows = sorted(data.itertuples(), key=lambda row: (first[row.source], order[row.target]))
    for row in rows:
        part = row.amount_fen / total
        sizes = part * _room(left), part * _room(right)
        band = _band(begins[row.source], sizes[0], ends[row.target], sizes[1])
        axes.add_patch(PathPatch(band, facecolor=LIGHT, edgecolor=DARK, linewidth=0.5, alpha=0.75))
        begins[row.source] += sizes[0]
        ends[row.target] += sizes[1]


def _band(begin: float, height: float, end: float, last: float) -> Path:
    """Give the outline of one flow: a curve there, and one back."""
    a, m, b = 0.30, 0.50, 0.70
    points = [
        (a, begin), (m, begin), (m, end), (b, end),
        (b, end + last), (m, end + last), (m, begin + height), (a, begin + height), (a, begin),
    ]  # fmt: skip
    curve = [Path.CURVE4] * 3
    return Path(points, [Path.MOVETO, *curve, Path.LINETO, *curve, Path.CLOSEPOLY])


def _describe(data: pd.DataFrame, unit: str, lang: Language) -> str:
    if not len(data):
        return say("nothing", lang)
    last = say("others", lang)
    inner = data[(data["source"] != last) & (data["target"] != last)]
    first = (inner if len(inner) else data).iloc[0]
    return say(
        "flows_said",
        lang,
        amount=say_whole_yuan(data["amount_fen"].sum()),
        unit=say_unit(unit, lang),
        source=clean_text(first["source"]),
        target=clean_text(first["target"]),
    )
