"""The risk team's questions: small books whose answers fit on paper, and brute force on random ones."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from contagion.pair_book import promise
from settlement.exact_books import Book, Pool, draw_book, join_books

from circles import Portfolio, Terms, run_cascade, simulate_losses
from circles.contagion import rank_circles, reverse_stress, shock_sector, sweep_losses, worst_sets
from circles.errors import InputError
from circles.settlement import build_obligations, settle_trials

LOAN = 100_00


def circle_of(loans: list[int], resources: list[int], *, name: str = "C", prefix: str = "M") -> Book:
    """One circle of M0, M1, … in which each borrows."""
    members = [f"{prefix}{i}" for i in range(len(loans))]
    return Book(
        resources=dict(zip(members, resources, strict=True)),
        pools={f"circle:{name}": Pool(guarantors=dict.fromkeys(members))},
        loans=[(f"{m}L", m, f"circle:{name}", loan) for m, loan in zip(members, loans, strict=True)],
    )


def two_circles() -> Portfolio:
    """C: any two of three bring the last down; D: its members can pay for each other."""
    return join_books(
        [circle_of([100] * 3, [0, 100, 100]), circle_of([50] * 3, [60, 60, 60], name="D", prefix="N")]
    ).portfolio()


def many_circles(count: int = 20) -> Portfolio:
    """Circles of four in two towns; each member can pay a third of one loan."""
    ids = [f"M{i:03d}" for i in range(4 * count)]
    circle = np.repeat([f"C{k:02d}" for k in range(count)], 4)
    table = {"member_id": ids, "resources_fen": LOAN // 3, "default_probability": 0.05}
    return Portfolio.from_frames(
        as_of="2007-12-29",
        members=pd.DataFrame(table).assign(region=["east", "west"] * (2 * count)),
        circles=pd.DataFrame({"circle_id": np.unique(circle)}),
        circle_members=pd.DataFrame({"circle_id": circle, "member_id": ids}),
        loans=pd.DataFrame({"loan_id": ids, "borrower_id": ids, "balance_fen": LOAN, "circle_id": circle}),
    )


def test_the_worst_pair_costs_more_together_than_one_by_one():
    """In C M0 has nothing, so nobody pays for M1 and M2; in D the third pays 60 of 100."""
    found = worst_sets(two_circles(), Terms(cross_default=False))
    assert found["circle_id"].tolist() == ["C", "D"]
    assert found["bank_loss_fen"].tolist() == [200, 40]
    assert (found["beyond_fen"] == found["bank_loss_fen"] - found["alone_fen"]).all()


@pytest.mark.parametrize("size", [2, 3])
def test_worst_sets_are_those_of_brute_force(size):
    random = np.random.default_rng(size)
    portfolio = join_books([draw_book(random, prefix=f"{k}.", unit=10) for k in range(8)]).portfolio()
    terms = Terms(recovery_rate=0.2)
    found = worst_sets(portfolio, terms, size=size).set_index("circle_id")
    members = portfolio.circle_members.groupby("circle_id")["member_id"].apply(sorted)
    assert len(found) == (members.map(len) >= size).sum() > 0
    for circle, inside in members.items():
        if len(inside) < size:
            continue
        sets = list(combinations(inside, size))
        losses = [run_cascade(portfolio, each, terms).bank_loss_fen for each in sets]
        row = found.loc[circle]
        assert row["bank_loss_fen"] == pytest.approx(max(losses), abs=2)
        assert losses[sets.index(tuple(row["member_ids"].split(";")))] == pytest.approx(max(losses), abs=2)
        every = worst_sets(portfolio, terms, size=size, circle=circle)
        assert {tuple(names.split(";")) for names in every["member_ids"]} == set(sets)


def test_circles_are_ranked_by_their_worst_member_or_by_their_contribution():
    portfolio = two_circles()
    ranked = rank_circles(portfolio, Terms(cross_default=False))
    assert ranked["circle_id"].tolist() == ["C", "D"]
    assert ranked["exposure_fen"].tolist() == [300, 150]
    assert ranked["resources_fen"].tolist() == [200, 180]
    assert ranked["all_fail_fen"].tolist() == [300, 150]
    book = many_circles()
    losses = simulate_losses(book, trials=500, seed=1)
    by_tail = rank_circles(book, losses=losses)
    assert by_tail["contribution_fen"].is_monotonic_decreasing
    assert by_tail["contribution_fen"].sum() == losses.expected_shortfall(0.99)
    with pytest.raises(InputError, match="another portfolio"):
        rank_circles(portfolio, losses=losses)


def test_a_shock_to_a_region_is_drawn_on_the_same_numbers():
    book = many_circles()
    shock = shock_sector(book, "region", "east", multiplier=3.0, trials=2_000, seed=5)
    assert shock.members == 40
    assert (shock.after.first_defaults >= shock.before.first_defaults).all()
    assert shock.difference.low_fen > 0
    assert shock.before.samples_fen.tolist() == simulate_losses(book, trials=2_000, seed=5).samples_fen.tolist()
    nothing = shock_sector(book, "region", "west", multiplier=1.0, trials=200, seed=5)
    assert nothing.difference.fen == 0
    all_fail = shock_sector(book, "region", "west", default_probability=1.0, trials=50, seed=5)
    assert (all_fail.after.first_defaults >= 40).all()
    assert all_fail.table["shock"].tolist() == ["before", "after"]


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"column": "colour"}, "column must be a text column"),
        ({"value": "north"}, "no member has region 'north'; there are: east, west"),
        ({"multiplier": None}, "give either"),
        ({"default_probability": 0.5}, "give either"),
        ({"multiplier": -1.0}, "multiplier must be"),
        ({"multiplier": None, "default_probability": 1.5}, "default_probability must be"),
    ],
)
def test_a_shock_that_makes_no_sense_is_refused(wrong, message):
    given = {"column": "region", "value": "east", "multiplier": 2.0, **wrong}
    with pytest.raises(InputError, match=message):
        shock_sector(many_circles(2), **given, trials=10, seed=1)


def test_more_resources_make_guarantees_help_and_the_tipping_point_lies_between():
    sweep = sweep_losses(many_circles(), "resources", [3.0, 0.0, 1.0], trials=2_000, seed=3)
    table = sweep.table
    assert table["value"].tolist() == [0.0, 1.0, 3.0]
    assert table["contagious_defaults"].is_monotonic_decreasing
    assert table["added_fen"].iloc[0] > 0 > table["added_fen"].iloc[-1]
    (tipping,) = sweep.tipping_points
    low, high = table.loc[table["added_fen"] > 0, "value"].max(), table.loc[table["added_fen"] < 0, "value"].min()
    assert low < tipping < high
    plain = simulate_losses(many_circles(), trials=2_000, seed=3)
    assert table["expected_loss_fen"].iloc[1] == plain.expected_loss_fen
    assert table["expected_shortfall_fen"].iloc[1] == plain.expected_shortfall(0.99)


@pytest.mark.parametrize(
    ("what", "values"),
    [
        ("correlation", [0.1, 0.4]),
        ("correlation", [0.9995]),
        ("recovery_rate", [0.1, 0.4]),
        ("contagious_recovery_rate", [0.1, 0.4]),
        ("receivable_recovery_rate", [0.1]),
        ("risk_pool_fen", [0, 2 * LOAN]),
        ("willingness", [0.0, 0.9, 2.0]),
    ],
)
def test_every_point_of_a_sweep_is_what_a_simulation_says(what, values):
    book = many_circles(5)
    sweep = sweep_losses(book, what, values, trials=400, seed=2, terms=Terms.preset("base"))
    for value, expected in zip(values, sweep.table["expected_loss_fen"], strict=True):
        terms = Terms.preset("base") if what == "correlation" else Terms(**{**BASE, what: value})
        correlation = value if what == "correlation" else 0.12
        alone = simulate_losses(book, trials=400, seed=2, terms=terms, correlation=correlation)
        assert expected == alone.expected_loss_fen


def test_willingness_and_the_risk_pool_are_swept():
    """B, who has 50 yuan and owes 100, is called for A's 10: if failing costs it less it refuses, and 110 are lost."""
    sweep = sweep_losses(promise(50_00), "willingness", [0.0, 0.1, 0.2, 5.0], trials=5, seed=2)
    assert sweep.table["expected_loss_fen"].tolist() == [110_00, 110_00, 0, 0]
    pooled = sweep_losses(promise(0), "risk_pool_fen", [1_000_00.0, 30_00.0, 0.0], trials=5, seed=2)
    assert pooled.table["expected_loss_fen"].tolist() == [110_00, 80_00, 0]
    assert " 100,000 " in str(pooled), "amounts are written out"


