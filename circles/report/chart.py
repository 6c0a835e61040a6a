"""Bars with intervals as inline SVG: exact, printable, readable without colour."""

from __future__ import annotations

from dataclasses import dataclass

from circles.viz.escape import escape_html
from circles.viz.wording import say_amount

_WIDTH = 440
"""Width in drawing units: about a phone's, so that letters stay readable where a chart fills one."""
_BARS_LEFT, _BARS_ROOM = 132, 226


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


def _frame(parts: list[str], *, height: int, title: str) -> str:
    return (
        f'<svg class="chart" viewBox="0 0 {_WIDTH} {height}" role="img" aria-label="{escape_html(title)}">'
        f"{''.join(parts)}</svg>"
    )
