"""Fragile circles: who breaks one, and the least deposit that holds it, against trying every fen."""

import numpy as np
import pandas as pd
import pytest
from contagion.pair_book import pair
from settlement.exact_books import draw_book

from circles import InputError, Terms, find_fragility
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
    ]


def test_a_circle_that_stands_needs_nothing():
    members = pair().members.assign(resources_fen=100_00)
    found = find_fragility(pair().replace(members=members), "C1")
    assert (found.deposit_fen, len(found.failures)) == (0, 0)
    assert str(found) == "no single failure breaks circle C1 of 2 members"


def test_a_buyer_outside_breaks_it_and_no_deposit_helps():
    owed = pd.DataFrame({"supplier_id": ["B"], "buyer_id": ["E"], "amount_fen": [31_00]})
    found = find_fragility(pair().replace(receivables=owed), "C1")
    outside = found.failures[~found.failures["is_member"]]
    assert outside[["failing_id", "fallen"]].to_numpy().tolist() == [["E", "A B"]]
    assert found.deposit_fen is None
    assert "no further deposit of this circle alone would hold it" in str(found)


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
