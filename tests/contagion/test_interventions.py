"""Interventions: what each does to the tables, and what it avoids, counted by hand on two firms."""

import numpy as np
import pandas as pd
import pytest
from contagion.pair_book import pair, promise

from circles import (
    AddDeposit,
    AddGuarantee,
    AddGuarantor,
    BailOut,
    CutGuarantee,
    InputError,
    ReplaceGuarantor,
    SplitCircle,
    Standstill,
    Terms,
    compare_interventions,
    propose_interventions,
    replay_interventions,
    run_cascade,
    simulate_losses,
)
from circles.contagion.losses.differences import estimate_difference
from circles.portfolio import Portfolio

CUT = CutGuarantee(guarantee_id="G1")


def avoided(portfolio: Portfolio, intervention, **options) -> int:
    """What one intervention avoids where A is certain to default: the same in trials and in the cascade."""
    trials = compare_interventions(portfolio, [intervention], trials=5, seed=7, **options).interventions
    cascade = replay_interventions(portfolio, ["A"], [intervention], **options)
    assert trials["avoided_fen"].tolist() == cascade["avoided_fen"].tolist()
    return int(trials["avoided_fen"].iloc[0])


def test_cutting_a_guarantee_lowers_the_loss_where_the_guarantor_would_fall():
    """B has 5 and is called for 10: it pays 5, fails, and its own 100 are lost with the other 5. Cut: 10 are lost."""
    assert avoided(promise(5_00), CUT) == 105_00 - 10_00


def test_cutting_a_guarantee_raises_the_loss_where_the_guarantor_would_have_paid():
    assert avoided(promise(50_00), CUT) == -10_00
    found = compare_interventions(promise(50_00), [CUT], trials=5, seed=7).interventions
    assert found["worse_share"].tolist() == [1.0]


def test_another_guarantor_pays_what_the_first_cannot():
    assert avoided(promise(5_00), ReplaceGuarantor(guarantee_id="G1", guarantor_id="E")) == 105_00


def test_a_second_guarantee_halves_the_call():
    """B and E are called for 5 each, and B has them."""
    assert avoided(promise(5_00), AddGuarantee(guarantor_id="E", borrower_id="A", amount_fen=10_00)) == 105_00


def test_a_deposit_keeps_the_other_member_alive():
    """70 of deposit, and B pays the 30 that it has; one fen less and it fails."""
    enough = AddDeposit(circle_id="C1", amount_fen=70_00, cost_fen=70_00)
    assert avoided(pair(), enough) == 170_00
    assert avoided(pair(), AddDeposit(circle_id="C1", amount_fen=69_99, cost_fen=0)) == 69_99
    twice = enough.apply(enough.apply(pair()))
    assert twice.circles["deposit_fen"].tolist() == [140_00]


def test_a_further_guarantor_pays_its_part():
    """B and E are called for 50: B pays 30 and fails; 20 + 100 are called from E, which has 50 left."""
    assert avoided(pair(), AddGuarantor(circle_id="C1", guarantor_id="E")) == 170_00 - 70_00


def test_a_bailed_out_member_does_not_default_first_but_may_be_brought_down():
    assert avoided(pair(), BailOut(member_id="A", cost_fen=100_00)) == 170_00
    spared = BailOut(member_id="A", cost_fen=0).apply(pair())
    assert run_cascade(spared, ["B"]).rounds == (("B",), ("A",))


@pytest.mark.parametrize("settlement", ["waterfall", "threshold"])
def test_a_standstill_keeps_all_loans_of_the_circles_members_from_falling_due(settlement):
    """B's loans of 100 and 40 do not fall due when it fails on A's call, in the circle or outside of it."""
    portfolio, terms = pair(second_loan=40_00), Terms(settlement=settlement)
    before = run_cascade(portfolio, ["A"], terms)
    still = Standstill(circle_id="C1").apply_terms(terms)
    after = run_cascade(portfolio, ["A"], still)
    assert before.bank_loss_fen - after.bank_loss_fen == 140_00
    assert before.rounds == after.rounds == (("A",), ("B",))
    assert avoided(portfolio, Standstill(circle_id="C1"), terms=terms) == 140_00
    assert run_cascade(portfolio, ["B"], still).loss_without_guarantee_fen == 140_00, "a first default falls due"