def test_a_sweep_cannot_be_changed():
    sweep = sweep_losses(many_circles(2), "resources", [0.0, 1.0], trials=20, seed=2)
    before = sweep.table["expected_loss_fen"].tolist()
    frame = sweep.table
    frame.loc[:, "expected_loss_fen"] = -1
    assert sweep.table["expected_loss_fen"].tolist() == before


SECTORS = {"sector_column": "region", "sector_correlation": 0.2, "resource_sensitivity": 0.3}


def test_sweeps_and_shocks_know_sectors():
    book = many_circles(5)
    alone = simulate_losses(book, trials=200, seed=2, **SECTORS)
    common = simulate_losses(book, trials=200, seed=2, resource_sensitivity=0.3)
    sweep = sweep_losses(book, "resources", [1.0], trials=200, seed=2, **SECTORS)
    assert sweep.table["expected_shortfall_fen"].tolist() == [alone.expected_shortfall(0.99)]
    shock = shock_sector(book, "region", "east", multiplier=2.0, trials=200, seed=2, **SECTORS)
    assert shock.before.samples_fen.tolist() == alone.samples_fen.tolist() != common.samples_fen.tolist()
    assert (shock.after.sector_column, shock.after.sector_correlation) == ("region", 0.2)


BASE = {"recovery_rate": 0.25, "contagious_recovery_rate": 0.45, "receivable_recovery_rate": 0.5}


