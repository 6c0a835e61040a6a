"""Forming circles on portfolios whose best proposal fits on paper."""

from dataclasses import replace

import pandas as pd
import pytest
from forming_book import YUAN, book

from circles.errors import InputError
from circles.matching import MatchingRules, PlanStatus, Weights, check_proposal, form_circles

CHAIN = [(f"M{i}", f"M{i + 1}") for i in range(1, 8)]
PLAIN = Weights(member=10, acquaintance=5, same_town=0, same_industry=4, stranger=1, size_charge={3: 6})
TRIOS = MatchingRules(max_members=3, weights=PLAIN)


def members_of(proposal) -> list[set[str]]:
    return [set(rows["member_id"]) for _, rows in proposal.circles.groupby("circle_id")]


def reasons_of(proposal) -> dict[str, str]:
    return dict(zip(proposal.unplaced["member_id"], proposal.unplaced["reason"], strict=True))


def test_the_best_proposal_of_eight_firms():
    """A chain M1 … M8 with M1–M3 and M6–M8 closed to triangles: 30 + 3 × 5 − 6 = 39 each, nothing scores 40.

    Any other trio is 30 + 2 × 5 − 1 − 6 = 33, and eight firms hold two trios at most.
    """
    portfolio = book(8, known=[*CHAIN, ("M1", "M3"), ("M6", "M8")])
    proposal = form_circles(portfolio, TRIOS, seed=7, gap=0.0)
    assert members_of(proposal) == [{"M1", "M2", "M3"}, {"M6", "M7", "M8"}]
    assert (proposal.status, proposal.score, proposal.upper_bound, proposal.gap) == (PlanStatus.OPTIMAL, 78, 78, 0.0)
    assert reasons_of(proposal) == {"M4": "outbid", "M5": "outbid"}
    assert check_proposal(portfolio, TRIOS, proposal).empty


def test_a_circle_is_taken_apart_into_terms_that_add_up():
    portfolio = book(3, members={"industry": ["x", "x", None]})
    proposal = form_circles(portfolio, TRIOS, gap=0.0)
    terms = dict(zip(proposal.breakdown["term"], proposal.breakdown["points"], strict=True))
    assert terms == {"member": 30, "acquaintance": 10, "same_industry": -4, "stranger": -1, "size": -6}
    assert proposal.score == 29 == sum(terms.values())


def test_trade_of_twelve_months_makes_members_known():
    trades = pd.DataFrame(
        {"seller_id": ["M1", "M3"], "buyer_id": ["M2", "M2"], "period": ["2007-01", "2007-12"], "amount_fen": 1}
    )
    rules = replace(TRIOS, weights=replace(PLAIN, trade_volume=0, trade_months=12, trade_recency=12, trade_both_ways=9))
    rules = replace(rules, min_trade_age_months=0)
    proposal = form_circles(book(3, known=[], trades=trades), rules)
    terms = dict(zip(proposal.breakdown["term"], proposal.breakdown["points"], strict=True))
    # one month of twelve for each pair; the last month counts 12/12, the first of the window 1/12; M1 and M3 sell to M2
    # only, but do not know each other, so that the common customer is not charged
    assert terms == {"member": 30, "trade_months": 2, "trade_recency": 13, "stranger": -1, "size": -6}


@pytest.mark.parametrize(("mode", "circles"), [("acquainted", 0), ("strangers", 1), ("any", 1)])
def test_strangers_form_a_circle_only_where_the_mode_lets_them(mode: str, circles: int):
    portfolio = book(3, known=[])
    rules = MatchingRules(mode=mode)
    proposal = form_circles(portfolio, rules)
    assert len(members_of(proposal)) == circles
    assert check_proposal(portfolio, rules, proposal).empty
    assert proposal.status == ("OPTIMAL" if circles else "INFEASIBLE")
    assert set(reasons_of(proposal).values()) == (set() if circles else {"no_partners"})


def test_circles_with_strangers_put_down_a_deposit():
    proposal = form_circles(book(3, known=[]), MatchingRules(mode="strangers"))
    assert proposal.circles["deposit_fen"].tolist() == [20_000 * YUAN] * 3
    assert proposal.portfolio().circle_members["deposit_fen"].tolist() == [20_000 * YUAN] * 3


