"""FinBench: what of its company files becomes what, and that no row goes missing unsaid."""

from __future__ import annotations

import csv
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

import circles

SMALL = {
    "AddCompanyGuaranteeCompanyWrite11.csv": """createTime|dependencyTime|fromId|toId|relation
1669691606591|1|20|3|business associate
1669722759135|1|3|100|friends
1669727053055|1|100|20|siblings
""",
    "AddCompanyApplyLoanWrite7.csv": """createTime|companyId|loanId|loanAmount|balance|loanUsage|interestRate|org
1669696429938|3|L1|1000.0|1000.0|other|0.068|Bank of America
1669699142093|3|L2|500.5|500.5|other|0.0|
1669707525454|20|L3|60|60|other|0.1|OnDeck
""",
    "AddLoanDepositAccountWrite15.csv": """createTime|dependencyTime|accountId|loanId|amount
1669982399999|1|7|L1|5.0
1669900000000|1|7|L1|5.0
1669692297322|1|8|L9|7.0
""",
    "AddAccountRepayLoanWrite14.csv": """createTime|dependencyTime|account|loanId|amount
1669691125985|1|7|L1|250.25
1669691789420|1|7|L1|0.05
1669692468654|1|7|L3|61
1672531199999|1|7|L8|9.99
""",
    "AddCompanyInvestCompanyWrite9.csv": """createTime|dependencyTime|investorId|companyId|ratio
1669691373650|1|3|20|0.5
1669696631302|1|20|100|0.51
1669725394538|1|100|77|0.9
1669725394538|1|5|6|0.75
""",
}


@pytest.fixture
def small(tmp_path: Path) -> Path:
    folder = tmp_path / "finbench"
    folder.mkdir()
    for name, text in SMALL.items():
        (folder / name).write_text(text)
    return folder


def test_loans_are_what_was_granted_less_what_was_repaid_here(small: Path) -> None:
    loans = circles.import_finbench(small).portfolio.loans.set_index("loan_id")
    assert loans["balance_fen"].to_dict() == {"L1": 100_000 - 25_030, "L2": 50_050, "L3": 0}
    assert loans["limit_fen"].to_dict() == {"L1": 100_000, "L2": 50_050, "L3": 6_000}
    assert loans["annual_rate"].to_dict() == {"L1": 0.068, "L2": 0.0, "L3": 0.1}
    assert loans["lender"].fillna("").tolist() == ["Bank of America", "", "OnDeck"]
    assert loans.loc["L1", "drawn_on"] == pd.Timestamp("2022-12-01"), "the first payment"
    assert loans["drawn_on"].isna().tolist() == [False, True, True]


def test_guarantees_are_capped_at_what_the_borrower_owes_or_left_out(small: Path) -> None:
    imported = circles.import_finbench(small)
    kept = imported.portfolio.guarantees
    assert kept[["guarantor_id", "borrower_id", "amount_fen"]].to_numpy().tolist() == [
        ["20", "3", 125_020],
        ["100", "20", 0],
    ]
    assert imported.counts["guarantees whose borrower has none, left out: give a cap to keep them"] == 1


def test_a_stated_cap_keeps_the_other_guarantees(small: Path) -> None:
    kept = circles.import_finbench(small, cap_fen=7_00).portfolio.guarantees
    assert kept["amount_fen"].tolist() == [125_020, 7_00, 0]
    assert kept["guarantee_id"].tolist() == ["G1", "G2", "G3"]


def test_holdings_above_half_make_control_groups_also_along_a_chain(small: Path) -> None:
    members = circles.import_finbench(small).portfolio.members.set_index("member_id")
    groups = members["control_group"].fillna("").to_dict()
    assert list(members.index) == ["3", "5", "6", "20", "77", "100"], "by number"
    assert groups["3"] == "", "half is not control"
    assert groups["20"] == groups["100"] == groups["77"] != ""
    assert groups["5"] == groups["6"] not in {"", groups["20"]}


def test_every_row_is_accounted_for(small: Path) -> None:
    counts = list(circles.import_finbench(small).counts.values())
    assert counts == [3, 3, 1, 1, 1, 2, 2, 1, 3, 1]


def test_the_date_is_the_last_day_of_the_files_or_the_one_given(small: Path) -> None:
    assert str(circles.import_finbench(small).portfolio.as_of) == "2022-12-31"
    assert str(circles.import_finbench(small, as_of="2023-06-30").portfolio.as_of) == "2023-06-30"
    assert circles.import_finbench(small).portfolio.currency == "XXX"


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("Write7.csv", "500.5|5", "5e2|5", r"Write7.csv:3: loanAmount must be an amount .* got '5e2'"),
        ("Write7.csv", "0.068", "6.8", r"Write7.csv:2: interestRate must be a fraction .* got '6.8'"),
        ("Write7.csv", "loanAmount", "sum", r"Write7.csv:1: the required column loanAmount is missing"),
        ("Write7.csv", "L2", "L1", r"loan_id must be unique, 'L1' is there already"),
        ("Write14.csv", "0.05", "-1", r"Write14.csv:3: amount must be an amount of at least 0 .* got '-1'"),
        ("Write14.csv", "|0.05", "", r"Write14.csv:3: a row must have 5 cells like the first line, got 4"),
        ("Write14.csv", "1672531199999", "soon", r"Write14.csv:5: createTime must be a time .* got 'soon'"),
        ("Write11.csv", "|20|3|", "||3|", r"Write11.csv:2: fromId must not be empty, got ''"),
        ("Write11.csv", "|20|3|", "|3|3|", r"guarantor_id and borrower_id must differ"),
        ("Write9.csv", "0.51", "nan", r"Write9.csv:3: ratio must be a fraction .* got 'nan'"),
    ],
)
def test_a_faulty_file_is_refused_with_its_line(small: Path, file: str, old: str, new: str, message: str) -> None:
    (path,) = small.glob(f"*{file}")
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    with pytest.raises(circles.InputError, match=message):
        circles.import_finbench(small)


