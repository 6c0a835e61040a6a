"""A matching problem is checked field by field; what is wrong is refused with where, what and what is allowed."""

from __future__ import annotations

import dataclasses
from fractions import Fraction

import numpy as np
import pytest

from circles.errors import InputError, ProblemError
from circles.matching import JointLoss, MatchingProblem
from circles.matching.fields import exact_ratio

GOOD = {
    "value": [10, 10, 10],
    "pair_first": [0, 1],
    "pair_second": [1, 2],
    "pair_value": [5, 5],
    "pair_acquainted": [True, False],
    "stranger_value": -2,
    "size_charge": {3: 6},
}


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"value": [1.5, 2.0, 3.0]}, r"value\[0\]: got 1.5 among values of type float64"),
        ({"value": [[1, 2, 3]]}, "value: got an array of shape"),
        ({"value": [10**12, 0, 0]}, r"value\[0\]"),
        ({"pair_first": [0, 3]}, r"pair_first\[1\]: got 3; allowed: 0 to 2"),
        ({"pair_second": [1, -1]}, r"pair_second\[1\]: got -1"),
        ({"pair_second": [1]}, "pair_second: got 1 entries; allowed: 2"),
        ({"pair_first": [0, 2]}, r"pair_second\[1\]: got \(2, 2\)"),
        ({"pair_first": [0, 1], "pair_second": [1, 0]}, r"pair_first\[1\]: got \(1, 0\) a second time"),
        ({"pair_value": [5]}, "pair_value: got 1 entries"),
        ({"pair_acquainted": [1, 0]}, "pair_acquainted"),
        ({"forbidden_first": [1], "forbidden_second": [1]}, r"forbidden_second\[0\]: got \(1, 1\)"),
        ({"forbidden_first": [1]}, "forbidden_second: got 0 entries"),
        ({"size_charge": {}}, "size_charge: got {}"),
        ({"size_charge": {1: 0}}, "size 1; allowed: sizes from 2 to 8"),
        ({"size_charge": {9: 0}}, r"size_charge\[9\]: got size 9"),
        ({"size_charge": {"3": 0}}, "size_charge: got size '3'"),
        ({"size_charge": {3: 1.5}}, r"size_charge\[3\]: got 1.5"),
        ({"stranger_value": -2.0}, "stranger_value: got -2.0"),
        ({"labels": [[1], [2], [3]]}, r"labels: got shape \(3, 1\); allowed: \(3, 0\)"),
        ({"label_charges": [4]}, r"labels: got shape \(3, 0\); allowed: \(3, 1\)"),
        ({"connected": 1}, "connected: got 1; allowed: True or False"),
        ({"loan": [1, 2]}, "loan: got 2 entries; allowed: 3"),
        ({"resources": [1, 2, -3]}, r"resources\[2\]: got -3"),
        ({"coverage": -0.1}, "coverage: got -0.1"),
        ({"coverage": float("nan")}, "coverage: got nan"),
        ({"bearable": "1"}, "bearable: got '1'"),
        ({"amount_ratio": float("inf")}, "amount_ratio: got inf"),
        ({"max_circle_loan": -1}, "max_circle_loan: got -1"),
        ({"pinned": [[0, 1]]}, r"pinned\[0\]: got size 2"),
        ({"pinned": [[0, 1, 1]]}, r"pinned\[0\]: got \(0, 1, 1\)"),
        ({"pinned": [[0, 1, 2], [0, 1, 2]]}, r"pinned\[1\]: got \(0, 1, 2\)"),
        ({"pinned": [[0, 1, 2]], "pair_acquainted": [True, False]}, r"pinned\[0\]: got .* breaks connected"),
        ({"label_charges": [-1], "labels": [[0], [0], [0]]}, r"label_charges\[0\]: got -1"),
        ({"together": [[0, 1], [1, 2]]}, r"together\[1\]: got \(1, 2\)"),
        ({"together": [[0, 3]]}, r"together\[0\]\[1\]: got 3"),
        ({"together": [[0, 1.5]]}, r"together\[0\]\[1\]: got 1.5 among values of type float64"),
        ({"together": [[]]}, r"together\[0\]: got size 0"),
        ({"previous": [[0, 1], [0, 2]]}, r"previous\[1\]: got \(0, 2\)"),
        ({"change_charge": -1}, "change_charge: got -1"),
        ({"change_charge": 1.0}, "change_charge: got 1.0"),
        ({"cap_label": [0, 0, 1], "cap_limit": [9]}, r"cap_label\[2\]: got 1; allowed: -1 to 0"),
        ({"cap_label": [0, 0], "cap_limit": [9]}, "cap_label: got 2 entries; allowed: 3"),
        ({"cap_limit": [-1]}, r"cap_limit\[0\]: got -1"),
        ({"joint_loss": object()}, "joint_loss: got"),
        ({"joint_loss": JointLoss(default_probability=[0.1], exposure=[1], correlation=0, weight=1)}, "1 entries"),
        ({"place_at_least": 4}, "place_at_least: got 4; allowed: a whole number from 0 to 3"),
        ({"lend_at_least": -1}, "lend_at_least: got -1"),
    ],
)
def test_a_wrong_field_is_refused_by_name(wrong, says):
    with pytest.raises(ProblemError, match=says):
        MatchingProblem(**{**GOOD, **wrong})


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"default_probability": [0.1, 1.5]}, r"default_probability\[1\]: got 1.5"),
        ({"default_probability": [0.1, float("nan")]}, r"default_probability\[1\]: got nan"),
        ({"exposure": [1, -2]}, r"exposure\[1\]: got -2"),
        ({"exposure": [1]}, "exposure: got 1 entries; allowed: 2"),
        ({"exposure": [1.0, 2.0]}, r"exposure\[0\]: got 1.0 among values of type float64"),
        ({"correlation": 1.0}, "correlation: got 1.0"),
        ({"weight": -1}, "weight: got -1"),
        ({"weight": 1e9, "exposure": [1, 10**6]}, "weight: got 1e"),
        ({"outside_guarantees": [-1, 0]}, r"outside_guarantees\[0\]: got -1"),
    ],
)
def test_a_wrong_joint_loss_is_refused_by_name(wrong, says):
    good = {"default_probability": [0.1, 0.2], "exposure": [5, 5], "correlation": 0.2, "weight": 1.0}
    with pytest.raises(ProblemError, match=says):
        JointLoss(**{**good, **wrong})


