"""What looks odd: each finding once where it holds, and not where it does not."""

import numpy as np
import pandas as pd
import pytest
from health.books_to_examine import YUAN, build_book

from circles import Portfolio, examine_portfolio, generate_portfolio


def codes_of(portfolio: Portfolio) -> list[str]:
    return examine_portfolio(portfolio).findings["code"].tolist()


def text_of(portfolio: Portfolio, code: str) -> str:
    (text,) = examine_portfolio(portfolio).findings.query("code == @code")["text"]
    return str(text)


@pytest.fixture(scope="module")
def sound() -> Portfolio:
    return generate_portfolio(members=300, trades=600, seed=11)


def times(portfolio: Portfolio, table: str, column: str, factor: float) -> Portfolio:
    frame = portfolio.table(table)
    amounts = (frame[column].astype("float64") * factor).round().astype(frame[column].dtype)
    return portfolio.replace(**{table: frame.assign(**{column: amounts})})


def test_a_sound_book_has_no_findings(sound: Portfolio) -> None:
    assert codes_of(sound) == []
    assert "nothing looks odd" in str(examine_portfolio(sound))


@pytest.mark.parametrize(
    ("table", "column"),
    [("members", "annual_sales_fen"), ("members", "registered_capital_fen"), ("loans", "balance_fen")],
)
def test_ten_thousand_yuan_given_as_yuan_is_seen(sound: Portfolio, table: str, column: str) -> None:
    found = examine_portfolio(times(sound, table, column, 1e-4)).findings
    row = found[found["code"] == "unit_too_small"].iloc[0]
    assert (row["table"], row["column"]) == (table, column.removesuffix("_fen"))
    assert "it looks like 万元 given as yuan" in row["text"]


@pytest.mark.parametrize(("table", "column"), [("members", "annual_sales_fen"), ("loans", "balance_fen")])
def test_yuan_given_as_ten_thousand_yuan_is_seen(sound: Portfolio, table: str, column: str) -> None:
    assert "unit_too_large" in codes_of(times(sound, table, column, 1e4))


def test_tables_in_different_units_are_seen_in_any_currency(sound: Portfolio) -> None:
    """Baht have no usual amounts here, but loans of a thousand times the sales are odd in any money."""
    tables = {name: sound.table(name) for name in ("members", "loans", "circles", "circle_members", "trades")}
    thai = Portfolio.from_frames(as_of=sound.as_of, currency="THB", **tables)
    assert codes_of(thai) == []
    assert codes_of(times(thai, "members", "annual_sales_fen", 1e-4)) == ["unit_mismatch", "unit_mismatch"]


def test_per_cent_given_as_fractions_are_seen() -> None:
    """1 per cent written as 1, .8 per cent as .8: nothing refuses them, for both are fractions."""
    assert "1 % is written 0.01" in text_of(build_book(default_probability=[0.8] * 12), "unit_percent")


def test_few_values_say_nothing_about_their_unit() -> None:
    few = [5 * YUAN] * 9 + [None] * 3
    assert "unit_too_small" not in codes_of(build_book(annual_sales_fen=pd.array(few, dtype="Int64")))


def test_what_engines_will_refuse_is_said_with_the_remedy() -> None:
    missing = pd.array([1_000 * YUAN] * 11 + [None], dtype="Int64")
    book = build_book(resources_fen=missing, default_probability=[0.02] * 10 + [None, None])
    assert text_of(book, "missing_resources").endswith("have no resources; fill them, or run circles estimate")
    assert text_of(book, "missing_default_probability").startswith("2 of 12 members have no default probability")


def test_mostly_estimates_are_said() -> None:
    book = build_book(resources_source=["estimated"] * 7 + ["declared"] * 5)
    assert text_of(book, "many_estimates") == "resources of 7 of 12 members are estimates: so are most results"
    assert "many_estimates" not in codes_of(build_book(resources_source=["estimated"] * 6 + ["declared"] * 6))


def test_dates_after_the_date_of_the_data_are_said_only_of_the_past() -> None:
    later = np.array(["2008-01-01"] + ["2007-12-29"] * 11, dtype="datetime64[s]")
    found = examine_portfolio(build_book(registered_on=later, certified_until=later)).findings
    assert found.query("code == 'later_date'")[["column", "rows"]].to_numpy().tolist() == [["registered_on", 1]]


def test_gaps_in_trade_and_old_trade_are_said() -> None:
    assert text_of(build_book(), "empty_months") == "9 of the last 13 months have no trade, the first 2007-01"
    old = build_book().replace(trades=build_book().trades.head(1))
    assert codes_of(old) == ["stale_trade"]
    assert text_of(old, "stale_trade") == "the last trade is of 2006-12, more than 3 months before 2007-12-29"
