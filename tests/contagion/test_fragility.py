"""Fragile circles: who breaks one, and the least deposit that holds it, against trying every fen."""

import numpy as np
import pandas as pd
import pytest
from contagion.pair_book import pair
from settlement.exact_books import draw_book

from circles import InputError, Portfolio, Terms, find_fragility
from circles.settlement import build_obligations, find_breakers, find_least_deposit, settle_waterfall, stands
from circles.settlement.exchange import replace_deposit


def test_the_failure_that_breaks_a_circle_and_the_deposit_to_the_fen():
    """A fails: B is called for 100 and has 30. B fails: A is called for 100 and has nothing, so all 100 are needed."""
    found = find_fragility(pair(), "C1")
    assert found.failures.to_numpy().tolist() == [["A", True, "B", 170_00], ["B", True, "A", 200_00]]
    assert found.deposit_fen == 100_00
    assert str(found).splitlines() == [
        "circle C1 of 2 members breaks with 2 single failures, 2 of them of its own members:",
        "  A brings down B; the bank loses 170.00",
        "  B brings down A; the bank loses 200.00",
        "a further deposit of 100.00 would hold it",
        "swapping A, with its loans and deposit there, for E, without a loan (acquainted with 0 of 1 who stay) would "
        "hold it; 1 of 2 swaps tried",
    ]


def test_a_circle_that_stands_needs_nothing():
    members = pair().members.assign(resources_fen=100_00)
    found = find_fragility(pair().replace(members=members), "C1")
    assert (found.deposit_fen, len(found.failures)) == (0, 0)
    assert (found.swap, found.swaps_tried) == (None, 0)
    assert str(found) == "no single failure breaks circle C1 of 2 members"


def test_a_buyer_outside_breaks_it_and_no_deposit_helps():
    owed = pd.DataFrame({"supplier_id": ["B"], "buyer_id": ["E"], "amount_fen": [31_00]})
    found = find_fragility(pair().replace(receivables=owed), "C1")
    outside = found.failures[~found.failures["is_member"]]
    assert outside[["failing_id", "fallen"]].to_numpy().tolist() == [["E", "A;B"]]
    assert found.deposit_fen is None
    assert "E brings down A, B" in str(found)
    assert "no further deposit of this circle alone would hold it" in str(found)
    assert found.describe_swap().startswith("swapping B, with its loans and deposit there, for E")


def test_an_unknown_circle_is_refused_with_those_there_are():
    with pytest.raises(InputError, match="circle 'C9' is not in the portfolio; it has C1"):
        find_fragility(pair(), "C9")


@pytest.mark.parametrize(
    "terms",
    [
        Terms(),
        Terms(share="loan", recovery_rate=0.25, receivable_recovery_rate=0.5),
        Terms(share="resources", contagious_recovery_rate=0.5),
        Terms(settlement="threshold"),
    ],
    ids=lambda terms: f"{terms.settlement}-{terms.share}",
)
def test_halving_finds_what_trying_every_fen_finds(terms):
    """Random overlapping books in single fen: once a circle stands, it stands with every larger deposit."""
    needed = set()
    for seed in range(15):
        obligations = build_obligations(draw_book(np.random.default_rng(seed), unit=1).portfolio())
        for pool in np.flatnonzero([name.startswith("circle:") for name in obligations.pools.ids]):
            members = obligations.pools.member[obligations.pools.pool == pool].astype(np.int64)
            for first in find_breakers(obligations, terms, members):
                case = {"pool": int(pool), "firsts": np.array([first]), "members": members}
                tried = try_every_fen(obligations, terms, **case)
                assert tried == sorted(tried), "it stands, and falls with more"
                found = find_least_deposit(obligations, terms, **case)
                assert found == (tried.index(True) if any(tried) else None)
                needed.add(found)
    assert len(needed - {None, 0}) >= 3, "the books are of all sorts"
    assert None in needed


def try_every_fen(obligations, terms, *, pool, firsts, members) -> list[bool]:
    before = obligations.pools.deposit[pool]
    most = int(obligations.loans.exposure[obligations.loans.pool == pool].sum())
    books = (replace_deposit(obligations, pool, before + fen) for fen in range(most + 1))
    return [stands(book, terms, firsts, members) for book in books]


