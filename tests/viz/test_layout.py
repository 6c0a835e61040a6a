"""Places: nothing overlaps, and the same input gives the same picture."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from circles.viz.layout import arrange, measure_ring
from circles.viz.packing import Box, pack_boxes
from circles.viz.stress import separate_discs

NONE = np.zeros((0, 2), dtype=np.int32)


def nearest_gap(centres: np.ndarray, radii: np.ndarray) -> float:
    """The smallest free space between two discs; negative where they overlap."""
    apart = np.hypot(*(centres[:, None] - centres[None, :]).transpose(2, 0, 1))
    gap = apart - radii[:, None] - radii[None, :]
    np.fill_diagonal(gap, np.inf)
    return float(gap.min())


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(1, 9), min_size=2, max_size=25), st.integers(0, 2**32 - 1))
def test_circles_never_overlap_however_they_are_joined(sizes: list[int], seed: int) -> None:
    home = np.repeat(np.arange(len(sizes), dtype=np.int32), sizes)
    joined = np.random.default_rng(seed).integers(0, len(home), (len(sizes), 2)).astype(np.int32)
    layouts = arrange(home, joined, hulls=len(sizes))
    for layout in (layouts.wide, layouts.narrow):
        assert nearest_gap(layout.hulls, layout.radii) > 0
        assert np.isfinite(layout.nodes).all()


def test_members_stand_inside_their_circle_and_apart() -> None:
    home = np.repeat(np.arange(4, dtype=np.int32), [3, 4, 5, 12])
    layout = arrange(home, NONE, hulls=4).wide
    far = np.hypot(*(layout.nodes - layout.hulls[home]).T)
    assert (far + 15 < layout.radii[home]).all()
    assert nearest_gap(layout.nodes, np.full(len(home), 15.0)) > 0


def test_the_same_input_gives_the_same_places() -> None:
    home = np.array([0, 0, 0, 1, 1, 1, -1, -1], dtype=np.int32)
    joined = np.array([[0, 3], [1, 6], [6, 7]], dtype=np.int32)
    first, second = (arrange(home, joined, hulls=2).wide for _ in range(2))
    assert np.array_equal(first.nodes, second.nodes)
    assert np.array_equal(first.hulls, second.hulls)


def test_a_phone_has_five_columns_of_sixty_circles_where_a_screen_has_eleven() -> None:
    home = np.repeat(np.arange(60, dtype=np.int32), 5)
    layouts = arrange(home, NONE, hulls=60)
    assert len(np.unique(layouts.wide.hulls[:, 0])) == 11
    assert len(np.unique(layouts.narrow.hulls[:, 0])) == 5
    assert nearest_gap(layouts.narrow.hulls, layouts.narrow.radii) > 0


def test_a_chain_lies_on_a_screen_and_stands_on_a_phone() -> None:
    home = np.full(9, -1, dtype=np.int32)
    chain = np.array([[place, place + 1] for place in range(8)], dtype=np.int32)
    layouts = arrange(home, chain, hulls=0)
    width, height = np.ptp(layouts.wide.nodes, axis=0)
    assert width > 2 * height
    width, height = np.ptp(layouts.narrow.nodes, axis=0)
    assert height > 2 * width


def test_joined_members_stand_nearer_than_others() -> None:
    home = np.full(7, -1, dtype=np.int32)
    chain = np.array([[place, place + 1] for place in range(6)], dtype=np.int32)
    layout = arrange(home, chain, hulls=0).wide
    step = np.hypot(*(layout.nodes[1:] - layout.nodes[:-1]).T)
    assert step.max() < np.hypot(*(layout.nodes[0] - layout.nodes[6])) / 3


def test_a_long_chain_does_not_shrink_the_picture_to_a_line() -> None:
    home = np.full(120, -1, dtype=np.int32)
    chain = np.array([[place, place + 1] for place in range(119)], dtype=np.int32)
    width, height = np.ptp(arrange(home, chain, hulls=0).wide.nodes, axis=0)
    assert width < 12 * height


def test_nobody_to_draw_is_an_empty_layout() -> None:
    layout = arrange(np.zeros(0, dtype=np.int32), NONE, hulls=0).wide
    assert layout.nodes.shape == (0, 2)


def test_discs_in_one_place_are_pushed_apart() -> None:
    radii = np.array([10.0, 20.0, 5.0, 5.0])
    assert nearest_gap(separate_discs(np.zeros((4, 2)), radii), radii) > -1e-6


@pytest.mark.parametrize("count", [2, 40, 400])
def test_discs_of_very_different_sizes_are_pushed_apart(count: int) -> None:
    random = np.random.default_rng(count)
    radii = np.exp(random.uniform(np.log(5), np.log(400), count))
    settled = separate_discs(random.uniform(-300, 300, (count, 2)), radii)
    assert nearest_gap(settled, radii) > -1e-5


def test_a_large_surroundings_looks_the_same_every_time_and_overlaps_nowhere() -> None:
    """Beyond the size up to which all main axes are found at once."""
    edges = np.array(draw_surroundings(np.random.default_rng(3), 300), dtype=np.int32)
    home = np.full(300, -1, dtype=np.int32)
    first, second = (arrange(home, edges, hulls=0).wide.nodes for _ in range(2))
    assert np.array_equal(first, second)
    assert nearest_gap(first, np.full(300, 26.0)) > 0


def test_a_ring_leaves_room_between_neighbours() -> None:
    assert measure_ring(1) == 0
    for size in range(2, 40):
        assert 2 * measure_ring(size) * np.sin(np.pi / size) >= 57.9


@pytest.mark.parametrize("count", [1, 2, 7, 60])
def test_equal_boxes_stand_in_rows_and_columns_of_a_screen(count: int) -> None:
    centres = pack_boxes([Box(width=10, height=10)] * count, 1.5)
    assert len(np.unique(centres, axis=0)) == count
    assert set(np.unique(centres[:, 0]) % 10) == {5.0}
    if count == 60:
        width, height = np.ptp(centres, axis=0) + 10
        assert abs(width / height - 1.5) < 0.4


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 90), st.integers(1, 90)), min_size=2, max_size=20))
def test_boxes_of_any_size_never_overlap(sizes: list[tuple[int, int]]) -> None:
    boxes = [Box(width=width, height=height) for width, height in sizes]
    centres = pack_boxes(boxes, 1.5)
    half = np.array(sizes) / 2
    for one in range(len(boxes)):
        for two in range(one):
            assert (np.abs(centres[one] - centres[two]) >= half[one] + half[two] - 1e-6).any()


def draw_surroundings(rng: np.random.Generator, count: int) -> list[tuple[int, int]]:
    """Edges of a member's surroundings: partners of number 0, and partners of theirs."""
    inner = count // 3
    edges = [(0, k) for k in range(1, inner)]
    return edges + [(int(rng.integers(1, inner)), k) for k in range(inner, count)]


