"""Charts: what they draw is what the numbers say."""

import re

from circles.report.chart import Bar, draw_bars


def test_bars_are_as_long_as_their_amounts() -> None:
    bars = [
        Bar(group="base", label="half", value_fen=500, low_fen=400, high_fen=600, fill="#000"),
        Bar(group="base", label="whole", value_fen=1000, low_fen=900, high_fen=1000, fill="#000"),
    ]
    widths = [float(width) for width in re.findall(r'<rect [^>]*width="([\d.]+)"', draw_bars(bars, title="t"))]
    assert widths == [113.0, 226.0]


def test_labels_are_escaped() -> None:
    bar = Bar(group="<b>", label="<i>", value_fen=1, low_fen=1, high_fen=1, fill="#000")
    assert "<b>" not in draw_bars([bar], title="<u>")
    assert "<u>" not in draw_bars([bar], title="<u>")