def test_breakers_are_those_of_settling_everybody_alone():
    counts = set()
    for seed in range(20):
        obligations = build_obligations(draw_book(np.random.default_rng(seed)).portfolio())
        everybody = range(len(obligations.members))
        members = np.arange(0, len(obligations.members), 2)
        alone = [settle_waterfall(obligations, np.array([first]), Terms()).round[members] for first in everybody]
        expected = [first for first in everybody if (alone[first] > 0).any()]
        assert find_breakers(obligations, Terms(), members).tolist() == expected
        counts.add(len(expected))
    assert len(counts) > 2


def draw_fragile(seed: int) -> Portfolio:
    """A random book, some of whose members are in no circle: acquaintances, exclusions, control, own deposits."""
    random = np.random.default_rng(seed)
    book = draw_book(random, unit=10)
    strangers, most = [f"S{k}" for k in range(3)], 40 if seed % 2 else 6
    book.resources |= {name: int(random.integers(0, most)) * 10 for name in strangers}
    ids = list(book.resources)
    pairs = [tuple(random.choice(ids, 2, replace=False)) for _ in range(12)]
    book.receivables += [(str(a), str(b), int(random.integers(1, 8)) * 10) for a, b in pairs[:3]]
    known, apart = (pd.DataFrame(part, columns=["member_a", "member_b"]) for part in (pairs[3:9], pairs[9:]))
    portfolio = book.portfolio()
    when = ["2007-12-01", "2007-01-01", "2006-12-01"]
    traded = pd.DataFrame([(a, b, month, 1) for (a, b), month in zip(pairs[:3], when, strict=True)])
    traded.columns = ["seller_id", "buyer_id", "period", "amount_fen"]
    control = [f"K{number}" if number < 3 else None for number in random.integers(0, 8, len(ids))]
    inside = portfolio.circle_members
    deposits = pd.array(np.where(random.random(len(inside)) < 0.5, 10, 0), dtype="Int64")
    return portfolio.replace(
        members=portfolio.members.assign(control_group=pd.Series(control, dtype="str")),
        trades=traded,
        acquaintances=known.drop_duplicates(),
        exclusions=apart.drop_duplicates(),
        circle_members=inside.assign(deposit_fen=deposits),
    )


def swap_by_hand(portfolio: Portfolio, circle_id: str, leaves: str, joins: str) -> Portfolio:
    """The leaving member's loans in the circle are paid back, and its deposit; the newcomer joins with neither."""
    rows, loans = portfolio.circle_members, portfolio.loans
    at = (rows["circle_id"] == circle_id) & (rows["member_id"] == leaves)
    joined = rows.assign(member_id=rows["member_id"].mask(at, joins), deposit_fen=rows["deposit_fen"].mask(at))
    repaid = (loans["circle_id"] == circle_id) & (loans["borrower_id"] == leaves)
    return portfolio.replace(circle_members=joined, loans=loans[~repaid])


def list_swaps(portfolio: Portfolio, circle_id: str) -> list[tuple[int, int, str, int, str]]:
    """Every swap that is allowed, in the order of trying; written with sets of names, apart from the search."""
    rows = portfolio.circle_members
    inside = set(rows.loc[rows["circle_id"] == circle_id, "member_id"])
    members = portfolio.members.set_index("member_id")
    resources, control = members["resources_fen"].to_dict(), members["control_group"].to_dict()
    known, apart = (
        {frozenset(pair) for pair in frame[["member_a", "member_b"]].to_numpy().tolist()}
        for frame in (portfolio.acquaintances, portfolio.exclusions)
    )
    recent = portfolio.trades[portfolio.trades["period"] >= pd.Timestamp("2007-01-01")]
    known |= {frozenset(pair) for pair in recent[["seller_id", "buyer_id"]].to_numpy().tolist()}
    found = []
    for leaves in inside:
        for joins in set(members.index) - set(rows["member_id"]):
            stay = inside - {leaves}
            if any({one, joins} in apart or control[one] == control[joins] for one in stay):
                continue
            count = sum({one, joins} in known for one in stay)
            found.append((-count, -resources[joins], joins, resources[leaves], leaves))
    return sorted(found)


