"""Questions about a proposal, on books that fit on paper and against every circle there is."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from forming_book import book
from test_form_brute_force import RULES as VILLAGE_RULES
from test_form_brute_force import admissible_circles, best_score, village

from circles.errors import InputError
from circles.matching import MatchingRules, Proposal, Weights, check_proposal, form_circles
from circles.matching.admissible import is_admissible
from circles.matching.answers.stability import PARTS, member_parts
from circles.matching.worth import circle_worth
from circles.portfolio import Portfolio

CHAIN = [(f"M{i}", f"M{i + 1}") for i in range(1, 8)]
PLAIN = Weights(member=10, acquaintance=5, same_town=0, same_industry=4, stranger=1, size_charge={3: 6})
TRIOS = MatchingRules(max_members=3, weights=PLAIN)


@pytest.fixture(scope="module")
def eight() -> Proposal:
    """M1–M2–M3 and M6–M7–M8 are triangles of a chain of eight; M4 and M5 are outbid."""
    return form_circles(book(8, known=[*CHAIN, ("M1", "M3"), ("M6", "M8")]), TRIOS, gap=0.0, time_limit=None)


def all_circles(proposal: Proposal) -> list[tuple[tuple[int, ...], int]]:
    """Every admissible circle of the proposal's one stage, and its worth."""
    (stage,) = proposal.forming.stages
    sets = [circle for size in stage.problem.sizes for circle in combinations(range(stage.problem.members), size)]
    return [(circle, circle_worth(stage.problem, circle)) for circle in sets if is_admissible(stage.problem, circle)]


def test_why_an_outbid_firm_has_no_circle(eight: Proposal):
    why = eight.why_unplaced("M4")
    assert why.reason == "outbid"
    assert why.funnel["passed"].tolist() == [True] * 4
    assert why.best is not None
    assert why.best.score == 33
    assert why.best.complete
    assert set(why.best.displaced) == {"C00001"} or set(why.best.displaced) == {"C00002"}
    assert why.best.displaced_score == 39
    assert why.best.short == why.best.members["price"].sum() - 33 >= 0
    assert "M4 has no circle (outbid)" in str(why)
    assert "would take apart C0000" in str(why)


def test_why_not_stops_where_the_firm_stopped():
    portfolio = book(5, known=CHAIN[:2], members={"city": [None, None, None, None, "宁波"]})
    proposal = form_circles(portfolio, time_limit=None)
    refused, lonely = proposal.why_unplaced("M5"), proposal.why_unplaced("M4")
    assert (refused.reason, refused.funnel["passed"].tolist(), refused.best) == ("region", [False] * 4, None)
    assert (lonely.reason, lonely.funnel["passed"].tolist()) == ("no_partners", [True, False, False, False])
    with pytest.raises(InputError, match="member 'M1' is placed in C00001"):
        proposal.why_unplaced("M1")
    with pytest.raises(InputError, match="member 'M9' is no member of the portfolio; choose one of the 5 applicants"):
        proposal.why_unplaced("M9")


@pytest.mark.parametrize("mode", ["acquainted", "strangers"])
def test_the_best_circles_through_a_member_are_the_nearest_to_their_prices_of_all(mode: str):
    rules, judged = replace(VILLAGE_RULES, mode=mode), 0
    for seed in range(3):
        proposal = form_circles(village(seed), rules, gap=0.0, time_limit=None)
        (stage,) = proposal.forming.stages
        plan, circles = stage.plan, all_circles(proposal)
        short = {c: int(plan.prices[list(c)].sum()) - worth * plan.price_scale for c, worth in circles}
        assert all(lack >= 0 for lack in short.values()), "prices pay for every circle"
        for at, member in enumerate(stage.chosen.tolist()):
            found = proposal.alternatives(proposal.forming.candidates.ids[member], 4)
            now = proposal.circles.loc[proposal.circles["circle_id"] == found.circle_id, "member_id"]
            others = [
                c for c in short if at in c and set(proposal.forming.candidates.ids[stage.chosen[list(c)]]) != set(now)
            ]
            expected = sorted(short[c] / plan.price_scale for c in others)[:4]
            assert found.complete
            assert found.circles["short"].tolist() == expected
            judged += len(expected)
    assert judged > 20


