"""Whom of a cascade a map keeps when there is no room for all: nobody falls without a cause that is drawn."""

import numpy as np
import pandas as pd
import pytest
from books_to_draw import weaken
from hypothesis import given, settings
from hypothesis import strategies as st

from circles.contagion import Cascade, run_cascade
from circles.portfolio import Portfolio
from circles.settlement import Terms
from circles.viz import Map, draw_map
from circles.viz.edges import OPEN_SINCE, OPEN_UNTIL, Ends
from circles.viz.grouping import Grouping
from circles.viz.spread import take_touched

NO_CIRCLES = Grouping(
    circles=pd.DataFrame({"circle_id": []}),
    circle=np.zeros(0, dtype=np.int32),
    member=np.zeros(0, dtype=np.int32),
    amount_fen=np.zeros(0, dtype=np.int64),
)


def fall(pairs: list[tuple[int, int]]) -> Ends:
    ends = np.array(pairs, dtype=np.int32).reshape(-1, 2)
    return Ends(
        kind="failure",
        source=ends[:, 0],
        target=ends[:, 1],
        amount_fen=np.zeros(len(ends), dtype=np.int64),
        since=np.full(len(ends), OPEN_SINCE),
        until=np.full(len(ends), OPEN_UNTIL),
    )


def take(pairs: list[tuple[int, int]], states: list[str], exposure: list[int], limit: int) -> set[int]:
    taken = take_touched(
        NO_CIRCLES,
        [fall(pairs)],
        np.array(states, dtype=object),
        harmless=np.zeros(len(states), dtype=np.bool_),
        exposure=np.array(exposure, dtype=np.int64),
        limit=limit,
    )
    return set(np.flatnonzero(taken).tolist())


def test_a_late_failure_comes_with_the_whole_way_to_it() -> None:
    """0 brings down 1, 2, 3 and 4 one after another; 4 is the most exposed, 5 falls with 0 and matters little."""
    pairs, states = [(0, 1), (1, 2), (2, 3), (3, 4), (0, 5)], ["first", *["contagious"] * 5]
    assert take(pairs, states, [1, 1, 1, 1, 99, 2], 5) == {0, 1, 2, 3, 4}
    assert take(pairs, states, [1, 1, 1, 1, 99, 2], 4) == {0, 5, 1, 2}


def test_the_shortest_way_is_taken_over_the_most_exposed() -> None:
    pairs, states = [(0, 1), (1, 3), (0, 2), (2, 3), (1, 2)], ["first", *["contagious"] * 3]
    assert take(pairs, states, [1, 5, 4, 99], 3) == {0, 1, 3}


@pytest.mark.parametrize(("limit", "wanted"), [(40, {"first": 1, "contagious": 19, "paid": 4, "hurt": 16})])
def test_those_that_stand_have_half_of_the_room_in_proportion(limit: int, wanted: dict[str, int]) -> None:
    states = ["first", *["contagious"] * 60, *["paid"] * 20, *["hurt"] * 80]
    taken = take([(0, member) for member in range(1, 61)], states, [1] * len(states), limit)
    counts = pd.Series([states[member] for member in taken]).value_counts().to_dict()
    assert counts == wanted


def test_many_first_defaults_leave_a_quarter_of_the_room_to_what_follows() -> None:
    states = [*["first"] * 50, *["contagious"] * 10]
    taken = take([(0, member) for member in range(50, 60)], states, [99] * 50 + [1] * 10, 20)
    assert len(taken) == 20
    assert len([member for member in taken if states[member] == "contagious"]) == 5


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 40))
def test_nobody_falls_without_a_way_from_a_first_default(seed: int, limit: int) -> None:
    random = np.random.default_rng(seed)
    states = ["first"] * 3 + ["contagious"] * 30 + ["paid"] * 5 + ["hurt"] * 10 + ["untouched"] * 4
    pairs = [(int(random.integers(0, member)), member) for member in range(3, 33) for _ in range(2)]
    taken = take(pairs, states, random.integers(0, 9, len(states)).tolist(), limit)
    assert len(taken) <= limit
    caused = {member for member in taken if states[member] != "contagious"}
    for _ in range(31):
        caused |= {two for one, two in pairs if one in caused and two in taken}
    assert caused == taken


def ruin_many() -> tuple[Portfolio, Cascade]:
    """Sixty members in a row, each of which owes its neighbour more than that one can bear."""
    ids = [f"M{place:03d}" for place in range(60)]
    book = Portfolio.from_frames(
        as_of="2007-12-29",
        members=pd.DataFrame({"member_id": ids, "resources_fen": 1}),
        receivables=pd.DataFrame({"buyer_id": ids[:-1], "supplier_id": ids[1:], "amount_fen": 100_00}),
    )
    return book, run_cascade(book, ["M000"], Terms())


def test_a_limited_map_says_of_each_state_how_many_are_gone() -> None:
    book, cascade = ruin_many()
    drawn: Map = draw_map(book, cascade=cascade, limit=10)
    assert drawn.nodes["member_id"].tolist() == [f"M{place:03d}" for place in range(10)]
    assert (drawn.edges["kind"] == "failure").sum() == 9
    assert drawn.omitted[:2] == (
        "50 of 60 members touched by the cascade or in a circle with one that was are not drawn: the limit is 10. "
        "Name a member to narrow the view.",
        "Not drawn, by state: contagious default 50.",
    )


def test_members_with_causes_that_are_not_drawn_are_counted() -> None:
    book, cascade = ruin_many()
    around = draw_map(book, cascade=cascade, member="M030")
    assert around.nodes["member_id"].tolist() == ["M029", "M030", "M031"]
    assert "1 member drawn was brought down by members that are not drawn too." in around.omitted


def test_a_cascade_with_room_for_all_is_whole(book: Portfolio) -> None:
    weak = weaken(book)
    drawn = draw_map(weak, cascade=run_cascade(weak, ["M0000"], Terms(cross_default=False)))
    assert not [sentence for sentence in drawn.omitted if "state" in sentence or "brought down" in sentence]
