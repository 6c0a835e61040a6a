"""The guarantee network looks like the known aggregates of a real provincial one, drawn at the same size."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest

from circles.generate.guarantee_network import FIRMS_SHARE, draw_network
from circles.generate.population import draw_population
from circles.generate.profile import ZHEJIANG_2007
from circles.generate.streams import open_stream
from circles.generate.street import take_stretches, walk_streets

FIRMS = 18_711
DAY = np.datetime64("2007-12-29", "D")


def draw_graph(seed: int, members: int) -> nx.DiGraph:
    population = draw_population(seed, members, profile=ZHEJIANG_2007, day=DAY)
    street = walk_streets(population, open_stream(seed, "street"))
    network = draw_network(seed, population, street=street, outside=np.zeros(members, dtype=np.bool_))
    graph = nx.DiGraph()
    graph.add_edges_from(zip(network.guarantor.tolist(), network.borrower.tolist(), strict=True))
    assert graph.number_of_edges() == len(network.guarantor)
    return graph


@pytest.fixture(scope="module")
def graph() -> nx.DiGraph:
    return draw_graph(7, round(FIRMS / FIRMS_SHARE))


def test_firms_guarantees_and_components_are_within_five_percent(graph) -> None:
    sizes = [len(part) for part in nx.weakly_connected_components(graph)]
    assert len(graph) == pytest.approx(18_711, rel=0.05)
    assert graph.number_of_edges() == pytest.approx(13_478, rel=0.05)
    assert len(sizes) == pytest.approx(7_158, rel=0.05)
    assert sizes.count(2) == pytest.approx(6_573, rel=0.05)
    assert max(sizes) == pytest.approx(464, rel=0.05)


def test_rare_shapes_are_rare(graph) -> None:
    mutual = sum(graph.has_edge(b, a) for a, b in graph.edges) // 2
    rings = [len(ring) for ring in nx.simple_cycles(graph, length_bound=6)]
    assert mutual == 9
    assert rings.count(3) == 3
    assert len(rings) <= 9 + 3 + 3


def test_some_firms_are_on_both_sides_and_chains_stay_short(graph) -> None:
    both = sum(1 for firm in graph if graph.in_degree(firm) and graph.out_degree(firm))
    assert both == pytest.approx(509, rel=0.3)
    assert 4 <= nx.dag_longest_path_length(nx.condensation(graph)) <= 7


def test_degrees_have_tails_on_both_sides(graph) -> None:
    assert 20 <= max(degree for _, degree in graph.in_degree()) <= 150
    assert 20 <= max(degree for _, degree in graph.out_degree()) <= 150
    assert np.median([degree for _, degree in graph.degree()]) == 1


def test_a_sample_of_three_thousand_has_the_rare_shapes_too() -> None:
    small = draw_graph(7, 3_000)
    mutual = sum(small.has_edge(b, a) for a, b in small.edges) // 2
    assert mutual == 2
    assert any(len(ring) == 3 for ring in nx.simple_cycles(small, length_bound=3))


def test_nobody_guarantees_for_himself_and_outsiders_take_no_part() -> None:
    population = draw_population(3, 5_000, profile=ZHEJIANG_2007, day=DAY)
    street = walk_streets(population, open_stream(3, "street"))
    outside = np.arange(5_000) % 2 == 0
    network = draw_network(3, population, street=street, outside=outside)
    assert len(network.guarantor) > 100
    assert (network.guarantor != network.borrower).all()
    assert not outside[network.guarantor].any()
    assert not outside[network.borrower].any()


def test_stretches_are_runs_of_the_street_that_never_overlap() -> None:
    street = np.random.default_rng(5).permutation(40)
    runs = take_stretches(street, np.array([3, 5, 2, 30, 4]), open_stream(1, "runs"))
    where = np.argsort(street)
    assert np.bincount(runs.run).tolist() == [3, 5, 2, 30]
    assert len(set(runs.member.tolist())) == 40
    for run in range(4):
        assert (np.diff(where[runs.member[runs.run == run]]) == 1).all()