def test_an_alternative_says_what_it_takes_apart(eight: Proposal):
    found = eight.alternatives("M1")
    assert found.circle_id == "C00001"
    rows = found.circles.set_index("members")
    assert rows.loc["M1 M3 M4", ["score", "displaces", "displaced_score", "change"]].tolist() == [33, "C00001", 39, -6]
    assert set(eight.alternatives("M5", 1).circles["members"].str.split().str.len()) == {3}
    with pytest.raises(InputError, match="count must be a whole number from 1 to 50, got 0"):
        eight.alternatives("M1", 0)


def test_a_firm_that_is_no_candidate_has_no_alternatives():
    proposal = form_circles(book(4, members={"city": [None, None, None, "宁波"]}))
    with pytest.raises(InputError, match="member 'M4' is no candidate: it is in 宁波, which the rules do not allow"):
        proposal.alternatives("M4")


def test_an_unplaced_firm_takes_the_place_of_a_placed_one(eight: Proposal):
    """M4 for M1: M2–M3–M4 is 30 + 2 × 5 − 1 − 6 = 33 instead of 39."""
    swap = eight.swap("M4", "M1")
    assert swap.refusals.empty
    assert swap.circles.to_numpy().tolist() == [["C00001", "M2 M3 M4", 39, 33]]
    new = swap.proposal
    assert new is not None
    assert (new.score, new.upper_bound, new.status) == (72, 78, "STOPPED")
    assert set(new.unplaced["member_id"]) == {"M1", "M5"}
    assert check_proposal(book(8, known=[*CHAIN, ("M1", "M3"), ("M6", "M8")]), TRIOS, new).empty
    assert new.notes[-1] == "M4 and M1 were swapped by hand"
    assert "score 78 → 72 (-6)" in str(swap)
    back = new.swap("M1", "M4").proposal
    assert back is not None
    assert (back.score, back.status) == (78, "OPTIMAL")


def test_two_placed_firms_change_places():
    """Everybody knows everybody; industries x x y | y y x: swapping makes both circles alike."""
    portfolio = book(6, known=list(combinations([f"M{i}" for i in range(1, 7)], 2)))
    proposal = form_circles(portfolio, TRIOS, gap=0.0, time_limit=None)
    first, second = proposal.circles["member_id"].iloc[[0, 3]]
    swap = proposal.swap(first, second)
    assert swap.score_after == proposal.score
    assert len(swap.circles) == 2
    assert swap.proposal is not None
    assert check_proposal(portfolio, TRIOS, swap.proposal).empty


@pytest.mark.parametrize(
    ("both", "rule", "sentence"),
    [
        (("M1", "M6"), "connected", "M6 is not connected to M2 by acquaintances inside the circle"),
        (("M1", "M9"), "region", "M9 is in 宁波, which the rules do not allow"),
    ],
)
def test_a_swap_is_refused_by_the_rule_it_breaks(both: tuple[str, str], rule: str, sentence: str):
    city = [None] * 8 + ["宁波"]
    portfolio = book(9, known=[*CHAIN, ("M1", "M3"), ("M6", "M8")], members={"city": city})
    proposal = form_circles(portfolio, TRIOS, gap=0.0, time_limit=None)
    swap = proposal.swap(*both)
    assert swap.proposal is None
    assert swap.score_after is None
    assert rule in set(swap.refusals["rule"])
    assert any(sentence in detail for detail in swap.refusals["detail"]), swap.refusals["detail"].tolist()
    assert "cannot change places" in str(swap)


@pytest.mark.parametrize(
    ("both", "why"),
    [(("M1", "M2"), "both are in C00001"), (("M4", "M5"), "neither has"), (("M1", "M1"), "with itself")],
)
def test_swaps_without_sense_are_refused(eight: Proposal, both: tuple[str, str], why: str):
    with pytest.raises(InputError, match=why):
        eight.swap(*both)