def test_a_missing_file_is_named(small: Path) -> None:
    (small / "AddLoanDepositAccountWrite15.csv").unlink()
    with pytest.raises(circles.InputError, match=r"AddLoanDepositAccountWrite15.csv: there is no such file"):
        circles.import_finbench(small)


def test_a_file_in_another_encoding_is_refused(small: Path) -> None:
    (small / "AddCompanyApplyLoanWrite7.csv").write_bytes("银行".encode("gb18030"))
    with pytest.raises(circles.InputError, match=r"Write7.csv: is not in UTF-8"):
        circles.import_finbench(small)


def test_files_without_rows_need_a_date(small: Path) -> None:
    for name, text in SMALL.items():
        (small / name).write_text(text.splitlines()[0] + "\n")
    with pytest.raises(circles.InputError, match=r"the date of the data is not known; give as_of"):
        circles.import_finbench(small)
    assert len(circles.import_finbench(small, as_of="2022-12-31").portfolio.members) == 0


@pytest.mark.parametrize("cap", [-1, 1.5, True, 10**16])
def test_a_wrong_cap_is_refused(small: Path, cap: object) -> None:
    with pytest.raises(circles.InputError, match=r"cap_fen must be a whole number from 0 to"):
        circles.import_finbench(small, cap_fen=cap)  # type: ignore[arg-type]


def read_rows(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / name).open(newline="") as file:
        return list(csv.DictReader(file, delimiter="|"))


def test_every_number_of_the_real_slice_is_counted_twice(public_data) -> None:
    folder = public_data("finbench")
    granted = read_rows(folder, "AddCompanyApplyLoanWrite7.csv")
    guaranteed = read_rows(folder, "AddCompanyGuaranteeCompanyWrite11.csv")
    held = read_rows(folder, "AddCompanyInvestCompanyWrite9.csv")
    repaid = Counter()
    for row in read_rows(folder, "AddAccountRepayLoanWrite14.csv"):
        repaid[row["loanId"]] += Decimal(row["amount"])
    left = {row["loanId"]: max(Decimal(0), Decimal(row["loanAmount"]) - repaid[row["loanId"]]) for row in granted}
    owed = Counter()
    for row in granted:
        owed[row["companyId"]] += left[row["loanId"]]
    imported = circles.import_finbench(folder)
    portfolio = imported.portfolio
    assert dict(zip(portfolio.loans["loan_id"], portfolio.loans["balance_fen"], strict=True)) == {
        loan: int(100 * balance) for loan, balance in left.items()
    }
    linked = [row for row in guaranteed if row["toId"] in {loan["companyId"] for loan in granted}]
    assert (len(guaranteed), len(linked)) == (136, 14)
    assert portfolio.guarantees[["guarantor_id", "borrower_id", "amount_fen"]].to_numpy().tolist() == [
        [row["fromId"], row["toId"], int(100 * owed[row["toId"]])] for row in linked
    ]
    companies = {row[end] for row in guaranteed for end in ("fromId", "toId")} | set(owed)
    companies |= {row[end] for row in held for end in ("investorId", "companyId")}
    assert set(portfolio.members["member_id"]) == companies
    assert portfolio.members["control_group"].notna().sum() == len(
        {row[end] for row in held if float(row["ratio"]) > 0.5 for end in ("investorId", "companyId")}
    )
    assert list(imported.counts.values())[6:8] == [14, 122]


def test_no_person_of_the_real_slice_is_a_member(public_data) -> None:
    folder = public_data("finbench")
    persons = {row["personId"] for row in read_rows(folder, "AddPersonApplyLoanWrite6.csv")}
    persons |= {
        row[end] for row in read_rows(folder, "AddPersonGuaranteePersonWrite10.csv") for end in ("fromId", "toId")
    }
    loans = {row["loanId"] for row in read_rows(folder, "AddPersonApplyLoanWrite6.csv")}
    portfolio = circles.import_finbench(folder).portfolio
    assert len(persons) > 500
    assert not loans & set(portfolio.loans["loan_id"])
    companies = {row["companyId"] for row in read_rows(folder, "AddCompanyApplyLoanWrite7.csv")}
    assert set(portfolio.loans["borrower_id"]) == companies
