"""A matching problem is checked field by field; what is wrong is refused with where, what and what is allowed."""

from __future__ import annotations

import dataclasses
from fractions import Fraction

import numpy as np
import pytest

from circles.errors import InputError
from circles.matching import MatchingProblem
from circles.matching.validation import exact_ratio

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
        ({"value": [1.5, 2.0, 3.0]}, "value: got values of type float64"),
        ({"value": [[1, 2, 3]]}, "value: got an array of shape"),
        ({"value": [10**12, 0, 0]}, r"value\[0\]"),
        ({"pair_first": [0, 3]}, r"pair_first\[1\]: got 3; allowed: 0 to 2"),
        ({"pair_second": [1, -1]}, r"pair_second\[1\]: got -1"),
        ({"pair_second": [1]}, "pair_second: got 1 entries; allowed: 2"),
        ({"pair_first": [0, 2]}, r"pair 1: got \(2, 2\)"),
        ({"pair_first": [0, 1], "pair_second": [1, 0]}, r"pair 1: got \(1, 0\) a second time"),
        ({"pair_value": [5]}, "pair_value: got 1 entries"),
        ({"pair_acquainted": [1, 0]}, "pair_acquainted"),
        ({"forbidden_first": [1], "forbidden_second": [1]}, r"forbidden pair 0: got \(1, 1\)"),
        ({"forbidden_first": [1]}, "forbidden_second: got 0 entries"),
        ({"size_charge": {}}, "size_charge: got {}"),
        ({"size_charge": {1: 0}}, "size 1; allowed: sizes from 2 to 8"),
        ({"size_charge": {9: 0}}, "size_charge: size: got 9"),
        ({"size_charge": {"3": 0}}, "size_charge: size: got '3'"),
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
        ({"together": [[0, 1]]}, "together: .* not supported"),
        ({"previous": [[0, 1, 2]]}, "previous: .* not supported"),
        ({"change_charge": 5}, "change_charge: got 5"),
        ({"cap_label": np.array([0, 0, 0])}, "cap_label"),
        ({"joint_loss": object()}, "joint_loss"),
        ({"place_at_least": 2}, "place_at_least: got 2"),
    ],
)
def test_a_wrong_field_is_refused_by_name(wrong, says):
    with pytest.raises(InputError, match=says):
        MatchingProblem(**{**GOOD, **wrong})


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