@pytest.mark.parametrize(
    ("what", "values"),
    [
        ("colour", [1]),
        ("resources", []),
        ("resources", [1, 1]),
        ("resources", [-1]),
        ("recovery_rate", [0.5, 1.5]),
        ("willingness", [-0.1]),
        ("risk_pool_fen", [0.5]),
        ("cross_default", [1]),
        ("correlation", [1.0]),
        ("correlation", [-0.1]),
        ("resources", [float("inf")]),
        ("resources", [float("nan")]),
    ],
)
def test_a_sweep_that_makes_no_sense_is_refused(what, values):
    with pytest.raises(InputError, match=r"what to sweep|values of|terms: |correlation must be"):
        sweep_losses(many_circles(2), what, values, trials=10, seed=1)


def test_reverse_stress_adds_the_default_that_costs_most_until_the_loss_is_reached():
    """Each circle of four owes 400 and loses 300 by one default: four reach 1,000, three owe enough."""
    book = many_circles()
    found = reverse_stress(book, 10 * LOAN)
    assert found.is_reached
    assert found.at_least == 3
    assert len(found.steps) == 4
    assert found.steps["added_fen"].sum() == found.steps["bank_loss_fen"].iloc[-1] >= 10 * LOAN
    everybody = found.steps["member_id"].tolist()
    assert run_cascade(book, everybody).bank_loss_fen == pytest.approx(found.steps["bank_loss_fen"].iloc[-1], abs=3)


