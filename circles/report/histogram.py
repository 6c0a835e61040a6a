"""A histogram as inline SVG: columns side by side, each with its count, readable without colour."""

from __future__ import annotations

from dataclasses import dataclass

from circles.viz.escape import escape_html

_TOP, _FOOT = 18, 22
_LEAST_SEEN = 1.0
"""Height of the lowest column that is not zero, so that nothing that is there looks absent."""
_FILLED = 0.78
_EDGE = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column: how high, what stands under it, and what stands on it; empty texts are not written."""

    value: float
    label: str
    text: str = ""


def draw_histogram(columns: list[Column], *, title: str, width: int, height: int = 96) -> str:
    """Draw columns from zero, the highest as high as the chart.

    Parameters
    ----------
    columns
        From left to right, values at least 0.
    title
        What a screen reader says of the chart.
    width, height
        Of the columns, in drawing units; letters are 12 of them high, so a wide chart has small ones on a phone.
    """
    highest = max([column.value for column in columns] + [0.0]) or 1.0
    step, floor = width / max(len(columns), 1), _TOP + height
    parts = [
        _draw_column(column, left=place * step, step=step, floor=floor, tall=height * column.value / highest)
        for place, column in enumerate(columns)
    ]
    return (
        f'<svg class="chart" viewBox="0 0 {width} {floor + _FOOT}" role="img" aria-label="{escape_html(title)}">'
        f'{"".join(parts)}<path d="M0 {floor}.5H{width}" class="grid"/></svg>'
    )


def _draw_column(column: Column, *, left: float, step: float, floor: int, tall: float) -> str:
    tall = max(tall, _LEAST_SEEN) if column.value > 0 else 0.0
    top, middle = floor - tall, left + step / 2
    parts = []
    if tall:
        place = f'x="{left + step * (1 - _FILLED) / 2:.1f}" y="{top:.1f}"'
        parts.append(f'<rect {place} width="{step * _FILLED:.1f}" height="{tall:.1f}" class="column"/>')
    if column.text:
        parts.append(f'<text x="{middle:.1f}" y="{top - 5:.1f}" text-anchor="middle">{escape_html(column.text)}</text>')
    if column.label:
        edge = left < _EDGE and step < _EDGE  # a label wider than its column would be cut at the left
        place = f'x="{left:.1f}" text-anchor="start"' if edge else f'x="{middle:.1f}" text-anchor="middle"'
        parts.append(f'<text {place} y="{floor + 16}">{escape_html(column.label)}</text>')
    return "".join(parts)
