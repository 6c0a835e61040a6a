"""Rules as data: what is refused, and the limits of each kind of circle."""

from dataclasses import FrozenInstanceError, replace
from fractions import Fraction

import pytest

from circles.errors import InputError
from circles.matching.rules import MatchingRules, Weights


def test_the_defaults_are_those_of_the_dated_product():
    rules = MatchingRules()
    assert (rules.min_members, rules.max_members, rules.mode) == (3, 5, "acquainted")
    assert rules.max_amount_fen == 2_000_000_00
    assert rules.max_amount_strangers_fen == 500_000_00
    assert rules.min_months_registered == 18
    assert (rules.bearable, rules.bearable_strangers, rules.deposit_share_strangers) == (1.0, 0.5, 0.2)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"min_members": 5, "max_members": 3}, "min_members must not exceed max_members, got 5 and 3"),
        ({"min_members": 1}, "min_members must be a whole number from 2 to 8, got 1"),
        ({"max_members": 9}, "max_members must be a whole number from 2 to 8, got 9"),
        ({"min_members": True}, "min_members must be a whole number from 2 to 8, got True"),
        ({"mode": "friends"}, "mode must be one of acquainted, strangers, any, got 'friends'"),
        ({"amount_ratio": 0.5}, "amount_ratio must be a number from 1 to 1e"),
        ({"coverage": -1.0}, "coverage must be a number from 0 to 1000, got -1.0"),
        ({"bearable": float("nan")}, "bearable must be a number from 0 to 1000, got nan"),
        ({"bearable_strangers": "half"}, "bearable_strangers must be a number from 0 to 1000, got 'half'"),
        ({"deposit_share": 1.5}, "deposit_share must be a number from 0 to 1, got 1.5"),
        ({"max_amount_fen": 0}, "max_amount_fen must be a whole number from 1"),
        ({"max_circle_loan_fen": 1.5}, "max_circle_loan_fen must be a whole number from 1"),
        ({"min_months_registered": -1}, "min_months_registered must be a whole number from 0"),
        ({"trade_months": 0}, "trade_months must be a whole number from 1 to 120"),
        ({"refuse_overdue": 1}, "refuse_overdue must be True or False, got 1"),
        ({"allowed_regions": ()}, "allowed_regions is empty"),
        ({"allowed_regions": "浙江"}, "allowed_regions must be a tuple of names, got '浙江'"),
        (
            {"allowed_regions": ("宁波",)},
            "allowed_regions and excluded_regions contradict each other: both name '宁波'",
        ),
        ({"link_kinds": ("blood",)}, "link_kinds must be of phone, device, .*, got 'blood'"),
        ({"weights": 5}, "weights must be circles.matching.Weights, got 5"),
        ({"weights": Weights(size_charge={3: 0})}, "size_charge has no charge for size 4, which min_members 3 and max"),
        ({"weights": {"luck": 5}}, "there is no weight 'luck'; the weights are: member, "),
    ],
)
def test_rules_out_of_range_or_in_contradiction_are_refused_by_name(changes: dict, message: str):
    with pytest.raises(InputError, match=message):
        MatchingRules(**changes)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"member": -1}, "weight member must be a whole number in"),
        ({"stranger": 0.5}, "weight stranger must be a whole number in"),
        ({"same_town": True}, "weight same_town must be a whole number in"),
        ({"size_charge": {1: 0}}, "size_charge is for sizes 2 to 8, got 1"),
        ({"size_charge": {3: -5}}, r"weight size_charge\[3\] must be a whole number in"),
        ({"size_charge": 60}, "size_charge must give a charge for each size"),
    ],
)
def test_weights_are_points_of_at_least_zero(changes: dict, message: str):
    with pytest.raises(InputError, match=message):
        Weights(**changes)


def test_a_rule_file_gives_lists_and_sizes_as_text():
    rules = MatchingRules(
        max_members=3,
        allowed_regions=["浙江"],
        weights={"stranger": 3, "size_charge": {"3": 7}},  # type: ignore[arg-type]
    )
    assert rules.allowed_regions == ("浙江",)
    assert rules.weights == Weights(stranger=3, size_charge={3: 7})


def test_strangers_have_their_own_limits():
    rules = MatchingRules(mode="any", coverage=0.8)
    acquainted, strangers = rules.limits("acquainted"), rules.limits("strangers")
    assert (acquainted.max_amount_fen, strangers.max_amount_fen) == (200_000_000, 50_000_000)
    assert (acquainted.bearable, strangers.bearable) == (Fraction(1), Fraction(1, 2))
    assert acquainted.coverage == Fraction(4, 5), "a float stands for the decimal it prints as"
    assert strangers.deposit_fen(101) == 21, "a deposit is rounded up to a fen"
    assert acquainted.deposit_fen(101) == 0


def test_the_smaller_amount_holds_among_strangers_and_none_is_no_limit():
    assert replace(MatchingRules(), max_amount_fen=100).limits("strangers").max_amount_fen == 100
    free = MatchingRules(max_amount_fen=None, max_amount_strangers_fen=None)
    assert free.limits("strangers").max_amount_fen is None


def test_zero_and_none_switch_the_ratio_rules_off():
    assert not MatchingRules(coverage=0.0, bearable=None).limits("acquainted").needs_resources
    assert MatchingRules(coverage=None).limits("acquainted").needs_resources


def test_a_preset_adds_the_regions_of_the_product():
    regions = MatchingRules.preset("zhejiang-2007").allowed_regions or ()
    assert {"浙江", "Zhejiang", "温州"} <= set(regions)
    assert not {"宁波", "Ningbo"} & set(regions)
    assert "绍兴" in (MatchingRules.preset("zhejiang-2007-pilot", max_members=4).allowed_regions or ())
    with pytest.raises(InputError, match=r"preset must be one of zhejiang-2007, .*got 'jiangsu'"):
        MatchingRules.preset("jiangsu")
    with pytest.raises(InputError, match="no field 'colour'"):
        MatchingRules.preset("zhejiang-2007", colour="red")


def test_rules_never_change():
    with pytest.raises(FrozenInstanceError):
        MatchingRules().mode = "any"  # type: ignore[misc]
