"""Two small charts as inline SVG: exact, printable, readable without colour."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from circles.viz.escape import escape_html
from circles.viz.wording import say_amount, say_yuan

if TYPE_CHECKING:
    from numpy.typing import NDArray

_WIDTH = 440
"""Width in drawing units: about a phone's, so that letters stay readable where a chart fills one."""
_LEFT, _RIGHT = 58, 12
_BARS_LEFT, _BARS_ROOM = 132, 226
_LEGEND_LINE = 18
_MOST_MARKS = 5
_HALF_MARK = 32
_STEPS = 160


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """The losses of one case and how its line is drawn."""

    label: str
    samples_fen: NDArray[np.int64]
    colour: str
    dash: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One amount with its interval, under the heading of its group."""

    group: str
    label: str
    value_fen: int
    low_fen: int
    high_fen: int
    fill: str


def draw_bars(bars: list[Bar], *, title: str) -> str:
    """Draw amounts as horizontal bars from zero, each with its value and its interval.

    Parameters
    ----------
    bars
        In order; a new group gets a heading.
    title
        What a screen reader says of the chart.
    """
    largest = max([bar.high_fen for bar in bars] + [1])
    parts, top, group = [], 4, ""
    for bar in bars:
        if bar.group != group:
            group = bar.group
            parts.append(f'<text x="0" y="{top + 15}" class="strong">{escape_html(group)}</text>')
            top += 22
        parts.append(_draw_bar(bar, top=top, scale=_BARS_ROOM / largest))
        top += 24
    return _frame(parts, height=top + 4, title=title)


def draw_exceedance(curves: list[Curve], *, title: str, unit: str) -> str:
    """Draw how often a loss is exceeded: the share of trials with a larger loss, on a logarithmic scale.

    Parameters
    ----------
    curves
        Losses of one or more cases on the same trials, fen.
    title
        What a screen reader says of the chart.
    unit
        What amounts are in.
    """
    trials = max(len(curve.samples_fen) for curve in curves)
    decades = min(4, max(2, math.floor(math.log10(trials))))
    largest = max(_find_last(curve.samples_fen, rarest=10.0**-decades) for curve in curves)
    if largest == 0:
        return '<p class="empty">No trial lost anything, so there is no curve to draw.</p>'
    scale = _Scale(largest=largest, decades=decades, top=_LEGEND_LINE * len(curves) + 14)
    parts = [_draw_grid(scale, unit), *(_draw_curve(curve, scale, order=k) for k, curve in enumerate(curves))]
    return _frame(parts, height=scale.bottom + 46, title=title)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scale:
    """From an amount and a share of trials to a place in the chart."""

    largest: int
    decades: int
    top: int

    height = 236

    @property
    def bottom(self) -> int:
        return self.top + self.height

    def across(self, fen: float) -> float:
        return _LEFT + (_WIDTH - _LEFT - _RIGHT) * fen / self.largest

    def down(self, share: float) -> float:
        depth = -math.log10(share) / self.decades
        return self.top + self.height * depth


def _draw_bar(bar: Bar, *, top: int, scale: float) -> str:
    width, low, high = (max(fen * scale, 0.5) for fen in (bar.value_fen, bar.low_fen, bar.high_fen))
    left, middle = _BARS_LEFT, top + 9
    whisker = (
        f"M{left + low:.1f} {middle}H{left + high:.1f}M{left + low:.1f} {middle - 4}v8M{left + high:.1f} {middle - 4}v8"
    )
    return (
        f'<text x="{left - 8}" y="{top + 13}" text-anchor="end">{escape_html(bar.label)}</text>'
        f'<rect x="{left}" y="{top}" width="{width:.1f}" height="18" fill="{bar.fill}"/>'
        f'<path d="{whisker}" class="whisker"/>'
        f'<text x="{left + max(width, high) + 8:.1f}" y="{top + 13}">{say_amount(bar.value_fen)}</text>'
    )


def _find_last(samples: NDArray[np.int64], *, rarest: float) -> int:
    """Find where a curve ends: the loss that only the rarest share of trials exceeds; beyond lie single trials."""
    ordered = np.sort(samples)
    return int(ordered[max(0, math.ceil(len(ordered) * (1 - rarest)) - 1)])


def _draw_grid(scale: _Scale, unit: str) -> str:
    parts = []
    for decade in range(scale.decades + 1):
        height = scale.down(10.0**-decade)
        parts.append(f'<path d="M{_LEFT} {height:.1f}H{_WIDTH - _RIGHT}" class="grid"/>')
        parts.append(f'<text x="{_LEFT - 8}" y="{height + 4:.1f}" text-anchor="end">{10.0 ** (2 - decade):g} %</text>')
    for mark in _choose_marks(scale.largest):
        across = scale.across(mark)
        anchor = "end" if across > _WIDTH - _RIGHT - _HALF_MARK else "middle"
        parts.append(f'<text x="{across:.1f}" y="{scale.bottom + 18}" text-anchor="{anchor}">{say_yuan(mark)}</text>')
    parts.append(f'<text x="{_LEFT}" y="{scale.bottom + 38}">loss in a year, {escape_html(unit)}</text>')
    return "".join(parts)


def _choose_marks(largest: int) -> list[int]:
    """Choose two to five round amounts from zero on that an axis ending at `largest` fen (at least 1) bears."""
    tens = 10 ** (len(str(largest)) - 1)
    steps = sorted({max(1, tens * part // 10) for part in (2, 5, 10, 20)})
    step = next(step for step in steps if largest // step <= _MOST_MARKS - 1)
    return list(range(0, largest + 1, step))


def _draw_curve(curve: Curve, scale: _Scale, *, order: int) -> str:
    ordered = np.sort(curve.samples_fen)
    marks = np.linspace(0, scale.largest, _STEPS)
    shares = 1.0 - np.searchsorted(ordered, marks, side="right") / len(ordered)
    kept = shares >= 10.0**-scale.decades
    if not kept.any():
        return ""
    points = "L".join(
        f"{scale.across(fen):.1f} {scale.down(share):.1f}" for fen, share in zip(marks[kept], shares[kept], strict=True)
    )
    paint = f'fill="none" stroke="{curve.colour}" stroke-width="2" stroke-dasharray="{curve.dash}"'
    line = 12 + _LEGEND_LINE * order
    label = f'<text x="{_LEFT + 38}" y="{line + 4}">{escape_html(curve.label)}</text>'
    return f'<path d="M{points}" {paint}/><path d="M{_LEFT} {line}h30" {paint}/>{label}'


def _frame(parts: list[str], *, height: int, title: str) -> str:
    return (
        f'<svg class="chart" viewBox="0 0 {_WIDTH} {height}" role="img" aria-label="{escape_html(title)}">'
        f"{''.join(parts)}</svg>"
    )
