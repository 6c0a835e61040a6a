"""The commands horizon and backtest: what they print and refuse."""

import io
import json
from pathlib import Path

import pandas as pd
import pytest

import circles


def test_horizon_shows_every_month(command, book: Path, defaulter: str) -> None:
    done = command("horizon", book, "--default", f"{defaulter}@2", "--time", "months=24")
    assert done.code == 0, done.err
    assert "24 months from" in done.out
    table = command("horizon", book, "--default", f"{defaulter}@2", "--time", "months=24", "--format", "csv").out
    months = pd.read_csv(io.StringIO(table))
    assert months["month"].to_list() == list(range(24))
    assert months["first"].to_list() == [0, 0, 1, *[0] * 21]


def test_horizon_without_a_month_means_now_and_lists_members(command, book: Path, defaulter: str) -> None:
    shown = command("horizon", book, "--default", defaulter, "--members", "--format", "json").out
    rows = {row["member_id"]: row for row in json.loads(shown)}
    assert (rows[defaulter]["state"], rows[defaulter]["month"]) == ("first", 0)
    assert all(row["state"] != "untouched" for row in rows.values())


def test_horizon_draws_the_same_course_from_the_same_seed(command, book: Path) -> None:
    first, second, other = (command("horizon", book, "--seed", seed, "--format", "csv").out for seed in (7, 7, 8))
    assert first == second
    assert first != other


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "give either --default, once for each member, or --seed"),
        (["--default", "M1", "--seed", "7"], "give either --default"),
        (["--default", "nobody"], "first defaulter 'nobody' not found"),
        (["--default", "nobody@x"], "first defaulter 'nobody@x' not found"),
        (["--default", "M00001@x"], "--default M00001@x: the month after @ must be a whole number from 0, got 'x'"),
        (["--default", "M00001@-1"], "the month after @ must be a whole number from 0, got '-1'"),
        (["--seed", "7", "--correlation", "1"], "correlation must be at least 0 and below 1"),
        (["--seed", "7", "--time", "years=3"], "'years' is not known; the names are: months"),
        (["--seed", "7", "--time", "months=0"], "months must be a whole number of months from 1"),
        (["--seed", "7", "--term", "settlement=threshold"], "a horizon settles by waterfall"),
    ],
)
def test_horizon_refuses_what_it_cannot_answer(command, book: Path, arguments: list[str], message: str) -> None:
    done = command("horizon", book, *arguments)
    assert done.code == 2
    assert message in done.err


def test_an_id_with_an_at_sign_is_found_as_it_is(command, tmp_path: Path) -> None:
    members = pd.DataFrame({"member_id": ["a@1", "b"], "resources_fen": [0, 0]})
    circles.write_portfolio(circles.Portfolio.from_frames(as_of="2007-12-29", members=members), tmp_path / "two")
    shown = command("horizon", "two", "--default", "a@1", "--default", "b@3", "--members", "--format", "json").out
    assert {row["member_id"]: row["month"] for row in json.loads(shown)} == {"a@1": 0, "b": 3}


def test_backtest_reads_who_defaulted(command, book: Path, tmp_path: Path, defaulter: str) -> None:
    (tmp_path / "seen.csv").write_text(f"name,member_id\nx,{defaulter}\n", encoding="utf-8-sig")
    done = command("backtest", book, "--observed", "seen.csv")
    assert done.code == 0, done.err
    assert "1 of 150 members defaulted" in done.out
    assert "Brier score" in done.out
    named = command("backtest", book, "--default", defaulter, "--grade-column", "city", "--format", "csv").out
    grades = pd.read_csv(io.StringIO(named))
    assert grades["observed"].sum() == 2, "in its city and in all"
    assert grades["grade"].iloc[-1] == "all"


def test_backtest_wants_to_know_who_defaulted(command, book: Path, tmp_path: Path) -> None:
    done = command("backtest", book)
    assert done.code == 2
    assert "say who defaulted" in done.err
    (tmp_path / "nobody.csv").write_text("member_id\n", encoding="utf-8")
    assert "0 of 150 members defaulted" in command("backtest", book, "--observed", "nobody.csv").out


@pytest.mark.parametrize(
    ("content", "message"), [("member\nM1\n", "has no column member_id, got member"), (None, "cannot be read")]
)
def test_backtest_says_what_is_wrong_with_the_file(
    command, book: Path, tmp_path: Path, content: str | None, message: str
) -> None:
    if content is not None:
        (tmp_path / "seen.csv").write_text(content, encoding="utf-8")
    done = command("backtest", book, "--observed", "seen.csv")
    assert done.code == 2
    assert message in done.err