def place_named(edges: list[tuple[int, int]], count: int) -> np.ndarray:
    ids = np.array([f"M{k:04d}" for k in range(count)], dtype=object)
    return arrange(np.full(count, -1, dtype=np.int32), np.array(edges, dtype=np.int32), hulls=0, ids=ids).wide.nodes


def test_a_member_more_moves_the_others_little() -> None:
    """Half of the others move by less than a tenth of the picture's width, in most of forty cases."""
    rng, moved = np.random.default_rng(7), []
    for _ in range(40):
        count = int(rng.integers(12, 50))
        edges = draw_surroundings(rng, count)
        before = place_named(edges, count)
        after = place_named([*edges, (int(rng.integers(count)), count)], count + 1)[:count]
        away = before - after
        away -= np.median(away, axis=0)
        moved.append(np.median(np.hypot(*away.T)) / np.ptp(before, axis=0).max())
    assert np.quantile(moved, 0.6) < 1 / 10


def test_places_hang_on_ids_and_not_on_the_order_of_members() -> None:
    edges = np.array([(0, 1), (0, 2), (0, 3), (3, 4)], dtype=np.int32)
    ids, turned = np.array(list("ABCDE"), dtype=object), np.array([4, 2, 0, 1, 3])
    home, place = np.full(5, -1, dtype=np.int32), np.argsort(turned)
    one = arrange(home, edges, hulls=0, ids=ids).wide.nodes
    other = arrange(home, place[edges].astype(np.int32), hulls=0, ids=ids[turned]).wide.nodes
    assert np.abs(one[turned] - other).max() < 1.0
