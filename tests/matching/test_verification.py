"""The audit file: the same bytes each time, read back whole, and every way to falsify it caught from scratch."""

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from audit_files import Change, write
from forming_book import book

from circles.errors import InputError
from circles.generate import generate_portfolio
from circles.matching import (
    BoundStatus,
    MatchingProblem,
    MatchingRules,
    Proposal,
    form_circles,
    read_proposal,
    verify_bound,
    verify_proposal,
)
from circles.matching.admissible import is_admissible
from circles.matching.check.facts import gather_facts
from circles.matching.check.rebuild import list_candidates, rebuild_problem
from circles.matching.forming.build import build_problem
from circles.matching.forming.candidates import select_candidates
from circles.matching.record.document import save_proposal
from circles.matching.worth import circle_worth
from circles.portfolio import Portfolio

CHAIN = [(f"M{i}", f"M{i + 1}") for i in range(1, 11)]
RULES = MatchingRules(max_members=4, mode="any")


@pytest.fixture(scope="module")
def portfolio() -> Portfolio:
    """Eleven firms: eight in a chain, three that know nobody, of two industries; two may never be together."""
    apart = pd.DataFrame({"member_a": ["M2"], "member_b": ["M4"]})
    linked = pd.DataFrame({"member_a": ["M9"], "member_b": ["M11"], "kind": "phone"})
    industries = ["x", "y", "x", "y", "z", "x", "x", "y", "z", None, None]
    members = {"industry": industries, "city": ["Hangzhou"] * 5 + ["Jiaxing"] * 6}
    return book(11, known=CHAIN[:7], members=members, exclusions=apart, links=linked)


@pytest.fixture(scope="module")
def proposal(portfolio: Portfolio) -> Proposal:
    return form_circles(portfolio, RULES, seed=7, gap=0.0)