def test_no_set_of_defaults_is_smaller_than_the_proven_number():
    """All sets of up to three defaults of small books in one portfolio are settled."""
    random, proven = np.random.default_rng(3), set()
    for _ in range(12):
        portfolio = join_books([draw_book(random, prefix=f"{k}.", unit=10) for k in range(3)]).portfolio()
        obligations = build_obligations(portfolio)
        members = range(len(obligations.members))
        worst = [settle_all(obligations, list(combinations(members, size))) for size in (1, 2, 3)]
        target = max(1, int(worst[2] * random.uniform(0.3, 0.99)))
        found = reverse_stress(portfolio, target, most=len(members))
        smallest = 1 + int(np.argmax(np.array(worst) >= target))
        assert found.at_least is not None
        assert found.at_least <= smallest
        assert not found.is_reached or smallest <= len(found.steps)
        proven.add((found.at_least, smallest))
    assert len(proven) > 2
    assert any(at_least == smallest > 1 for at_least, smallest in proven)


def guaranteed_circle() -> Portfolio:
    """Three of 100 each that can pay for one another once: no single default costs anything, any two cost 200."""
    return circle_of([100] * 3, [100] * 3).portfolio()


def test_where_no_single_default_costs_anything_a_pair_is_found():
    found = reverse_stress(guaranteed_circle(), 50)
    assert found.is_reached
    assert found.steps["member_id"].tolist() == ["M0", "M1"]
    assert found.steps["bank_loss_fen"].tolist() == [0, 200]
    assert str(found) == (
        "2 defaults cost the bank 2.00 yuan (greedy heuristic), no less than 0.50; at least 1 is needed (proven)"
    )


def test_one_default_is_told_in_the_singular():
    told = str(reverse_stress(two_circles(), 200))
    assert told.startswith("1 default costs the bank 2.00 yuan (greedy heuristic), no less than 2.00; at least 1 is")


def test_circles_that_nobody_breaks_alone_or_in_pairs_are_broken_one_after_the_other():
    """Three of a circle cost 300 less the 240 of the other two, and their 200; a fourth default costs 120 more.

    Three of each of two are not enough; a fifth of the first circle is left out again once the second one is broken.
    """
    books = [circle_of([100] * 5, [120] * 5, name=name, prefix=name) for name in "CDE"]
    found = reverse_stress(join_books(books).portfolio(), 600)
    assert found.is_reached
    assert found.at_least == 2
    assert "".join(found.steps["member_id"].str[0]) == "CCCCDDD"
    assert found.steps["bank_loss_fen"].tolist() == [0, 0, 260, 380, 380, 380, 640]


def test_what_a_risk_pool_pays_first_does_not_end_the_search():
    """The pool pays 500: nothing is lost until the second circle breaks."""
    books = [circle_of([100] * 3, [0] * 3, name=name, prefix=name) for name in "CD"]
    found = reverse_stress(join_books(books).portfolio(), 100, Terms(risk_pool_fen=500))
    assert found.steps["bank_loss_fen"].tolist() == [0, 100]
    assert found.at_least == 2


def test_deposits_count_for_what_is_out_of_reach():
    book = circle_of([100] * 3, [0] * 3)
    book.pools["circle:C"].deposit = 40
    assert reverse_stress(book.portfolio(), 260).is_reached
    # a fen is left for rounding
    beyond = reverse_stress(book.portfolio(), 262)
    assert (beyond.at_least, beyond.ended_by, len(beyond.steps)) == (None, "bound", 0)


TERMS = [Terms(), Terms.preset("base"), Terms.preset("forbearance"), Terms(settlement="threshold"), Terms(share="able")]


