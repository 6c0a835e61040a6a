"""What is exported can be read by others: every node, edge and attribute, whatever the ids and texts."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from collections import Counter
from pathlib import Path

import networkx as nx
import pandas as pd
import pytest

import circles

HOSTILE = [
    "`}) DETACH DELETE n //",
    '<member id="x">&amp; ]]></member>',
    "  blanks, \t tab, \r\n lines  ",
    '"quoted\\" \\u0041',
    "circle:C1",
    "浙江𠮷田" + "长" * 300,
    "NA",
    "=1+1",
]
GEXF = "{http://www.gexf.net/1.2draft}"


def read_back(path: Path) -> nx.MultiDiGraph:
    """Read a graph file as its users do."""
    if path.suffix == ".graphml":
        return nx.read_graphml(path, force_multigraph=True)
    if path.suffix == ".gexf":
        return nx.MultiDiGraph(nx.read_gexf(path))
    return nx.node_link_graph(json.loads(path.read_text(encoding="utf-8")), edges="edges")


def edges_of(graph: nx.MultiDiGraph, layer: str) -> list[tuple[str, str, dict]]:
    return [(a, b, data) for a, b, data in graph.edges(data=True) if data["layer"] == layer]


@pytest.fixture(params=["graphml", "gexf", "json"])
def suffix(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(scope="module")
def hostile() -> circles.Portfolio:
    """Eight members whose ids and names are as bad as can be, each layer with an edge or two."""
    ids = pd.Series(HOSTILE, dtype="str")
    return circles.Portfolio.from_frames(
        as_of="2007-12-29",
        members=pd.DataFrame(
            {
                "member_id": ids,
                "name": ids[::-1].to_numpy(),
                "default_probability": [0.1, None, 1e-9, 0, 1, 0.3, 0.2, 0.5],
            }
        ).assign(resources_fen=pd.array([10**15, None, 0, 1, 2, 3, 4, 5], dtype="Int64")),
        trades=pd.DataFrame(
            {
                "seller_id": ids[[0, 0, 1]].to_numpy(),
                "buyer_id": ids[[1, 1, 0]].to_numpy(),
                "period": pd.to_datetime(["2007-03-01", "2007-11-01", "2007-12-01"]),
                "amount_fen": [100, 250, 7],
                "trade_count": pd.array([2, None, None], dtype="Int64"),
            }
        ),
        acquaintances=pd.DataFrame(
            {"member_a": ids[[0, 2]].to_numpy(), "member_b": ids[[1, 3]].to_numpy(), "kind": HOSTILE[1:3]}
        ),
        exclusions=pd.DataFrame({"member_a": ids[[0]], "member_b": ids[4]}),
        links=pd.DataFrame({"member_a": ids[[5]], "member_b": ids[6], "kind": "phone"}),
        circles=pd.DataFrame({"circle_id": ["C1", HOSTILE[2]], "deposit_fen": pd.array([5, None], dtype="Int64")}),
        circle_members=pd.DataFrame(
            {"circle_id": ["C1", "C1", HOSTILE[2], HOSTILE[2]], "member_id": ids[[0, 1, 2, 3]].to_numpy()}
        ),
        loans=pd.DataFrame({"loan_id": ["L1", "L2"], "borrower_id": ids[[4, 4]].to_numpy(), "balance_fen": [40, 2]}),
        guarantees=pd.DataFrame(
            {
                "guarantee_id": ["G1", "G2"],
                "guarantor_id": ids[[5, 5]].to_numpy(),
                "borrower_id": ids[[4, 4]].to_numpy(),
                "amount_fen": [9, 1],
            }
        ).assign(starts_on=pd.to_datetime(["2007-01-02", None])),
        receivables=pd.DataFrame({"supplier_id": ids[[6]], "buyer_id": ids[7], "amount_fen": [77]}),
    )


def test_ids_and_texts_come_back_as_they_were(hostile, suffix: str, tmp_path: Path) -> None:
    circles.export_graph(hostile, tmp_path / f"book.{suffix}")
    graph = read_back(tmp_path / f"book.{suffix}")
    members = {name: data for name, data in graph.nodes(data=True) if data["node_kind"] == "member"}
    assert list(members) == HOSTILE
    assert [data["member_id"] for data in members.values()] == HOSTILE
    assert [data["name"] for data in members.values()] == HOSTILE[::-1]
    others = [name for name in graph if name not in members]
    assert others == ["circle::C1", f"circle::{HOSTILE[2]}"], "a member is called circle:C1 already"
    assert [graph.nodes[name]["circle_id"] for name in others] == ["C1", HOSTILE[2]]


def test_every_layer_comes_back_with_its_attributes(hostile, suffix: str, tmp_path: Path) -> None:
    circles.export_graph(hostile, tmp_path / f"book.{suffix}")
    graph = read_back(tmp_path / f"book.{suffix}")
    assert Counter(data["layer"] for *_, data in graph.edges(data=True)) == {
        "trade": 2, "membership": 4, "acquaintance": 2, "guarantee": 2, "receivable": 1, "exclusion": 1, "link": 1,
    }  # fmt: skip
    (trade,) = [data for a, b, data in edges_of(graph, "trade") if (a, b) == (HOSTILE[0], HOSTILE[1])]
    kept = {name: trade[name] for name in trade if name not in {"id", "layer"}}
    assert kept == {
        "amount_fen": 350,
        "months": 2,
        "first_period": "2007-03",
        "last_period": "2007-11",
        "trade_count": 2,
    }
    first, second = sorted(edges_of(graph, "guarantee"), key=lambda edge: edge[2]["guarantee_id"])
    assert first[:2] == (HOSTILE[5], HOSTILE[4])
    assert (first[2]["amount_fen"], first[2]["starts_on"]) == (9, "2007-01-02")
    assert "starts_on" not in second[2]
    assert edges_of(graph, "receivable")[0][:2] == (HOSTILE[7], HOSTILE[6]), "who owes comes first"
    assert [data["kind"] for *_, data in edges_of(graph, "acquaintance")] == HOSTILE[1:3]
    without_direction = {data["layer"] for *_, data in graph.edges(data=True) if data.get("undirected") == 1}
    assert without_direction == {"acquaintance", "exclusion", "link"}


def test_numbers_come_back_exactly_and_what_is_missing_is_left_out(hostile, suffix: str, tmp_path: Path) -> None:
    circles.export_graph(hostile, tmp_path / f"book.{suffix}")
    graph = read_back(tmp_path / f"book.{suffix}")
    first, second, third, fifth = (graph.nodes[HOSTILE[place]] for place in (0, 1, 2, 4))
    assert (first["resources_fen"], first["default_probability"], third["default_probability"]) == (10**15, 0.1, 1e-9)
    assert isinstance(first["resources_fen"], int)
    assert not {"resources_fen", "default_probability", "loans", "region"} & set(second)
    assert (fifth["loans"], fifth["loan_balance_fen"]) == (2, 42)


def test_a_sample_portfolio_comes_back_whole_in_each_format(suffix: str, tmp_path: Path) -> None:
    portfolio = circles.generate_portfolio(members=300, trades=900, seed=7)
    circles.export_graph(portfolio, tmp_path / f"book.{suffix}")
    graph = read_back(tmp_path / f"book.{suffix}")
    assert len(graph) == len(portfolio.members) + len(portfolio.circles)
    sold = portfolio.trades.groupby(["seller_id", "buyer_id"])["amount_fen"].sum()
    assert {(a, b): data["amount_fen"] for a, b, data in edges_of(graph, "trade")} == sold.to_dict()
    for layer, table in {
        "membership": "circle_members", "acquaintance": "acquaintances", "guarantee": "guarantees",
        "receivable": "receivables", "exclusion": "exclusions", "link": "links",
    }.items():  # fmt: skip
        assert len(edges_of(graph, layer)) == len(portfolio.table(table)), layer
    for member, data in zip(portfolio.members.itertuples(), graph.nodes(data=True), strict=False):
        assert data[1]["annual_sales_fen"] == member.annual_sales_fen
        assert data[1]["registered_on"] == str(member.registered_on.date())


def test_gexf_has_the_structure_that_gephi_reads(hostile, tmp_path: Path) -> None:
    circles.export_graph(hostile, tmp_path / "book.gexf")
    root = ET.parse(tmp_path / "book.gexf").getroot()
    assert (root.tag, root.get("version")) == (f"{GEXF}gexf", "1.2")
    assert [child.tag.removeprefix(GEXF) for child in root] == ["meta", "graph"]
    graph = root[1]
    assert [child.tag.removeprefix(GEXF) for child in graph] == ["attributes", "attributes", "nodes", "edges"]
    nodes = [node.get("id") for node in graph[2]]
    assert len(set(nodes)) == len(nodes)
    edges = list(graph[3])
    assert len({edge.get("id") for edge in edges}) == len(edges) == 13
    assert {end for edge in edges for end in (edge.get("source"), edge.get("target"))} <= set(nodes)
    assert {edge.get("type") for edge in edges} == {"directed"}
    for declared, owners in ((graph[0], graph[2]), (graph[1], graph[3])):
        known = {attribute.get("id") for attribute in declared}
        assert {attribute.get("type") for attribute in declared} <= {"string", "long", "double"}
        assert all([child.tag for child in owner] == [f"{GEXF}attvalues"] for owner in owners)
        assert {value.get("for") for owner in owners for value in owner[0]} <= known


def test_a_file_states_its_date_currency_and_unit(hostile, tmp_path: Path) -> None:
    circles.export_graph(hostile, tmp_path / "book.graphml")
    facts = nx.read_graphml(tmp_path / "book.graphml").graph
    assert (facts["as_of"], facts["currency"]) == ("2007-12-29", "CNY")
    assert facts["unit"] == "amounts, in names that end in _fen, are whole hundredths of CNY"


@pytest.mark.parametrize("character", ["\x0b", "\x1b", "\ufffe"])
def test_control_characters_are_refused_in_xml_with_their_place_and_held_by_json(
    character: str, tmp_path: Path
) -> None:
    name = f"A{character}B"
    portfolio = circles.Portfolio.from_frames(
        as_of="2007-12-29", members=pd.DataFrame({"member_id": ["M1"], "name": [name]})
    )
    for suffix in ("graphml", "gexf"):
        with pytest.raises(
            circles.InputError, match=r"members\.name: 'A.*B' has a character that XML cannot hold; .json"
        ):
            circles.export_graph(portfolio, tmp_path / f"book.{suffix}")
    assert list(tmp_path.iterdir()) == [], "whole or not at all"
    circles.export_graph(portfolio, tmp_path / "book.json")
    assert read_back(tmp_path / "book.json").nodes["M1"]["name"] == name


def test_half_a_surrogate_pair_is_refused_by_every_format(suffix: str, tmp_path: Path) -> None:
    members = pd.DataFrame({"member_id": pd.Series(["M\ud800"], dtype=object)})
    portfolio = circles.Portfolio.from_frames(as_of="2007-12-29", members=members)
    with pytest.raises(circles.InputError, match=r"members\.member_id: 'M\\ud800' has"):
        circles.export_graph(portfolio, tmp_path / f"book.{suffix}")


def test_an_unknown_extension_is_refused_with_the_known_ones(hostile, tmp_path: Path) -> None:
    with pytest.raises(circles.InputError, match=r"must be one of .graphml, .gexf, .json, got '.xlsx'"):
        circles.export_graph(hostile, tmp_path / "book.xlsx")


def test_a_portfolio_of_nobody_is_an_empty_graph(suffix: str, tmp_path: Path) -> None:
    nobody = circles.Portfolio.from_frames(as_of="2007-12-29", members=pd.DataFrame({"member_id": []}))
    circles.export_graph(nobody, tmp_path / f"book.{suffix}")
    assert len(read_back(tmp_path / f"book.{suffix}")) == 0