@pytest.fixture(scope="module")
def document(proposal: Proposal, tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("audit") / "proposal.json"
    proposal.save(path)
    return path.read_text(encoding="utf-8")


@pytest.mark.parametrize("mode", ["acquainted", "strangers", "any"])
def test_a_proposal_of_each_mode_is_proved_from_its_file(portfolio: Portfolio, tmp_path: Path, mode: str) -> None:
    formed = form_circles(portfolio, MatchingRules(max_members=4, mode=mode), seed=7, gap=0.0)
    formed.save(tmp_path / "p.json")
    checked = verify_proposal(tmp_path / "p.json", portfolio)
    assert checked.status is BoundStatus.PROVED, checked.violations
    assert len(checked.violations) == 0
    assert f"no proposal scores more than {formed.upper_bound:,}" in str(checked)


def test_what_is_read_is_what_was_formed(proposal: Proposal, document: str, tmp_path: Path) -> None:
    path = tmp_path / "p.json"
    path.write_text(document, encoding="utf-8")
    saved = read_proposal(path)
    for table in ("circles", "unplaced", "breakdown", "flags"):
        own = getattr(proposal, table).reset_index(drop=True)
        own = own.astype(getattr(saved, table).dtypes)  # texts may be stored in another way, with pyarrow or without
        pd.testing.assert_frame_equal(
            getattr(saved, table).sort_values(list(own.columns), ignore_index=True),
            own.sort_values(list(own.columns), ignore_index=True),
        )
    assert (saved.rules, saved.seed, saved.digest) == (proposal.rules, 7, proposal.digest)
    assert (saved.status, saved.score, saved.upper_bound) == (proposal.status, proposal.score, proposal.upper_bound)
    save_proposal(saved, tmp_path / "again.json")
    assert (tmp_path / "again.json").read_text(encoding="utf-8") == document
    assert {"python", "circles", "numpy", "ortools"} <= set(saved.versions)


def test_the_same_seed_gives_the_same_bytes_for_any_number_of_workers(
    portfolio: Portfolio, document: str, tmp_path: Path
) -> None:
    for workers in (1, 2):
        path = tmp_path / f"{workers}.json"
        form_circles(portfolio, RULES, seed=7, gap=0.0, workers=workers).save(path)
        assert path.read_text(encoding="utf-8") == document


def test_a_proposal_changed_by_hand_is_proved_with_the_bound_it_had(portfolio: Portfolio, tmp_path: Path) -> None:
    formed = form_circles(portfolio, MatchingRules(max_members=4), seed=7, gap=0.0)
    placed = formed.circles["member_id"].tolist()
    changed = min(list_swaps(formed), key=lambda each: each.score)
    changed.save(tmp_path / "p.json")
    checked = verify_proposal(tmp_path / "p.json", portfolio)
    assert checked.status is BoundStatus.PROVED, checked.violations.to_string()
    assert set(changed.circles["member_id"]) != set(placed)
    assert changed.score <= changed.upper_bound == formed.upper_bound


@pytest.mark.parametrize("first", ["members", "amount"])
def test_what_must_be_placed_or_lent_is_part_of_the_certificate(
    portfolio: Portfolio, tmp_path: Path, first: str
) -> None:
    formed = form_circles(portfolio, MatchingRules(max_members=4, first=first), seed=7, gap=0.0)
    formed.save(tmp_path / "p.json")
    assert verify_proposal(tmp_path / "p.json", portfolio).status is BoundStatus.PROVED

    def forget(said: dict[str, Any]) -> None:
        said["runs"][0].update(place_at_least=None, lend_at_least=None)

    checked = verify_proposal(write(tmp_path, (tmp_path / "p.json").read_text(), forget), portfolio)
    assert checked.status is BoundStatus.VIOLATED


@pytest.mark.parametrize("first", ["members", "amount"])
def test_circles_that_fall_short_of_what_comes_first_are_proved_with_a_bound_of_their_own(
    tmp_path: Path, first: str
) -> None:
    """The two strongest in a chain of six choose each other, so that the others cannot meet; M7 asks for less."""
    known, cash = [*CHAIN[:5], ("M1", "M7")], [200_000_00] * 7
    cash[2:4] = [900_000_00, 800_000_00]
    asked = {"amount_fen": [100_000_00] * 6 + [50_000_00]}
    chain = book(7, known=known, members={"resources_fen": cash}, applications=asked)
    formed = form_circles(chain, MatchingRules(min_members=3, max_members=3, first=first), seed=7, gap=0.0)
    others = [formed.self_formed(), *[swap for swap in list_swaps(formed) if lent(swap) < lent(formed)][:1]]
    for at, other in enumerate(others):
        assert lent(other) < lent(formed)
        other.save(tmp_path / f"{at}.json")
        checked = verify_proposal(tmp_path / f"{at}.json", chain)
        assert checked.status is BoundStatus.PROVED, checked.violations.to_string()
        assert other.score <= other.upper_bound >= formed.upper_bound
    assert len(others[0].circles) < len(formed.circles)
    assert len(others) == 2 or first == "members"


def list_swaps(formed: Proposal) -> Iterator[Proposal]:
    placed, left = formed.circles["member_id"].tolist(), formed.unplaced["member_id"].tolist()
    swaps = (formed.swap(first, second) for first in placed for second in left)
    return (swap.proposal for swap in swaps if swap.proposal is not None)


def lent(proposal: Proposal) -> int:
    return int(proposal.circles["amount_fen"].sum())


def test_a_bound_from_exhaustive_search_is_proved_and_a_lower_one_refuted_by_a_circle(tmp_path: Path) -> None:
    portfolio = generate_portfolio(members=400, trades=1_600, seed=11)
    form_circles(portfolio, MatchingRules(), seed=7, gap=0.0).save(tmp_path / "p.json")
    saved = read_proposal(tmp_path / "p.json")
    run = saved.runs[0]
    assert run.plan.proof == "enumeration"
    assert verify_proposal(saved, portfolio).status is BoundStatus.PROVED
    facts = gather_facts(portfolio, saved.rules)
    problem = rebuild_problem(facts, saved.rules, run.kind, members=run.members)
    left = run.plan.value - circle_worth(problem, run.plan.circles[0])
    checked = verify_bound(problem, replace(run.plan, circles=run.plan.circles[1:], value=left, upper_bound=left))
    assert checked.status is BoundStatus.VIOLATED
    assert checked.circle is not None
    assert is_admissible(problem, checked.circle)


def by_id(problem: MatchingProblem, members: list[str]) -> dict[str, Any]:
    """A problem in words that do not depend on the order of members."""
    rows = zip(problem.pair_first.tolist(), problem.pair_second.tolist(), strict=True)
    pairs = [frozenset((members[left], members[right])) for left, right in rows]
    apart = zip(problem.forbidden_first.tolist(), problem.forbidden_second.tolist(), strict=True)
    scores = zip(problem.pair_value.tolist(), problem.pair_acquainted.tolist(), strict=True)
    labels = problem.labels[:, 0]
    limits = (problem.coverage, problem.bearable, problem.amount_ratio, problem.max_circle_loan)
    return {
        "pairs": dict(zip(pairs, scores, strict=True)),
        "apart": {frozenset((members[left], members[right])) for left, right in apart},
        "alike": [(labels == label).tolist() for label in labels],
        "members": {
            member: (int(problem.value[at]), int(problem.loan[at]), int(problem.resources[at]))
            for at, member in enumerate(members)
        },
        "limits": [Fraction(str(limit or 0)) for limit in limits],
        "sizes": dict(problem.size_charge),
        "rest": [problem.stranger_value, problem.label_charges.tolist(), problem.connected],
    }


@pytest.mark.parametrize("kind", ["acquainted", "strangers"])
def test_the_check_builds_the_same_problem_as_forming_without_its_code(kind: str) -> None:
    portfolio = generate_portfolio(members=400, trades=1_600, seed=11)
    rules = MatchingRules(mode="any", coverage=0.8, amount_ratio=5.5, weights={"amount": 3})
    candidates = select_candidates(portfolio, rules)
    chosen = np.arange(len(candidates)) if kind == "acquainted" else np.flatnonzero(candidates.for_strangers)
    formed = build_problem(candidates, rules, kind, chosen=chosen)
    facts = gather_facts(portfolio, rules)
    members = list_candidates(facts, rules, kind)
    assert members == candidates.ids[chosen].tolist()
    assert len(members) > 40
    assert by_id(rebuild_problem(facts, rules, kind, members=members), members) == by_id(formed, members)


def raise_score(said: dict[str, Any]) -> None:
    """Raise what a circle, the whole and the bound are said to be worth, and the points that add up to it."""
    said["circles"][0]["score"] += 5
    said["circles"][0]["points"]["member"] += 5
    said["score"] += 5
    said["upper_bound"] += 5


def lower_bound(said: dict[str, Any]) -> None:
    """Lower the bound everywhere, as if less were possible."""
    said["upper_bound"] = said["score"]
    said["runs"][0]["upper_bound"] = said["runs"][0]["value"]
    said["runs"][0]["proof"] = "prices"
    said["runs"][0]["prices"] = {member: price // 2 for member, price in said["runs"][0]["prices"].items()}


def swap_member(said: dict[str, Any]) -> None:
    """Let a member who was left out take the place of one who was placed."""
    placed, left = said["circles"][0]["members"], said["unplaced"]
    own = ("member_id", "application_id", "amount_fen")
    for name in own:
        placed[0][name], left[0][name] = left[0][name], placed[0][name]


def lower_price(said: dict[str, Any]) -> None:
    run = said["runs"][0]
    dearest = max(run["prices"], key=run["prices"].get)
    run["prices"][dearest] = 0


CHANGES: dict[str, tuple[Change, str]] = {
    "value": (raise_score, "breakdown"),
    "bound": (lower_bound, "bound"),
    "one price": (lower_price, "bound"),
    "member": (swap_member, "runs"),
    "amount": (lambda said: said["circles"][0]["members"][0].update(amount_fen=1), "application"),
    "a weight": (lambda said: said["rules"]["weights"].update(member=101), "breakdown"),
    "coverage": (lambda said: said["rules"].update(coverage=9.0), "coverage"),
    "a wider rule": (lambda said: said["rules"].update(max_members=8), "certificate"),
    "related parties": (lambda said: said["rules"].update(related_parties_apart=False), "certificate"),
    "status": (lambda said: said.update(status="OPTIMAL", upper_bound=said["upper_bound"] + 1), "bound"),
    "a run left out": (lambda said: said["runs"].pop(), "bound"),
    "another portfolio": (lambda said: said["portfolio"].update(digest="0" * 64), "portfolio"),
    "another date": (lambda said: said["portfolio"].update(as_of="2007-12-28"), "portfolio"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_to_the_file_is_caught_even_when_sealed_anew(
    portfolio: Portfolio, document: str, tmp_path: Path, name: str
) -> None:
    change, rule = CHANGES[name]
    checked = verify_proposal(write(tmp_path, document, change), portfolio)
    assert checked.status is BoundStatus.VIOLATED
    assert rule in set(checked.violations["rule"]), checked.violations.to_string()


def test_a_price_moved_to_another_member_is_caught_by_the_circle_it_no_longer_pays_for(
    portfolio: Portfolio, tmp_path: Path
) -> None:
    form_circles(portfolio, MatchingRules(max_members=4), seed=7, gap=0.0).save(tmp_path / "p.json")

    def move(said: dict[str, Any]) -> None:
        prices = said["runs"][0]["prices"]
        dearest = max(prices, key=prices.get)
        prices["M11"], prices[dearest] = prices["M11"] + prices[dearest], 0

    checked = verify_proposal(write(tmp_path, (tmp_path / "p.json").read_text(), move), portfolio)
    assert checked.violations["rule"].tolist() == ["certificate"]
    assert "worth more than it costs (M" in checked.violations["detail"][0]


@pytest.mark.parametrize("change", [lambda said: said["notes"].append("all is well"), lambda said: said.update(seed=8)])
def test_any_change_breaks_the_seal(portfolio: Portfolio, document: str, tmp_path: Path, change: Change) -> None:
    checked = verify_proposal(write(tmp_path, document, change, seal=False), portfolio)
    assert checked.status is BoundStatus.VIOLATED
    assert checked.violations["rule"].tolist() == ["seal"]


def test_a_portfolio_that_changed_is_another(proposal: Proposal, document: str, tmp_path: Path) -> None:
    checked = verify_proposal(write(tmp_path, document, lambda said: None), proposal.portfolio())
    assert checked.violations["rule"].tolist() == ["portfolio"]


def test_too_little_time_proves_nothing_and_says_so(portfolio: Portfolio, document: str, tmp_path: Path) -> None:
    checked = verify_proposal(write(tmp_path, document, lambda said: None), portfolio, time_limit=1e-9)
    assert checked.status is BoundStatus.NOT_PROVED
    assert "tables and points hold" in str(checked)


def test_a_file_that_is_there_is_kept(proposal: Proposal, tmp_path: Path) -> None:
    (tmp_path / "p.json").write_text("mine")
    with pytest.raises(InputError, match="exists already"):
        proposal.save(tmp_path / "p.json")
    proposal.save(tmp_path / "p.json", force=True)
    assert read_proposal(tmp_path / "p.json").score == proposal.score