@pytest.mark.parametrize(
    "terms",
    [Terms(), Terms(share="able", recovery_rate=0.25), Terms(share="loan"), Terms(settlement="threshold")],
    ids=lambda terms: f"{terms.settlement}-{terms.share}",
)
def test_the_swap_is_that_of_trying_every_one(terms):
    """Each swap is made in the tables and the circle examined anew."""
    kinds = set()
    for seed in (1, 6, 18, 21, 36):
        portfolio = draw_fragile(seed)
        for circle_id in portfolio.circles["circle_id"]:
            found = find_fragility(portfolio, circle_id, terms, swaps=1_000)
            if not len(found.failures):
                continue
            best, needed, tried = None, found.deposit_fen, 0
            for _, _, joins, _, leaves in list_swaps(portfolio, circle_id):
                if needed == 0:
                    break
                tried += 1
                swapped = swap_by_hand(portfolio, circle_id, leaves, joins)
                least = find_fragility(swapped, circle_id, terms, swaps=0).deposit_fen
                if least is not None and (needed is None or least < needed):
                    best, needed = (leaves, joins), least
            assert found.swaps_tried == tried
            assert found.swaps_possible == len(list_swaps(portfolio, circle_id))
            assert (found.swap is None) == (best is None)
            if found.swap is not None:
                assert (found.swap.leaves_id, found.swap.joins_id, found.swap.deposit_fen) == (*best, needed)
            kinds.add("none" if best is None else "swap" if needed == 0 else "both")
    assert kinds == {"none", "swap", "both"}


def test_acquaintances_are_tried_first_and_who_is_overdue_is_not():
    portfolio = pair()
    more = pd.DataFrame({"member_id": ["F", "G"], "resources_fen": [150_00, 500_00], "default_probability": 0.0})
    members = pd.concat([portfolio.members, more], ignore_index=True)
    late = pd.DataFrame({"loan_id": ["LG"], "borrower_id": ["G"], "balance_fen": [1], "days_overdue": [3]})
    loans = pd.concat([portfolio.loans, late], ignore_index=True)
    book = portfolio.replace(members=members, loans=loans)
    richest = find_fragility(book, "C1").swap
    assert (richest.leaves_id, richest.joins_id, richest.acquainted) == ("A", "F", 0)
    known = book.replace(acquaintances=pd.DataFrame({"member_a": ["E"], "member_b": ["B"]}))
    swap = find_fragility(known, "C1").swap
    assert (swap.leaves_id, swap.joins_id, swap.acquainted, swap.deposit_fen) == ("A", "E", 1, 0)


def test_named_candidates_are_the_only_ones_and_few_swaps_are_tried():
    found = find_fragility(pair(), "C1", candidates=["E"], swaps=0)
    assert (found.swap, found.swaps_tried, found.swaps_possible) == (None, 0, 2)
    assert found.describe_swap() == "no swap was found that would hold it with less deposit; 0 of 2 swaps tried"
    nobody = find_fragility(pair(), "C1", candidates=[])
    assert (nobody.swap, nobody.swaps_possible) == (None, 0)
    with pytest.raises(InputError, match="member 'X' is not in the portfolio"):
        find_fragility(pair(), "C1", candidates=["X"])
    with pytest.raises(InputError, match="candidate 'A' is in circle 'C1' already"):
        find_fragility(pair(), "C1", candidates=["A"])
    with pytest.raises(InputError, match="swaps must be a whole number of at least 0"):
        find_fragility(pair(), "C1", swaps=-1)


def test_a_swap_may_still_take_a_deposit():
    """E has 100 yuan; with 60 it could pay so much of B's 100, and 40 are missing."""
    members = pair().members.assign(resources_fen=[0, 30_00, 60_00])
    found = find_fragility(pair().replace(members=members), "C1")
    assert (found.deposit_fen, found.swap.deposit_fen, found.swaps_tried) == (100_00, 40_00, 2)
    assert "for E, without a loan (acquainted with 0 of 1 who stay) and a further deposit of 40.00 would" in str(found)