def test_any_puts_acquaintances_first_and_strangers_with_the_rest():
    """M1 – M2 – M3 know each other; M4, M5, M6 know nobody, and M6 asked for acquaintances only."""
    wishes = [None, None, None, None, None, "acquainted"]
    rules = MatchingRules(mode="any")
    portfolio = book(6, known=[("M1", "M2"), ("M2", "M3")], applications={"mode": wishes})
    proposal = form_circles(portfolio, rules, gap=0.0)
    assert members_of(proposal) == [{"M1", "M2", "M3"}], "two strangers are too few"
    assert reasons_of(proposal) == {"M4": "no_circle", "M5": "no_circle", "M6": "no_partners"}
    portfolio = portfolio.replace(applications=portfolio.applications.assign(mode="any"))
    proposal = form_circles(portfolio, rules, gap=0.0)
    kinds = proposal.circles.groupby("kind")["member_id"].agg(set).to_dict()
    assert kinds == {"acquainted": {"M1", "M2", "M3"}, "strangers": {"M4", "M5", "M6"}}
    assert len(proposal.plans) == 2
    assert proposal.upper_bound >= proposal.score
    assert check_proposal(portfolio, rules, proposal).empty


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"members": {"control_group": ["G", None, "G"]}}, "related parties"),
        ({"exclusions": pd.DataFrame({"member_a": ["M3"], "member_b": ["M1"]})}, "related parties or exclusions"),
        (
            {"members": {"resources_fen": [20_000_000, 20_000_000, 4_999_999]}},
            "its loan is more than a co-member could bear",
        ),
        ({"applications": {"amount_fen": [40_000_001, 10_000_000, 10_000_000]}}, "its loan is more than"),
        ({"rules": {"coverage": 4.01}}, "do not cover a loan"),
        ({"rules": {"max_circle_loan_fen": 29_999_999}}, "exceed the limit"),
        ({"applications": {"amount_fen": [1, 2, 3]}, "rules": {"amount_ratio": 2.9}}, "differ too much"),
    ],
)
def test_a_broken_rule_leaves_all_three_unplaced_and_says_why(changes: dict, why: str):
    rules = MatchingRules(**changes.pop("rules", {}))
    portfolio = book(3, **changes)
    proposal = form_circles(portfolio, rules)
    assert proposal.status is PlanStatus.INFEASIBLE
    assert proposal.circles.empty
    assert reasons_of(proposal) == {"M1": "no_circle", "M2": "no_circle", "M3": "no_circle"}
    assert why in proposal.unplaced["detail"].iloc[0]
    assert check_proposal(portfolio, rules, proposal).empty


def test_links_are_closed_transitively_over_members_that_did_not_apply():
    """M1 shares a phone with M9's account, and M9 an account with M3; M9 itself has not applied."""
    whole = book(4, known=[("M1", "M2"), ("M2", "M3")])
    applied = whole.applications[whole.applications["member_id"] != "M4"]
    links = pd.DataFrame({"member_a": ["M1", "M4"], "member_b": ["M4", "M3"], "kind": ["phone", "account"]})
    linked = whole.replace(applications=applied, links=links)
    assert form_circles(linked).circles.empty
    assert len(form_circles(linked, MatchingRules(related_parties_apart=False)).circles) == 3
    shared_roof = whole.replace(applications=applied, links=links.assign(kind="address"))
    assert len(form_circles(shared_roof).circles) == 3, "an address alone is no sign of one hand"


def test_nobody_eligible_and_nobody_applied_are_results():
    refused = form_circles(book(3, members={"city": "宁波"}))
    assert refused.status is PlanStatus.INFEASIBLE
    assert set(reasons_of(refused).values()) == {"region"}
    nobody = form_circles(book(3).replace(applications=book(3).applications.head(0)))
    assert nobody.unplaced.empty
    assert nobody.circles.empty
    assert nobody.portfolio().digest() == book(3).replace(applications=book(3).applications.head(0)).digest()


def test_missing_resources_are_refused_with_their_number():
    portfolio = book(3, members={"resources_fen": pd.array([1, None, None], dtype="Int64")})
    with pytest.raises(InputError, match="2 of 3 candidates have no resources"):
        form_circles(portfolio)
    rules = MatchingRules(coverage=None, bearable=None)
    assert len(form_circles(portfolio, rules).circles) == 3
    with pytest.raises(InputError, match="2 of 3 candidates have no resources"):
        form_circles(portfolio, replace(rules, mode="any")), "strangers must be bearable still"


def test_resources_of_the_refused_are_not_asked_for():
    members = {"resources_fen": pd.array([9**9, 9**9, 9**9, None], dtype="Int64"), "city": ["a", "a", "a", "宁波"]}
    assert len(form_circles(book(4, members=members)).circles) == 3


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"seed": -1}, "seed must be a whole number of at least 0, got -1"),
        ({"seed": 1.5}, "seed must be a whole number"),
        ({"gap": 1.0}, "gap must be a fraction of at least 0 and below 1, got 1.0"),
        ({"gap": float("nan")}, "gap must be a fraction"),
        ({"time_limit": 0}, "time_limit must be more than 0 seconds"),
        ({"workers": 0}, "workers must be a whole number of at least 1, got 0"),
    ],
)
def test_arguments_out_of_range_are_refused(arguments: dict, message: str):
    with pytest.raises(InputError, match=message):
        form_circles(book(3), **arguments)


