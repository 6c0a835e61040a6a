"""Parquet files as other programs write them, and one faulty file for each message."""

import builtins
import datetime
import io
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from dataset_files import MANIFEST

from circles.dataset import check_dataset, read_portfolio, write_portfolio
from circles.errors import InputError
from circles.portfolio import Portfolio

Make = Callable[..., Path]
UTC = datetime.UTC


@pytest.fixture
def book(tmp_path: Path) -> Make:
    """Write a folder with members as one Parquet file, each column given as an Arrow array."""

    def make(table: str = "members", **columns: pa.Array) -> Path:
        folder = tmp_path / "book"
        folder.mkdir(exist_ok=True)
        (folder / "dataset.toml").write_text(MANIFEST)
        pq.write_table(pa.table(columns), folder / f"{table}.parquet")
        return folder

    return make


def ids(count: int) -> pa.Array:
    return pa.array([f"M{i}" for i in range(count)])


class TestIds:
    @pytest.mark.parametrize(
        ("array", "found"),
        [
            (pa.array([7, 123456789012345678]), ["7", "123456789012345678"]),
            (pa.array([7.0, 8.0]), ["7", "8"]),
            (pa.array(["a", "b"], pa.large_string()), ["a", "b"]),
            (pa.array(["a", "b"]).dictionary_encode(), ["a", "b"]),
            (pa.array([7, 8]).dictionary_encode(), ["7", "8"]),
            (pa.array([" a", "=b", "'=c", "NA"]), [" a", "=b", "'=c", "NA"]),
        ],
        ids=str,
    )
    def test_ids_are_texts_as_they_are(self, array: pa.Array, found: list[str], book: Make) -> None:
        assert read_portfolio(book(member_id=array)).members["member_id"].tolist() == found

    def test_ids_in_several_parts_keep_their_order(self, tmp_path: Path, book: Make) -> None:
        folder = book(member_id=ids(1))
        pq.write_table(pa.table({"企业编号": ids(10)}), folder / "members.parquet", row_group_size=3)
        assert read_portfolio(folder).members["member_id"].tolist() == [f"M{i}" for i in range(10)]

    def test_an_unknown_reference_names_its_row(self, book: Make) -> None:
        book(member_id=ids(2))
        folder = book("acquaintances", member_a=pa.array(["M0", "M1"]), member_b=pa.array(["M1", "M9"]))
        assert check_dataset(folder).problems["message"].tolist() == [
            "acquaintances.parquet:2: member_b must be in members, 'M9' is not"
        ]


class TestAmounts:
    @pytest.mark.parametrize(
        ("array", "fen"),
        [
            (pa.array([Decimal("12.34"), Decimal("-0.01"), None]), [1234, -1, None]),
            (pa.array([Decimal("12.3")], pa.decimal128(38, 18)), [1230]),
            (pa.array([Decimal("12.3"), Decimal("12.30")], pa.decimal128(9, 2)).slice(1), [1230]),
            (pa.array([12], pa.decimal128(9, 0)), [1200]),
            (pa.array([12, None], pa.int32()), [1200, None]),
            (pa.array([12], pa.uint64()), [1200]),
            (pa.array([0.29, 1.1 + 2.2 - 0.0000000000000004, 9_999_999_999_999.99, float("nan")]), None),
            (pa.array([0.29], pa.float32()), [29]),
            (pa.array(["1,234.5", None, " "]), [123450, None, None]),
            (pa.array([None], pa.null()), [None]),
        ],
        ids=str,
    )
    def test_yuan_become_fen_exactly(self, array: pa.Array, fen: list[int | None] | None, book: Make) -> None:
        expected = [29, 330, 999_999_999_999_999, None] if fen is None else fen
        found = read_portfolio(book(member_id=ids(len(array)), net_assets=array)).members["net_assets_fen"]
        assert found.astype(object).where(found.notna(), None).tolist() == expected

    def test_every_fen_of_floats_is_counted(self, book: Make) -> None:
        fen = np.random.default_rng(7).integers(0, 10**15, 10_000)
        members = read_portfolio(book(member_id=ids(len(fen)), resources=pa.array(fen / 100))).members
        assert (members["resources_fen"] == fen).all()

    def test_fen_and_ten_thousands_may_be_given(self, book: Make) -> None:
        columns = {"resources_fen": pa.array([5]), "annual_sales（万元）": pa.array([12.345])}
        members = read_portfolio(book(member_id=ids(1), **columns)).members
        assert members[["resources_fen", "annual_sales_fen"]].to_numpy().tolist() == [[5, 12345000]]


