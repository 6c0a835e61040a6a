"""The embedded store's file: what is refused, what is never touched, and what survives."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

import pandas as pd
import pytest
from portfolios_for_stores import assert_same, hostile_portfolio, small_portfolio

from circles.errors import InputError, StoreError
from circles.graph import open_graph
from circles.graph.embedded import connection as files
from circles.graph.embedded import queries
from circles.graph.embedded.schema import INDEXES, SCHEMA_VERSION
from circles.portfolio import TABLES, Portfolio


@pytest.fixture
def path(tmp_path):
    return tmp_path / "circles.db"


@pytest.fixture
def saved(path):
    with open_graph(f"sqlite:///{path}") as graph:
        graph.save(small_portfolio())
    return path


@pytest.fixture
def impatient(monkeypatch):
    monkeypatch.setattr(files, "BUSY_SECONDS", 0.05)


@pytest.fixture
def public_folder():
    """A folder outside the tests' private one, which only its owner can enter."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)
        Path(name).chmod(0o755)


@pytest.fixture
def ordinary_user():
    """Permissions mean nothing to root, so give them up for a while."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    yield
    os.seteuid(0)


class TestAddresses:
    @pytest.mark.parametrize(
        ("address", "message"),
        [
            ("circles.db", "must start with a scheme, got 'circles.db'; for a file give sqlite:///circles.db"),
            ("mysql://x", "unknown scheme 'mysql' in 'mysql://x'; these are known: sqlite, neo4j, "),
            ("sqlite://circles.db", "three slashes before its name, got 'sqlite://circles.db'; give sqlite:///NAME"),
            ("sqlite:///", "must name a file, got ''"),
            ("sqlite:///:memory:", "must name a file, got ':memory:'"),
            pytest.param("sqlite:///a\0b", "must name a file", id="nul"),
            ("sqlite:////", "is a folder or device"),
            ("sqlite:////dev/null", "is a folder or device"),
            ("sqlite:///nowhere/at/all/circles.db", "does not exist, create it first"),
            pytest.param(f"sqlite:///{'x' * 5000}", "cannot be opened: File name too long", id="long"),
        ],
    )
    def test_an_address_that_is_none_is_refused(self, address, message):
        with pytest.raises(InputError) as error:
            open_graph(address)
        assert message in str(error.value)

    def test_a_relative_name_is_in_the_working_folder(self, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        with open_graph("sqlite:///in it #1 100% 会员?mode=ro.db") as graph:
            graph.save(small_portfolio())
        assert (tmp_path / "in it #1 100% 会员?mode=ro.db").is_file()

    def test_nothing_is_created_before_something_is_saved(self, path):
        with open_graph(f"sqlite:///{path}") as graph, pytest.raises(StoreError):
            graph.load()
        assert list(path.parent.iterdir()) == []

    def test_an_empty_file_is_taken_over(self, path):
        path.touch()
        with open_graph(f"sqlite:///{path}") as graph:
            graph.save(small_portfolio())
            assert_same(graph.load(), small_portfolio())

    def test_a_store_that_was_closed_can_be_closed_again(self, saved):
        graph = open_graph(f"sqlite:///{saved}")
        graph.close()
        graph.close()
        assert_same(graph.load(), small_portfolio())
        graph.close()


class TestForeignFiles:
    @pytest.mark.parametrize("content", [b"member_id,name\nM1,x\n" * 50, b"xy", b"SQLite format 3\0" + b"\xff" * 500])
    def test_a_file_that_is_not_sqlite_is_refused_and_kept(self, path, content):
        path.write_bytes(content)
        with pytest.raises(StoreError, match="is not a SQLite file, so it is no graph store"):
            open_graph(f"sqlite:///{path}")
        assert path.read_bytes() == content

    @pytest.mark.parametrize(
        ("statement", "held"),
        [
            ("CREATE TABLE members (x)", "tables such as 'members'"),
            ("PRAGMA application_id = 5", "the mark of another program"),
            ("PRAGMA user_version = 5", "the mark of another program"),
        ],
    )
    def test_somebody_elses_database_is_refused_and_kept(self, path, statement, held):
        with closing(sqlite3.connect(path)) as other:
            other.execute(statement)
        before = path.read_bytes()
        with pytest.raises(StoreError, match=f"holds something else \\({held}\\), so nothing was written"):
            open_graph(f"sqlite:///{path}")
        assert path.read_bytes() == before

    def test_a_database_that_appears_while_the_store_is_open_is_kept(self, path):
        with open_graph(f"sqlite:///{path}") as graph:
            with closing(sqlite3.connect(path)) as other:
                other.execute("CREATE TABLE theirs (x)")
            with pytest.raises(StoreError, match="holds something else"):
                graph.save(small_portfolio())

    def test_a_newer_schema_is_refused_also_when_it_appears_later(self, saved):
        with open_graph(f"sqlite:///{saved}") as graph:
            with closing(sqlite3.connect(saved)) as newer:
                newer.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
            message = f"has schema {SCHEMA_VERSION + 1}, this version of circles reads up to {SCHEMA_VERSION}; upgrade"
            for act in (graph.load, graph.summary, lambda: graph.save(hostile_portfolio())):
                with pytest.raises(StoreError, match=message):
                    act()
        with pytest.raises(StoreError, match=message):
            open_graph(f"sqlite:///{saved}")

    def test_an_older_sqlite_is_refused(self, saved, monkeypatch):
        monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 34, 1))
        with pytest.raises(StoreError, match=r"needs SQLite 3\.37 or newer"):
            open_graph(f"sqlite:///{saved}")


def test_an_id_of_any_length_is_kept(path):
    members = pd.DataFrame({"member_id": ["x" * 10_000, "y"]})
    portfolio = Portfolio.from_frames(as_of="2007-12-29", members=members)
    with open_graph(f"sqlite:///{path}") as graph:
        graph.save(portfolio)
        assert_same(graph.load(), portfolio)
        assert len(graph.neighbourhood("x" * 10_000).nodes) == 1


class TestDamage:
    def test_damaged_pages_are_said_so(self, saved):
        content = bytearray(saved.read_bytes())
        content[4096:] = b"\xa5" * (len(content) - 4096)
        saved.write_bytes(content)
        with pytest.raises(StoreError, match="is damaged; remove it and load the dataset again"):
            open_graph(f"sqlite:///{saved}").load()

    @pytest.mark.parametrize(
        ("statement", "message"),
        [
            ("UPDATE trades SET amount_fen = amount_fen + 1", "is not what was saved: another program changed it"),
            ("UPDATE members SET name = 'x'", "is not what was saved: another program changed it"),
            ("DELETE FROM members WHERE member_id = 'M1'", "is no valid portfolio"),
        ],
    )
    def test_what_another_program_changed_is_not_given_out(self, saved, statement, message):
        with closing(sqlite3.connect(saved)) as other:
            other.execute(statement)
            other.commit()
        with open_graph(f"sqlite:///{saved}") as graph:
            with pytest.raises(StoreError, match=f"circles.db: what the store holds {message}"):
                graph.load()
            graph.save(small_portfolio())
            assert_same(graph.load(), small_portfolio())

    def test_a_full_disk_leaves_what_was_there(self, saved):
        with open_graph(f"sqlite:///{saved}") as graph:
            graph._connection.execute("PRAGMA max_page_count = 1")
            with pytest.raises(StoreError, match="the disk is full; nothing was changed"):
                graph.save(hostile_portfolio())
            assert_same(graph.load(), small_portfolio())


class TestLocks:
    def test_saving_while_another_process_writes_is_refused(self, saved, impatient):
        with closing(sqlite3.connect(saved, isolation_level=None)) as other, open_graph(f"sqlite:///{saved}") as graph:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(StoreError, match="is locked: another process is writing to it; try again when it has"):
                graph.save(hostile_portfolio())
            other.execute("ROLLBACK")
            graph.save(hostile_portfolio())
            assert_same(graph.load(), hostile_portfolio())

    def test_reading_goes_on_while_another_process_is_in_the_middle_of_a_save(self, saved):
        with closing(sqlite3.connect(saved, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            other.execute("DROP TABLE trades")
            other.execute("DELETE FROM members")
            with open_graph(f"sqlite:///{saved}") as graph:
                assert_same(graph.load(), small_portfolio())
                assert len(graph.neighbourhood("M1").edges) == 6
            other.execute("ROLLBACK")

    def test_a_file_that_another_program_keeps_to_itself_is_refused(self, saved, impatient):
        with closing(sqlite3.connect(saved, isolation_level=None)) as other:
            other.execute("PRAGMA locking_mode = EXCLUSIVE")
            other.execute("BEGIN EXCLUSIVE")
            with pytest.raises(StoreError, match="is locked"):
                open_graph(f"sqlite:///{saved}")
            other.execute("ROLLBACK")


class TestPermissions:
    def test_a_file_that_may_only_be_read_is_read_and_kept(self, public_folder, request):
        path = public_folder / "circles.db"
        with open_graph(f"sqlite:///{path}") as graph:
            graph.save(small_portfolio())
        path.chmod(0o444)
        public_folder.chmod(0o777)
        request.getfixturevalue("ordinary_user")
        with open_graph(f"sqlite:///{path}") as graph:
            assert_same(graph.load(), small_portfolio())
            with pytest.raises(StoreError, match="may not be written; give yourself write permission"):
                graph.save(hostile_portfolio())
            assert_same(graph.load(), small_portfolio())

    def test_a_folder_that_may_not_be_written_is_refused(self, public_folder, request):
        public_folder.chmod(0o555)
        request.getfixturevalue("ordinary_user")
        with (
            open_graph(f"sqlite:///{public_folder / 'circles.db'}") as graph,
            pytest.raises(StoreError, match="the file and its folder must be readable and writable"),
        ):
            graph.save(small_portfolio())
        assert list(public_folder.iterdir()) == []


class TestTables:
    def test_tables_are_strict_and_references_are_enforced(self, saved):
        with closing(files.connect(saved)) as connection:
            strict = dict(connection.execute("SELECT name, strict FROM pragma_table_list WHERE schema = 'main'"))
            assert all(strict[name] for name in TABLES)
            assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
            with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
                connection.execute("UPDATE trades SET seller_id = 'nobody'")
            with pytest.raises(sqlite3.IntegrityError, match="cannot store TEXT value in INTEGER column"):
                connection.execute("UPDATE trades SET amount_fen = 'much'")

    def test_a_table_refers_only_to_those_declared_before_it(self):
        """Tables are created in this order and removed in the opposite one, with references enforced."""
        names = list(TABLES)
        for table in TABLES.values():
            for column in table.columns:
                assert column.refers_to is None or names.index(column.refers_to) < names.index(table.name)

    def test_every_index_names_columns_that_exist(self):
        for index in INDEXES:
            assert set(index.columns) <= set(TABLES[index.table].frame_names)

    def test_no_question_about_a_member_reads_a_whole_table(self, saved):
        statements = [*queries._STEPS, *(layer.edges() for layer in queries._LAYERS), queries._CIRCLE_EDGES]
        statements += [
            queries._CHAIN_STEP,
            queries._CHAIN_EDGES,
            queries._CHAIN_MEMBERS,
            queries._GOES_ON,
            queries._CIRCLES_OF,
        ]
        names = {"member": "M1", "hop": 0, "hops": 1, "since": None, "until": None}
        with closing(files.connect(saved)) as connection:
            connection.execute(queries._REACHED)
            for statement in [*statements, queries._REACHED_MEMBERS]:
                plan = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {statement}", names)]
                whole = {step.split()[1] for step in plan if step.startswith("SCAN")}
                assert whole <= {"near", "reached", "temp.reached", "CONSTANT", "(subquery-3)", "portfolio"}, plan


def test_importing_the_package_and_naming_a_store_loads_nothing_heavy():
    script = (
        "import sys, circles.graph\n"
        "from circles.graph import GraphStore, open_graph\n"
        "print(sorted({'pandas', 'numpy', 'scipy', 'networkx', 'neo4j', 'sqlite3'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
