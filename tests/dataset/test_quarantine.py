"""Quarantine: good rows load, bad rows are set aside with their problem, and what refers to them goes too."""

import csv
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from dataset_files import MakeDataset

from circles.dataset import check_dataset, read_portfolio
from circles.errors import DatasetError, InputError
from circles.portfolio import Portfolio

FILES = {
    "members.csv": "member_id,name,resources,note\nM1,A,5,x\nM2,=B,12k,y\nM3,C,7,z\nM3,D,8,\n",
    "circles.csv": "circle_id\nC1\nC2\n",
    "circle_members.csv": "circle_id,member_id\nC1,M1\nC1,M2\nC2,M1\nC2,M3\n",
    "loans.csv": "loan_id,borrower_id,balance,circle_id\nL1,M1,5,C1\nL2,M2,5,C1\nL3,M3,-5,\n",
    "guarantees.csv": "guarantee_id,guarantor_id,borrower_id,amount,loan_id\nG1,M1,M3,5,L3\nG2,M1,M3,5,\n",
}


@pytest.fixture
def rejects(tmp_path: Path) -> Path:
    return tmp_path / "rejects"


def quarantine(folder: Path, rejects: Path, **options: object) -> Portfolio:
    return read_portfolio(folder, on_error="quarantine", rejects=rejects, **options)