def test_mode_any_swaps_across_kinds_and_goes_on_answering():
    """M1 … M4 know each other in a chain, M5 and M6 nobody: three acquaintances, and the fourth with two strangers."""
    portfolio = book(6, known=CHAIN[:3])
    proposal = form_circles(portfolio, MatchingRules(mode="any", max_members=3), gap=0.0, time_limit=None)
    kinds = proposal.circles.groupby("kind")["member_id"].agg(list).to_dict()
    inside, outside = ("M1", "M4") if "M1" in kinds["acquainted"] else ("M4", "M1")
    assert kinds["strangers"] == sorted([outside, "M5", "M6"])
    refused = proposal.swap(inside, "M5")
    assert set(refused.refusals["rule"]) == {"connected"}
    new = proposal.swap(inside, outside).proposal
    assert new is not None
    assert check_proposal(portfolio, new.rules, new).empty
    audit = new.audit_stability()
    assert audit.circles.empty, "as good as before"
    assert new.alternatives("M2").circle_id == "C00001"


@pytest.mark.parametrize("mode", ["acquainted", "strangers", "any"])
def test_blocking_circles_are_those_that_every_member_prefers(mode: str):
    rules, blocked = replace(VILLAGE_RULES, mode=mode), 0
    for seed in (1, 4, 5):
        proposal = form_circles(village(seed), rules, gap=0.0, time_limit=None).self_formed()
        ids = proposal.forming.candidates.ids
        found = proposal.audit_stability()
        expected: dict[str, float] = {}
        now = _parts_now(proposal)
        for stage in proposal.forming.stages:
            for size in stage.problem.sizes:
                for circle in combinations(range(stage.problem.members), size):
                    parts = member_parts(stage.problem, np.array([circle]))[0]
                    assert parts.sum() == PARTS * circle_worth(stage.problem, circle)
                    members = [ids[member] for member in stage.chosen[list(circle)]]
                    gain = min(part - now.get(member, 0) for part, member in zip(parts, members, strict=True))
                    if gain > 0 and is_admissible(stage.problem, circle):
                        expected[" ".join(members) + stage.kind] = gain / PARTS
        rows = found.circles
        assert dict(zip(rows["members"] + rows["kind"], rows["least_gain"], strict=True)) == pytest.approx(expected)
        assert found.complete
        assert found.is_stable == (not expected)
        blocked += len(expected)
    assert blocked, "some proposals are not stable"


def _parts_now(proposal: Proposal) -> dict[str, int]:
    now = {}
    for stage in proposal.forming.stages:
        for circle in stage.plan.circles:
            parts = member_parts(stage.problem, np.array([circle]))[0].tolist()
            ids = proposal.forming.candidates.ids[stage.chosen[list(circle)]]
            now |= dict(zip(ids, parts, strict=True))
    return now


def test_a_stable_proposal_says_so(eight: Proposal):
    audit = eight.audit_stability()
    assert audit.is_stable
    assert str(audit) == "no circle blocks the proposal"


def test_what_a_rule_costs_lies_between_both_bounds():
    names = {"bearable": {"bearable": None, "bearable_strangers": None}, "amount_ratio": {"amount_ratio": None}}
    for seed in range(2):
        portfolio = village(seed)
        proposal = form_circles(portfolio, VILLAGE_RULES, gap=0.0, time_limit=None)
        best = best_score(admissible_circles(portfolio, VILLAGE_RULES))
        costs = proposal.rule_costs(list(names)).rules.set_index("rule")
        for name, fields in names.items():
            truth = best_score(admissible_circles(portfolio, replace(VILLAGE_RULES, **fields))) - best
            assert costs.loc[name, "cost_least"] <= truth <= costs.loc[name, "cost_most"]


