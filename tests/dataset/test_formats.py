"""A portfolio comes back from every kind of file as it went in."""

import datetime
import tempfile
from pathlib import Path

import openpyxl
import pandas as pd
import pyarrow.parquet as pq
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal
from portfolios_to_write import hostile, portfolios

from circles.dataset import read_portfolio, write_portfolio
from circles.dataset.xlsx import write as workbooks
from circles.dataset.xlsx.cell_text import read_escapes, write_escapes
from circles.errors import InputError
from circles.portfolio import TABLES, Portfolio

WAYS = {"a Parquet folder": ("book", "parquet"), "a workbook": ("book.xlsx", "csv")}


def round_trip(portfolio: Portfolio, way: str) -> Portfolio:
    name, files = WAYS[way]
    with tempfile.TemporaryDirectory() as folder:
        write_portfolio(portfolio, Path(folder) / name, files=files)
        return read_portfolio(Path(folder) / name)


def of_members(**columns: object) -> Portfolio:
    return Portfolio.from_frames(as_of="2007-12-29", members=pd.DataFrame(columns, dtype=object))


def fits_a_workbook(portfolio: Portfolio) -> bool:
    """Tell whether no text has one of the two characters that XML does not know."""
    frames = [portfolio.table(name).select_dtypes("str") for name in TABLES]
    return not any(set(text) & set("\ufffe\uffff") for frame in frames for text in frame.stack().dropna())


@pytest.mark.parametrize("way", WAYS)
@given(portfolios())
@settings(deadline=None, max_examples=3)
def test_every_column_of_every_table_comes_back_as_it_went_in(way: str, portfolio: Portfolio) -> None:
    assume(way != "a workbook" or fits_a_workbook(portfolio))
    back = round_trip(portfolio, way)
    for name in TABLES:
        assert_frame_equal(back.table(name), portfolio.table(name))
    assert back.digest() == portfolio.digest()


@given(st.one_of(hostile, st.text("_x00DA5F", max_size=20)))
@settings(max_examples=200)
def test_any_text_is_escaped_and_read_again(text: str) -> None:
    assert read_escapes(write_escapes(text)) == text


@pytest.mark.parametrize("way", WAYS)
def test_an_empty_portfolio_comes_back(way: str) -> None:
    assert len(round_trip(of_members(member_id=[]), way).members) == 0


def test_a_workbook_has_text_ids_numbers_and_dates(tmp_path: Path) -> None:
    columns = {"name": ["=1+1", "#N/A"], "resources_fen": [123456, None], "joined_on": ["2007-06-01", "1899-01-01"]}
    write_portfolio(of_members(member_id=["330100123456789012", "M2"], **columns), tmp_path / "book.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "book.xlsx")["members"]
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [
        ["member_id", "name", "resources", "joined_on"],
        ["330100123456789012", "'=1+1", 1234.56, datetime.datetime(2007, 6, 1)],
        ["M2", "#N/A", None, "1899-01-01"],
    ]
    assert {cell.data_type for cell in sheet["B"]} == {"s"}
    assert [cell.number_format for cell in sheet[2]] == ["@", "@", "0.00", "yyyy-mm-dd"]


def test_a_parquet_file_has_typed_columns(tmp_path: Path) -> None:
    columns = {"name": ["=1+1", None], "resources_fen": [123456, None], "joined_on": ["2007-06-01", None]}
    write_portfolio(of_members(member_id=["M1", "M2"], **columns), tmp_path / "book", files="parquet")
    table = pq.read_table(tmp_path / "book" / "members.parquet")
    assert [str(field.type) for field in table.schema] == ["string", "string", "decimal128(18, 2)", "date32[day]"]
    assert [str(cell) for cell in table.slice(0, 1).to_pylist()[0].values()] == ["M1", "=1+1", "1234.56", "2007-06-01"]


def test_the_same_portfolio_gives_the_same_parquet_bytes(tmp_path: Path) -> None:
    portfolio = of_members(member_id=["M1", "M2"], name=["a", "b"])
    for name in ("one", "two"):
        write_portfolio(portfolio, tmp_path / name, files="parquet")
    assert (tmp_path / "one/members.parquet").read_bytes() == (tmp_path / "two/members.parquet").read_bytes()


def test_a_table_too_long_for_a_sheet_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbooks, "MAX_ROWS", 3)
    write_portfolio(of_members(member_id=["M1", "M2"]), tmp_path / "book.xlsx")
    with pytest.raises(InputError) as refused:
        write_portfolio(of_members(member_id=["M1", "M2", "M3"]), tmp_path / "long.xlsx")
    assert str(refused.value) == (
        "members has 3 rows and a sheet of a workbook has room for 2; write a folder of CSV or Parquet files instead"
    )
    assert not (tmp_path / "long.xlsx").exists()


@pytest.mark.parametrize(
    ("name", "end"),
    [
        ("x" * 32_768, "has 32,768 characters and a cell of a workbook has room for 32,767"),
        ("a\0b", r"has a character that no workbook can hold: 'a\x00b'"),
        ("a\ud800b", r"has a character that no workbook can hold: 'a\ud800b'"),
        ("a\uffff", r"has a character that no workbook can hold: 'a\uffff'"),
    ],
)
def test_a_text_that_no_workbook_can_hold_is_refused_by_name(name: str, end: str, tmp_path: Path) -> None:
    with pytest.raises(InputError) as refused:
        write_portfolio(of_members(member_id=["M1", "M2"], name=["a", name]), tmp_path / "book.xlsx")
    assert str(refused.value) == f"members:1: name {end}; write a folder of CSV files instead"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["a\0b", "a\ud800b"])
def test_what_no_text_file_can_hold_is_refused_in_parquet_files_too(name: str, tmp_path: Path) -> None:
    with pytest.raises(InputError) as refused:
        write_portfolio(of_members(member_id=["M1", "M2"], name=["a", name]), tmp_path / "book", files="parquet")
    assert str(refused.value) == f"members:1: name has a character that no text file can hold: {name!r}"


def test_a_workbook_that_is_there_is_kept_unless_forced(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    write_portfolio(of_members(member_id=["M1"]), path)
    with pytest.raises(InputError, match="exists already and was kept"):
        write_portfolio(of_members(member_id=["M2"]), path)
    write_portfolio(of_members(member_id=["M2"]), path, force=True)
    assert read_portfolio(path).members["member_id"].tolist() == ["M2"]


def test_a_folder_of_one_kind_is_replaced_by_one_of_the_other(tmp_path: Path) -> None:
    portfolio = of_members(member_id=["M1"])
    write_portfolio(portfolio, tmp_path / "book")
    write_portfolio(portfolio, tmp_path / "book", files="parquet", force=True)
    assert sorted(path.name for path in (tmp_path / "book").iterdir()) == ["dataset.toml", "members.parquet"]


def test_files_must_be_of_a_known_kind(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="files must be one of csv, parquet, got 'json'"):
        write_portfolio(of_members(member_id=["M1"]), tmp_path / "book", files="json")