def test_other_things_than_a_portfolio_and_rules_are_refused():
    with pytest.raises(InputError, match=r"portfolio must be a circles\.Portfolio, got str"):
        form_circles("folder")
    with pytest.raises(InputError, match=r"rules must be circles\.MatchingRules, got dict"):
        form_circles(book(3), {"mode": "any"})


def test_new_ids_never_collide_and_the_portfolio_holds_the_proposal():
    old = {
        "circles": pd.DataFrame({"circle_id": ["C00001"], "status": ["dissolved"]}),
        "circle_members": pd.DataFrame({"circle_id": ["C00001", "C00001"], "member_id": ["M1", "M2"]}),
        "loans": pd.DataFrame({"loan_id": ["L00002"], "borrower_id": ["M1"], "balance_fen": [7]}),
    }
    portfolio = book(3, applications={"term_months": [12, None, 6]}, **old)
    proposal = form_circles(portfolio)
    assert proposal.circles["circle_id"].unique().tolist() == ["C00002"]
    after = proposal.portfolio()
    circle = after.circles.set_index("circle_id").loc["C00002"]
    assert circle["status"] == "proposed"
    assert (str(circle["formed_on"].date()), str(circle["expires_on"].date())) == ("2007-12-29", "2008-12-29")
    loans = after.loans.set_index("loan_id").drop("L00002")
    assert loans.index.tolist() == ["L00001", "L00003", "L00004"]
    assert loans["borrower_id"].tolist() == ["M1", "M2", "M3"]
    assert loans["balance_fen"].tolist() == [100_000 * YUAN] * 3
    assert [str(day.date()) for day in loans["due_on"]] == ["2008-12-29", "2008-12-29", "2008-06-29"]
    assert form_circles(after).circles.empty, "what is proposed is not proposed twice"
    assert set(reasons_of(form_circles(after)).values()) == {"in_circle"}


def test_a_circle_is_explained():
    portfolio = book(3, members={"resources_fen": [30_000_000, 20_000_000, 10_000_000], "name": ["甲", "乙", None]})
    proposal = form_circles(portfolio)
    why = proposal.explain("C00001")
    assert why.terms["points"].sum() == why.score == proposal.score
    assert why.members["may_owe_fen"].tolist() == [20_000_000] * 3
    assert why.members["largest_call_fen"].tolist() == [5_000_000] * 3
    assert why.limits["rule"].tolist() == ["size", "coverage", "bearable"]
    found = why.limits.set_index("rule")["found"]
    assert found["coverage"] == "the others cover 3 × the loan of M1"
    assert found["bearable"] == "one default calls 0.5 × the resources of M3"
    assert "Circle C00001 (acquainted), 3 members" in str(why)
    with pytest.raises(InputError, match="circle 'C9' is not one of the 1 proposed circles: C00001"):
        proposal.explain("C9")


def test_a_proposal_prints_what_matters():
    proposal = form_circles(book(8, known=CHAIN), TRIOS)
    text = str(proposal)
    assert "2 circles place 6 of 8 applicants" in text
    assert "score 66, upper bound 66: no proposal scores more (gap 0.00%)" in text
    assert "unplaced 2: outbid 2" in text


def test_what_is_not_stated_is_noted():
    members = {"registered_on": None, "resources_source": ["estimated", None, "verified"]}
    older = book(3).applications.assign(application_id=["B1", "B2", "B3"], applied_on="2000-01-01").head(1)
    portfolio = book(3, members=members)
    twice = pd.concat([portfolio.applications.assign(applied_on="2007-01-01"), older], ignore_index=True)
    proposal = form_circles(portfolio.replace(applications=twice))
    assert proposal.notes == (
        "registered_on is not stated for 3 of 3 candidates: not judged for them",
        "certified_until is not stated for 3 of 3 candidates: not judged for them",
        "resources of 1 of 3 candidates are estimates",
        "older applications replaced by a newer one of the same member: 1",
    )


def test_hostile_names_stay_text():
    ids = ["张三", "<script>alert(1)</script>", "Robert'); DROP TABLE members;--\n{x}"]
    portfolio = book(3)
    renamed = dict(zip(["M1", "M2", "M3"], ids, strict=True))
    known = portfolio.acquaintances.replace(renamed)
    portfolio = portfolio.replace(
        members=portfolio.members.assign(member_id=ids),
        applications=portfolio.applications.replace(renamed),
        acquaintances=known,
    )
    proposal = form_circles(portfolio)
    assert set(proposal.circles["member_id"]) == set(ids)
    told = str(proposal.explain("C00001"))
    assert all(member.replace("\n", " ") in told for member in ids), "a line break must not begin a line"
    assert check_proposal(portfolio, MatchingRules(), proposal).empty
