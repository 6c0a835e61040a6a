"""Many sets of first defaults in one go."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from settlement.exact_books import Book, Pool, draw_book, join_books

from circles import InputError, Portfolio, Terms
from circles.settlement import (
    TrialSettler,
    attribute_losses,
    build_obligations,
    settle_threshold,
    settle_trials,
    settle_waterfall,
)
from circles.settlement.ledger import FRAGILE, UNSURE, WATCHED

FIELDS = ("bank_loss", "bare", "with_trade", "optimistic", "conservative", "first_count", "contagious_count")


@pytest.fixture(scope="module")
def obligations():
    rng = np.random.default_rng(3)
    return build_obligations(join_books([draw_book(rng, prefix=f"{k:02d}.") for k in range(60)]).portfolio())


def draw_trials(obligations, count: int, *, seed: int = 5) -> dict:
    rng = np.random.default_rng(seed)
    drawn = [np.flatnonzero(rng.random(len(obligations.members)) < 0.04) for _ in range(count)]
    offsets = np.concatenate([[0], np.cumsum([len(first) for first in drawn])])
    return {"offsets": offsets, "defaulters": np.concatenate(drawn).astype(np.int32)}


def test_each_trial_equals_its_settlement_alone(obligations):
    """The ledger is used again for every trial; what one leaves behind would show in the next."""
    draws = draw_trials(obligations, 60)
    terms = Terms(recovery_rate=0.25, contagious_recovery_rate=0.5, receivable_recovery_rate=0.5)
    losses = settle_trials(obligations, terms, **draws)
    failures = np.zeros(len(obligations.members), dtype=np.int64)
    for trial in range(60):
        first = draws["defaulters"][draws["offsets"][trial] : draws["offsets"][trial + 1]]
        alone = settle_waterfall(obligations, first, terms)
        failures += alone.round > 0
        assert losses.bank_loss[trial] == pytest.approx(alone.bank_loss, abs=1e-6)
        assert losses.first_count[trial] == (alone.round == 0).sum()
        assert losses.contagious_count[trial] == (alone.round > 0).sum()
    assert losses.contagious_by_member.tolist() == failures.tolist()


@pytest.mark.parametrize("share", ["equal", "loan", "resources", "able"])
@pytest.mark.parametrize("ease", [1, 4])
@pytest.mark.parametrize("willingness", [None, 0.6])
def test_whom_a_ledger_does_not_watch_ends_as_if_it_did(obligations, share, ease, willingness):
    """Trials hold back what suppliers could lose; a settlement of its own takes every loss at once."""
    eased = replace(obligations, resources=obligations.resources * ease)
    terms = Terms(share=share, receivable_recovery_rate=0.25, recovery_rate=0.1, willingness=willingness)
    draws = draw_trials(obligations, 40, seed=ease)
    losses = settle_trials(obligations, terms, resource_scale=np.full((40, 1), float(ease)), **draws)
    for trial in range(40):
        first = draws["defaulters"][draws["offsets"][trial] : draws["offsets"][trial + 1]]
        alone = settle_waterfall(eased, first, terms)
        assert losses.bank_loss[trial] == pytest.approx(alone.bank_loss, abs=1e-5)
        assert losses.contagious_count[trial] == (alone.round > 0).sum()
        if share == "equal":
            cautious = settle_threshold(eased, first, replace(terms, contagious_recovery_rate=0.1))
            assert losses.conservative[trial] == pytest.approx(cautious.bank_loss, abs=1e-5)


def test_without_any_resources_trade_alone_brings_suppliers_down():
    """A scale of 0 marks members as any other does, also in a ledger that was never used."""
    book = Book(
        resources={"A": 100, "B": 100},
        loans=[("L1", "A", None, 7), ("L2", "B", None, 5)],
        receivables=[("B", "A", 50)],
    )
    poor = build_obligations(book.portfolio())
    losses = settle_trials(poor, Terms(), offsets=[0, 1], defaulters=[0], resource_scale=np.zeros((1, 1)))
    assert losses.contagious_count.tolist() == [1]
    assert losses.with_trade.tolist() == losses.bank_loss.tolist() == [12.0]


def test_some_are_found_out_and_some_are_never_looked_at(obligations):
    """The test above means something only where both sorts of members are called."""
    draws = draw_trials(obligations, 40)
    settler = TrialSettler(replace(obligations, resources=obligations.resources * 2), Terms())
    settler.settle(**draws)
    (ledger,) = settler._ledgers
    fragile = (ledger.marks & FRAGILE) > 0
    watched = (ledger.marks & WATCHED) > 0
    assert fragile.any()
    assert (watched & ~fragile).any()
    assert not watched.all()


def test_pools_that_are_surely_paid_are_not_opened(obligations):
    """With ample resources hardly a pool is unsure, and all trials end as they do when each pool is opened."""
    eased = replace(obligations, resources=obligations.resources * 40 + 1e9)
    settler, draws = TrialSettler(eased, Terms()), draw_trials(obligations, 1)
    losses = settler.settle(**draws)
    (ledger,) = settler._ledgers
    short = np.unique(eased.loans.pool[np.isin(eased.loans.borrower, draws["defaulters"])])
    assert (ledger.sure > 0).sum() > 0
    assert ledger.counts[UNSURE] == (ledger.sure[short[short >= 0]] < 0).sum() < (short >= 0).sum()
    alone = settle_waterfall(eased, draws["defaulters"], Terms())
    assert losses.bank_loss[0] == pytest.approx(alone.bank_loss, abs=1e-5)


@pytest.mark.parametrize(("settlement", "loss"), [("waterfall", 2000), ("threshold", 22000)])
def test_a_surely_paid_pool_goes_on_where_it_stopped(settlement, loss):
    """A's 4,000 are surely paid by the two guarantors; then B, no guarantor, fails on A's debt and owes 18,000."""
    members = pd.DataFrame({"member_id": list("ABGH"), "resources_fen": [0, 50, 10_000, 10_000]})
    circle = {"circle_id": ["C"] * 4, "member_id": list("ABGH")}
    loans = {"loan_id": ["1", "2"], "borrower_id": ["A", "B"], "balance_fen": [4000, 18000], "circle_id": ["C", "C"]}
    trade = {"receivable_id": ["R"], "supplier_id": ["B"], "buyer_id": ["A"], "amount_fen": [100]}
    whole = build_obligations(
        Portfolio.from_frames(
            as_of="2026-06-30",
            members=members,
            circles=pd.DataFrame({"circle_id": ["C"]}),
            circle_members=pd.DataFrame(circle),
            loans=pd.DataFrame(loans),
            receivables=pd.DataFrame(trade),
        )
    )
    settler = TrialSettler(_drop_borrowers(whole), Terms(settlement=settlement))
    losses = settler.settle(offsets=np.array([0, 1]), defaulters=np.array([0]))
    assert losses.bank_loss.tolist() == [loss]
    assert losses.conservative.tolist() == [22000]
    assert losses.optimistic.tolist() == [0]
    assert losses.contagious_count.tolist() == [3]
    assert settler.settle(offsets=np.array([0, 1]), defaulters=np.array([3])).bank_loss.tolist() == [0]


def _drop_borrowers(obligations):
    """Leave only the last two of four members as guarantors of the only pool."""
    pools = obligations.pools
    kept = {name: getattr(pools, name)[2:] for name in ("pool", "member", "cap", "own_loan")}
    starts = {"start": np.array([0, 2]), "member_start": np.array([0, 0, 0, 1, 2])}
    return replace(obligations, pools=replace(pools, **kept, **starts, member_entry=np.arange(2, dtype=np.int32)))


def test_any_number_of_workers_gives_the_same_bits(obligations):
    draws = draw_trials(obligations, 101)
    one, three = (settle_trials(obligations, Terms.preset("base"), workers=w, **draws) for w in (1, 3))
    for field in (*FIELDS, "contagious_by_member"):
        assert getattr(one, field).tobytes() == getattr(three, field).tobytes(), field


def test_more_workers_than_trials_is_fine(obligations):
    losses = settle_trials(obligations, Terms(), workers=4, **draw_trials(obligations, 2))
    assert losses.bank_loss.shape == (2,)


def test_the_first_defaulters_shortfalls_are_the_bare_loss(obligations):
    draws = draw_trials(obligations, 20)
    losses = settle_trials(obligations, Terms(recovery_rate=0.5, risk_pool_fen=10**9), **draws)
    own = np.where(np.isnan(obligations.recovery), 0.5, obligations.recovery)[obligations.loans.borrower]
    lost = np.bincount(
        obligations.loans.borrower, weights=obligations.loans.exposure * (1 - own), minlength=len(obligations.members)
    )
    for trial in range(20):
        first = draws["defaulters"][draws["offsets"][trial] : draws["offsets"][trial + 1]]
        assert losses.bare[trial] == pytest.approx(lost[first].sum())
    assert (losses.bank_loss == 0).all()


def test_trade_spreads_failures_without_any_guarantee():
    """B fails and S, who has 5 and is owed 6, too: its loan of 40 is lost only if it falls due."""
    book = Book(
        resources={"B": 0, "S": 5, "T": 100},
        pools={"circle:C": Pool(guarantors={"S": None, "T": None}, deposit=7)},
        loans=[("LB", "B", None, 10), ("LS", "S", "circle:C", 40)],
        receivables=[("S", "B", 6)],
    )
    obligations = build_obligations(book.portfolio())
    draws = {"offsets": np.array([0, 1]), "defaulters": np.array([0])}
    assert settle_trials(obligations, Terms(contagious_recovery_rate=0.25), **draws).with_trade[0] == 10 + 30
    assert settle_trials(obligations, Terms(cross_default=False), **draws).with_trade[0] == 10
    assert settle_trials(obligations, Terms(), **draws).bank_loss[0] == 10


def test_scaled_resources_are_those_of_the_trial_and_group():
    """M1 has 100 times .5 in the first trial and 100 times 1 in the second; M2's group never changes."""
    book = Book(
        resources={"M0": 0, "M1": 100, "M2": 10},
        pools={"circle:C": Pool(guarantors=dict.fromkeys(["M0", "M1", "M2"]))},
        loans=[("L", "M0", "circle:C", 80)],
    )
    losses = settle_trials(
        build_obligations(book.portfolio()),
        Terms(),
        offsets=np.array([0, 1, 2]),
        defaulters=np.array([0, 0]),
        resource_scale=np.array([[0.5, 1.0], [1.0, 1.0]]),
        resource_group=np.array([0, 0, 1]),
    )
    assert losses.bank_loss.tolist() == [20, 0]
    assert losses.optimistic.tolist() == [20, 0]


