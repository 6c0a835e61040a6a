"""A histogram as inline SVG: columns side by side, each with its count, readable without colour."""

from __future__ import annotations

from dataclasses import dataclass

from circles.viz.escape import escape_html

_HEIGHT, _TOP, _FOOT = 96, 18, 22
_LEAST_SEEN = 1.0
"""Height of the lowest column that is not zero, so that nothing that is there looks absent."""
_FILLED = 0.78


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column: how high, what stands under it, and what stands on it; empty texts are not written."""

    value: float
    label: str
    text: str = ""


def draw_histogram(columns: list[Column], *, title: str, width: int = 300) -> str:
    """Draw columns from zero, the highest as high as the chart.

    Parameters
    ----------
    columns
        From left to right, values at least 0.
    title
        What a screen reader says of the chart.
    width
        In drawing units; letters keep their size, so a wide chart has small ones on a small screen.
    """
    highest = max([column.value for column in columns] + [0.0]) or 1.0
    step = width / max(len(columns), 1)
    parts = [
        _draw_column(column, left=place * step, step=step, highest=highest) for place, column in enumerate(columns)
    ]
    floor = _TOP + _HEIGHT
    return (
        f'<svg class="chart" viewBox="0 0 {width} {floor + _FOOT}" role="img" aria-label="{escape_html(title)}">'
        f'{"".join(parts)}<path d="M0 {floor}.5H{width}" class="grid"/></svg>'
    )


def _draw_column(column: Column, *, left: float, step: float, highest: float) -> str:
    height = max(_HEIGHT * column.value / highest, _LEAST_SEEN) if column.value > 0 else 0.0
    top, middle, floor = _TOP + _HEIGHT - height, left + step / 2, _TOP + _HEIGHT
    parts = []
    if height:
        bar = f'x="{left + step * (1 - _FILLED) / 2:.1f}" y="{top:.1f}" width="{step * _FILLED:.1f}"'
        parts.append(f'<rect {bar} height="{height:.1f}" class="column"/>')
    if column.text:
        parts.append(f'<text x="{middle:.1f}" y="{top - 5:.1f}" text-anchor="middle">{escape_html(column.text)}</text>')
    if column.label:
        label = escape_html(column.label)
        parts.append(f'<text x="{middle:.1f}" y="{floor + 16}" text-anchor="middle">{label}</text>')
    return "".join(parts)
