"""Tables for terminals and programs."""

import json

import numpy as np
import pandas as pd
import pytest

from circles.errors import InputError
from circles.report import render_table

FRAME = pd.DataFrame(
    {
        "member_id": ["M1", "会员二", "=cmd"],
        "paid_fen": pd.array([123456, pd.NA, 0], dtype="Int64"),
        "rate": [0.123456, np.nan, 1.0],
        "on": pd.to_datetime(["2007-12-29", None, "2008-01-01"]).astype("datetime64[s]"),
        "failed": [True, False, True],
        "count": [1234567, 2, 3],
    }
)


def test_text_shows_money_in_yuan_and_aligns_chinese() -> None:
    lines = render_table(FRAME, "text").splitlines()
    assert lines[0].split() == ["member_id", "paid", "rate", "on", "failed", "count"]
    assert lines[1] == "M1         1,234.56  0.1235  2007-12-29  yes     1,234,567"
    assert lines[2].split() == ["会员二", "no", "2"]
    assert lines[2].index("no") + len("会员二") == lines[1].index("yes")
    assert lines[3].startswith("=cmd           0.00")


def test_text_keeps_one_row_on_one_line_without_terminal_commands() -> None:
    frame = pd.DataFrame({"name": ["a\nb\x1b[31mred\u202e"]})
    assert render_table(frame, "text").splitlines() == ["name", "a b [31mred"]


def test_csv_keeps_fen_and_disarms_formulas() -> None:
    lines = render_table(FRAME, "csv").splitlines()
    assert lines[0] == "member_id,paid_fen,rate,on,failed,count"
    assert lines[1] == "M1,123456,0.123456,2007-12-29,True,1234567"
    assert lines[2] == "会员二,,,,False,2"
    assert lines[3].startswith("'=cmd,0,1.0,2008-01-01")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_every_start_of_a_formula_is_disarmed_and_negative_numbers_stay(start: str) -> None:
    text = render_table(pd.DataFrame({"a": [f"{start}1"], "b_fen": [-5]}), "csv")
    assert f"'{start}1" in text
    assert text.rstrip().endswith(",-5")


def test_json_is_plain_and_complete() -> None:
    rows = json.loads(render_table(FRAME, "json"))
    assert rows[0] == {
        "member_id": "M1",
        "paid_fen": 123456,
        "rate": 0.123456,
        "on": "2007-12-29",
        "failed": True,
        "count": 1234567,
    }
    assert rows[1]["paid_fen"] is None
    assert rows[1]["rate"] is None
    assert rows[1]["on"] is None


def test_half_a_character_does_not_stop_the_output() -> None:
    frame = pd.DataFrame({"name": ["\ud800x"]}, dtype=object)
    for form in ("text", "csv", "json"):
        assert render_table(frame, form).encode("utf-8")


def test_an_empty_table_has_its_headings() -> None:
    empty = FRAME.head(0)
    assert render_table(empty, "text").split() == ["member_id", "paid", "rate", "on", "failed", "count"]
    assert render_table(empty, "csv") == "member_id,paid_fen,rate,on,failed,count\n"
    assert json.loads(render_table(empty, "json")) == []


def test_an_unknown_form_is_refused() -> None:
    with pytest.raises(InputError, match="form must be one of text, csv, json, got 'xml'"):
        render_table(FRAME, "xml")