def test_parts_add_up_to_the_loss_of_their_trial(obligations):
    draws = draw_trials(obligations, 40)
    terms = replace(Terms.preset("base"), risk_pool_fen=500)
    losses = settle_trials(obligations, terms, **draws)
    chosen = np.array([3, 3, 17, 39])
    parts = attribute_losses(obligations, terms, trials=chosen, **draws)
    sums = [parts.amount[start:end].sum() for start, end in zip(parts.offsets, parts.offsets[1:], strict=False)]
    assert sums == pytest.approx(losses.bank_loss[chosen].tolist())
    assert (parts.amount > 0).all()
    loans = obligations.loans
    owed = set(zip(loans.borrower.tolist(), loans.pool.tolist(), strict=True))
    assert set(zip(parts.borrower.tolist(), parts.pool.tolist(), strict=True)) <= owed


def test_a_pools_loss_is_split_over_its_failed_borrowers_pro_rata():
    """M0 owes 100 and M1 200 of which M2 pays 60: 240 are lost, a third on M0; U's 30 has no pool."""
    book = Book(
        resources={"M0": 0, "M1": 0, "M2": 60, "U": 0},
        pools={"circle:C": Pool(guarantors=dict.fromkeys(["M0", "M1", "M2"]))},
        loans=[("L0", "M0", "circle:C", 100), ("L1", "M1", "circle:C", 200), ("LU", "U", None, 30)],
    )
    parts = attribute_losses(
        build_obligations(book.portfolio()),
        Terms(risk_pool_fen=27),
        offsets=np.array([0, 3]),
        defaulters=np.array([0, 1, 3]),
        trials=np.array([0]),
    )
    assert parts.borrower.tolist() == [3, 1, 0]
    assert parts.pool.tolist() == [-1, 0, 0]
    assert parts.amount.tolist() == pytest.approx([27, 144, 72])