def read_rejects(rejects: Path, table: str) -> list[list[str]]:
    with (rejects / f"{table}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def test_good_rows_load_and_what_refers_to_bad_ones_goes_too(make_dataset: MakeDataset, rejects: Path) -> None:
    """M2 is bad, so is its place in C1 and its loan; L3 is bad, so is the guarantee of it. The first M3 is good."""
    portfolio = quarantine(make_dataset(FILES), rejects)
    assert portfolio.members["name"].tolist() == ["A", "C"]
    assert portfolio.circle_members["member_id"].tolist() == ["M1", "M1", "M3"]
    assert portfolio.loans["loan_id"].tolist() == ["L1"]
    assert portfolio.guarantees["guarantee_id"].tolist() == ["G2"]


def test_rejects_hold_the_cells_as_they_were_and_the_reason(make_dataset: MakeDataset, rejects: Path) -> None:
    quarantine(make_dataset(FILES), rejects)
    assert sorted(path.name for path in rejects.iterdir()) == [
        "circle_members.csv",
        "guarantees.csv",
        "loans.csv",
        "members.csv",
    ]
    text = "members.csv:3: resources must be an amount in yuan, got '12k'"
    assert read_rejects(rejects, "members") == [
        ["member_id", "name", "resources", "note", "line", "column", "code", "message"],
        ["M2", "'=B", "12k", "y", "3", "resources", "unreadable", text],
        ["M3", "D", "8", "", "5", "member_id", "duplicate_key", read_rejects(rejects, "members")[2][-1]],
    ]
    assert read_rejects(rejects, "guarantees")[1] == [
        *["G1", "M1", "M3", "5", "L3", "2", "loan_id", "rejected_reference"],
        "guarantees.csv:2: loan_id refers to 'L3' in loans, whose row was rejected",
    ]
    assert read_rejects(rejects, "loans")[2][2] == "-5"


def test_a_loan_goes_when_its_borrowers_place_in_the_circle_went(make_dataset: MakeDataset, rejects: Path) -> None:
    """No id is missing: only checking again what is left shows that M1 is in C1 no more."""
    files = {
        "circles.csv": "circle_id\nC1\n",
        "circle_members.csv": "circle_id,member_id,draw_order\nC1,M1,x\nC1,M2,\nC1,M3,\n",
        "loans.csv": "loan_id,borrower_id,balance,circle_id\nL1,M1,5,C1\nL2,M2,5,C1\n",
    }
    assert quarantine(make_dataset(files), rejects).loans["loan_id"].tolist() == ["L2"]
    assert read_rejects(rejects, "loans")[1][-2:] == [
        "foreign_circle",
        "loans.csv:2: circle_id must be a circle that the borrower belongs to, 'C1' is not",
    ]


def test_several_problems_of_a_row_stand_one_after_the_other(make_dataset: MakeDataset, rejects: Path) -> None:
    quarantine(make_dataset({"loans.csv": "loan_id,borrower_id,balance\nL1,M9,-1\n"}), rejects)
    assert read_rejects(rejects, "loans")[1][4:6] == ["balance; borrower_id", "negative_amount; unknown_reference"]


def test_rows_of_other_lengths_keep_all_their_cells(make_dataset: MakeDataset, rejects: Path) -> None:
    files = {"loans.csv": 'loan_id,borrower_id,balance\nL1,M1\nL2,M1,1,234.00\nL3,M1,"1""2"\nL4,M1,5\n'}
    assert quarantine(make_dataset(files), rejects).loans["loan_id"].tolist() == ["L4"]
    assert [row[:5] for row in read_rejects(rejects, "loans")] == [
        ["loan_id", "borrower_id", "balance", "(column 4)", "line"],
        ["L1", "M1", "", "", "2"],
        ["L2", "M1", "1", "234.00", "3"],
        ["L3", "M1", '1"2', "", "4"],
    ]


def test_a_column_that_is_named_like_a_reason_keeps_its_cells(make_dataset: MakeDataset, rejects: Path) -> None:
    quarantine(make_dataset({"loans.csv": "loan_id,borrower_id,balance,code\nL1,M1,-5,mine\n"}), rejects)
    header, row = read_rejects(rejects, "loans")
    assert header[3:] == ["code", "line", "column", "code (circles)", "message"]
    assert row[3:6:2] == ["mine", "balance"]


def test_nothing_is_dropped_in_silence(make_dataset: MakeDataset, rejects: Path) -> None:
    """Every row of every file is either in the portfolio or in the rejects, and the counts are said."""
    folder = make_dataset(FILES)
    portfolio = quarantine(folder, rejects)
    for name, text in FILES.items():
        table = name.removesuffix(".csv")
        out = len(read_rejects(rejects, table)) - 1 if (rejects / name).exists() else 0
        assert len(portfolio.table(table)) + out == text.count("\n") - 1
    told = portfolio.warnings[portfolio.warnings["code"] == "rejected"]
    assert sorted(told["message"]) == [
        f"circle_members.csv: 1 of 4 rows was rejected; see {rejects / 'circle_members.csv'}",
        f"guarantees.csv: 1 of 2 rows was rejected; see {rejects / 'guarantees.csv'}",
        f"loans.csv: 2 of 3 rows were rejected; see {rejects / 'loans.csv'}",
        f"members.csv: 2 of 4 rows were rejected; see {rejects / 'members.csv'}",
    ]
    found = check_dataset(folder, on_error="quarantine", rejects=rejects, force=True)
    assert not found.passed
    assert found.portfolio.digest() == portfolio.digest()
    assert len(found.problems) == 6


def test_warnings_name_the_lines_of_the_rows_that_are_left(make_dataset: MakeDataset, rejects: Path) -> None:
    files = {"circles.csv": "circle_id,deposit\nC1,x\nC2,5\n", "circle_members.csv": "circle_id,member_id\nC2,M1\n"}
    warnings = quarantine(make_dataset(files), rejects).warnings
    assert warnings.loc[warnings["code"] == "small_circle", "line"].tolist() == [3]


def test_corrected_rejects_are_a_table_again(make_dataset: MakeDataset, rejects: Path, tmp_path: Path) -> None:
    """Whoever corrects the cells may read the file as it is: the reasons are columns that mean nothing."""
    quarantine(make_dataset({"members.csv": FILES["members.csv"]}), rejects)
    path = rejects / "members.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("12k", "12").replace("M3", "M4"), encoding="utf-8")
    assert read_portfolio(rejects, as_of="2007-12-29").members["name"].tolist() == ["=B", "D"]


def test_a_table_that_is_wrong_as_a_whole_is_refused_and_nothing_is_written(
    make_dataset: MakeDataset, rejects: Path
) -> None:
    folder = make_dataset({**FILES, "loans.csv": "loan_id,borrower_id\nL1,M1\n"})
    with pytest.raises(DatasetError, match="the required column balance is missing"):
        quarantine(folder, rejects)
    (folder / "loans.csv").write_text('loan_id,borrower_id,balance\nL1,M1,"5\nL2,M1,5\n')
    with pytest.raises(DatasetError, match="a quote mark that is never closed"):
        quarantine(folder, rejects)
    assert not rejects.exists()


def test_a_sound_dataset_writes_no_rejects(make_dataset: MakeDataset, rejects: Path) -> None:
    portfolio = quarantine(make_dataset({}), rejects)
    assert portfolio.warnings.empty
    assert not rejects.exists()


def test_rejects_of_an_earlier_run_are_kept_unless_forced(make_dataset: MakeDataset, rejects: Path) -> None:
    folder = make_dataset(FILES)
    quarantine(folder, rejects)
    before = read_rejects(rejects, "members")
    with pytest.raises(InputError, match="exists already and was kept"):
        quarantine(folder, rejects)
    assert read_rejects(rejects, "members") == before
    for name in FILES:
        if name != "members.csv":
            (folder / name).unlink()
    (folder / "members.csv").write_text("member_id\nM1\n")
    quarantine(folder, rejects, force=True)
    assert list(rejects.iterdir()) == []


def test_a_folder_with_other_files_is_never_replaced(make_dataset: MakeDataset, rejects: Path) -> None:
    rejects.mkdir()
    (rejects / "mine.txt").write_text("mine")
    with pytest.raises(InputError, match=r"holds 'mine\.txt', which is no part of what would be written here"):
        quarantine(make_dataset(FILES), rejects, force=True)
    assert [path.name for path in rejects.iterdir()] == ["mine.txt"]


def test_what_to_do_with_problems_must_be_known(make_dataset: MakeDataset) -> None:
    with pytest.raises(InputError, match="on_error must be refuse or quarantine, got 'ignore'"):
        read_portfolio(make_dataset({}), on_error="ignore")


def test_formulas_in_workbooks_and_parquet_files_stay_text_in_rejects(make_dataset: MakeDataset, rejects: Path) -> None:
    folder = make_dataset({})
    book = openpyxl.Workbook()
    for row in [["loan_id", "borrower_id", "balance", "lender"], ["L1", "M1", -5, "@SUM(A1)"], ["L2", "M1", 5, "x"]]:
        book.active.append(row)
    book.save(folder / "loans.xlsx")
    receivables = {"supplier_id": ["M1", "M1"], "buyer_id": ["=cmd", "M2"], "amount": [5.0, 6.5]}
    pq.write_table(pa.table(receivables), folder / "receivables.parquet")
    portfolio = quarantine(folder, rejects)
    assert [len(portfolio.loans), len(portfolio.receivables)] == [1, 1]
    assert read_rejects(rejects, "loans")[1][:5] == ["L1", "M1", "-5", "'@SUM(A1)", "2"]
    assert read_rejects(rejects, "receivables")[1][:4] == ["M1", "'=cmd", "5", "1"]
    assert "receivables.parquet:1: buyer_id must be in members" in read_rejects(rejects, "receivables")[1][-1]


def test_many_rounds_end_with_the_rows_that_are_sound(make_dataset: MakeDataset, rejects: Path) -> None:
    """Random faults: what is kept is sound by itself, and no kept row is one that was said to be wrong."""
    rng = np.random.default_rng(7)
    loans = pd.DataFrame({"loan_id": [f"L{i}" for i in range(200)], "borrower_id": "M1", "balance": "5"})
    loans.loc[rng.random(200) < 0.2, "balance"] = "x"
    pairs = pd.DataFrame({"guarantee_id": range(400), "guarantor_id": "M2", "borrower_id": "M1", "amount": 5})
    pairs["loan_id"] = rng.permutation(loans["loan_id"].repeat(2))
    folder = make_dataset({"loans.csv": loans.to_csv(index=False), "guarantees.csv": pairs.to_csv(index=False)})
    portfolio = quarantine(folder, rejects)
    good = set(loans.loc[loans["balance"] == "5", "loan_id"])
    assert set(portfolio.loans["loan_id"]) == good
    assert portfolio.guarantees["loan_id"].tolist() == [loan for loan in pairs["loan_id"] if loan in good]
