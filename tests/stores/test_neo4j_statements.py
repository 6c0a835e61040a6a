"""The Cypher statements: each parses on the server, says its parameters, and is used."""

from __future__ import annotations

import re
from pathlib import Path

import neo4j
import pandas as pd
import pytest
from portfolios_for_stores import IDS, hostile_portfolio, small_portfolio

from circles.errors import StoreError
from circles.graph import bulk, open_graph
from circles.graph.neo4j.statements import cypher_folder, statement

PARAMETER_MISSING = "01N60"
OF_THE_BULK_LOAD = {"load/mark_imported", "read/count_nodes"}
FILES = sorted(cypher_folder().glob("*/*.cypher"))
NAMES = [f"{path.parent.name}/{path.stem}" for path in FILES]


@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_a_statement_begins_with_what_it_does_and_its_parameters(path: Path):
    lines = path.read_text(encoding="utf-8").splitlines()
    head = " ".join(line[3:] for line in lines if line.startswith("// "))
    what, _, parameters = head.partition("Parameters:")
    assert what.strip().endswith((".", ")", "leaving"))
    used = set(re.findall(r"\$(\w+)", "\n".join(line for line in lines if not line.startswith("//"))))
    named = set(re.findall(r"\w+", parameters))
    assert used <= named or "list" in parameters, used - named
    assert used or parameters.strip() == "none."
    assert max(map(len, lines)) <= 120


def test_every_statement_parses_on_the_server_without_a_remark(store_address, driver):
    with open_graph(store_address) as graph:
        graph.save(hostile_portfolio())  # so that the server knows every label, relationship and property
        graph.write_circles(pd.DataFrame({"circle_id": ["P"], "member_id": IDS[:1]}), "proposed")
        graph.write_failures(pd.DataFrame({"member_id": IDS[:1], "round": 0}), "run")
    for name in NAMES:
        _, summary, _ = driver.execute_query(f"EXPLAIN {statement(name)}", database_="neo4j")
        remarks = {status.gql_status for status in summary.gql_status_objects if status.is_notification}
        assert remarks <= {PARAMETER_MISSING}, name


def test_members_and_circles_are_sought_by_place_and_never_locked_for_it(store_address, driver):
    with open_graph(store_address) as graph:
        graph.save(small_portfolio())
    by_place = [name for name in NAMES if "{load: $load, position: " in statement(name)]
    assert len(by_place) == 15
    for name in by_place:
        _, summary, _ = driver.execute_query(f"EXPLAIN {statement(name)}", database_="neo4j")
        steps = list_steps(summary.plan)
        assert any(step.startswith("NodeIndexSeek") for step in steps), name
        assert not [step for step in steps if "Scan" in step or "Locking" in step], name


def test_every_statement_is_used(store_address, driver, monkeypatch):
    """Everything a store can do, twice where the second time is different, from a database without indexes."""
    drop_indexes(driver)
    ran = record_queries(monkeypatch)
    members = small_portfolio().members["member_id"]
    with open_graph(store_address) as graph:
        driver.execute_query("CREATE (:Customer)", database_="neo4j")
        with pytest.raises(StoreError, match="holds something else"):
            graph.save(small_portfolio())
        driver.execute_query("MATCH (other:Customer) DELETE other", database_="neo4j")
        graph.save(hostile_portfolio())
        graph.save(small_portfolio())
        graph.load()
        graph.neighbourhood("M1", 2)
        graph.guarantee_chain("M1")
        graph.write_circles(pd.DataFrame({"circle_id": "P", "member_id": members}), "proposed")
        graph.write_failures(pd.DataFrame({"member_id": members, "round": 0}), "run")
        graph.circles_of("M1")
        graph.read_circles("proposed")
        graph.read_failures("run")
        graph.save(hostile_portfolio())
        graph.load()
    assert {name for name in NAMES if statement(name) not in ran} == OF_THE_BULK_LOAD


def test_the_bulk_load_uses_its_statements():
    code = "".join(path.read_text(encoding="utf-8") for path in Path(bulk.__file__).parent.glob("*.py"))
    for name in OF_THE_BULK_LOAD:
        assert f'"{name}"' in code, name


def list_steps(plan: dict) -> list[str]:
    return [plan["operatorType"], *(step for part in plan.get("children", ()) for step in list_steps(part))]


def drop_indexes(driver: neo4j.Driver) -> None:
    kinds = {
        "constraint": "SHOW CONSTRAINTS YIELD name",
        "index": "SHOW INDEXES YIELD name, type WHERE type <> 'LOOKUP'",
    }
    for kind, show in kinds.items():
        for record in driver.execute_query(f"{show} RETURN name", database_="neo4j").records:
            driver.execute_query(f"DROP {kind} {record['name']}", database_="neo4j")


def record_queries(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    ran: set[str] = set()
    for kind in (neo4j.Session, neo4j.ManagedTransaction, neo4j.Transaction):
        run = kind.run

        def note(self, query, *arguments, _run=run, **named):
            ran.add(query)
            return _run(self, query, *arguments, **named)

        monkeypatch.setattr(kind, "run", note)
    return ran