@pytest.mark.parametrize("terms", TERMS, ids=str)
def test_a_loss_that_everybodys_default_costs_is_always_reached_and_by_few(terms):
    """Every set of members of random books is settled; guarantors are rich in half of them."""
    excess = []
    for seed in range(24):
        book = draw_book(np.random.default_rng(seed), unit=10)
        book.resources = {name: fen * (1 + 2 * (seed % 2)) for name, fen in book.resources.items()}
        portfolio = book.portfolio()
        obligations = build_obligations(portfolio)
        count = len(obligations.members)
        sets = [each for size in range(1, count + 1) for each in combinations(range(count), size)]
        offsets = np.cumsum([0, *map(len, sets)])
        losses = np.rint(settle_trials(obligations, terms, offsets=offsets, defaulters=np.concatenate(sets)).bank_loss)
        for part in (0.3, 0.9, 1.0):
            target = int(part * losses[-1])
            if target < 1:
                continue
            found = reverse_stress(portfolio, target, terms)
            assert found.is_reached, f"seed {seed}: {found}"
            least = min(len(each) for each, loss in zip(sets, losses, strict=True) if loss >= target)
            assert found.at_least <= least <= len(found.steps)
            excess.append(len(found.steps) - least)
            chosen = np.flatnonzero(np.isin(obligations.members, found.steps["member_id"]))
            assert losses[sets.index(tuple(chosen.tolist()))] == found.steps["bank_loss_fen"].iloc[-1] >= target
    assert len(excess) > 40
    assert np.mean(np.array(excess) == 0) > 0.9


def test_a_limit_that_ends_the_search_is_said():
    book = guaranteed_circle()
    few = reverse_stress(book, 50, most=1)
    assert (few.is_reached, few.ended_by, len(few.steps)) == (False, "most", 0)
    assert "0 defaults cost the bank 0.00 yuan (greedy heuristic), less than 0.50: no more defaults" in str(few)
    narrow = reverse_stress(book, 50, candidates=1)
    assert (narrow.is_reached, narrow.ended_by) == (False, "candidates")
    assert "not every member was one" in str(narrow)


def test_what_helps_is_shown_where_everybody_is_not_enough():
    """Who fails by contagion recovers nothing, who fails first half: the bound allows for what cannot happen."""
    terms = Terms(recovery_rate=0.5, contagious_recovery_rate=0.0)
    found = reverse_stress(circle_of([100] * 3, [0, 0, 0]).portfolio(), 290, terms)
    assert (found.is_reached, found.ended_by) == (False, "nothing")
    assert found.steps["bank_loss_fen"].tolist() == [250]


def test_candidates_are_whole_circles_where_nobody_costs_anything_alone():
    books = [circle_of([100] * 3, [100] * 3, name=f"C{k}", prefix=f"{k}M") for k in range(9)]
    found = reverse_stress(join_books(books).portfolio(), 400, candidates=6)
    assert found.is_reached
    assert len(found.steps) == 4


def test_steps_cannot_be_changed():
    found = reverse_stress(guaranteed_circle(), 50)
    changed = found.steps
    changed.iloc[0, 2] = 7
    assert found.steps["bank_loss_fen"].tolist() == [0, 200]


def settle_all(obligations, sets: list[tuple[int, ...]]) -> float:
    """The greatest loss of any of these sets."""
    offsets = np.arange(len(sets) + 1) * len(sets[0])
    return settle_trials(obligations, Terms(), offsets=offsets, defaulters=np.array(sets).ravel()).bank_loss.max()


def test_a_loss_beyond_all_that_is_owed_is_said_to_be_out_of_reach():
    found = reverse_stress(many_circles(2), 10**9)
    assert (found.is_reached, found.at_least) == (False, None)
    assert "no set of defaults" in str(found)
    for wrong in ({"loss_fen": 0}, {"most": 0}, {"candidates": True}):
        with pytest.raises(InputError, match=next(iter(wrong))):
            reverse_stress(many_circles(2), **{"loss_fen": 1, **wrong})


def test_sets_of_other_sizes_and_unknown_circles_are_refused():
    with pytest.raises(InputError, match="size must be 2 or 3"):
        worst_sets(many_circles(2), size=4)
    with pytest.raises(InputError, match="circle 'X' is not in the portfolio"):
        worst_sets(many_circles(2), circle="X")


def test_without_circles_there_are_no_rows():
    book = Portfolio.from_frames(as_of="2007-12-29", members=pd.DataFrame({"member_id": ["A"], "resources_fen": [1]}))
    assert worst_sets(book).empty
    assert rank_circles(book).empty
    assert reverse_stress(book, 5).at_least is None
