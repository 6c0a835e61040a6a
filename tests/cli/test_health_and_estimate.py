"""``circles check`` with its profile and page, and ``circles estimate``."""

from pathlib import Path

import pandas as pd
import pytest

import circles


@pytest.fixture(scope="module")
def gaps(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Forty members: ten without resources, one of whom states neither sales nor capital; two without probability."""
    portfolio = circles.generate_portfolio(members=40, trades=60, seed=7)
    members = portfolio.members.assign(
        resources_fen=portfolio.members["resources_fen"].mask(portfolio.members.index < 10),
        default_probability=portfolio.members["default_probability"].mask(portfolio.members.index < 2),
    )
    for column in ("annual_sales_fen", "registered_capital_fen", "net_assets_fen"):
        members.loc[0, column] = pd.NA
    folder = tmp_path_factory.mktemp("gaps") / "gaps"
    circles.write_portfolio(portfolio.replace(members=members), folder)
    return folder


def test_check_prints_a_profile(command, book: Path) -> None:
    done = command("check", book)
    assert done.code == 0
    for words in ("Columns", "Who is connected", "The largest of each role", "Money by year", "Health of the data of"):
        assert words in done.out


def test_check_writes_a_page_and_keeps_one_that_is_there(command, book: Path, tmp_path: Path) -> None:
    assert command("check", book, "--html", "health.html", "--format", "csv").code == 0
    assert (tmp_path / "health.html").read_text(encoding="utf-8").rstrip().endswith("</html>")
    refused = command("check", book, "--html", "health.html")
    assert refused.code == 2
    assert not refused.out
    assert "--force" in refused.err
    assert command("check", book, "--html", "health.html", "--force").code == 0


def test_check_of_a_store_shows_its_profile(command, book: Path) -> None:
    command("load", book, "--graph", "sqlite:///book.db")
    done = command("check", "sqlite:///book.db")
    assert done.code == 0
    assert "Health of the data of" in done.out


def test_check_of_faulty_tables_writes_no_page(command, tmp_path: Path) -> None:
    (tmp_path / "faulty").mkdir()
    (tmp_path / "faulty" / "members.csv").write_text("member_id,resources\nM1,12k\n")
    done = command("check", "faulty", "--as-of", "2007-12-29", "--html", "health.html")
    assert done.code == 2
    assert "health.html was not written: the tables have problems" in done.err
    assert not (tmp_path / "health.html").exists()


def test_estimate_fills_and_marks_and_says_what_it_left_empty(command, gaps: Path, tmp_path: Path) -> None:
    done = command("estimate", gaps, "filled", "--rule", "buffer_days=10")
    assert done.code == 1
    assert "resources: missing for 10 of 40 members; 9 estimated, 1 left empty" in done.out
    before, after = circles.read_portfolio(gaps).members, circles.read_portfolio(tmp_path / "filled").members
    assert after["resources_fen"].isna().tolist() == [True, *[False] * 39]
    assert (after["resources_source"].iloc[1:10] == "estimated").all()
    pd.testing.assert_frame_equal(after.iloc[10:], before.iloc[10:])
    assert after["default_probability"].isna().sum() == 2


def test_estimate_lists_every_value_and_probabilities_on_request(command, gaps: Path) -> None:
    done = command("estimate", gaps, "filled", "--default-probabilities", "--format", "csv")
    lines = done.out.splitlines()
    assert lines[0] == "member_id,basis,resources_fen,default_probability"
    assert len(lines) == 1 + 10 + 2
    assert sum(",book," in line for line in lines) == 2


def test_estimate_refuses_a_wrong_rule_and_an_existing_folder(command, gaps: Path, tmp_path: Path) -> None:
    assert "buffer_days must be a number from 0 to 365" in command("estimate", gaps, "a", "--rule", "buffer_days=x").err
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "mine.txt").write_text("keep")
    assert command("estimate", gaps, "b").code == 2


def test_a_store_is_checked_like_a_folder(command, book: Path) -> None:
    assert command("load", book, "--graph", "sqlite:///checked.db").code == 0
    shown = command("check", "sqlite:///checked.db")
    assert shown.out.startswith("sqlite:///checked.db: Portfolio at ")
    assert command("check", "sqlite:///checked.db", "--format", "csv").out.startswith("file,line,column,value,code")
