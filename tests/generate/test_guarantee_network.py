"""The guarantee network has the known aggregates of a real provincial one; a small one has its proportions."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest

from circles.generate import generate_portfolio
from circles.generate.existing_circles import draw_circles
from circles.generate.guarantee_network import count_firms, draw_network
from circles.generate.hubs import choose_hubs
from circles.generate.population import draw_population
from circles.generate.profile import ZHEJIANG_2007
from circles.generate.streams import open_stream
from circles.generate.street import take_stretches, walk_streets

DAY = np.datetime64("2007-12-29", "D")


def draw_graph(seed: int, members: int) -> nx.DiGraph:
    """Draw the network as a portfolio of that seed has it."""
    population = draw_population(seed, members, profile=ZHEJIANG_2007, day=DAY)
    street = walk_streets(population, open_stream(seed, "street"))
    hubs = choose_hubs(population)
    outside = draw_circles(seed, population, street=street, hubs=hubs).mask_members(members) | ~population.settled
    outside[hubs] = True
    network = draw_network(seed, population, street=street, outside=outside)
    graph = nx.DiGraph()
    graph.add_edges_from(zip(network.guarantor.tolist(), network.borrower.tolist(), strict=True))
    assert graph.number_of_edges() == len(network.guarantor)
    return graph


def count_rings(graph: nx.DiGraph, longest: int) -> dict[int, int]:
    lengths = [len(ring) for ring in nx.simple_cycles(graph, length_bound=longest)]
    return {length: lengths.count(length) for length in sorted(set(lengths))}


@pytest.fixture(scope="module", params=[7, 20071229])
def whole(request: pytest.FixtureRequest) -> nx.DiGraph:
    return draw_graph(request.param, 250_000)


def test_a_whole_network_has_the_known_components(whole) -> None:
    parts = sorted(nx.weakly_connected_components(whole), key=len)
    assert len(whole) == 18_711
    assert whole.number_of_edges() == 13_478
    assert len(parts) == 7_158
    assert sum(len(part) == 2 for part in parts) == 6_573
    assert len(parts[-1]) == 464
    assert nx.diameter(whole.subgraph(parts[-1]).to_undirected()) == 18


def test_a_whole_network_has_the_known_rare_shapes(whole) -> None:
    assert sum(whole.has_edge(b, a) for a, b in whole.edges) == 2 * 9
    assert count_rings(whole, 8) == {2: 9, 3: 3, 4: 1}
    assert sum(1 for firm in whole if whole.in_degree(firm) and whole.out_degree(firm)) == 509
    assert nx.dag_longest_path_length(nx.condensation(whole)) == 5


def test_a_whole_network_has_the_known_stars(whole) -> None:
    guaranteed_by = sorted(degree for _, degree in whole.in_degree())
    guarantees_for = sorted(degree for _, degree in whole.out_degree())
    assert (guaranteed_by[-1], guarantees_for[-1]) == (89, 75)
    assert guaranteed_by[-2] < 75
    assert guarantees_for[-2] < 75
    assert np.median([degree for _, degree in whole.degree()]) == 1


def test_the_guarantees_table_holds_the_network() -> None:
    guarantees = generate_portfolio(members=85_000, trades=0, seed=11).guarantees
    share = 0.12 * 85_000 / 18_711
    assert len(guarantees) == round(13_478 * share)
    graph = nx.DiGraph(zip(guarantees["guarantor_id"], guarantees["borrower_id"], strict=True))
    assert nx.number_weakly_connected_components(graph) == round(7_158 * share)
    assert count_rings(graph, 6) == {2: 5, 3: 2, 4: 1}


@pytest.mark.parametrize(
    ("members", "firms"),
    [(0, 0), (3_000, 360), (155_925, 18_711), (200_000, 18_711), (250_000, 18_711), (1_000_000, 74_844)],
)
def test_a_part_of_a_province_has_more_of_its_members_in_the_network(members: int, firms: int) -> None:
    assert count_firms(members) == firms


def test_a_sample_of_three_thousand_has_the_rare_shapes_too() -> None:
    small = draw_graph(7, 3_000)
    mutual = sum(small.has_edge(b, a) for a, b in small.edges) // 2
    assert mutual == 2
    assert count_rings(small, 3)[3] >= 1


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
