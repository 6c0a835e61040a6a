"""DebtRank of both kinds: published cases, hand-made ones, and laws."""

import json
from pathlib import Path

import numpy as np
import pytest
from contagion.networks_drawn import networks
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import coo_array

from circles.contagion.debtrank import debtrank
from circles.contagion.published.furfine import furfine_cascade
from circles.errors import ConvergenceError, InputError

PUBLISHED = json.loads((Path(__file__).parent.parent / "published" / "debtrank.json").read_text(encoding="utf-8"))
KINDS = st.sampled_from(["linear", "single_hit"])


def cases(model):
    return [case for case in PUBLISHED["cases"] if case["model"] == model]


@pytest.mark.parametrize("case", cases("debtrank_bardoscia2015"), ids=lambda case: case["name"])
def test_published_stress_is_met(case):
    buffers, first = np.array(case["buffers"]), np.array(case["initial_stress"])
    found = debtrank(case["exposures"], buffers, case["weights"], first)
    uncapped = np.array(case["final_stress_uncapped"])
    assert first + found.losses / buffers == pytest.approx(uncapped, rel=1e-9)
    assert found.stress == pytest.approx(np.minimum(uncapped, 1), rel=1e-9)
    assert found.original_stress == pytest.approx(case["original_stress"], rel=1e-12)
    assert found.additional_stress == pytest.approx(case["additional_stress"], rel=1e-9)
    assert found.losses.sum() == pytest.approx(case["additional_losses"], rel=1e-9)
    assert found.defaulted.sum() - (first == 1).sum() == case["additional_defaults"]


@pytest.mark.parametrize("case", cases("threshold_cascade"), ids=lambda case: case["name"])
def test_published_threshold_cascade_is_met(case):
    buffers, first = np.array(case["buffers"]), np.array(case["initial_stress"])
    found = furfine_cascade(case["exposures"], buffers, np.flatnonzero(first == 1))
    assert first + found.losses / buffers == pytest.approx(case["final_stress_uncapped"], rel=1e-12)
    assert found.losses.sum() == pytest.approx(case["additional_losses"])
    assert found.failed.sum() - 1 == case["additional_defaults"]


def test_stress_echoes_in_a_ring_only_in_the_linear_kind():
    """A and B hold half of their buffers on each other. A loses .4: B .2, then (linear) A .1 more …: .4/(1 − ¼)."""
    ring, first = [[0, 50], [50, 0]], [0.4, 0]
    linear = debtrank(ring, [100, 100], [1, 1], first)
    assert linear.stress == pytest.approx([0.4 / 0.75, 0.2 / 0.75], rel=1e-11)
    once = debtrank(ring, [100, 100], [1, 1], first, kind="single_hit")
    assert once.stress == pytest.approx([0.5, 0.2])
    assert once.rounds == 2
    assert once.additional_stress == pytest.approx(0.15)


def test_a_member_without_buffer_is_used_up_by_any_loss():
    for kind in ("linear", "single_hit"):
        found = debtrank([[0, 0], [1, 0]], [10, 0], [1, 1], [0.1, 0], kind=kind)
        assert found.stress == pytest.approx([0.1, 1.0 if kind == "linear" else 0.1]), kind
        assert debtrank([[0, 0], [1, 0]], [10, 0], [1, 1], [0, 0], kind=kind).stress.tolist() == [0, 0]


@given(networks(), KINDS)
def test_stress_stays_a_part_and_grows_with_what_began_it(drawn, kind):
    claims, generator = drawn
    count = len(claims)
    buffers, weights = generator.integers(0, 60, count), generator.integers(1, 9, count)
    first = generator.random(count) * (generator.random(count) < 0.5)
    found = debtrank(claims, buffers, weights, first, kind=kind, tolerance=1e-9)
    assert (found.stress >= first).all()
    assert (found.stress <= 1).all()
    assert 0 <= found.original_stress <= found.original_stress + found.additional_stress <= 1 + 1e-12
    sparse = debtrank(coo_array(claims), buffers, weights, first, kind=kind, tolerance=1e-9)
    assert (sparse.stress == found.stress).all()
    mixed = generator.permutation(count)
    renamed = debtrank(
        claims[np.ix_(mixed, mixed)], buffers[mixed], weights[mixed], first[mixed], kind=kind, tolerance=1e-9
    )
    assert renamed.stress == pytest.approx(found.stress[mixed], abs=1e-6)
    hit = (
        first > 0
    )  # a member that is hit at once passes its stress on earlier, in the single-hit kind before more comes
    more = debtrank(claims, buffers, weights, np.where(hit, np.minimum(1, first * 1.5), 0), kind=kind, tolerance=1e-9)
    assert (more.stress >= found.stress - 1e-6).all()


@given(networks())
def test_linear_stress_is_the_smallest_that_is_consistent_and_never_below_the_other_kind(drawn):
    claims, generator = drawn
    count = len(claims)
    buffers = generator.integers(30, 120, count)
    first = generator.random(count) * (generator.random(count) < 0.5)
    found = debtrank(claims, buffers, np.ones(count), first).stress
    assert found == pytest.approx(np.minimum(1, first + claims @ found / buffers), abs=1e-9)
    once = debtrank(claims, buffers, np.ones(count), first, kind="single_hit").stress
    assert (once <= found + 1e-9).all()


@given(networks())
def test_whoever_fails_by_threshold_is_at_full_stress(drawn):
    """Linear stress also counts losses on debtors that are only weaker, so it is at least the threshold model's."""
    claims, generator = drawn
    buffers = generator.integers(1, 60, len(claims))
    first = np.zeros(len(claims))
    first[0] = 1
    failed = furfine_cascade(claims, buffers, [0]).failed
    stress = debtrank(claims, buffers, np.ones(len(claims)), first, tolerance=1e-9).stress
    assert (stress[failed] > 1 - 1e-6).all()


def test_stress_that_still_grows_is_an_error_and_no_result():
    ring = [[0, 99.9], [99.9, 0]]
    with pytest.raises(ConvergenceError, match="after 50 rounds stress still grew by"):
        debtrank(ring, [100, 100], [1, 1], [0.0001, 0], max_rounds=50)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"initial_stress": [1.5, 0]}, "initial_stress holds 1.5; give numbers from 0 to 1"),
        ({"weights": [0, 0]}, "weights are all 0"),
        ({"buffers": [-1, 0]}, "buffers holds -1"),
        ({"exposures": [[0, 1, 2]]}, "exposures has shape"),
        ({"kind": "double"}, 'kind is \'double\'; give "linear" or "single_hit"'),
    ],
)
def test_what_is_no_network_of_claims_is_refused(change, message):
    asked = {"exposures": [[0, 1], [0, 0]], "buffers": [1, 1], "weights": [1, 1], "initial_stress": [0, 1], **change}
    with pytest.raises(InputError, match=message):
        debtrank(**asked)