@pytest.mark.parametrize(("deposit", "expected"), [(0, {1: 45, 0: 15}), (80, {1: 40})])
def test_a_pools_loss_falls_on_the_loans_that_were_outstanding_when_it_was_paid(deposit, expected):
    """M0 owes 60: M1 pays its 10 and fails, M2 pays 30. Then 20 of M0's and M1's 60 are outstanding; M2 pays 20 more.

    A deposit of 80 pays M0's loan in full and then 20 of the 60 of M1, who fails on what M0 owes it. M2 has nothing
    here; the 40 that are lost are M1's alone.
    """
    cash = [0, 10, 50] if deposit == 0 else [0, 10, 0]
    book = Book(
        resources=dict(zip(["M0", "M1", "M2"], cash, strict=True)),
        pools={"circle:C": Pool(guarantors=dict.fromkeys(["M0", "M1", "M2"]), deposit=deposit)},
        loans=[("L0", "M0", "circle:C", 60), ("L1", "M1", "circle:C", 60)],
        receivables=[("M1", "M0", 20)] if deposit else [],
    )
    parts = attribute_losses(
        build_obligations(book.portfolio()),
        Terms(),
        offsets=np.array([0, 1]),
        defaulters=np.array([0]),
        trials=np.array([0]),
    )
    assert dict(zip(parts.borrower.tolist(), parts.amount.tolist(), strict=True)) == pytest.approx(expected)