def test_rules_that_cost_something_come_first():
    """M3 is bound to M1 by an exclusion's cousin: one control group; without the rule the trio is formed."""
    proposal = form_circles(book(3, members={"control_group": ["G", None, "G"]}), TRIOS, gap=0.0, time_limit=None)
    costs = proposal.rule_costs(time_limit=None)
    assert costs.rules["rule"].iloc[0] == "related_parties"
    first = costs.rules.iloc[0]
    assert (first["cost_least"], first["cost_most"], first["placed_more"]) == (33 - 0, 33, 3)
    assert "related_parties costs 33 points; +3 members placed without it" in str(costs)
    assert "amount_ratio" not in set(costs.rules["rule"]), "a rule that is not on costs nothing"
    with pytest.raises(InputError, match="rule 'amount_ratio' is not on; the rules that are on: connected,"):
        proposal.rule_costs(["amount_ratio"])
    with pytest.raises(InputError, match="rule 'luck' is not known"):
        proposal.rule_costs(["luck"])


def test_left_to_themselves_the_strong_choose_the_strong():
    """Six who all know each other, with 9, 8, 7, 3, 2, 2 times their loans: two circles in that order."""
    resources = [20_000_000, 90_000_000, 30_000_000, 80_000_000, 20_000_000, 70_000_000]
    portfolio = book(
        6, known=list(combinations([f"M{i}" for i in range(1, 7)], 2)), members={"resources_fen": resources}
    )
    proposal = form_circles(portfolio, TRIOS, gap=0.0, time_limit=None)
    alone = proposal.self_formed()
    groups = alone.circles.groupby("circle_id")["member_id"].agg(set).tolist()
    assert {"M2", "M4", "M6"} in groups
    assert {"M1", "M3", "M5"} in groups
    assert alone.upper_bound == proposal.upper_bound >= alone.score


@pytest.mark.parametrize("mode", ["acquainted", "strangers", "any"])
def test_self_formed_circles_keep_every_rule(mode: str):
    rules, placed = replace(VILLAGE_RULES, mode=mode), 0
    for seed in range(3):
        proposal = form_circles(village(seed), rules, gap=0.0, time_limit=None)
        alone = proposal.self_formed()
        assert check_proposal(village(seed), rules, alone).empty
        assert alone.score <= proposal.upper_bound
        placed += len(alone.circles)
    assert placed > 0


@pytest.mark.parametrize("mode", ["acquainted", "strangers", "any"])
def test_regrouped_members_are_the_same_in_the_best_circles_of_all(mode: str):
    rules = replace(VILLAGE_RULES, mode=mode)
    for seed in range(3):
        proposal = form_circles(village(seed), rules, gap=0.0, time_limit=None)
        alone = proposal.self_formed()
        again = proposal.regroup(alone)
        assert sorted(again.circles["member_id"]) == sorted(alone.circles["member_id"])
        assert check_proposal(village(seed), rules, again).empty
        assert alone.score <= again.score <= proposal.upper_bound
        if mode != "any":
            assert again.score == best_partition(alone)


def test_those_who_chose_their_like_are_mixed_when_regrouped():
    """The strong and the weak are of one industry each: 2 × 3 pairs alike; at best one pair in each circle is."""
    resources = [20_000_000, 90_000_000, 30_000_000, 80_000_000, 20_000_000, 70_000_000]
    everybody = list(combinations([f"M{i}" for i in range(1, 7)], 2))
    members = {"resources_fen": resources, "industry": ["y", "x"] * 3}
    proposal = form_circles(book(6, known=everybody, members=members), TRIOS, gap=0.0, time_limit=None)
    alone = proposal.self_formed()
    assert (alone.score, proposal.regroup(alone).score) == (54, 54 + 4 * 4)


def best_partition(proposal: Proposal) -> int:
    """The best score of circles that place exactly the members that a proposal places."""
    placed = {member for circle in proposal.forming.stages[0].plan.circles for member in circle}
    circles = [(set(circle), worth) for circle, worth in all_circles(proposal) if placed.issuperset(circle)]

    def best(left: set[int]) -> float:
        if not left:
            return 0
        first = min(left)
        options = [worth + best(left - circle) for circle, worth in circles if first in circle and circle <= left]
        return max(options, default=float("-inf"))

    return int(best(placed))


