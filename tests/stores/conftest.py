"""The stores that the contract runs on: every test in this folder that takes `store` or `case` runs on each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from portfolios_for_stores import small_portfolio

from circles.graph import open_graph
from circles.graph.embedded import content


@dataclass(frozen=True)
class StoreCase:
    """One store under test: an address with nothing in it, and a way to break a save in its middle."""

    url: str
    break_next_save: Callable[[pytest.MonkeyPatch, type[BaseException]], None]


def embedded_case(tmp_path: Path) -> StoreCase:
    def break_next_save(monkeypatch: pytest.MonkeyPatch, error: type[BaseException]) -> None:
        insert = content.insert_rows

        def insert_half(connection, frame, table, count):
            if table.name == "loans":
                raise error
            insert(connection, frame, table, count)

        monkeypatch.setattr(content, "insert_rows", insert_half)

    return StoreCase(url=f"sqlite:///{tmp_path / 'circles.db'}", break_next_save=break_next_save)


CASES = {"embedded": embedded_case}
"""Every store by name; a further one joins here and nowhere else."""


@pytest.fixture(params=CASES)
def case(request, tmp_path):
    return CASES[request.param](tmp_path)


@pytest.fixture
def store(case):
    with open_graph(case.url) as graph:
        yield graph


@pytest.fixture
def small_store(store):
    store.save(small_portfolio())
    return store
