"""The Neo4j store's database: what is refused, what is never touched, and what survives."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import neo4j
import pandas as pd
import pytest
from neo4j.exceptions import Neo4jError
from portfolios_for_stores import assert_same, hostile_portfolio, small_portfolio
from server.running_server import free_port

from circles.errors import InputError, StoreError
from circles.graph import open_graph
from circles.graph.neo4j import connection, loading, lock
from circles.graph.neo4j import store as stores
from circles.graph.neo4j.content import FORMAT
from circles.graph.neo4j.statements import statement
from circles.portfolio import Portfolio


def count_labels(driver: neo4j.Driver) -> dict[str, int]:
    records, _, _ = driver.execute_query("MATCH (n) RETURN labels(n)[0] AS label, count(*) AS nodes", database_="neo4j")
    return {record["label"]: record["nodes"] for record in records}


def count_everything(driver: neo4j.Driver) -> tuple[int, int]:
    records, _, _ = driver.execute_query(
        "OPTIONAL MATCH (n) OPTIONAL MATCH (n)-[r]->() RETURN count(DISTINCT n) AS nodes, count(r) AS edges",
        database_="neo4j",
    )
    return records[0]["nodes"], records[0]["edges"]


@pytest.fixture
def graph(store_address):
    with open_graph(store_address) as store:
        yield store


@pytest.fixture
def small_size(graph, driver):
    """Nodes and relationships of the small portfolio, saved once."""
    graph.save(small_portfolio())
    return count_everything(driver)


class TestAddresses:
    @pytest.mark.parametrize(
        ("address", "message"),
        [
            ("neo4j://", "must name a server and nothing else, got 'neo4j://'; give neo4j://HOST:7687"),
            ("neo4j://localhost/people", "must name a server and nothing else"),
            ("neo4j://localhost?database=people", "must name a server and nothing else"),
            ("bolt://localhost:many", "is none of a Neo4j server"),
            ("bolt://localhost:700000", "is none of a Neo4j server"),
        ],
    )
    def test_an_address_that_is_none_is_refused(self, address, message):
        with pytest.raises(InputError, match=message.replace("?", r"\?")):
            open_graph(address)

    def test_a_password_in_the_address_is_refused_and_not_shown(self):
        with pytest.raises(InputError, match="must not hold a user or password; set CIRCLES_NEO4J_USER") as error:
            open_graph("neo4j://me:hush@localhost:7687")
        assert "hush" not in str(error.value)

    def test_where_no_server_answers_the_message_says_so_at_once(self):
        begun = time.monotonic()
        with pytest.raises(StoreError, match=r"no Neo4j server answers.*start it \(circles neo4j start\), or check"):
            open_graph(f"neo4j://localhost:{free_port()}")
        assert time.monotonic() - begun < 5

    def test_a_store_that_was_closed_can_be_closed_again(self, graph):
        graph.close()
        graph.close()


class TestWhoIsLetIn:
    def test_a_wrong_password_is_refused_and_not_shown(self, store_address, monkeypatch):
        monkeypatch.setenv("CIRCLES_NEO4J_PASSWORD", "hush-hush")
        with pytest.raises(StoreError, match="refuses the user or password; set CIRCLES_NEO4J_USER and") as error:
            open_graph(store_address)
        assert "hush" not in str(error.value)

    def test_a_password_from_the_settings_goes_before_the_one_of_the_local_server(
        self, store_address, neo4j_server, monkeypatch
    ):
        monkeypatch.setenv("CIRCLES_NEO4J_PASSWORD", neo4j_server.password)
        open_graph(store_address.replace("neo4j://", "bolt://")).close()

    def test_a_database_that_is_not_there_is_refused(self, store_address, monkeypatch):
        monkeypatch.setenv("CIRCLES_NEO4J_DATABASE", "people")
        with pytest.raises(StoreError, match="has no database of that name; set CIRCLES_NEO4J_DATABASE"):
            open_graph(store_address)


class TestErrorsOfTheServer:
    """What cannot be brought about on a server that other tests use, by the codes that real ones gave."""

    @pytest.mark.parametrize("agent", ["Neo4j/4.4.41", "Memgraph/3.0", "Neo4j/dev", ""])
    def test_an_older_or_other_server_is_refused(self, agent):
        with pytest.raises(StoreError, match="circles needs Neo4j 5 or newer"):
            connection.check_version(agent, "bolt://bank")

    @pytest.mark.parametrize("agent", ["Neo4j/5.26.31", "Neo4j/2025.10.1"])
    def test_newer_servers_are_taken(self, agent):
        connection.check_version(agent, "bolt://bank")

    @pytest.mark.parametrize(
        ("code", "message"),
        [
            ("Neo.ClientError.General.WriteOnReadOnlyAccessDatabase", "may only be read, so nothing was written"),
            ("Neo.ClientError.Cluster.NotALeader", "write through the leader"),
            ("Neo.ClientError.Security.AuthenticationRateLimit", "refuses the password too often; wait a little"),
            ("Neo.ClientError.Security.CredentialsExpired", "wants a new password for this user"),
            ("Neo.ClientError.Security.Forbidden", "this user may not do that"),
            ("Neo.TransientError.General.MemoryPoolOutOfMemoryError", "the server is out of memory"),
            ("Neo.TransientError.General.DatabaseUnavailable", "its disk is full"),
            ("Neo.DatabaseError.Transaction.TransactionCommitFailed", "its disk may be full"),
            ("Neo.DatabaseError.Transaction.TransactionStartFailed", "its disk may be full"),
            ("Neo.TransientError.Transaction.DeadlockDetected", "the server is too busy"),
            ("Neo.DatabaseError.Schema.ConstraintCreationFailed", "the server failed: said so"),
            ("Neo.ClientError.Statement.SyntaxError", "the server refused: said so"),
        ],
    )
    def test_every_refusal_says_what_to_do(self, code, message):
        with pytest.raises(StoreError, match=f"^bolt://bank: .*{message}"), connection.explain("bolt://bank"):
            raise Neo4jError._hydrate_neo4j(code=code, message="said so\nat length")


class TestOtherData:
    def test_a_database_that_holds_something_else_is_refused_and_kept(self, graph, driver):
        driver.execute_query("CREATE (:Customer {load: 1})-[:BUYS]->(:Product)", database_="neo4j")
        with pytest.raises(StoreError, match=r"holds something else \(2 nodes, Customer, Product\), so nothing was"):
            graph.save(small_portfolio())
        assert count_labels(driver) == {"Customer": 1, "Product": 1}

    def test_forced_to_it_loads_beside_the_other_data_and_keeps_them(self, store_address, driver):
        driver.execute_query("CREATE (:Customer)-[:BUYS]->(:Member {memberId: 'M1'})", database_="neo4j")
        with open_graph(store_address, force=True) as graph:
            for portfolio in (small_portfolio(), hostile_portfolio(), small_portfolio()):
                graph.save(portfolio)
                assert_same(graph.load(), portfolio)
            assert len(graph.neighbourhood("M1").nodes) == 5
        assert count_labels(driver)["Member"] == 7 + 1
        records, _, _ = driver.execute_query("MATCH (:Customer)-[b:BUYS]->(:Member) RETURN b", database_="neo4j")
        assert len(records) == 1

    def test_a_newer_format_is_refused_by_every_question(self, graph, driver):
        graph.save(small_portfolio())
        driver.execute_query("MATCH (p:Portfolio) SET p.format = p.format + 1", database_="neo4j")
        message = f"has format {FORMAT + 1}, this version of circles reads up to {FORMAT}; upgrade circles"
        for act in (graph.load, graph.summary, lambda: graph.save(hostile_portfolio())):
            with pytest.raises(StoreError, match=message):
                act()

    def test_an_older_format_is_refused_by_every_question_and_replaced_by_a_load(self, graph, driver):
        graph.save(small_portfolio())
        driver.execute_query("MATCH (p:Portfolio) SET p.format = p.format - 1", database_="neo4j")
        message = f"has format {FORMAT - 1}, this version of circles reads {FORMAT}; load the dataset again"
        for act in (graph.load, graph.summary, lambda: graph.neighbourhood("M1")):
            with pytest.raises(StoreError, match=message):
                act()
        graph.save(small_portfolio())
        assert_same(graph.load(), small_portfolio())

    def test_a_database_with_the_constraints_of_before_keeps_them_and_takes_a_load(self, graph, driver):
        names = {"Member": "circles_member_position", "Circle": "circles_circle_position"}
        graph.save(hostile_portfolio())
        try:
            for label, name in names.items():
                driver.execute_query(f"DROP INDEX {name}", database_="neo4j")
                unique = f"CREATE CONSTRAINT {name} FOR (n:{label}) REQUIRE (n.load, n.position) IS UNIQUE"
                driver.execute_query(unique, database_="neo4j")
            graph.save(small_portfolio())
            assert_same(graph.load(), small_portfolio())
            assert "M1" in graph.neighbourhood("M1", 2).nodes["member_id"].tolist()
        finally:
            for name in names.values():
                driver.execute_query(f"DROP CONSTRAINT {name} IF EXISTS", database_="neo4j")

    @pytest.mark.parametrize(
        ("statement", "message"),
        [
            ("MATCH (m:Member {memberId: 'M1'}) SET m.name = 'x'", "is not what was saved: another program changed it"),
            ("MATCH ()-[s:SELLS_TO]->() SET s.amountsFen = [7]", "is not what was saved|is no valid portfolio"),
            ("MATCH (m:Member {memberId: 'M1'}) SET m.name = 7, m.joinedOn = 'soon'", "is no valid portfolio"),
            ("MATCH (m:Member {memberId: 'M1'}) SET m.position = 99", "is no valid portfolio|is not what was saved"),
            ("MATCH (m:Member {memberId: 'M1'}) DETACH DELETE m", "is no valid portfolio|is not what was saved"),
        ],
    )
    def test_what_another_program_changed_is_not_given_out(self, graph, driver, statement, message):
        graph.save(small_portfolio())
        driver.execute_query(statement, database_="neo4j")
        with pytest.raises(StoreError, match=f"what the store holds ({message})"):
            graph.load()
        graph.save(small_portfolio())
        assert_same(graph.load(), small_portfolio())


class TestLoads:
    def test_a_load_that_was_broken_off_goes_on_where_it_stopped(self, graph, driver, small_size, monkeypatch):
        graph.save(hostile_portfolio())
        with monkeypatch.context() as patch:
            break_at(patch, "loans")
            with pytest.raises(KeyboardInterrupt):
                graph.save(small_portfolio())
        (begun,) = [load for load in read_loads(driver) if load["batches"] == 5]
        seen = []
        monkeypatch.setattr(loading, "_add", spy(loading._add, seen))
        graph.save(small_portfolio())
        assert seen == ["loans", "guarantees", "receivables"]
        assert read_loads(driver) == [{**begun, "batches": 8}]
        assert_same(graph.load(), small_portfolio())
        assert count_everything(driver) == small_size

    def test_a_load_that_was_broken_off_is_removed_when_another_portfolio_comes(
        self, graph, driver, small_size, monkeypatch
    ):
        with monkeypatch.context() as patch:
            break_at(patch, "loans")
            with pytest.raises(KeyboardInterrupt):
                graph.save(hostile_portfolio())
        graph.save(small_portfolio())
        assert count_everything(driver) == small_size
        assert_same(graph.load(), small_portfolio())

    @pytest.mark.parametrize("next_one", [small_portfolio, hostile_portfolio])
    def test_a_removal_that_was_broken_off_is_completed_and_its_load_never_read_again(
        self, graph, driver, small_size, monkeypatch, next_one
    ):
        """The small portfolio is half removed when it, or the other one, is saved again."""
        with monkeypatch.context() as patch:
            patch.setattr(loading, "_REMOVED_AT_ONCE", 2)
            patch.setattr(loading, "write", stop_after(loading.write, "load/remove_members"))
            with pytest.raises(KeyboardInterrupt):
                graph.save(hostile_portfolio())
        assert_same(graph.load(), hostile_portfolio())
        assert count_labels(driver)["Load"] == 2
        graph.save(next_one())
        assert_same(graph.load(), next_one())
        assert count_labels(driver)["Load"] == 1
        graph.save(small_portfolio())
        assert count_everything(driver) == small_size

    def test_what_is_written_twice_because_an_answer_was_lost_is_there_once(
        self, graph, driver, small_size, monkeypatch
    ):
        """The driver runs a transaction again if the connection breaks before it knows how the first ended."""
        write = neo4j.Session.execute_write

        def write_twice(self, work):
            write(self, work)
            return write(self, work)

        circles = pd.DataFrame({"circle_id": ["P", "P"], "member_id": ["M1", "M2"]})
        graph.write_circles(circles, "proposed")
        graph.write_failures(pd.DataFrame({"member_id": ["M1"], "round": [0]}), "run")
        expected = count_everything(driver)
        monkeypatch.setattr(neo4j.Session, "execute_write", write_twice)
        graph.save(small_portfolio())
        graph.write_circles(circles, "proposed")
        assert count_everything(driver) == expected
        assert expected > small_size
        assert_same(graph.load(), small_portfolio())

    def test_a_load_that_another_program_removes_is_told_so_at_the_next_batch(self, graph, driver, monkeypatch):
        def remove(done, total):
            driver.execute_query("MATCH (n) WHERE NOT n:LoadLock DETACH DELETE n", database_="neo4j")

        with pytest.raises(StoreError, match="the load was changed by another program before it was complete"):
            graph.save(small_portfolio(), progress=remove)
        graph.save(small_portfolio())
        assert_same(graph.load(), small_portfolio())

    def test_an_id_too_long_for_an_index_is_refused_by_place(self, graph):
        members = pd.DataFrame({"member_id": ["M1", "x" * 10_000]})
        with pytest.raises(InputError, match=r"members:1: member_id has 10,000 characters.* at most 2,000: 'xxx"):
            graph.save(Portfolio.from_frames(as_of="2007-12-29", members=members))
        graph.save(small_portfolio())
        circles = pd.DataFrame({"circle_id": ["P" * 2_001], "member_id": ["M1"]})
        with pytest.raises(InputError, match=r"written_circles:0: circle_id has 2,001 characters"):
            graph.write_circles(circles, "proposed")
        with pytest.raises(InputError, match="kind has 2,001 characters"):
            graph.write_circles(circles[:0], "k" * 2_001)

    def test_the_longest_ids_of_the_widest_characters_are_kept(self, graph):
        ids = ["🤝" * 2_000, "🤝" * 1_999 + "!"]
        portfolio = Portfolio.from_frames(as_of="2007-12-29", members=pd.DataFrame({"member_id": ids}))
        graph.save(portfolio)
        assert_same(graph.load(), portfolio)
        assert graph.neighbourhood(ids[1]).nodes["member_id"].tolist() == [ids[1]]


class TestTwoLoads:
    def test_a_load_while_another_is_under_way_is_refused(self, graph, driver, monkeypatch):
        monkeypatch.setattr(lock, "LOCK_SECONDS", 0.2)
        graph.save(small_portfolio())
        with driver.session(database="neo4j") as other, other.begin_transaction() as work:
            work.run("MATCH (lock:LoadLock) SET lock.taken = true").consume()
            with pytest.raises(StoreError, match="another load is under way; try again when it has finished"):
                graph.save(hostile_portfolio())
            assert_same(graph.load(), small_portfolio())
        graph.save(hostile_portfolio())
        assert_same(graph.load(), hostile_portfolio())

    def test_an_index_that_another_program_creates_at_this_moment_is_there(self, graph, driver, monkeypatch):
        write, names = loading.write, ("member_position", "member_id")

        def create_too_late(session, names):
            error = Neo4jError._hydrate_neo4j(
                code="Neo.ClientError.Schema.EquivalentSchemaRuleAlreadyExists", message="said so"
            )
            raise error

        def write_too_late(session, name, /, **parameters):
            write(session, name, **parameters)
            if name == "schema/member_position":
                create_too_late(session, name)

        for name in names:
            driver.execute_query(f"DROP INDEX circles_{name} IF EXISTS", database_="neo4j")
        monkeypatch.setattr(loading, "_create_together", create_too_late)
        monkeypatch.setattr(loading, "write", write_too_late)
        with driver.session(database="neo4j") as session:
            loading.prepare(session)
            there = session.run(statement("read/indexes")).single()["names"]
        assert {f"circles_{name}" for name in names} <= set(there)

    def test_two_programs_that_load_at_once_leave_one_whole_portfolio(self, store_address, driver):
        """Also into a new database, where both create the indexes; who comes second is refused or waits."""
        driver.execute_query("DROP INDEX circles_member_position IF EXISTS", database_="neo4j")
        command = [sys.executable, "-c", LOADER, store_address, str(Path(__file__).parent)]
        begun = [
            subprocess.Popen([*command, name], stdout=subprocess.PIPE, text=True)
            for name in ("small_portfolio", "hostile_portfolio")
        ]
        said = {loader.communicate()[0].strip() for loader in begun}
        assert said <= {"saved", f"{store_address}: another load is under way; try again when it has finished"}
        assert "saved" in said
        with open_graph(store_address) as graph:
            assert graph.load().digest() in {small_portfolio().digest(), hostile_portfolio().digest()}
            graph.save(small_portfolio())
        assert count_labels(driver)["Member"] == 7


LOADER = """
import sys
sys.path[:0] = [sys.argv[2]]
import portfolios_for_stores
from circles.errors import StoreError
from circles.graph import open_graph
portfolio = getattr(portfolios_for_stores, sys.argv[3])()
with open_graph(sys.argv[1]) as graph:
    try:
        graph.save(portfolio)
        print("saved")
    except StoreError as error:
        print(error)