def test_a_standstill_of_everybody_is_no_cross_default():
    portfolio = pair(probability=0.3).replace(members=pair().members.assign(default_probability=[0.3, 0.4, 0.0]))
    still, none = Terms(standstill=("C1",)), Terms(cross_default=False)
    found = [simulate_losses(portfolio, trials=300, seed=3, terms=terms).table for terms in (still, none)]
    assert found[0].equals(found[1])


def four(deposit: int | None) -> Portfolio:
    """A, B, C, D in C1, 100 yuan of loan each but D, who has 300; A has nothing, the others 20."""
    return Portfolio.from_frames(
        as_of="2007-12-29",
        members=pd.DataFrame(
            {
                "member_id": list("ABCD"),
                "resources_fen": [0, 20_00, 20_00, 20_00],
                "default_probability": [1.0, 0, 0, 0],
            }
        ),
        circles=pd.DataFrame({"circle_id": ["C1"], "deposit_fen": pd.array([deposit], dtype="Int64")}),
        circle_members=pd.DataFrame({"circle_id": "C1", "member_id": list("ABCD")}),
        loans=pd.DataFrame(
            {
                "loan_id": list("abcd"),
                "borrower_id": list("ABCD"),
                "balance_fen": [100_00, 100_00, 100_00, 300_00],
                "circle_id": "C1",
            }
        ),
    )


def test_a_split_keeps_the_fire_on_one_side():
    """Whole: B, C, D pay 20 each and fail: 600 − 60 are lost. Split: B alone pays 20 and fails: 200 − 20."""
    split = SplitCircle(circle_id="C1", leaving=("C", "D"))
    assert avoided(four(None), split) == 540_00 - 180_00


def test_a_split_takes_along_loans_members_and_their_part_of_the_deposit():
    """C and D owe 400 of 600; of 10.01 yuan they take 6.67 and the fen that is left over stays."""
    parted = SplitCircle(circle_id="C1", leaving=("D", "C")).apply(four(10_01))
    assert parted.circles[["circle_id", "deposit_fen"]].to_numpy().tolist() == [["C1", 3_34], ["C1-2", 6_67]]
    assert parted.circle_members.groupby("circle_id")["member_id"].agg("".join).to_dict() == {"C1": "AB", "C1-2": "CD"}
    assert parted.loans.sort_values("borrower_id")["circle_id"].tolist() == ["C1", "C1", "C1-2", "C1-2"]
    again = SplitCircle(circle_id="C1", leaving=("A",)).apply(parted)
    assert again.circles["circle_id"].tolist() == ["C1", "C1-2", "C1-3"]


def test_interventions_are_ranked_by_loss_avoided_per_yuan_and_free_ones_by_their_sign():
    tried = [
        AddDeposit(circle_id="C1", amount_fen=70_00, cost_fen=70_00),
        BailOut(member_id="A", cost_fen=100_00),
        Standstill(circle_id="C1"),
        BailOut(member_id="E", cost_fen=10),
    ]
    found = compare_interventions(pair(), tried, trials=5, seed=7)
    table = found.interventions
    assert table["kind"].tolist() == ["standstill", "add_deposit", "bail_out", "bail_out"]
    assert table["avoided_per_yuan"].round(4).tolist()[1:] == [round(170 / 70, 4), 1.7, 0.0]
    assert np.isnan(table["avoided_per_yuan"].iloc[0])
    assert found.expected_loss_fen == 170_00
    lines = str(found).splitlines()
    assert lines[0].startswith("Expected loss 170.00 over 5 trials (seed 7, correlation 0.12)")
    assert lines[1].startswith("  standstill of C1: 100.00 (")
    assert lines[1].endswith("for nothing")
    assert lines[2].endswith("2.4286 a yuan of 70.00")
    worst = compare_interventions(promise(50_00), [CUT, BailOut(member_id="E", cost_fen=1)], trials=5, seed=7)
    assert worst.interventions["kind"].tolist() == ["bail_out", "cut_guarantee"], "adding to the loss comes last"