class TestOtherKinds:
    @pytest.mark.parametrize(
        "array",
        [
            pa.array([datetime.date(2006, 5, 1)]),
            pa.array([datetime.date(2006, 5, 1)], pa.date64()),
            pa.array([datetime.datetime(2006, 5, 1)], pa.timestamp("ns")),
            pa.array(["2006年5月1日"]),
            pa.array([20060501]),
        ],
        ids=str,
    )
    def test_a_day_may_have_several_types(self, array: pa.Array, book: Make) -> None:
        members = read_portfolio(book(member_id=ids(1), registered_on=array)).members
        assert members["registered_on"].tolist() == [pd.Timestamp("2006-05-01")]

    @pytest.mark.parametrize(
        "array", [pa.array(["2007-05"]), pa.array([datetime.date(2007, 5, 31)]), pa.array([200705])]
    )
    def test_a_month_may_have_several_types(self, array: pa.Array, book: Make) -> None:
        book(member_id=ids(2))
        two = {"seller_id": pa.array(["M0"]), "buyer_id": pa.array(["M1"]), "amount": pa.array([5])}
        trades = read_portfolio(book("trades", period=array, **two)).trades
        assert trades["period"].tolist() == [pd.Timestamp("2007-05-01")]

    def test_rates_and_counts_may_have_several_types(self, book: Make) -> None:
        book(member_id=ids(2), default_probability=pa.array([Decimal("0.05"), None]))
        loans = {"loan_id": ids(2), "borrower_id": ids(2), "balance": pa.array([1, 2])}
        portfolio = read_portfolio(book("loans", days_overdue=pa.array([3.0, float("nan")]), **loans))
        assert portfolio.members["default_probability"].tolist() == [0.05, pytest.approx(np.nan, nan_ok=True)]
        assert portfolio.loans["days_overdue"].tolist() == [3, pd.NA]


FAULTS: dict[str, tuple[dict[str, pa.Array], str, str]] = {
    "a part of a fen": (
        {"resources": pa.array([0.29, 0.295])},
        "decimals",
        ":2: resources must have at most two decimals in yuan, got '0.295'",
    ),
    "a part of a fen in decimals": (
        {"resources": pa.array([Decimal("0.29"), Decimal("0.001")])},
        "decimals",
        ":2: resources must have at most two decimals in yuan, got '0.001'",
    ),
    "half a fen": (
        {"resources_fen": pa.array([1.0, 0.5])},
        "unreadable",
        ":2: resources_fen must be a whole number of fen, got '0.5'",
    ),
    "negative money": (
        {"resources": pa.array([1, -1])},
        "negative_amount",
        ":2: resources must be at least 0, got '-1'",
    ),
    "too much money": (
        {"resources": pa.array([1, 2**62])},
        "out_of_range",
        ":2: resources must be at most 10,000,000,000,000 yuan in size, got '4611686018427387904'",
    ),
    "far too much money": (
        {"resources": pa.array([1, 10**30], pa.decimal128(38, 0))},
        "out_of_range",
        f":2: resources must be at most 10,000,000,000,000 yuan in size, got '{10**30}'",
    ),
    "endless money": (
        {"resources": pa.array([1, float("inf")])},
        "out_of_range",
        ":2: resources must be at most 10,000,000,000,000 yuan in size, got 'inf'",
    ),
    "no amount": (
        {"resources": pa.array(["1", "12k"])},
        "unreadable",
        ":2: resources must be an amount in yuan, got '12k'",
    ),
    "a day with a time": (
        {"registered_on": pa.array([datetime.datetime(2007, 1, 2), datetime.datetime(2007, 1, 2, 13)])},
        "unreadable",
        ":2: registered_on must be a day without a time, got '2007-01-02 13:00:00.000000'",
    ),
    "a day in a zone": (
        {"registered_on": pa.array([datetime.datetime(2007, 1, 2, tzinfo=UTC)] * 2)},
        "wrong_type",
        ": registered_on must hold dates, timestamps without a zone, or text, it holds the type timestamp[us, tz=UTC]",
    ),
    "money as dates": (
        {"resources": pa.array([datetime.date(2007, 1, 2)] * 2)},
        "wrong_type",
        ": resources must hold decimals, numbers or text, it holds the type date32[day]",
    ),
    "fen as text": (
        {"resources_fen": pa.array(["1", "2"])},
        "wrong_type",
        ": resources_fen must hold whole numbers, it holds the type string",
    ),
    "a name of bytes": (
        {"name": pa.array([b"a", b"b"])},
        "wrong_type",
        ": name must hold text or whole numbers, it holds the type binary",
    ),
    "a list of names": (
        {"name": pa.array([["a"], ["b"]])},
        "wrong_type",
        ": name must hold text or whole numbers, it holds the type list<element: string>",
    ),
    "text that is not UTF-8": (
        {"name": pa.array([b"a", b"\xff"]).view(pa.string())},
        "undecodable",
        ": name holds text that is not UTF-8",
    ),
    "a NUL character": (
        {"name": pa.array(["a", "b\0"])},
        "nul_byte",
        ":2: name has a NUL character, got 'b\\x00'",
    ),
    "a rate above 1": (
        {"default_probability": pa.array([0.5, 1.5])},
        "out_of_range",
        ":2: default_probability must be a fraction in [0, 1], got '1.5'",
    ),
    "two columns of one meaning": (
        {"name": pa.array(["a", "b"]), "企业名称": pa.array(["a", "b"])},
        "duplicate_column",
        ": the columns 'name' and '企业名称' both mean name; keep one",
    ),
    "a word that is not allowed": (
        {"resources_source": pa.array(["declared", "guessed"])},
        "not_allowed",
        ":2: resources_source must be one of declared, verified, estimated, got 'guessed'",
    ),
}


