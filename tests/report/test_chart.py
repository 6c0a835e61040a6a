"""Charts: what they draw is what the numbers say."""

import re

import numpy as np

from circles.report.chart import Bar, Curve, draw_bars, draw_exceedance


def test_bars_are_as_long_as_their_amounts() -> None:
    bars = [
        Bar(group="base", label="half", value_fen=500, low_fen=400, high_fen=600, fill="#000"),
        Bar(group="base", label="whole", value_fen=1000, low_fen=900, high_fen=1000, fill="#000"),
    ]
    widths = [float(width) for width in re.findall(r'<rect [^>]*width="([\d.]+)"', draw_bars(bars, title="t"))]
    assert widths == [180.0, 360.0]


def test_a_curve_passes_through_the_share_of_larger_losses() -> None:
    samples = np.repeat([0, 1_000_00], [900, 100])
    text = draw_exceedance([Curve(label="a", samples_fen=samples, colour="#000")], title="t")
    first = re.search(r'<path d="M([\d.]+) ([\d.]+)L', text)
    assert first is not None
    left, down = map(float, first.groups())
    assert left == 64.0
    assert abs(down - (34 + 236 / 3)) < 0.1  # a tenth of the trials: one of three decades down


def test_no_losses_is_said_instead_of_drawn() -> None:
    some = draw_exceedance([Curve(label="a", samples_fen=np.array([0, 5]), colour="#000")], title="t")
    assert some.startswith("<svg")
    assert "No trial lost anything" in draw_exceedance(
        [Curve(label="a", samples_fen=np.zeros(9, dtype=np.int64), colour="#000")], title="t"
    )


def test_a_curve_ends_where_single_trials_begin() -> None:
    samples = np.append(np.arange(999), 1_000_000)
    text = draw_exceedance([Curve(label="a", samples_fen=samples, colour="#000")], title="t")
    heights = [float(down) for down in re.findall(r" ([\d.]+)(?=L|\" fill)", text.split('class="grid"/>')[-1])]
    assert max(heights) <= 270.0
    assert "9.98</text>" in text  # the last mark of the axis: the loss that one trial in a thousand exceeds


def test_labels_are_escaped() -> None:
    bar = Bar(group="<b>", label="<i>", value_fen=1, low_fen=1, high_fen=1, fill="#000")
    assert "<b>" not in draw_bars([bar], title="<u>")
    assert "<u>" not in draw_bars([bar], title="<u>")
