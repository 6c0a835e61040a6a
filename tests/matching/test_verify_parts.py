"""Bounds lower than their certificates: proved part by part, refuted by a better plan, or left open and said so."""

from __future__ import annotations

import dataclasses
import subprocess
import sys

import numpy as np
import pytest

from circles.matching import MatchingProblem, Plan, PlanStatus, Proof, verify_bound
from circles.matching.verify import bound as bound_module
from circles.matching.verify import parts as parts_module
from circles.matching.verify import rivals as rivals_module
from circles.matching.verify.rivals import find_rival
from circles.matching.verify.rulebook import Rulebook


def two_rings(**changes: object) -> tuple[MatchingProblem, Plan]:
    """Two rings of three, circles of two worth 2; the first ring's prices are tight, the second's are not."""
    pairs = np.array([(0, 1), (1, 2), (0, 2), (3, 4), (4, 5), (3, 5)])
    problem = MatchingProblem(
        value=[1] * 6, pair_first=pairs[:, 0], pair_second=pairs[:, 1], pair_value=[0] * 6, pair_acquainted=[True] * 6,
        size_charge={2: 0},
    )  # fmt: skip
    plan = Plan(
        circles=(), value=0, upper_bound=152, prices=np.array([1, 1, 1, 50, 50, 50]), price_scale=1,
        proof=Proof.ENUMERATION, status=PlanStatus.STOPPED,
    )  # fmt: skip
    return problem, dataclasses.replace(plan, **changes)


@pytest.mark.parametrize(("bound", "searched"), [(153, 0), (152, 1), (151, 2), (4, 2)])
def test_parts_nearest_to_their_proof_come_first_until_nothing_is_left_to_prove(bound, searched, monkeypatch):
    asked = []
    monkeypatch.setattr(parts_module, "find_rival", lambda *case: asked.append(case) or find_rival(*case))
    assert verify_bound(*two_rings(upper_bound=bound)).status == "proved"
    assert len(asked) == searched


def test_a_better_plan_than_the_bound_is_shown_by_a_circle_of_it():
    problem, plan = two_rings(upper_bound=3)
    check = verify_bound(problem, plan)
    assert check.status == "violated"
    assert "a plan with the circle is worth 4" in check.reason
    assert Rulebook(problem, time_limit=None).allows(check.circle)


def test_more_circles_than_a_model_holds_prove_nothing(monkeypatch):
    monkeypatch.setattr(rivals_module, "MOST_OPTIONS", 2)
    check = verify_bound(*two_rings())
    assert check.status == "not proved"
    assert check.reason == "more than 2 circles could be part of a better plan"


def test_too_many_strangers_prove_nothing(monkeypatch):
    monkeypatch.setattr(bound_module, "MOST_MATRIX", 4)
    problem, plan = two_rings()
    check = verify_bound(dataclasses.replace(problem, connected=False, stranger_value=-9), plan)
    assert check.status == "not proved"
    assert "strangers" in check.reason


def test_where_no_plan_was_found_the_bound_is_judged_all_the_same():
    problem, plan = two_rings(reason="no plan was found in which 4 members can be placed", upper_bound=4)
    asked = dataclasses.replace(problem, place_at_least=4)
    assert verify_bound(asked, plan).status == "proved"
    assert verify_bound(asked, dataclasses.replace(plan, upper_bound=3)).status == "violated"
    assert verify_bound(asked, dataclasses.replace(plan, reason="")).status == "violated"
    assert verify_bound(asked, dataclasses.replace(plan, status=PlanStatus.WITHIN_GAP)).status == "violated"


def test_what_is_called_optimal_reaches_its_bound():
    problem, plan = two_rings(upper_bound=200)
    assert verify_bound(problem, plan).status == "proved"
    assert verify_bound(problem, dataclasses.replace(plan, status=PlanStatus.OPTIMAL)).status == "violated"


def test_amounts_that_do_not_add_up_in_64_bits_are_refused():
    problem, plan = two_rings()
    for wrong in ({"prices": np.full(6, 2**60)}, {"price_scale": 2**60}, {"prices": np.full(6, 0.5)}):
        check = verify_bound(problem, dataclasses.replace(plan, **wrong))
        assert check.status == "violated"
        assert "prices are" in check.reason


HARD = """
import json, os, signal, threading, time
import numpy as np
from circles.matching import MatchingProblem
from circles.matching.verify.costs import Costs
from circles.matching.verify.rivals import Contest, find_rival
from circles.matching.verify.rulebook import Rulebook, UnfinishedError
from circles.matching.verify.suspects import Option

signal.signal(signal.SIGINT, signal.default_int_handler)  # what runs in the background of a shell may ignore it
n, random = 120, np.random.default_rng(1)
triples = {tuple(sorted(random.choice(n, 3, replace=False).tolist())) for _ in range(1_500)}
options = [Option(triple, 0, int(random.integers(100, 140))) for triple in sorted(triples)]
book = Rulebook(MatchingProblem(value=[0] * n, size_charge={3: 0}), time_limit=LIMIT)
nothing = Costs(member=[0] * n, price=[0] * n, total=0, scale=1, cuts=[])
contest = Contest(members=range(n), options=options, target=1_000)
if book.seconds_left == float('inf'):
    threading.Timer(2.0, os.kill, (os.getpid(), signal.SIGINT)).start()
began, said = time.monotonic(), "unfinished"
try:
    rival = find_rival(book, nothing, [], contest)
    said = "proved" if rival is None or rival.is_best else "unfinished"
except UnfinishedError:
    pass
except KeyboardInterrupt:
    said = "interrupted"
print(said, time.monotonic() - began < 60, threading.active_count())
"""


@pytest.mark.parametrize(("limit", "said"), [("None", "interrupted"), ("1.0", "unfinished")])
def test_a_model_that_takes_long_hears_the_clock_and_ctrl_c(limit, said):
    code = HARD.replace("LIMIT", limit)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout.split() == [said, "True", "1"], done.stderr
