"""Items made ahead: in order, with the errors of who makes them, and none left running."""

import threading
from collections.abc import Iterator

import pytest

from circles.graph.neo4j.ahead import make_ahead


def test_items_come_in_order_and_the_next_is_made_meanwhile() -> None:
    second_made = threading.Event()

    def make() -> Iterator[int]:
        yield 1
        second_made.set()
        yield 2

    items = make_ahead(make())
    assert next(items) == 1
    assert second_made.wait(10), "made although nobody asked for it yet"
    assert list(items) == [2]
    assert list(make_ahead(iter(()))) == []


def test_an_error_comes_where_the_item_would_have_come() -> None:
    def make() -> Iterator[int]:
        yield 1
        raise ValueError("broken")

    items = make_ahead(make())
    assert next(items) == 1
    with pytest.raises(ValueError, match="broken"):
        next(items)


def test_who_stops_early_leaves_no_thread() -> None:
    items = make_ahead(iter(range(100)))
    next(items)
    items.close()
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("circles-ahead")]