def test_what_is_avoided_is_the_difference_of_two_simulations_on_the_same_draws():
    """A defaults in some trials, always with a loss of 170; a deposit of 50 avoids 50 in each of them."""
    portfolio, deposit = pair(probability=0.2), AddDeposit(circle_id="C1", amount_fen=50_00, cost_fen=50_00)
    (row,) = compare_interventions(portfolio, [deposit], trials=2_000, seed=3).interventions.itertuples()
    before, after = (simulate_losses(book, trials=2_000, seed=3) for book in (portfolio, deposit.apply(portfolio)))
    differences = before.samples_fen - after.samples_fen
    assert set(differences.tolist()) == {0, 50_00}
    assert row.avoided_fen == round(float(differences.mean()))
    assert row.expected_loss_fen == after.expected_loss_fen
    half = 1.959964 * differences.std(ddof=1) / np.sqrt(2_000)
    assert row.avoided_low_fen == pytest.approx(differences.mean() - half, abs=1.01)
    assert row.avoided_high_fen == pytest.approx(differences.mean() + half, abs=1.01)
    assert abs(row.avoided_fen - 10_00) < 2 * half, "a fifth of 50 yuan, within four standard errors"


def test_sectors_and_wrong_way_risk_are_those_of_a_simulation():
    portfolio = pair(probability=0.2)
    members = portfolio.members.assign(region=["east", "west", "west"], default_probability=[0.2, 0.2, 0.1])
    portfolio, deposit = portfolio.replace(members=members), AddDeposit(circle_id="C1", amount_fen=5_00, cost_fen=1)
    model = {
        "correlation": 0.5,
        "sector_column": "region",
        "sector_correlation": 0.1,
        "resource_sensitivity": 0.8,
    }
    found = compare_interventions(portfolio, [deposit], trials=400, seed=3, **model)
    before, after = (
        simulate_losses(book, trials=400, seed=3, **model) for book in (portfolio, deposit.apply(portfolio))
    )
    assert found.expected_loss_fen == before.expected_loss_fen
    assert found.interventions["expected_loss_fen"].tolist() == [after.expected_loss_fen]
    assert before.expected_loss_fen != simulate_losses(portfolio, trials=400, seed=3, correlation=0.5).expected_loss_fen


def test_an_interval_of_equal_differences_admits_what_was_not_drawn():
    """100 trials miss 1 − .025^.01 = 3.622 % of other outcomes with a chance of 2.5 %."""
    found = estimate_difference(np.zeros(100, dtype=np.int64), largest_fen=1_000_00)
    assert (found.fen, found.low_fen, found.high_fen) == (0, -3622, 3622)


def test_workers_and_progress_change_nothing():
    portfolio, tried, told = pair(probability=0.2), [Standstill(circle_id="C1"), BailOut(member_id="A", cost_fen=1)], []
    one = compare_interventions(portfolio, tried, trials=600, seed=7, workers=1)
    two = compare_interventions(
        portfolio, tried, trials=600, seed=7, workers=2, progress=lambda done, total: told.append((done, total))
    )
    assert one.interventions.equals(two.interventions)
    assert told[-1] == (1_800, 1_800)


