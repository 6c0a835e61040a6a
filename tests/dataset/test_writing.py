"""What is written comes back as it was: every column of every table, whatever the text."""

import csv
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal
from portfolios_to_write import hostile, portfolios

from circles.dataset import read_portfolio, write_portfolio
from circles.dataset.escape import guard_text, unguard_text
from circles.errors import InputError
from circles.portfolio import TABLES, Portfolio


def round_trip(portfolio: Portfolio) -> Portfolio:
    with tempfile.TemporaryDirectory() as folder:
        write_portfolio(portfolio, Path(folder) / "book")
        return read_portfolio(Path(folder) / "book")


def of_members(**columns: object) -> Portfolio:
    return Portfolio.from_frames(as_of="2007-12-29", members=pd.DataFrame(columns, dtype=object))


@given(portfolios())
@settings(deadline=None, max_examples=8)
def test_every_column_of_every_table_comes_back_as_it_went_in(portfolio: Portfolio) -> None:
    back = round_trip(portfolio)
    assert back.digest() == portfolio.digest()
    for name in TABLES:
        assert_frame_equal(back.table(name), portfolio.table(name))


@given(hostile)
@settings(max_examples=300)
@example("'")
@example("''=")
@example("'  ")
@example("=")
@example("\r\n")
def test_any_text_is_guarded_and_unguarded(text: str) -> None:
    cell = guard_text(text)
    assert unguard_text(cell) == text
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))


@given(st.lists(hostile, min_size=1, max_size=8))
@settings(deadline=None, max_examples=15)
def test_any_texts_come_back(names: list[str]) -> None:
    portfolio = of_members(member_id=[f"M{i}" for i in range(len(names))], name=names)
    assert round_trip(portfolio).members["name"].tolist() == names


def test_a_file_is_readable_by_others(tmp_path: Path) -> None:
    """Python's own reader finds the same cells."""
    names = ['a"b', "x,y", "l1\nl2", "l1\rl2", "=1+1", "中文"]
    write_portfolio(of_members(member_id=list("abcdef"), name=names), tmp_path / "book")
    with (tmp_path / "book" / "members.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["member_id", "name"]
    assert [row[1] for row in rows[1:]] == ['a"b', "x,y", "l1\nl2", "l1\rl2", "'=1+1", "中文"]


def test_the_bytes_are_those_of_the_format(tmp_path: Path) -> None:
    members = {
        "member_id": ["M1", "M2"],
        "name": ["甲", None],
        "resources_fen": [123456, 5],
        "net_assets_fen": [-5, None],
    }
    rates = {"default_probability": [0.05, 1e-05], "joined_on": ["2007-06-01", None]}
    trades = pd.DataFrame({"seller_id": ["M1"], "buyer_id": ["M2"], "period": ["2007-06"], "amount_fen": [100]})
    portfolio = of_members(**members, **rates).replace(trades=trades)
    write_portfolio(portfolio, tmp_path / "book")
    files = {path.name: path.read_bytes() for path in (tmp_path / "book").iterdir()}
    assert files == {
        "dataset.toml": b'format = 1\nas_of = 2007-12-29\ncurrency = "CNY"\n',
        "members.csv": b"\xef\xbb\xbfmember_id,name,resources,default_probability,net_assets,joined_on\n"
        b"M1,\xe7\x94\xb2,1234.56,0.05,-0.05,2007-06-01\n"
        b"M2,,0.05,1e-05,,\n",
        "trades.csv": b"\xef\xbb\xbfseller_id,buyer_id,period,amount\nM1,M2,2007-06,1.00\n",
    }


def test_an_empty_portfolio_is_written_and_read(tmp_path: Path) -> None:
    write_portfolio(of_members(member_id=[]), tmp_path / "book")
    assert (tmp_path / "book" / "members.csv").read_bytes() == b"\xef\xbb\xbfmember_id\n"
    assert len(read_portfolio(tmp_path / "book").members) == 0


def test_many_rows_come_back(tmp_path: Path) -> None:
    """More than are written at once."""
    fen = np.random.default_rng(7).integers(0, 10**15, 100_001)
    write_portfolio(of_members(member_id=[f"M{i}" for i in range(len(fen))], resources_fen=fen), tmp_path / "book")
    assert (read_portfolio(tmp_path / "book").members["resources_fen"] == fen).all()


@pytest.mark.parametrize("name", ["a\0b", "a\ud800b"])
def test_what_no_text_file_can_hold_is_refused_by_name(name: str, tmp_path: Path) -> None:
    with pytest.raises(InputError) as refused:
        write_portfolio(of_members(member_id=["M1", "M2"], name=["a", name]), tmp_path / "book")
    assert str(refused.value) == f"members:1: name has a character that no text file can hold: {name!r}"
    assert list(tmp_path.iterdir()) == []


def test_a_dataset_that_is_there_is_kept_unless_forced(tmp_path: Path) -> None:
    portfolio = of_members(member_id=["M1"])
    write_portfolio(portfolio, tmp_path / "book")
    with pytest.raises(InputError, match="exists already and was kept"):
        write_portfolio(of_members(member_id=["M2"]), tmp_path / "book")
    assert read_portfolio(tmp_path / "book").digest() == portfolio.digest()
    write_portfolio(of_members(member_id=["M2"]), tmp_path / "book", force=True)
    assert read_portfolio(tmp_path / "book").members["member_id"].tolist() == ["M2"]


def test_a_folder_with_other_files_is_never_replaced(tmp_path: Path) -> None:
    write_portfolio(of_members(member_id=["M1"]), tmp_path / "book")
    (tmp_path / "book" / "notes.txt").write_text("mine")
    with pytest.raises(InputError, match=r"holds 'notes\.txt', which is no part of what would be written here"):
        write_portfolio(of_members(member_id=["M2"]), tmp_path / "book", force=True)
    assert (tmp_path / "book" / "notes.txt").read_text() == "mine"
