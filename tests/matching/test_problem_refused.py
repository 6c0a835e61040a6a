"""Everything that a matching problem must not be: each is refused with the name of the array and the index."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from circles.errors import ProblemError
from circles.matching import JointLoss, MatchingProblem

GOOD: dict[str, Any] = {
    "value": [10, 10, 10, 10],
    "pair_first": [0, 1, 2],
    "pair_second": [1, 2, 3],
    "pair_value": [5, 5, 5],
    "pair_acquainted": [True, True, True],
    "stranger_value": -2,
    "size_charge": {3: 6},
    "loan": [4, 4, 4, 4],
    "resources": [9, 9, 9, 9],
    "labels": [[0], [1], [0], [1]],
    "label_charges": [3],
}
LOSS: dict[str, Any] = {"default_probability": [0.1] * 4, "exposure": [4] * 4, "correlation": 0.2, "weight": 1.0}

REFUSED: list[tuple[str, dict[str, Any], str, int | None]] = [
    ("arrays of unequal length", {"pair_second": [1, 2]}, "pair_second", None),
    ("arrays of unequal length", {"pair_value": [5, 5, 5, 5]}, "pair_value", None),
    ("arrays of unequal length", {"pair_acquainted": [True]}, "pair_acquainted", None),
    ("arrays of unequal length", {"forbidden_first": [0], "forbidden_second": []}, "forbidden_second", None),
    ("arrays of unequal length", {"loan": [4]}, "loan", None),
    ("arrays of unequal length", {"resources": [9] * 5}, "resources", None),
    ("arrays of unequal length", {"labels": [[0], [1], [0]]}, "labels", None),
    ("arrays of unequal length", {"labels": [[0], [1, 2], [0], [0]]}, "labels", None),
    ("arrays of unequal length", {"label_charges": [3, 3]}, "labels", None),
    ("arrays of unequal length", {"cap_label": [0], "cap_limit": [9]}, "cap_label", None),
    ("indices out of range", {"pair_first": [0, 1, 4]}, "pair_first", 2),
    ("indices out of range", {"pair_second": [1, -1, 3]}, "pair_second", 1),
    ("indices out of range", {"forbidden_first": [0, 9], "forbidden_second": [1, 2]}, "forbidden_first", 1),
    ("indices out of range", {"together": [[0, 1], [2, 4]]}, "together[1]", 1),
    ("indices out of range", {"pinned": [[-1, 1, 2]]}, "pinned[0]", 0),
    ("indices out of range", {"previous": [[0, 1, 7]]}, "previous[0]", 2),
    ("a pair twice", {"pair_first": [0, 1, 1], "pair_second": [1, 2, 0]}, "pair_first", 2),
    ("a pair with itself", {"pair_second": [1, 1, 3]}, "pair_second", 1),
    ("a pair with itself", {"forbidden_first": [0, 2], "forbidden_second": [1, 2]}, "forbidden_second", 1),
    ("negative loans", {"loan": [4, 4, -1, 4]}, "loan", 2),
    ("negative resources", {"resources": [9, -9, 9, 9]}, "resources", 1),
    ("negative label charges", {"label_charges": [-3]}, "label_charges", 0),
    ("negative amounts", {"cap_label": [0] * 4, "cap_limit": [-1]}, "cap_limit", 0),
    ("negative amounts", {"change_charge": -1}, "change_charge", None),
    ("sizes outside 2..8", {"size_charge": {1: 6}}, "size_charge", 1),
    ("sizes outside 2..8", {"size_charge": {3: 6, 9: 6}}, "size_charge", 9),
    ("sizes outside 2..8", {"size_charge": {3.0: 6}}, "size_charge", None),
    ("floats where integers belong", {"value": [10, 10, 10.5, 10]}, "value", 2),
    ("floats where integers belong", {"value": [10, float("nan"), 10, 10]}, "value", 1),
    ("floats where integers belong", {"value": [10.0, 10.0, 10.0, 10.0]}, "value", 0),
    ("floats where integers belong", {"value": [10, 10, 10, "10"]}, "value", 0),
    ("floats where integers belong", {"value": np.array([10, 10, None, 10])}, "value", 2),
    ("floats where integers belong", {"pair_first": [0.0, 1.0, 2.5]}, "pair_first", 2),
    ("floats where integers belong", {"pair_value": [5, 5.5, 5]}, "pair_value", 1),
    ("floats where integers belong", {"loan": [4, 4, 4, 4.25]}, "loan", 3),
    ("floats where integers belong", {"labels": [[0], [1], [0.5], [1]]}, "labels", 2),
    ("floats where integers belong", {"pair_acquainted": [True, 1, True]}, "pair_acquainted", 0),
    ("floats where integers belong", {"together": [[0, 1.5]]}, "together[0]", 1),
    ("floats where integers belong", {"stranger_value": -2.0}, "stranger_value", None),
    ("floats where integers belong", {"size_charge": {3: 6.0}}, "size_charge", 3),
    ("floats where integers belong", {"max_circle_loan": 30.0}, "max_circle_loan", None),
    ("floats where integers belong", {"place_at_least": 3.0}, "place_at_least", None),
    ("sums that could overflow", {"value": [10, 10**12, 10, 10]}, "value", 1),
    ("sums that could overflow", {"value": [10, 2**70, 10, 10]}, "value", 1),
    ("sums that could overflow", {"value": np.array([10, 10, 10, 2**63], dtype=np.uint64)}, "value", 3),
    ("sums that could overflow", {"loan": [4, 4, 4, 10**16]}, "loan", 3),
    ("sums that could overflow", {"label_charges": [10**11, 10**11], "labels": [[0, 0]] * 4}, "label_charges", 0),
    ("sums that could overflow", {"loan": [4, 10**12, 4, 4], "lend_at_least": 5}, "loan", 1),
    ("pins that overlap", {"pinned": [[0, 1, 2], [2, 3, 1]]}, "pinned", 1),
    ("pins that overlap", {"pinned": [[0, 1, 1]]}, "pinned", 0),
    ("pins that break a rule", {"pinned": [[0, 1, 3]]}, "pinned", 0),
    ("pins that break a rule", {"pinned": [[0, 1, 2]], "coverage": 9}, "pinned", 0),
    ("pins that break a rule", {"pinned": [[0, 1, 2]], "together": [[2, 3]]}, "pinned", 0),
    ("pins that break a rule", {"pinned": [[0, 1]]}, "pinned", 0),
    ("pins that break a rule", {"pinned": [[0, 1, 2]], "cap_label": [0] * 4, "cap_limit": [11]}, "cap_limit", 0),
    ("labels out of range", {"cap_label": [0, 0, 0, 1], "cap_limit": [99]}, "cap_label", 3),
    ("labels out of range", {"cap_label": [0, -2, 0, 0], "cap_limit": [99]}, "cap_label", 1),
    ("labels out of range", {"labels": [[0], [2**63], [0], [0]]}, "labels", 1),
    ("no lists", {"together": 5}, "together", None),
    ("no lists", {"pinned": [5]}, "pinned", 0),
    ("no lists", {"previous": "012"}, "previous", None),
    ("no lists", {"value": None}, "value", None),
    ("no lists", {"size_charge": [3, 4]}, "size_charge", None),
]


@pytest.mark.parametrize(("what", "wrong", "array", "index"), REFUSED)
def test_a_bad_problem_is_refused_by_array_and_index(
    what: str, wrong: dict[str, Any], array: str, index: int | None
) -> None:
    with pytest.raises(ProblemError) as error:
        MatchingProblem(**{**GOOD, **wrong})
    assert (error.value.array, error.value.index) == (array, index), what
    assert f"{array}[{index}]: got " in str(error.value) or (index is None and f"{array}: got " in str(error.value))


def test_the_good_problem_is_fine() -> None:
    assert MatchingProblem(**GOOD, joint_loss=JointLoss(**LOSS)).members == 4


@pytest.mark.parametrize(
    ("wrong", "array", "index"),
    [
        ({"default_probability": [0.1, 0.1, -0.1, 0.1]}, "joint_loss.default_probability", 2),
        ({"default_probability": [0.1, float("nan"), 0.1, 0.1]}, "joint_loss.default_probability", 1),
        ({"default_probability": [[0.1], [0.1, 0.2]]}, "joint_loss.default_probability", None),
        ({"default_probability": ["a"] * 4}, "joint_loss.default_probability", None),
        ({"exposure": [4, 4, 4]}, "joint_loss.exposure", None),
        ({"exposure": [4, 4, -4, 4]}, "joint_loss.exposure", 2),
        ({"exposure": [4, 4, 4, 4.5]}, "joint_loss.exposure", 3),
        ({"outside_guarantees": [0, -1, 0, 0]}, "joint_loss.outside_guarantees", 1),
        ({"correlation": float("nan")}, "joint_loss.correlation", None),
        ({"weight": float("inf")}, "joint_loss.weight", None),
    ],
)
def test_a_bad_joint_loss_is_refused_by_array_and_index(wrong: dict[str, Any], array: str, index: int | None) -> None:
    with pytest.raises(ProblemError) as error:
        JointLoss(**{**LOSS, **wrong})
    assert (error.value.array, error.value.index) == (array, index)


def test_a_joint_loss_of_other_members_is_refused() -> None:
    other = JointLoss(**{**LOSS, "default_probability": [0.1] * 3, "exposure": [4] * 3})
    with pytest.raises(ProblemError, match=r"joint_loss.default_probability: got 3 entries; allowed: 4"):
        MatchingProblem(**GOOD, joint_loss=other)


def test_loans_under_caps_must_add_up_in_64_bits() -> None:
    n = 200
    loans = {"value": [1] * n, "size_charge": {3: 0}, "loan": [10**15] * n}
    assert MatchingProblem(**loans).members == n
    with pytest.raises(ProblemError, match=r"loan\[0\]: got 200,000,000,000,000,000 in total"):
        MatchingProblem(**loans, cap_label=[0] * n, cap_limit=[5])
