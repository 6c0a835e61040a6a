"""Losses on several terms as one text and as one table each of measures, members, circles and trials."""

import numpy as np
import pandas as pd
import pytest
from contagion.pair_book import pair

from circles.contagion import compare_presets, simulate_losses
from circles.contagion.losses.pool_table import describe_pools
from circles.contagion.losses.side_by_side import SideBySide
from circles.errors import InputError
from circles.money import format_yuan
from circles.portfolio import Portfolio
from circles.settlement import Terms


def circle_and_pledge() -> Portfolio:
    """A circle of A, B and C, who can pay each other a little; D's own loan is unsecured, and A promises for E's."""
    ids = list("ABCDE")
    members = {"member_id": ids, "resources_fen": 20_00, "default_probability": [0.1, 0.2, 0.3, 0.4, 0.5]}
    loans = pd.DataFrame({"loan_id": ids, "borrower_id": ids, "balance_fen": 100_00, "circle_id": [*"CCC", None, None]})
    promise = {"guarantee_id": ["G"], "guarantor_id": ["A"], "borrower_id": ["E"], "amount_fen": [10_00]}
    return Portfolio.from_frames(
        as_of="2007-12-29",
        members=pd.DataFrame(members).iloc[::-1],
        circles=pd.DataFrame({"circle_id": ["C"]}),
        circle_members=pd.DataFrame({"circle_id": "C", "member_id": ids[:3]}),
        loans=loans.astype({"circle_id": "str"}),
        guarantees=pd.DataFrame(promise),
    )


@pytest.fixture(scope="module")
def losses():
    return simulate_losses(circle_and_pledge(), trials=2_000, seed=7, terms=Terms.preset("base"))


def test_pools_say_how_often_their_guarantors_fail_and_add_up(losses):
    pools = describe_pools(circle_and_pledge(), losses).set_index("pool_id")
    failed = losses.members.set_index("member_id")["default_probability"]
    assert pools.loc["circle:C", "guarantors"] == 3
    assert pools.loc["circle:C", "circle_id"] == "C"
    assert pools.loc["circle:C", "default_probability"] == pytest.approx(failed[["A", "B", "C"]].mean())
    assert pools.loc["borrower:E", "default_probability"] == pytest.approx(failed["A"])
    assert pools["circle_id"].isna().tolist() == [name != "circle:C" for name in pools.index]
    assert np.isnan(pools.loc["unsecured", "default_probability"])
    assert pools["contribution_fen"].sum() == losses.expected_shortfall(0.99)
    with pytest.raises(InputError, match="another portfolio"):
        describe_pools(pair(), losses)


def test_one_column_says_all_measures_with_their_intervals(losses):
    text = str(SideBySide(losses={"mine": losses}))
    rows = {line[:42].strip(): line[42:].split() for line in text.splitlines()[1:]}
    assert rows[""] == ["mine"]
    assert rows["standard deviation"] == [format_yuan(losses.standard_deviation_fen)]
    assert rows["value at risk 99 %"] == [format_yuan(losses.value_at_risk(0.99))]
    for measure in ("expected_loss", "value_at_risk", "expected_shortfall"):
        low, high = (format_yuan(end) for end in losses.interval(measure))
        assert f"95 % interval, from{low:>39}\n  to{high:>56}\n" in text
    assert rows["defaults a trial, first"] == [f"{losses.first_defaults.mean():.2f}"]
    assert rows["by contagion"] == [f"{losses.contagious_defaults.mean():.2f}"]


def test_a_bound_that_is_none_has_no_figure():
    able = simulate_losses(circle_and_pledge(), trials=50, seed=7, terms=Terms(share="able"))
    (line,) = (line for line in str(SideBySide(losses={"able": able})).splitlines() if "conservative" in line)
    assert line.split()[-1] == "–"


def test_tables_of_three_are_those_of_each():
    book = circle_and_pledge()
    found = compare_presets(book, trials=100, seed=7)
    beside = found.side_by_side
    for name, losses in found.presets:
        for table, alone in [(beside.members, losses.members), (beside.circles(book), describe_pools(book, losses))]:
            rows = table[table["preset"] == name].drop(columns="preset").reset_index(drop=True)
            pd.testing.assert_frame_equal(rows, alone)
    assert beside.trials.columns.str.startswith("base_").sum() == len(found.base.trial_table.columns) - 2
