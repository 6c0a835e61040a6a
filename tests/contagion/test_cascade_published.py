"""The worked cases of both settlements and of recoveries, through the public functions."""

import json
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from settlement.exact_books import Book, Pool

from circles import Terms, run_cascade
from circles.settlement import build_obligations, settle_trials

PUBLISHED = Path(__file__).parent.parent / "published"
UNIT = 1_000_000
BLUR = 20
"""Fen: one unit is a million fen, so a third of a unit ends in .33 fen."""


def read_published(name: str) -> dict:
    return json.loads((PUBLISHED / name).read_text(encoding="utf-8"))


def fen(amount: object) -> int:
    return round(Fraction(str(amount)) * UNIT)


WATERFALL = read_published("waterfall.json")["cases"]
THRESHOLD = read_published("threshold.json")["cases"]
RECOVERY = read_published("recovery.json")


def book_of_waterfall(case: dict) -> Book:
    """A pool with an uncapped guarantor is a circle; a capped one is guarantees that name its loan."""
    book = Book(resources={m: fen(r) for m, r in case["members"].items()})
    names = {None: None}
    for k, (borrower, pool, amount) in enumerate(case["loans"]):
        capped = pool is not None and None not in case["pools"][pool]["guarantors"].values()
        names.setdefault(pool, f"loan:L{k}" if capped else f"circle:{pool}")
        book.loans.append((f"L{k}", borrower, names[pool], fen(amount)))
    for pool, terms in case["pools"].items():
        caps = {m: None if cap is None else fen(cap) for m, cap in terms["guarantors"].items()}
        book.pools[names[pool]] = Pool(guarantors=caps, deposit=fen(terms["deposit"]))
    book.receivables = [(supplier, buyer, fen(amount)) for supplier, buyer, amount in case["receivables"]]
    return book


@pytest.mark.parametrize("case", WATERFALL, ids=[case["name"] for case in WATERFALL])
def test_the_waterfall_gives_the_worked_figures(case):
    terms = {"recovery_rate" if k == "recovery" else k: v for k, v in case["terms"].items()}
    if "recovery_rate" in terms:
        terms["recovery_rate"] = float(Fraction(terms["recovery_rate"]))
    cascade = run_cascade(book_of_waterfall(case).portfolio(), case["initial"], Terms(**terms))
    expected = case["expected"]
    assert [list(ids) for ids in cascade.rounds] == expected["rounds"]
    assert cascade.bank_loss_fen == pytest.approx(fen(expected["bank_loss"]), abs=BLUR)
    assert cascade.recovered_fen == pytest.approx(fen(expected["recovered"]), abs=BLUR)
    assert cascade.deposit_used_fen == pytest.approx(fen(expected["deposit_used"]), abs=BLUR)
    paid = cascade.members.set_index("member_id")["paid_fen"]
    assert paid[paid > 0].to_dict() == pytest.approx({m: fen(a) for m, a in expected["paid"].items()}, abs=BLUR)
    assert cascade.payments["amount_fen"].sum() == cascade.guarantor_paid_fen == paid.sum()


def book_of_threshold(case: dict) -> Book:
    book = Book(resources={f"M{i}": fen(b) for i, b in enumerate(case["buffers"])})
    for name, members in case["circles"].items():
        book.pools[f"circle:{name}"] = Pool(guarantors=dict.fromkeys(f"M{i}" for i in members))
    for k, (i, pool, amount) in enumerate(case["loans"]):
        book.loans.append((f"L{k}", f"M{i}", f"circle:{pool}", fen(amount)))
    book.receivables = [(f"M{i}", f"M{j}", fen(amount)) for i, j, amount in case["receivables"]]
    return book


def ids_of(members: list[int]) -> list[str]:
    return sorted(f"M{i}" for i in members)


@pytest.mark.parametrize("case", THRESHOLD, ids=[case["name"] for case in THRESHOLD])
def test_the_threshold_settlement_gives_the_worked_sets(case):
    terms = Terms(settlement="threshold", receivable_recovery_rate=1.0 - case["lgd"])
    cascade = run_cascade(book_of_threshold(case).portfolio(), ids_of(case["initial_defaults"]), terms)
    expected = case["expected"]
    traced = [sorted(sum(cascade.rounds[: k + 1], ())) for k in range(len(cascade.rounds))]
    assert traced == [ids_of(members) for members in expected["rounds_trace"]]
    assert sorted(sum(cascade.rounds, ())) == ids_of(expected["default_set"])
    assert list(cascade.panic) == ids_of(expected["largest_fixed_point"])
    assert cascade.bank_loss_fen == pytest.approx(fen(expected["bank_loss"]), abs=BLUR)
    assert cascade.loss_without_guarantee_fen == pytest.approx(fen(expected["loss_without_guarantee"]), abs=BLUR)
    survivors = cascade.members[~cascade.members["state"].isin(["first", "contagious"])]
    calls = survivors.set_index("member_id")["called_fen"]
    worked = {f"M{i}": fen(amount) for i, amount in expected["calls_on_survivors"].items()}
    assert calls[list(worked)].to_dict() == pytest.approx(worked, abs=BLUR)
    assert (survivors["paid_fen"] == survivors["called_fen"]).all()


@pytest.mark.parametrize("case", RECOVERY["one_circle"], ids=str)
def test_one_circle_shares_again_until_paid(case):
    """One defaulter owes the shortfall; without cross-default the payments are the water-filling of capacities."""
    members = [f"M{i}" for i in range(len(case["capacities"]))]
    book = Book(resources=dict(zip(members, map(fen, case["capacities"]), strict=True)) | {"Z": 0})
    book.pools["circle:C"] = Pool(guarantors=dict.fromkeys([*members, "Z"]))
    book.loans.append(("L", "Z", "circle:C", fen(case["shortfall"])))
    cascade = run_cascade(book.portfolio(), ["Z"], Terms(cross_default=False))
    paid = cascade.members.set_index("member_id")["paid_fen"][members]
    assert paid.to_list() == pytest.approx([fen(a) for a in case["payments"]], abs=BLUR)
    assert cascade.bank_loss_fen == pytest.approx(fen(case["bank_loss"]), abs=BLUR)
    assert cascade.optimistic_loss_fen == pytest.approx(fen(case["bank_loss"]), abs=BLUR)


@pytest.mark.parametrize("case", RECOVERY["cases"], ids=range(len(RECOVERY["cases"])))
def test_overlapping_circles_recover_at_most_the_maximum_flow(case):
    members = [f"M{i}" for i in range(len(case["capacity"]))]
    book = Book(resources=dict(zip(members, map(fen, case["capacity"]), strict=True)))
    for name, joined in case["circles"].items():
        book.resources[f"Z{name}"] = 0
        book.pools[f"circle:{name}"] = Pool(guarantors=dict.fromkeys([*(f"M{i}" for i in joined), f"Z{name}"]))
        book.loans.append((f"L{name}", f"Z{name}", f"circle:{name}", fen(case["shortfall"][name])))
    obligations = build_obligations(book.portfolio())
    first = np.flatnonzero([m.startswith("Z") for m in obligations.members])
    losses = settle_trials(obligations, Terms(cross_default=False), offsets=np.array([0, len(first)]), defaulters=first)
    total = fen(sum(case["shortfall"].values()))
    assert total - losses.optimistic[0] == pytest.approx(fen(case["max_recovery"]), abs=BLUR)
    assert total - losses.bank_loss[0] <= fen(case["max_recovery"]) + BLUR