@pytest.mark.parametrize("case", FAULTS)
def test_each_fault_is_one_problem_with_its_row(case: str, book: Make) -> None:
    columns, code, end = FAULTS[case]
    found = check_dataset(book(member_id=ids(2), **columns))
    assert found.problems[["code", "message"]].to_numpy().tolist() == [[code, f"members.parquet{end}"]]


@pytest.mark.parametrize(
    ("array", "code", "end"),
    [
        (
            pa.array([1.0, 12.5]),
            "damaged_id",
            ":2: member_id must be an id as text or a whole number of at most 15 digits",
        ),
        (pa.array([1.0, 1.23e17]), "damaged_id", ":2: member_id must be an id as text or a whole number of at most 15"),
        (pa.array(["M1", None]), "missing_value", ":2: member_id is required, got an empty cell"),
        (pa.array(["M1", "M1"]), "duplicate_key", ":2: member_id must be unique, 'M1' is there already"),
        (pa.array([True, False]), "wrong_type", ": member_id must hold text or whole numbers, it holds the type bool"),
    ],
    ids=str,
)
def test_an_id_that_is_none_is_one_problem(array: pa.Array, code: str, end: str, book: Make) -> None:
    (problem,) = check_dataset(book(member_id=array)).problems.to_dict("records")
    assert problem["code"] == code
    assert problem["message"].startswith(f"members.parquet{end}")


def test_a_missing_column_is_named(book: Make) -> None:
    book(member_id=ids(2))
    found = check_dataset(book("loans", loan_id=ids(1), borrower_id=ids(1)))
    assert found.problems["message"].tolist() == [
        "loans.parquet: the required column balance is missing; the columns are: loan_id, borrower_id"
    ]


def test_a_table_of_no_rows_is_a_warning(book: Make) -> None:
    book(member_id=ids(2))
    folder = book("loans", loan_id=ids(0), borrower_id=ids(0), balance=pa.array([], pa.int64()))
    assert read_portfolio(folder).warnings["message"].tolist() == ["loans.parquet: the table has no rows"]


def whole() -> bytes:
    file = io.BytesIO()
    pq.write_table(pa.table({"member_id": ids(1000)}), file)
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "code", "text"),
    [
        (b"", "empty_file", "the file is empty, not even column names are there"),
        (b"member_id\nM1\n", "not_parquet", "the file is no Parquet file; name it after what it is, such as .csv"),
        (whole()[:-100], "damaged_parquet", "the file is cut short, its end is missing; write or send it again"),
        (whole()[:100] + whole()[-100:], "damaged_parquet", "the file cannot be read ("),
    ],
    ids=["nothing", "a CSV file", "cut short", "its middle is missing"],
)
def test_what_is_no_parquet_file_is_one_problem(data: bytes, code: str, text: str, book: Make) -> None:
    folder = book(member_id=ids(2))
    (folder / "loans.parquet").write_bytes(data)
    (problem,) = check_dataset(folder).problems.to_dict("records")
    assert problem["code"] == code
    assert problem["message"].startswith(f"loans.parquet: {text}")


def test_without_pyarrow_the_extra_is_named(book: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, real = book(member_id=ids(2)), builtins.__import__

    def forget(name: str, *rest: object) -> object:
        if name.startswith("pyarrow"):
            raise ImportError(name)
        return real(name, *rest)

    portfolio = Portfolio.from_frames(as_of="2007-12-29", members=pd.DataFrame({"member_id": ["M1"]}))
    monkeypatch.setattr(builtins, "__import__", forget)
    text = r'Parquet files need pyarrow, which is not installed: pip install "circles\[parquet\]"'
    with pytest.raises(InputError, match=text):
        read_portfolio(folder)
    with pytest.raises(InputError, match=text):
        write_portfolio(portfolio, tmp_path / "out", files="parquet")
    assert not (tmp_path / "out").exists()