def test_no_trials_and_no_members_are_no_trouble(obligations):
    nothing = {"offsets": np.array([0]), "defaulters": np.array([], dtype=np.int32)}
    assert settle_trials(obligations, Terms(), **nothing).bank_loss.shape == (0,)
    quiet = {"offsets": np.array([0, 0]), "defaulters": np.array([], dtype=np.int32)}
    assert settle_trials(obligations, Terms(), **quiet).bank_loss.tolist() == [0]
    assert len(attribute_losses(obligations, Terms(), trials=np.array([0]), **quiet).amount) == 0


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"offsets": np.array([0, 5])}, "offsets must rise from 0 to the 1 defaulters"),
        ({"offsets": np.array([])}, "offsets must rise from 0"),
        ({"defaulters": np.array([-1])}, "defaulters must be positions below"),
        ({"defaulters": np.array([10**6])}, "defaulters must be positions below"),
        ({"resource_scale": np.ones((3, 1))}, "a row for each of 1 trials"),
        ({"resource_scale": np.full((1, 1), -1.0)}, "at least 0"),
        ({"resource_scale": np.full((1, 1), np.nan)}, "finite"),
        ({"resource_group": np.array([0])}, "resource_group must give each"),
        ({"workers": 0}, "workers must be at least 1, got 0"),
    ],
)
def test_arrays_that_do_not_fit_are_refused(obligations, changed, message):
    given = {"offsets": np.array([0, 1]), "defaulters": np.array([0]), **changed}
    with pytest.raises(InputError, match=message):
        settle_trials(obligations, Terms(), **given)


def test_a_group_beyond_the_scales_is_refused(obligations):
    groups = np.ones(len(obligations.members), dtype=np.int32)
    with pytest.raises(InputError, match="resource_group must give each"):
        settle_trials(obligations, Terms(), offsets=np.array([0, 1]), defaulters=np.array([0]), resource_group=groups)


def test_a_trial_that_does_not_exist_is_refused(obligations):
    with pytest.raises(InputError, match="trials must be indices below 1"):
        attribute_losses(obligations, Terms(), offsets=np.array([0, 1]), defaulters=np.array([0]), trials=np.array([1]))


def test_what_is_not_wanted_besides_is_not_a_number_and_the_rest_is_the_same(obligations):
    draws = draw_trials(obligations, 40)
    whole = settle_trials(obligations, Terms(recovery_rate=0.25), **draws)
    alone = settle_trials(obligations, Terms(recovery_rate=0.25), **draws, besides=False)
    for name in ("bank_loss", "bare", "first_count", "contagious_count", "contagious_by_member"):
        assert getattr(alone, name).tolist() == pytest.approx(getattr(whole, name).tolist(), rel=1e-12)
    for name in ("with_trade", "optimistic", "conservative"):
        assert np.isnan(getattr(alone, name)).all()
    assert not np.isnan(whole.with_trade + whole.optimistic + whole.conservative).any()
