"""Loss distributions: small systems whose answer fits on paper, the large pool of the textbook, and invariances."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binomtest

from circles.contagion import run_cascade, simulate_losses
from circles.contagion.trials.draws import draw_defaults
from circles.contagion.trials.factors import read_factor_model
from circles.errors import InputError
from circles.money import format_yuan
from circles.portfolio import Portfolio
from circles.settlement import Terms

# Vasicek (2002), p = .02, ρ = .2: shares of the book
LARGE_POOL = {
    ("value_at_risk", 0.99): 0.12860982493247136,
    ("expected_shortfall", 0.99): 0.1704615367583029,
    ("value_at_risk", 0.999): 0.2263128071558014,
}
LOAN = 100_00


def circle(members=3, *, probability=0.05, resources=25_00, **columns):
    """One circle in which every member has a loan of 100 yuan."""
    ids = [f"M{i}" for i in range(members)]
    table = {"member_id": ids, "resources_fen": resources, "default_probability": probability, **columns}
    loans = {"loan_id": [f"L{i}" for i in ids], "borrower_id": ids, "balance_fen": LOAN, "circle_id": "C1"}
    return Portfolio.from_frames(
        as_of="2007-12-29",
        members=pd.DataFrame(table),
        circles=pd.DataFrame({"circle_id": ["C1"]}),
        circle_members=pd.DataFrame({"circle_id": "C1", "member_id": ids}),
        loans=pd.DataFrame(loans),
    )


def book(seed=0, count=60):
    """Circles of four, a few one-way guarantees, receivables, deposits; towns; everything random but sound."""
    random = np.random.default_rng(seed)
    ids = np.array([f"M{i:03d}" for i in range(count)])
    circles = [f"C{k}" for k in range(count // 8)]
    members = pd.DataFrame(
        {
            "member_id": ids,
            "city": random.choice(["Hangzhou", "Shaoxing", "Jiaxing"], count),
            "default_probability": random.uniform(0.005, 0.2, count),
            "resources_fen": random.integers(0, 120_00, count),
            "resources_source": random.choice(["declared", "estimated"], count),
        }
    )
    joined = [(circles[i // 4], ids[i]) for i in range(4 * len(circles))]
    amounts = random.integers(20_00, 200_00, count)
    in_circle = [circle_id for circle_id, _ in joined] + [None] * (count - len(joined))
    pairs = [(a, b) for a, b in random.integers(0, count, (90, 2)) if a != b]
    return Portfolio.from_frames(
        as_of="2007-12-29",
        members=members,
        circles=pd.DataFrame({"circle_id": circles, "deposit_fen": random.integers(0, 20_00, len(circles))}),
        circle_members=pd.DataFrame(joined, columns=["circle_id", "member_id"]),
        loans=pd.DataFrame(
            {
                "loan_id": [f"L{i}" for i in ids],
                "borrower_id": ids,
                "balance_fen": amounts,
                "circle_id": pd.Series(in_circle, dtype="str"),
            }
        ),
        guarantees=pd.DataFrame(
            [(f"G{k}", ids[a], ids[b], 30_00, None) for k, (a, b) in enumerate(pairs[:30])],
            columns=["guarantee_id", "guarantor_id", "borrower_id", "amount_fen", "loan_id"],
        ).astype({"loan_id": "str"}),
        receivables=pd.DataFrame(
            [(ids[a], ids[b], 25_00) for a, b in pairs[30:]], columns=["supplier_id", "buyer_id", "amount_fen"]
        ),
    )


def bytes_of(losses):
    parts = [losses.trial_table, losses.members, losses.pools, losses.table]
    return [part.to_csv().encode() for part in parts] + [str(losses).encode()]


@pytest.fixture(scope="module")
def mixed_losses():
    return simulate_losses(book(), trials=2_000, seed=7, terms=Terms.preset("base"), sector_column="city")


def test_large_pool_meets_the_textbook():
    """3,000 equal unsecured loans, p = .02, ρ = .2: the limit lies in each interval at 99.9 %."""
    ids = [f"M{i}" for i in range(3_000)]
    members = pd.DataFrame({"member_id": ids, "resources_fen": 0, "default_probability": 0.02})
    loans = pd.DataFrame({"loan_id": ids, "borrower_id": ids, "balance_fen": LOAN})
    pool = Portfolio.from_frames(as_of="2007-12-29", members=members, loans=loans)
    losses = simulate_losses(pool, trials=10_000, seed=2, correlation=0.2)
    whole = 3_000 * LOAN
    for (measure, level), share in LARGE_POOL.items():
        low, high = losses.interval(measure, level, confidence=0.999)
        assert low / whole < share < high / whole
        assert getattr(losses, measure)(level) / whole == pytest.approx(share, rel=0.15)
    low, high = losses.interval("expected_loss", confidence=0.999)
    assert low / whole < 0.02 < high / whole
    assert losses.bare.samples_fen.tobytes() == losses.samples_fen.tobytes()


@pytest.mark.parametrize("settlement", ["threshold", "waterfall"])
def test_circle_of_three_fails_together_as_often_as_any_of_them_defaults(settlement):
    """PD .05 each, independent, each can pay a quarter of a loan, shares are a half: 1 − .95³ = .142625."""
    losses = simulate_losses(circle(), trials=40_000, seed=11, terms=Terms(settlement=settlement), correlation=0.0)
    all_fail = int(np.sum(losses.first_defaults + losses.contagious_defaults == 3))
    assert binomtest(all_fail, 40_000, 0.142625).pvalue > 0.01
    assert losses.members["default_probability"].to_numpy() == pytest.approx(all_fail / 40_000)
    assert binomtest(round(losses.members["first_probability"][0] * 40_000), 40_000, 0.05).pvalue > 1e-3


def test_wrong_way_risk_scales_resources_with_the_factor_of_the_trial():
    """The borrower always defaults, the guarantor never: loss = max(0, 100 − 60·exp(β·F)) yuan, trial by trial."""
    portfolio = circle(2, probability=[1.0, 0.0], resources=[0, 60_00])
    terms = Terms(cross_default=False)
    losses = simulate_losses(portfolio, trials=200, seed=5, terms=terms, correlation=0.3, resource_sensitivity=0.4)
    factor = draw_defaults(read_factor_model(portfolio, correlation=0.3), seed=5, trials=200).factors[:, 0]
    by_hand = np.rint(np.maximum(0.0, LOAN - 60_00 * np.exp(0.4 * factor)))
    assert losses.samples_fen == pytest.approx(by_hand, abs=1)
    assert losses.bare.samples_fen.tolist() == [LOAN] * 200


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_any_number_of_workers_gives_the_same_bytes(mixed_losses, workers):
    again = simulate_losses(
        book(), trials=2_000, seed=7, terms=Terms.preset("base"), sector_column="city", workers=workers
    )
    assert bytes_of(again) == bytes_of(mixed_losses)


def test_order_of_rows_does_not_matter(mixed_losses):
    portfolio, random = book(), np.random.default_rng(9)
    tables = ("members", "circles", "circle_members", "loans", "guarantees", "receivables")
    mixed = portfolio.replace(
        **{name: portfolio.table(name).sample(frac=1, random_state=random).reset_index(drop=True) for name in tables}
    )
    again = simulate_losses(mixed, trials=2_000, seed=7, terms=Terms.preset("base"), sector_column="city")
    assert again.members["member_id"].to_list() == mixed.members["member_id"].to_list()
    assert again.trial_table.equals(mixed_losses.trial_table)
    by_id = again.members.sort_values("member_id").reset_index(drop=True)
    assert by_id.equals(mixed_losses.members.sort_values("member_id").reset_index(drop=True))


def test_longer_runs_begin_with_the_shorter_ones(mixed_losses):
    short = simulate_losses(book(), trials=130, seed=7, terms=Terms.preset("base"), sector_column="city")
    assert np.array_equal(short.samples_fen, mixed_losses.samples_fen[:130])


def test_terms_do_not_change_the_draws(mixed_losses):
    worst = simulate_losses(book(), trials=2_000, seed=7, sector_column="city")
    assert np.array_equal(worst.first_defaults, mixed_losses.first_defaults)
    assert np.all(worst.samples_fen >= mixed_losses.samples_fen)


def test_bounds_enclose_every_trial_and_unequal_shares_have_no_upper_one(mixed_losses):
    """Samples are rounded to whole fen one by one, hence the one."""
    assert np.all(mixed_losses.optimistic.samples_fen <= mixed_losses.samples_fen + 1)
    assert np.all(mixed_losses.samples_fen <= mixed_losses.conservative.samples_fen + 1)
    assert np.all(mixed_losses.bare.samples_fen <= mixed_losses.with_trade.samples_fen + 1)
    assert mixed_losses.optimistic.samples_fen.sum() < mixed_losses.samples_fen.sum()
    unequal = simulate_losses(book(), trials=20, seed=7, terms=Terms(share="able"))
    assert unequal.conservative is None
    assert "conservative" not in set(unequal.table["case"])


def test_contributions_add_up_to_the_expected_shortfall_to_the_fen(mixed_losses):
    tail = mixed_losses.expected_shortfall(0.99)
    assert tail > 0
    assert mixed_losses.members["contribution_fen"].sum() == tail
    assert mixed_losses.pools["contribution_fen"].sum() == tail
    assert mixed_losses.pools["pool_id"].iloc[-1] == "unsecured"
    assert (mixed_losses.members["contribution_fen"] >= 0).all()


def test_contributions_are_the_losses_on_each_members_own_loans():
    """Unsecured loans of 100 and 300; both always default: together 400, to each what it owes."""
    portfolio = circle(2, probability=1.0, resources=0)
    loans = portfolio.loans.assign(circle_id=None, balance_fen=[LOAN, 3 * LOAN])
    losses = simulate_losses(portfolio.replace(loans=loans.astype({"circle_id": "str"})), trials=50, seed=1)
    assert losses.members["contribution_fen"].to_list() == [LOAN, 3 * LOAN]
    assert losses.pools.set_index("pool_id")["contribution_fen"].to_dict() == {"circle:C1": 0, "unsecured": 4 * LOAN}


@pytest.mark.parametrize(
    ("sources", "share"),
    [(["estimated", "verified"], 0.0), (["declared", "estimated"], 1.0), ([None, None], 0.0)],
)
def test_share_that_rests_on_estimates_counts_the_guarantors(sources, share):
    """M0 always defaults on a loan of its own pool, which M1 alone guarantees."""
    portfolio = circle(2, probability=[1.0, 0.0], resources=[0, 60_00], resources_source=sources)
    guarantee = {"guarantee_id": ["G"], "guarantor_id": ["M1"], "borrower_id": ["M0"], "amount_fen": [LOAN]}
    promised = portfolio.replace(
        loans=portfolio.loans.assign(circle_id=None).astype({"circle_id": "str"}), guarantees=pd.DataFrame(guarantee)
    )
    assert simulate_losses(promised, trials=20, seed=1).estimated_share == share


def test_one_trial_and_nothing_to_lose_work():
    one = simulate_losses(circle(probability=1.0), trials=1, seed=1)
    assert (one.expected_loss_fen, one.value_at_risk(0.5), one.standard_deviation_fen) == (3 * LOAN, 3 * LOAN, 0)
    safe = simulate_losses(circle(probability=0.0), trials=5, seed=1)
    assert safe.samples_fen.tolist() == [0] * 5
    assert safe.members["contribution_fen"].to_list() == [0, 0, 0]
    assert safe.estimated_share == 0.0
    nobody = Portfolio.from_frames(as_of="2007-12-29", members=circle().members.head(0))
    assert simulate_losses(nobody, trials=3, seed=1).expected_loss_fen == 0


def test_results_cannot_be_changed(mixed_losses):
    kept = mixed_losses.members.copy()
    changed = mixed_losses.members
    changed.loc[0, "contribution_fen"] = 1
    assert mixed_losses.members.equals(kept)
    with pytest.raises(ValueError, match="read-only"):
        mixed_losses.samples_fen[0] = 1
    with pytest.raises(ValueError, match="read-only"):
        mixed_losses.first_defaults[0] = 1


def test_losses_read_as_a_short_text(mixed_losses):
    text = str(mixed_losses)
    assert text.startswith("Bank loss over 2,000 trials (seed 7, correlation 0.12), yuan")
    assert len(text.splitlines()) == 14
    spread = mixed_losses.standard_deviation_fen, *mixed_losses.interval("standard_deviation")
    assert "standard deviation {:>23}   {} to {}".format(*map(format_yuan, spread)) in text
    assert max(map(len, text.splitlines())) <= 82
    assert mixed_losses.portfolio_digest == book().digest()
    assert (mixed_losses.sector_column, mixed_losses.sector_correlation) == ("city", 0.5)


def test_progress_is_told_until_all_is_done():
    told = []
    simulate_losses(circle(), trials=600, seed=1, workers=2, progress=lambda done, total: told.append((done, total)))
    assert told[-1] == (600, 600)
    assert [done for done, _ in told] == sorted(done for done, _ in told)


def test_global_random_numbers_are_left_alone():
    np.random.seed(5)  # noqa: NPY002 — the global generator is what this test is about
    before = np.random.get_state()[1].copy()  # noqa: NPY002
    simulate_losses(circle(), trials=10, seed=1)
    assert np.array_equal(before, np.random.get_state()[1])  # noqa: NPY002


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"trials": 0}, "trials must be a whole number of at least 1, got 0"),
        ({"trials": 1.5}, "trials must be a whole number"),
        ({"workers": 0}, "workers must be a whole number of at least 1"),
        ({"correlation": 1}, "correlation must be at least 0 and below 1"),
        ({"resource_sensitivity": -0.1}, "resource_sensitivity must be a number from 0 to 10, got -0.1"),
        ({"resource_sensitivity": 500}, "resource_sensitivity must be a number from 0 to 10, got 500"),
        ({"correlation": "0.1"}, "correlation must be at least 0 and below 1, got '0.1'"),
        ({"trials": 10**13}, "trials must be at most 100,000,000, got 10,000,000,000,000; for what is rarer"),
        ({"resource_sensitivity": float("inf")}, "resource_sensitivity must be"),
        ({"seed": 1.5}, "seed must be a whole number"),
        ({"sector_column": "industry"}, "3 of 3 members have no industry"),
    ],
)
def test_arguments_out_of_range_are_refused(arguments, message):
    with pytest.raises(InputError, match=message):
        simulate_losses(circle(), **{"trials": 10, "seed": 1, **arguments})


@pytest.mark.parametrize("ask", [lambda one: simulate_losses(one, seed=1), lambda one: run_cascade(one, ["M1"])])
def test_what_is_no_portfolio_is_refused_with_what_to_do(ask):
    with pytest.raises(
        InputError, match=r"must be a circles\.Portfolio, got str; write circles\.read_portfolio\('book'"
    ):
        ask("book")
    with pytest.raises(InputError, match=r"must be a circles\.Portfolio, got DataFrame"):
        ask(pd.DataFrame())


def test_resources_scaled_as_strongly_as_allowed_stay_within_the_bounds():
    losses = simulate_losses(book(), trials=200, seed=5, terms=Terms.preset("base"), resource_sensitivity=10)
    samples = losses.samples_fen
    assert (losses.optimistic.samples_fen <= samples).all()
    assert (samples <= losses.conservative.samples_fen).all()


def test_members_without_what_is_needed_are_refused():
    with pytest.raises(InputError, match="1 of 3 members have no default_probability"):
        simulate_losses(circle(probability=[0.1, None, 0.2]), seed=1)
    with pytest.raises(InputError, match="2 of 3 members have no resources"):
        simulate_losses(circle(resources=pd.array([1, None, None], dtype="Int64")), seed=1)
