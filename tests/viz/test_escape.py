"""Hostile text stays text."""

import json

import pandas as pd
import pytest

from circles.viz.escape import clean_text, escape_html, escape_json


@pytest.mark.parametrize("missing", [None, float("nan"), pd.NA, pd.NaT])
def test_a_missing_value_is_an_empty_text(missing: object) -> None:
    assert clean_text(missing) == ""


def test_line_breaks_tabs_and_controls_become_one_blank() -> None:
    assert clean_text("a\r\nb\tc\x00d\u2028e") == "a b c d e"


def test_direction_marks_are_removed_and_letters_are_kept() -> None:
    assert clean_text("\u202egnp.exe\u202c شركة 绍兴") == "gnp.exe شركة 绍兴"


def test_half_a_character_is_replaced_so_that_the_page_can_be_written() -> None:
    assert clean_text("a\ud800b").encode("utf-8") == "a\ufffdb".encode()


def test_a_cut_is_visible_and_exact() -> None:
    assert clean_text("x" * 201) == "x" * 199 + "…"
    assert clean_text("x" * 200) == "x" * 200


def test_markup_and_quotes_are_escaped() -> None:
    assert escape_html("<b a='1' c=\"2\">&") == "&lt;b a=&#x27;1&#x27; c=&quot;2&quot;&gt;&amp;"


def test_json_in_a_script_cannot_end_it_and_means_the_same() -> None:
    data = {"name": "</script><!--&\u2028\u2029 绍兴"}
    text = escape_json(data)
    assert not set("<>&\u2028\u2029") & set(text)
    assert json.loads(text) == data


def test_json_refuses_numbers_that_a_browser_cannot_read() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        escape_json([float("nan")])
