"""Masked maps hold no id and no name."""

import re
from dataclasses import replace
from typing import Any

import pytest
from books_to_draw import build_book, propose, ruin, weaken

from circles.contagion import run_cascade
from circles.settlement import Terms
from circles.viz import Map, draw_map
from circles.viz.masking import number_all

NAMES = [f"Zhang Secret {place}" for place in range(11)]


def assert_masked(drawn: Map) -> None:
    page = drawn.html()
    assert not re.search(r"\bM00\d\d\b", page)
    assert not re.search(r"\bC00\d\b", page)
    assert "Secret" not in page


@pytest.mark.parametrize("member", [None, "M0001"])
def test_no_id_or_name_is_in_a_masked_map(member: str | None) -> None:
    book = weaken(build_book(names=NAMES))
    standstill = replace(Terms.preset("base"), standstill=("C000",))
    results: list[dict[str, Any]] = [
        {},
        {"cascade": ruin(book)},
        {"cascade": run_cascade(book, ["M0000"], standstill)},
        {"cascade": run_cascade(book, [], Terms.preset("base"))},
        {"proposal": propose(book, circles=1)},
    ]
    for result in results:
        plain, masked = (draw_map(book, member=member, mask=mask, **result) for mask in (False, True))
        assert_masked(masked)
        kept = ["state", "exposure_fen", "x", "y"]
        assert masked.nodes[kept].equals(plain.nodes[kept])
        assert masked.edges["amount_fen"].equals(plain.edges["amount_fen"])


def test_who_brought_down_whom_is_told_by_the_same_numbers() -> None:
    book = weaken(build_book(names=NAMES))
    numbers = number_all(book).members
    plain, masked = (draw_map(book, cascade=ruin(book), mask=mask) for mask in (False, True))
    assert masked.nodes["member_id"].tolist() == [numbers[member] for member in plain.nodes["member_id"]]
    assert masked.drawing.title == f"If {numbers['M0000']}, {numbers['M0002']} default"
    fallen = plain.nodes["hit_by"].fillna("").ne("").to_numpy()
    assert fallen.any()
    for hitters, alias in zip(plain.nodes["hit_by"][fallen], masked.nodes["hit_by"][fallen], strict=True):
        assert alias == ";".join(numbers[hitter] for hitter in hitters.split(";"))


def test_pseudonyms_are_distinct_and_not_in_the_order_of_ids() -> None:
    book = build_book(circles=20)
    numbers = list(number_all(book).members.values())
    assert len(set(numbers)) == len(book.members)
    assert numbers != sorted(numbers)
    assert numbers == list(number_all(book).members.values())


def test_a_title_of_the_callers_own_is_kept() -> None:
    assert draw_map(build_book(), mask=True, title="Board").drawing.title == "Board"