def test_only_what_came_from_the_proposal_is_regrouped(eight: Proposal):
    other = form_circles(book(8, known=CHAIN), TRIOS, gap=0.0, time_limit=None)
    with pytest.raises(InputError, match="regroup: the other proposal comes from another forming"):
        eight.regroup(other)


@pytest.mark.parametrize("first", ["members", "amount"])
def test_circles_that_place_less_than_must_be_have_a_bound_of_their_own(first: str):
    """The proposal's bound is for those that place (lend) the most; whoever places fewer may score more."""
    fewer = 0
    for seed in range(3, 6):
        proposal = form_circles(village(seed), replace(VILLAGE_RULES, first=first), gap=0.0, time_limit=None)
        alone = proposal.self_formed()
        assert proposal.upper_bound <= alone.upper_bound >= alone.score
        fewer += alone.upper_bound > proposal.upper_bound
        assert check_proposal(village(seed), proposal.rules, alone).empty
    assert fewer or first == "members", "some lend less"


def test_ctrl_c_ends_the_costs_of_rules_with_those_found(eight: Proposal, monkeypatch: pytest.MonkeyPatch):
    told: list[tuple[int, int]] = []

    def form_once(*arguments: object, **options: object) -> Proposal:
        if told:
            raise KeyboardInterrupt
        return form_circles(*arguments, **options)

    monkeypatch.setattr("circles.matching.answers.rule_costs.form_circles", form_once)
    costs = eight.rule_costs(progress=lambda done, whole: told.append((done, whole)))
    assert costs.rules["rule"].tolist() == ["connected"]
    assert told == [(1, len(costs.untried) + 1)]
    assert "interrupted; not tried: related_parties, " in str(costs)


def test_hostile_ids_stay_in_their_lines():
    ids = ["M1\nfake", "=2+2", "<b>", "a b"]
    members = pd.DataFrame({"member_id": ids, "resources_fen": 10**8})
    asked = pd.DataFrame({"application_id": ids, "member_id": ids, "amount_fen": 10**7})
    known = pd.DataFrame({"member_a": ids[:3], "member_b": ids[1:]})
    portfolio = Portfolio.from_frames(as_of="2007-12-29", members=members, applications=asked, acquaintances=known)
    proposal = form_circles(portfolio, TRIOS, gap=0.0, time_limit=None)
    (circle,) = set(proposal.circles["circle_id"])
    outside = next(iter(set(ids) - set(proposal.circles["member_id"])))
    inside = proposal.circles["member_id"].iloc[0]
    answers = [proposal.explain(circle), proposal.why_unplaced(outside), proposal.alternatives("=2+2")]
    for told in (*answers, proposal.swap(inside, outside), proposal.fragile(), proposal.audit_stability()):
        assert not any(line.startswith("fake") for line in str(told).splitlines()), str(told)
    with pytest.raises(InputError, match=r"member 'M1\\nfoe' is no member"):
        proposal.why_unplaced("M1\nfoe")


def test_answers_leave_the_proposal_as_it_was(eight: Proposal):
    before = eight.circles.copy()
    eight.swap("M4", "M1")
    eight.self_formed()
    pd.testing.assert_frame_equal(eight.circles, before)


def test_prices_of_limits_across_circles_count_too():
    """Most members first: placing fewer than six is out of the question, and every circle still pays its price."""
    portfolio = book(8, known=[*CHAIN, ("M1", "M3"), ("M6", "M8")])
    proposal = form_circles(portfolio, replace(TRIOS, first="members"), gap=0.0, time_limit=None)
    assert proposal.forming.stages[0].problem.place_at_least == 6
    for member in proposal.forming.candidates.ids:
        assert (proposal.alternatives(member).circles["short"] >= 0).all()
