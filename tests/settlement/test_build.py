"""Which pools a portfolio's circles and guarantees form."""

import numpy as np
import pandas as pd
import pytest

from circles import Portfolio
from circles.errors import InputError
from circles.settlement import build_obligations

AS_OF = "2007-12-29"


def portfolio_of(guarantees: pd.DataFrame | None = None, **tables: pd.DataFrame) -> Portfolio:
    """A in circle C with B; A also owes L2 and L3 outside; G and H may guarantee."""
    members = pd.DataFrame({"member_id": ["H", "G", "B", "A"], "resources_fen": [8, 7, 6, 5]})
    loans = pd.DataFrame(
        {
            "loan_id": ["L3", "L2", "L1"],
            "borrower_id": ["A", "A", "A"],
            "balance_fen": [30, 20, 10],
            "accrued_interest_fen": pd.array([3, None, 1], dtype="Int64"),
            "circle_id": [None, None, "C"],
        }
    )
    return Portfolio.from_frames(
        as_of=AS_OF,
        members=members,
        loans=loans,
        circles=pd.DataFrame({"circle_id": ["C"], "deposit_fen": [4], "status": ["dissolved"]}),
        circle_members=pd.DataFrame(
            {"circle_id": ["C", "C"], "member_id": ["A", "B"], "deposit_fen": pd.array([2, None], dtype="Int64")}
        ),
        guarantees=guarantees,
        **tables,
    )


def guarantees_of(*rows: tuple, **dates: list) -> pd.DataFrame:
    columns = ["guarantor_id", "borrower_id", "amount_fen", "loan_id"]
    frame = pd.DataFrame(rows, columns=columns).assign(guarantee_id=[f"g{k}" for k in range(len(rows))])
    return frame.assign(**dates)


def caps_of(portfolio: Portfolio) -> dict[str, dict[str, float]]:
    obligations = build_obligations(portfolio)
    found: dict[str, dict[str, float]] = {str(pool): {} for pool in obligations.pools.ids}
    for pool, member, cap in zip(obligations.pools.pool, obligations.pools.member, obligations.pools.cap, strict=True):
        found[obligations.pools.ids[pool]][obligations.members[member]] = float(cap)
    return found


def pool_of_loans(portfolio: Portfolio) -> dict[str, str | None]:
    obligations = build_obligations(portfolio)
    pools = [*obligations.pools.ids, None]
    return {loan: pools[pool] for loan, pool in zip(obligations.loans.ids, obligations.loans.pool, strict=True)}


def test_members_stand_in_the_order_of_their_ids_and_rows_lead_back():
    obligations = build_obligations(portfolio_of())
    assert obligations.members.tolist() == ["A", "B", "G", "H"]
    assert obligations.rows.tolist() == [3, 2, 1, 0]
    assert obligations.resources.tolist() == [5, 6, 7, 8]


def test_a_circle_is_a_pool_of_all_its_members_even_when_it_is_dissolved():
    obligations = build_obligations(portfolio_of())
    assert caps_of(portfolio_of()) == {"circle:C": {"A": np.inf, "B": np.inf}}
    assert obligations.pools.deposit.tolist() == [6]
    assert obligations.pools.own_loan.tolist() == [11, 0]


def test_what_is_owed_on_a_loan_is_its_balance_with_accrued_interest():
    obligations = build_obligations(portfolio_of())
    assert dict(zip(obligations.loans.ids, obligations.loans.exposure, strict=True)) == {"L1": 11, "L2": 20, "L3": 33}


def test_a_loan_in_no_pool_is_unsecured():
    assert pool_of_loans(portfolio_of()) == {"L1": "circle:C", "L2": None, "L3": None}


def test_guarantees_that_name_a_loan_form_its_pool_and_others_the_borrowers():
    portfolio = portfolio_of(guarantees_of(("G", "A", 15, "L2"), ("H", "A", 50, None), ("B", "A", 40, None)))
    assert caps_of(portfolio) == {
        "borrower:A": {"B": 40, "H": 50},
        "circle:C": {"A": np.inf, "B": np.inf},
        "loan:L2": {"G": 15},
    }
    assert pool_of_loans(portfolio) == {"L1": "circle:C", "L2": "loan:L2", "L3": "borrower:A"}


