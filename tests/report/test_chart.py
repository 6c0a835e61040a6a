"""Charts: what they draw is what the numbers say."""

import re

import numpy as np
import pytest

from circles.report.chart import Bar, Curve, _choose_marks, draw_bars, draw_exceedance


def test_bars_are_as_long_as_their_amounts() -> None:
    bars = [
        Bar(group="base", label="half", value_fen=500, low_fen=400, high_fen=600, fill="#000"),
        Bar(group="base", label="whole", value_fen=1000, low_fen=900, high_fen=1000, fill="#000"),
    ]
    widths = [float(width) for width in re.findall(r'<rect [^>]*width="([\d.]+)"', draw_bars(bars, title="t"))]
    assert widths == [113.0, 226.0]


def test_a_curve_passes_through_the_share_of_larger_losses() -> None:
    samples = np.repeat([0, 1_000_00], [900, 100])
    text = draw_exceedance([Curve(label="a", samples_fen=samples, colour="#000")], title="t", unit="yuan")
    first = re.search(r'<path d="M([\d.]+) ([\d.]+)L', text)
    assert first is not None
    left, down = map(float, first.groups())
    assert left == 58.0
    assert abs(down - (32 + 236 / 3)) < 0.1  # a tenth of the trials: one of three decades down


def test_no_losses_is_said_instead_of_drawn() -> None:
    some = draw_exceedance([Curve(label="a", samples_fen=np.array([0, 5]), colour="#000")], title="t", unit="yuan")
    assert some.startswith("<svg")
    assert "No trial lost anything" in draw_exceedance(
        [Curve(label="a", samples_fen=np.zeros(9, dtype=np.int64), colour="#000")], title="t", unit="yuan"
    )


def test_a_curve_ends_where_single_trials_begin() -> None:
    samples = np.append(np.arange(999), 1_000_000)
    text = draw_exceedance([Curve(label="a", samples_fen=samples, colour="#000")], title="t", unit="THB")
    heights = [float(down) for down in re.findall(r" ([\d.]+)(?=L|\" fill)", text.split('class="grid"/>')[-1])]
    assert max(heights) <= 268.0
    marks = re.findall(r'y="286"[^>]*>([^<]*)<', text)
    assert marks == ["0", "2", "4", "6", "8"]  # the axis ends at 9.98, the loss that one trial in a thousand exceeds
    assert "loss in a year, THB" in text


@pytest.mark.parametrize("largest", [1, 7, 10, 99, 12_345, 3_430_000_000, 10**15])
def test_marks_of_an_axis_are_few_round_and_on_it(largest: int) -> None:
    marks = _choose_marks(largest)
    assert marks[0] == 0
    assert 2 <= len(marks) <= 5
    assert marks[-1] <= largest
    assert {str(mark).rstrip("0") for mark in marks[1:2]} <= {"1", "2", "5"}


def test_labels_are_escaped() -> None:
    bar = Bar(group="<b>", label="<i>", value_fen=1, low_fen=1, high_fen=1, fill="#000")
    assert "<b>" not in draw_bars([bar], title="<u>")
    assert "<u>" not in draw_bars([bar], title="<u>")
