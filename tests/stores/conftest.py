"""The stores that the contract runs on: every test in this folder that takes `store` or `case` runs on each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from neo4j import GraphDatabase
from portfolios_for_stores import small_portfolio

from circles.graph import open_graph
from circles.graph.embedded import content
from circles.graph.neo4j import loading


@dataclass(frozen=True)
class StoreCase:
    """One store under test: an address with nothing in it, and a way to break a save in its middle."""

    url: str
    break_next_save: Callable[[pytest.MonkeyPatch, type[BaseException]], None]


def embedded_case(request: pytest.FixtureRequest) -> StoreCase:
    def break_next_save(monkeypatch: pytest.MonkeyPatch, error: type[BaseException]) -> None:
        insert = content.insert_rows

        def insert_half(connection, frame, table, count):
            if table.name == "loans":
                raise error
            insert(connection, frame, table, count)

        monkeypatch.setattr(content, "insert_rows", insert_half)

    folder = request.getfixturevalue("tmp_path")
    return StoreCase(url=f"sqlite:///{folder / 'circles.db'}", break_next_save=break_next_save)


def neo4j_case(request: pytest.FixtureRequest) -> StoreCase:
    def break_next_save(monkeypatch: pytest.MonkeyPatch, error: type[BaseException]) -> None:
        cut = loading.cut_batches

        def cut_half(portfolio):
            for batch in cut(portfolio):
                if batch.table == "loans":
                    raise error
                yield batch

        monkeypatch.setattr(loading, "cut_batches", cut_half)

    return StoreCase(url=request.getfixturevalue("store_address"), break_next_save=break_next_save)


CASES = {"embedded": embedded_case, "neo4j": neo4j_case}
"""Every store by name; a further one joins here and nowhere else."""


@pytest.fixture(scope="session")
def driver(neo4j_server):
    """A way to the database beside the store, as another program would have it."""
    with GraphDatabase.driver(neo4j_server.address, auth=("neo4j", neo4j_server.password)) as way:
        yield way


@pytest.fixture
def empty_database(driver):
    """The database without any node; constraints and indexes stay."""
    driver.execute_query("MATCH (node) DETACH DELETE node", database_="neo4j")


@pytest.fixture
def store_address(empty_database, neo4j_server):
    """The address of the empty database."""
    return neo4j_server.address


@pytest.fixture(params=CASES)
def case(request):
    return CASES[request.param](request)


@pytest.fixture
def store(case):
    with open_graph(case.url) as graph:
        yield graph


@pytest.fixture
def small_store(store):
    store.save(small_portfolio())
    return store