def test_repeated_guarantees_add_their_caps_whatever_their_kind():
    rows = [("G", "A", 15, "L2"), ("G", "A", 5, "L2"), ("G", "A", 1, None)]
    portfolio = portfolio_of(guarantees_of(*rows, kind=["joint", "several", "general"]))
    assert caps_of(portfolio)["loan:L2"] == {"G": 20}
    assert caps_of(portfolio)["borrower:A"] == {"G": 1}


@pytest.mark.parametrize(
    ("starts_on", "expires_on", "claim_until", "in_force"),
    [
        (None, None, None, True),
        ("2007-12-29", None, None, True),
        ("2007-12-30", None, None, False),
        (None, "2007-12-29", None, True),
        (None, "2007-12-28", None, False),
        (None, "2007-06-30", "2007-12-29", True),
        (None, "2008-06-30", "2007-12-28", False),
    ],
)
def test_a_guarantee_counts_from_its_start_until_it_can_no_longer_be_claimed(
    starts_on, expires_on, claim_until, in_force
):
    dates = {"starts_on": [starts_on], "expires_on": [expires_on], "claim_until": [claim_until]}
    portfolio = portfolio_of(guarantees_of(("G", "A", 15, "L2"), **dates))
    assert ("loan:L2" in caps_of(portfolio)) == in_force
    assert pool_of_loans(portfolio)["L2"] == ("loan:L2" if in_force else None)


def test_an_expired_guarantee_of_a_loan_leaves_it_to_the_borrowers_guarantors():
    dates = {"expires_on": ["2007-01-01", None]}
    portfolio = portfolio_of(guarantees_of(("G", "A", 15, "L2"), ("H", "A", 5, None), **dates))
    assert pool_of_loans(portfolio) == {"L1": "circle:C", "L2": "borrower:A", "L3": "borrower:A"}


def test_a_guarantee_for_a_borrower_whose_loans_all_lie_in_circles_forms_no_pool():
    loans = pd.DataFrame({"loan_id": ["L1"], "borrower_id": ["A"], "balance_fen": [10], "circle_id": ["C"]})
    portfolio = portfolio_of(guarantees_of(("H", "A", 50, None))).replace(loans=loans)
    assert list(caps_of(portfolio)) == ["circle:C"]


def test_receivables_of_a_pair_are_added_and_found_from_buyer_and_supplier():
    rows = [("G", "A", 5), ("H", "A", 7), ("G", "A", 1), ("A", "B", 2)]
    receivables = pd.DataFrame(rows, columns=["supplier_id", "buyer_id", "amount_fen"])
    found = build_obligations(portfolio_of(receivables=receivables)).receivables
    owed = slice(found.buyer_start[0], found.buyer_start[1])
    assert (found.supplier[owed].tolist(), found.supplier_amount[owed].tolist()) == ([2, 3], [6, 7])
    due = slice(found.supplier_start[2], found.supplier_start[3])
    assert (found.buyer[due].tolist(), found.buyer_amount[due].tolist()) == ([0], [6])


def test_missing_resources_are_counted_and_refused():
    members = pd.DataFrame({"member_id": ["A", "B", "C"], "resources_fen": pd.array([1, None, None], dtype="Int64")})
    with pytest.raises(InputError, match=r"2 of 3 members have no resources; fill them, or run circles estimate"):
        build_obligations(Portfolio.from_frames(as_of=AS_OF, members=members))


def test_arrays_cannot_be_changed():
    obligations = build_obligations(portfolio_of())
    with pytest.raises(ValueError, match="read-only"):
        obligations.resources[0] = 1.0
    with pytest.raises(ValueError, match="read-only"):
        obligations.members[0] = "Z"


def test_it_prints_as_one_line():
    assert str(build_obligations(portfolio_of())) == "Obligations of 4 members: 3 loans, 1 pools, 0 receivables"
