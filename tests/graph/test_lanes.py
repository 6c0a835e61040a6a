"""Work in lanes: in order within each, at once between them, and errors come to whoever gives it."""

from __future__ import annotations

import threading

import pytest

from circles.graph.neo4j.lanes import Lanes


def test_lanes_work_at_once_and_each_in_order() -> None:
    order: list[int] = []
    met, done = threading.Barrier(2), []

    def work(number: int) -> int:
        if number < 2:
            met.wait(10)  # which needs both lanes at the same time
        order.append(number)
        return number

    with Lanes(2, done.append) as lanes:
        for number in range(20):
            lanes.give(number % 2, lambda number=number: work(number))
        lanes.wait()
        assert sorted(done) == list(range(20))
    assert [number for number in order if number % 2] == list(range(1, 20, 2))
    assert [number for number in order if not number % 2] == list(range(0, 20, 2))


def test_an_error_comes_to_whoever_gives_or_waits_and_what_waits_is_not_begun() -> None:
    begun: list[int] = []
    let_go = threading.Event()

    def fail() -> int:
        let_go.wait(10)
        raise ValueError("broken")

    def give_all(lanes: Lanes) -> None:
        lanes.give(0, fail)
        lanes.give(0, lambda: begun.append(1) or 1)
        let_go.set()
        lanes.wait()

    with pytest.raises(ValueError, match="broken"), Lanes(1, begun.append) as lanes:
        give_all(lanes)
    assert len(begun) <= 1, "the one that waited may have begun before the error was seen"
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("circles-lane")]


def test_who_gives_waits_while_a_lane_has_enough() -> None:
    let_go, given = threading.Event(), []

    def give_three(lanes: Lanes) -> None:
        for number in range(3):
            lanes.give(0, lambda: let_go.wait(10) or 0)
            given.append(number)

    with Lanes(1, lambda rows: None) as lanes:
        giver = threading.Thread(target=give_three, args=(lanes,))
        giver.start()
        giver.join(0.2)
        assert given == [0, 1]
        let_go.set()
        giver.join(10)
        assert given == [0, 1, 2]