def test_proposals_are_about_the_worst_members_and_circles():
    kinds = [str(one) for one in propose_interventions(pair())]
    assert kinds[:2] == ["bail out B", "bail out A"], "200 and 170 yuan alone"
    assert "add 20.00 of deposit to C1" in kinds
    assert "E joins C1 as guarantor" in kinds
    assert "standstill of C1" in kinds
    assert "standstill of C1" not in [
        str(one) for one in propose_interventions(pair(), terms=Terms(cross_default=False))
    ]
    guarantees = [str(one) for one in propose_interventions(promise(5_00), most=1)]
    assert guarantees == ["bail out A", "cut guarantee G1", "E takes over guarantee G1"]
    halves = [str(one) for one in propose_interventions(four(None))]
    assert "split C1: A, C in a circle of their own" in halves, "every second one by resources"
    nobody = pair().replace(loans=pair().loans.head(0))
    assert propose_interventions(nobody) == []


def test_a_bail_out_is_proposed_at_the_price_of_all_debts():
    owed = pd.DataFrame({"supplier_id": ["E"], "buyer_id": ["A"], "amount_fen": [7_00]})
    (first,) = [one for one in propose_interventions(pair().replace(receivables=owed)) if str(one) == "bail out A"]
    assert first.cost_fen == 107_00


@pytest.mark.parametrize(
    ("intervention", "message"),
    [
        (BailOut(member_id="X", cost_fen=1), "member 'X' is not in the portfolio; it has A, B, E"),
        (AddDeposit(circle_id="C9", amount_fen=1, cost_fen=0), "circle 'C9' is not in the portfolio; it has C1"),
        (Standstill(circle_id="C9"), "circle 'C9'"),
        (CutGuarantee(guarantee_id="G9"), "guarantee 'G9' is not in the portfolio; it has none"),
        (AddGuarantor(circle_id="C1", guarantor_id="A"), "member 'A' is in circle 'C1' already"),
        (AddGuarantor(circle_id="C1", guarantor_id="X"), "member 'X'"),
        (AddGuarantee(guarantor_id="E", borrower_id="A", amount_fen=1), "'A' has no loan outside of circles"),
        (AddGuarantee(guarantor_id="A", borrower_id="A", amount_fen=1), "cannot guarantee its own loans"),
        (SplitCircle(circle_id="C1", leaving=("E",)), "member 'E' is not in circle 'C1'; its members are A, B"),
        (SplitCircle(circle_id="C1", leaving=("A", "B")), "some must leave and some stay"),
        (SplitCircle(circle_id="C1", leaving=()), "some must leave and some stay"),
    ],
)
def test_an_intervention_that_does_not_fit_the_portfolio_is_refused(intervention, message):
    with pytest.raises(InputError, match=message):
        compare_interventions(pair(), [intervention], trials=5, seed=7)


def test_bad_arguments_are_refused():
    with pytest.raises(InputError, match="cannot guarantee its own loans"):
        ReplaceGuarantor(guarantee_id="G1", guarantor_id="A").apply(promise(5_00))
    with pytest.raises(InputError, match="cost_fen must be whole fen of at least 0, got -1"):
        BailOut(member_id="A", cost_fen=-1)
    with pytest.raises(InputError, match="amount_fen must be whole fen of at least 1, got 0"):
        AddDeposit(circle_id="C1", amount_fen=0, cost_fen=0)
    with pytest.raises(InputError, match="at least one; propose_interventions"):
        compare_interventions(pair(), [], trials=5, seed=7)
    with pytest.raises(InputError, match="must be one such as BailOut or AddDeposit, got 'bail out A'"):
        replay_interventions(pair(), ["A"], ["bail out A"])
    with pytest.raises(InputError, match="must be a list, got 'standstill of C1' alone"):
        replay_interventions(pair(), ["A"], Standstill(circle_id="C1"))
    with pytest.raises(InputError, match="trials must be a whole number of at least 1, got 0"):
        compare_interventions(pair(), [Standstill(circle_id="C1")], trials=0, seed=7)
    with pytest.raises(InputError, match="most must be a whole number of at least 1, got 0"):
        propose_interventions(pair(), most=0)
    with pytest.raises(InputError, match="standstill names circle 'C9'"):
        run_cascade(pair(), ["A"], Terms(standstill=("C9",)))