"""


def break_at(monkeypatch: pytest.MonkeyPatch, table: str) -> None:
    add = loading._add

    def stop(session, batch, **named):
        if batch.table == table:
            raise KeyboardInterrupt
        add(session, batch, **named)

    monkeypatch.setattr(loading, "_add", stop)


def spy(add, seen: list[str]):
    def note(session, batch, **named):
        seen.append(batch.table)
        add(session, batch, **named)

    return note


def stop_after(write, name: str):
    def stop(session, called, /, **parameters):
        found = write(session, called, **parameters)
        if called == name:
            raise KeyboardInterrupt
        return found

    return stop


def read_loads(driver: neo4j.Driver) -> list[dict]:
    records, _, _ = driver.execute_query(
        "MATCH (l:Load) RETURN l.load AS load, l.digest AS digest, l.batches AS batches ORDER BY load",
        database_="neo4j",
    )
    return [record.data() for record in records]


def test_a_question_is_asked_again_when_another_portfolio_was_loaded_meanwhile(graph, monkeypatch):
    graph.save(hostile_portfolio())
    read, other = stores.read_portfolio, [small_portfolio()]

    def read_late(session, head):
        if other:
            graph.save(other.pop())
        return read(session, head)

    monkeypatch.setattr(stores, "read_portfolio", read_late)
    assert_same(graph.load(), small_portfolio())
