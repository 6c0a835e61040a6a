"""The terms of settlement: presets and what they refuse."""

import numpy as np
import pytest

from circles.errors import InputError
from circles.settlement import Terms, check_terms


def test_terms_without_arguments_are_the_worst_case():
    assert Terms.preset("worst") == Terms()
    assert (Terms().settlement, Terms().share, Terms().cross_default) == ("waterfall", "equal", True)
    assert (Terms().recovery_rate, Terms().contagious, Terms().receivable_recovery_rate) == (0, 0, 0)


def test_base_recovers_more_from_contagious_defaulters():
    base = Terms.preset("base")
    assert (base.recovery_rate, base.contagious, base.receivable_recovery_rate) == (0.25, 0.45, 0.5)
    assert base.cross_default


def test_forbearance_does_not_call_the_loans_of_contagious_defaulters():
    terms = Terms.preset("forbearance")
    assert (terms.recovery_rate, terms.contagious, terms.receivable_recovery_rate) == (0.25, 0.25, 0.5)
    assert not terms.cross_default


@pytest.mark.parametrize(
    ("field", "value", "allowed"),
    [
        ("settlement", "lottery", "waterfall, threshold"),
        ("share", "fair", "equal, loan, resources, able"),
        ("share", ["equal"], "equal, loan, resources, able"),
        ("recovery_rate", 1.5, r"\[0, 1\]"),
        ("recovery_rate", float("nan"), r"\[0, 1\]"),
        ("recovery_rate", None, r"\[0, 1\]"),
        ("recovery_rate", True, r"\[0, 1\]"),
        ("contagious_recovery_rate", -0.1, r"\[0, 1\]"),
        ("receivable_recovery_rate", "0.5", r"\[0, 1\]"),
        ("cross_default", 1, "True or False"),
        ("risk_pool_fen", -1, "at least 0"),
        ("risk_pool_fen", 0.5, "whole fen"),
        ("willingness", -0.1, "at least 0"),
        ("willingness", float("inf"), "finite"),
        ("willingness", float("nan"), "finite"),
        ("willingness", True, "at least 0"),
        ("willingness", "0.5", "at least 0"),
        ("standstill", "C1", "tuple of circle ids"),
        ("standstill", ("",), "tuple of circle ids"),
        ("standstill", None, "tuple of circle ids"),
    ],
)
def test_a_value_that_is_not_allowed_is_refused_by_name(field, value, allowed):
    with pytest.raises(InputError, match=rf"{field} .*{allowed}.*got"):
        Terms(**{field: value})


def test_an_unknown_preset_is_refused_with_the_known_ones():
    with pytest.raises(InputError, match="worst, base, forbearance, got 'best'"):
        Terms.preset("best")


def test_a_preset_given_by_its_name_says_what_to_write():
    with pytest.raises(InputError, match=r"got 'base'; write circles\.Terms\.preset\('base'\)"):
        check_terms("base")
    assert check_terms(None) == Terms()


def test_whole_numbers_of_numpy_are_amounts():
    assert Terms(risk_pool_fen=np.int64(5)).risk_pool_fen == 5