def test_the_error_holds_array_and_index():
    with pytest.raises(ProblemError) as error:
        MatchingProblem(**{**GOOD, "resources": [1, 2, -3]})
    assert (error.value.array, error.value.index) == ("resources", 2)


def test_sums_that_could_overflow_are_refused():
    with pytest.raises(ProblemError, match=r"value\[0\]: got sums that could overflow"):
        MatchingProblem(value=np.full(100_000, 10**11), size_charge={8: 0}, stranger_value=10**11)


def test_pins_may_fill_a_cap_but_not_break_it():
    full = {**GOOD, "pair_acquainted": [True, True], "pinned": [[0, 1, 2]], "loan": [3, 3, 3], "cap_label": [0, 0, -1]}
    assert MatchingProblem(**full, cap_limit=[6]).cap_limit.tolist() == [6]
    with pytest.raises(ProblemError, match=r"cap_limit\[0\]: got 5; allowed: at least .* 6"):
        MatchingProblem(**full, cap_limit=[5])


def test_arrays_are_copied_and_read_only():
    value = np.array([1, 2, 3])
    problem = MatchingProblem(value=value, size_charge={3: 0})
    value[0] = 9
    assert problem.value.tolist() == [1, 2, 3]
    assert problem.loan.tolist() == [0, 0, 0]
    with pytest.raises(ValueError, match="read-only"):
        problem.value[0] = 5


def test_a_problem_without_members_is_fine():
    assert MatchingProblem(value=[], size_charge={3: 0}).members == 0


def test_a_field_can_be_exchanged_and_is_checked_again():
    problem = MatchingProblem(**GOOD)
    assert dataclasses.replace(problem, stranger_value=-7).stranger_value == -7
    with pytest.raises(InputError, match="loan"):
        dataclasses.replace(problem, loan=[1])


def test_a_float_ratio_means_the_decimal_it_prints_as():
    assert exact_ratio(0.1) == Fraction(1, 10)
    assert exact_ratio(Fraction(1, 3)) == Fraction(1, 3)
    assert exact_ratio(0.0) is None
