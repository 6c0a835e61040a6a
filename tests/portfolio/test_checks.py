"""Everything that is refused, with the whole message, from frames."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from circles.errors import DatasetError
from circles.portfolio import PROBLEM_COLUMNS, Portfolio

AS_OF = "2007-12-29"


def members(count: int = 3, **columns: object) -> pd.DataFrame:
    return pd.DataFrame({"member_id": [f"M{i}" for i in range(1, count + 1)], **columns})


def loans(**columns: object) -> pd.DataFrame:
    return pd.DataFrame({"loan_id": ["L1"], "borrower_id": ["M1"], "balance_fen": [5], **columns})


def circle_of(*ids: str) -> dict[str, pd.DataFrame]:
    return {
        "circles": pd.DataFrame({"circle_id": ["C1"]}),
        "circle_members": pd.DataFrame({"circle_id": ["C1"] * len(ids), "member_id": list(ids)}),
    }


def guarantees(**columns: object) -> pd.DataFrame:
    given = {"guarantee_id": ["G1"], "guarantor_id": ["M1"], "borrower_id": ["M2"], "amount_fen": [5]}
    return pd.DataFrame({**given, **columns})


def trades(**columns: object) -> pd.DataFrame:
    given = {"seller_id": ["M1"], "buyer_id": ["M2"], "period": ["2007-05"], "amount_fen": [5]}
    return pd.DataFrame({**given, **columns})


def check(**tables: pd.DataFrame) -> Portfolio:
    return Portfolio.from_frames(as_of=AS_OF, **{"members": members(), **tables})


def problems(**tables: pd.DataFrame) -> pd.DataFrame:
    with pytest.raises(DatasetError) as refused:
        check(**tables)
    assert list(refused.value.problems.columns) == PROBLEM_COLUMNS
    return refused.value.problems


CASES: dict[str, tuple[dict[str, pd.DataFrame], str, str]] = {
    "missing column": (
        {"loans": loans().drop(columns="balance_fen")},
        "missing_column",
        "loans: the required column balance_fen is missing; the columns are: loan_id, borrower_id",
    ),
    "missing value": (
        {"members": pd.DataFrame({"member_id": ["M1", None]})},
        "missing_value",
        "members:1: member_id is required, got an empty cell",
    ),
    "empty id": (
        {"members": pd.DataFrame({"member_id": ["M1", ""]})},
        "missing_value",
        "members:1: member_id is required, got an empty cell",
    ),
    "money in yuan": (
        {"loans": loans(limit=[5])},
        "yuan_column",
        "loans: frames hold money as whole fen: give limit_fen instead of limit",
    ),
    "money as text": (
        {"members": members(resources_fen=["12k", 1, None])},
        "unreadable",
        "members:0: resources_fen must be a whole number of fen, got '12k'",
    ),
    "half a fen": (
        {"loans": loans(balance_fen=[1.5])},
        "unreadable",
        "loans:0: balance_fen must be a whole number of fen, got '1.5'",
    ),
    "negative money": (
        {"loans": loans(balance_fen=[-1])},
        "negative_amount",
        "loans:0: balance_fen must be at least 0, got '-1'",
    ),
    "too much money": (
        {"loans": loans(balance_fen=[10**15 + 1])},
        "out_of_range",
        "loans:0: balance_fen must be at most 1,000,000,000,000,000 fen in size, got '1000000000000001'",
    ),
    "a count beyond bounds": (
        {"loans": loans(days_overdue=[10**16])},
        "out_of_range",
        "loans:0: days_overdue must be at most 1,000,000,000,000,000, got '10000000000000000'",
    ),
    "a rate above 1": (
        {"members": members(default_probability=[0.1, 1.5, None])},
        "out_of_range",
        "members:1: default_probability must be a fraction in [0, 1], got '1.5'",
    ),
    "an infinite rate": (
        {"members": members(recovery_rate=[np.inf, 0, 1])},
        "out_of_range",
        "members:0: recovery_rate must be a fraction in [0, 1], got 'inf'",
    ),
    "a day that is not": (
        {"members": members(registered_on=["2007-02-30", "2007-02-28", None])},
        "unreadable",
        "members:0: registered_on must be a date, got '2007-02-30'",
    ),
    "a day beyond year 9999": (
        {"members": members(registered_on=np.array(["20000-01-01", "2007-01-01", "NaT"], dtype="datetime64[s]"))},
        "out_of_range",
        "members:0: registered_on must be in the years 1 to 9999, got '20000-01-01'",
    ),
    "a month that is not": (
        {"trades": trades(period=["2007-13"])},
        "unreadable",
        "trades:0: period must be a month (YYYY-MM), got '2007-13'",
    ),
    "a word that is not allowed": (
        {"loans": loans(grade=["good"])},
        "not_allowed",
        "loans:0: grade must be one of normal, special_mention, substandard, doubtful, loss, got 'good'",
    ),
    "the same id twice": (
        {"members": pd.DataFrame({"member_id": ["M1", "M1"]})},
        "duplicate_key",
        "members:1: member_id must be unique, 'M1' is there already",
    ),
    "twice in one circle": (
        circle_of("M1", "M2", "M1"),
        "duplicate_key",
        "circle_members:2: circle_id and member_id must be unique together, 'M1' is there already",
    ),
    "an unknown reference": (
        {"loans": loans(borrower_id=["M9"])},
        "unknown_reference",
        "loans:0: borrower_id must be in members, 'M9' is not",
    ),
    "an id that a spreadsheet cut": (
        {"members": pd.DataFrame({"member_id": ["M1", "1.23E+17"]})},
        "damaged_id",
        "members:1: member_id must be an id as text, got '1.23E+17', which a spreadsheet cut short; "
        "export the column as text",
    ),
    "a reference that a spreadsheet cut": (
        {"loans": loans(borrower_id=["1E+17"])},
        "damaged_id",
        "loans:0: borrower_id must be an id as text, got '1E+17', which a spreadsheet cut short; "
        "export the column as text",
    ),
    "a trade with itself": (
        {"trades": trades(buyer_id=["M1"])},
        "self_reference",
        "trades:0: seller_id and buyer_id must differ, both are 'M1'",
    ),
    "a guarantee for itself": (
        {"guarantees": guarantees(borrower_id=["M1"])},
        "self_reference",
        "guarantees:0: guarantor_id and borrower_id must differ, both are 'M1'",
    ),
    "dates in the wrong order": (
        {"loans": loans(drawn_on=["2007-06-01"], due_on=["2007-05-01"])},
        "date_order",
        "loans:0: due_on must not be before drawn_on, got '2007-05-01'",
    ),
    "a loan in a circle of others": (
        {"loans": loans(circle_id=["C1"]), **circle_of("M2", "M3")},
        "foreign_circle",
        "loans:0: circle_id must be a circle that the borrower belongs to, 'C1' is not",
    ),
    "a guarantee of a loan that a circle covers": (
        {
            "loans": loans(circle_id=["C1"]),
            **circle_of("M1", "M2"),
            "guarantees": guarantees(guarantor_id=["M3"], borrower_id=["M1"], loan_id=["L1"]),
        },
        "covered_loan",
        "guarantees:0: loan_id must be a loan outside any circle, 'L1' is covered by its circle already",
    ),
    "a guarantee of another's loan": (
        {"loans": loans(), "guarantees": guarantees(guarantor_id=["M3"], loan_id=["L1"])},
        "foreign_loan",
        "guarantees:0: loan_id must be a loan of the guaranteed borrower, 'L1' is another's",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_each_fault_is_one_problem_with_its_place(case: str) -> None:
    tables, code, message = CASES[case]
    found = problems(**tables)
    assert found[["code", "message"]].to_numpy().tolist() == [[code, message]]


def test_a_column_given_twice_is_a_problem() -> None:
    twice = pd.concat([members(name=["a", "b", "c"]), pd.DataFrame({"name": ["x", "y", "z"]})], axis=1)
    assert problems(members=twice)["message"].tolist() == ["members: column 'name' is there more than once"]


def test_without_members_there_is_one_problem_however_many_refer_to_them() -> None:
    with pytest.raises(DatasetError) as refused:
        Portfolio.from_frames(as_of=AS_OF, loans=loans(), trades=trades())
    assert str(refused.value) == (
        "1 problem, nothing was loaded:\nmembers: the members table is required and is not there"
    )


def test_without_a_key_column_there_is_one_problem_however_many_refer_to_it() -> None:
    found = problems(members=pd.DataFrame({"name": ["a"]}), loans=loans())
    assert found["code"].tolist() == ["missing_column"]


def test_a_damaged_id_is_reported_wherever_it_is_used() -> None:
    ids = pd.DataFrame({"member_id": ["1.5E+8", "M1", "1.5E+8"]})
    found = problems(members=ids, loans=loans(borrower_id=["1.5E+8"]))
    assert found[["file", "line", "code"]].to_numpy().tolist() == [
        ["loans", 0, "damaged_id"],
        ["members", 0, "damaged_id"],
        ["members", 2, "damaged_id"],
    ]


def test_an_unreadable_member_of_a_circle_does_not_stand_for_the_first_one() -> None:
    """M1 is row 0: a circle whose only other member is unknown must not count M1 in."""
    found = problems(loans=loans(circle_id=["C1"]), **circle_of("M9", "M2"))
    assert sorted(found["code"]) == ["foreign_circle", "unknown_reference"]


def test_all_problems_come_in_one_pass_in_order_of_place() -> None:
    wrong = {
        "members": members(resources_fen=[-1, 2, 3], registered_on=["x", None, None]),
        "loans": loans(borrower_id=["M9"], balance_fen=[None], grade=["?"]),
        "trades": trades(buyer_id=["M1"]),
    }
    found = problems(**wrong)
    assert found[["file", "line", "code"]].to_numpy().tolist() == [
        ["loans", 0, "missing_value"],
        ["loans", 0, "not_allowed"],
        ["loans", 0, "unknown_reference"],
        ["members", 0, "unreadable"],
        ["members", 0, "negative_amount"],
        ["trades", 0, "self_reference"],
    ]


def test_a_long_list_is_cut_in_the_text_and_whole_in_the_frame() -> None:
    with pytest.raises(DatasetError, match="… and 5 more") as refused:
        check(members=members(25, resources_fen=[-1] * 25))
    assert len(refused.value.problems) == 25
    assert str(refused.value).startswith("25 problems, nothing was loaded:\nmembers:0: resources_fen must")


def test_hostile_text_is_shown_on_one_line_and_cut() -> None:
    found = problems(loans=loans(borrower_id=["a\nb{value}{column}<script>" + "x" * 500]))
    message = found["message"].iloc[0]
    assert message.startswith("loans:0: borrower_id must be in members, 'a\\nb{value}{column}<script>xxx")
    assert "\n" not in message
    assert len(message) < 120


def test_net_assets_may_be_negative() -> None:
    assert check(members=members(net_assets_fen=[-5, 0, 5])).members["net_assets_fen"].tolist() == [-5, 0, 5]


WARNINGS: dict[str, tuple[dict[str, pd.DataFrame], str, str]] = {
    "an empty portfolio": ({"members": members(0)}, "empty_table", "members: the table has no rows"),
    "an empty table": ({"loans": loans().iloc[:0]}, "empty_table", "loans: the table has no rows"),
    "a circle of one": (
        circle_of("M1"),
        "small_circle",
        "circles:0: circle_id 'C1' has fewer than two members, so nobody guarantees its loans",
    ),
    "a column of others": (
        {"members": members(colour=["red"] * 3)},
        "unknown_column",
        "members: column 'colour' is not one of the table's and is left aside",
    ),
    "trades given twice": (
        {"trades": pd.concat([trades()] * 3)},
        "repeated_trade",
        "trades:1: 2 rows repeat seller, buyer and period of an earlier one, first here; the amounts add up",
    ),
}


@pytest.mark.parametrize("case", WARNINGS)
def test_what_is_odd_but_not_wrong_is_a_warning(case: str) -> None:
    tables, code, message = WARNINGS[case]
    found = check(**tables).warnings
    assert found[["code", "message"]].to_numpy().tolist() == [[code, message]]


def test_a_sound_portfolio_has_no_warning() -> None:
    sound = check(loans=loans(circle_id=["C1"]), trades=trades(), guarantees=guarantees(), **circle_of("M1", "M2"))
    assert sound.warnings.empty
    assert list(sound.warnings.columns) == PROBLEM_COLUMNS
    assert sound.warnings["line"].dtype == np.int64


IDS = [f"M{i}" for i in range(1, 6)]
rows = st.lists(
    st.tuples(st.sampled_from([*IDS, "M9"]), st.sampled_from(IDS), st.sampled_from(["2007-01", "2007-02", "x"])),
    max_size=8,
)


@settings(deadline=None, max_examples=40)
@given(rows, st.lists(st.sampled_from(IDS), min_size=3, max_size=6), st.randoms())
def test_the_order_of_rows_does_not_change_what_is_accepted(
    edges: list[tuple[str, str, str]], ids: list[str], chance: object
) -> None:
    """The same kinds of problem, as many of each, whatever the order of the rows of every table."""
    table = pd.DataFrame(edges, columns=["seller_id", "buyer_id", "period"]).assign(amount_fen=1)
    people = pd.DataFrame({"member_id": ids})
    shuffled = [frame.sample(frac=1, random_state=chance.randint(0, 10**6)) for frame in (people, table)]
    assert _codes(people, table) == _codes(*shuffled)


def _codes(people: pd.DataFrame, edges: pd.DataFrame) -> list[str]:
    try:
        Portfolio.from_frames(as_of=AS_OF, members=people, trades=edges)
    except DatasetError as refused:
        return sorted(refused.problems["code"])
    return []
