"""The same default under the three ready-made terms."""

from dataclasses import replace

import pandas as pd
import pytest

from circles.contagion import compare_cascades, run_cascade
from circles.errors import InputError
from circles.portfolio import Portfolio
from circles.settlement import Terms


def circle_of_four() -> Portfolio:
    """Four loans of 100 in one circle, resources 0, 30, 40, 40 (contagion.md's worked circle)."""
    ids = ["M0", "M1", "M2", "M3"]
    return Portfolio.from_frames(
        as_of="2007-12-29",
        members=pd.DataFrame({"member_id": ids, "resources_fen": [0, 3000, 4000, 4000]}),
        circles=pd.DataFrame({"circle_id": ["C"]}),
        circle_members=pd.DataFrame({"circle_id": "C", "member_id": ids}),
        loans=pd.DataFrame({"loan_id": ids, "borrower_id": ids, "balance_fen": 10_000, "circle_id": "C"}),
    )


def test_each_row_is_the_cascade_under_that_preset() -> None:
    table = compare_cascades(circle_of_four(), ["M0"]).set_index("preset")
    for preset, row in table.iterrows():
        cascade = run_cascade(circle_of_four(), ["M0"], Terms.preset(str(preset)))
        assert row["bank_loss_fen"] == cascade.bank_loss_fen
        assert row["optimistic_loss_fen"] <= row["bank_loss_fen"] <= row["conservative_loss_fen"]


def test_a_change_of_terms_holds_in_every_row() -> None:
    table = compare_cascades(circle_of_four(), ["M0"], changes={"share": "able", "risk_pool_fen": 500}).set_index(
        "preset"
    )
    for preset, row in table.iterrows():
        terms = replace(Terms.preset(str(preset)), share="able", risk_pool_fen=500)
        assert row["bank_loss_fen"] == run_cascade(circle_of_four(), ["M0"], terms).bank_loss_fen
    with pytest.raises(InputError, match="terms: 'colour' is not known"):
        compare_cascades(circle_of_four(), ["M0"], changes={"colour": "red"})


def test_the_worst_terms_bring_everybody_down_and_forbearance_nobody_who_can_pay() -> None:
    """Worst: 100/3 > 30, then all; loss 400 − 110. Forbearance: 75/3 = 25 each is paid by all three."""
    table = compare_cascades(circle_of_four(), ["M0"]).set_index("preset")
    assert table.loc["worst", ["contagious", "rounds", "bank_loss_fen"]].tolist() == [3, 2, 29_000]
    assert table.loc["forbearance", ["contagious", "rounds", "bank_loss_fen"]].tolist() == [0, 0, 0]
