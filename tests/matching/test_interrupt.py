"""Ctrl-C in the middle of a search, and running out of time there: the best so far, valid, and nothing left behind."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from beyond_problems import shown_bound
from matching_problems import draw_town

from circles.matching import MatchingProblem, Plan, solve, verify_bound

ROOT = Path(__file__).parents[2]
SCRIPT = """
import json, os, signal, threading, time
from benchmarks.instances.town import Town, draw_town
from circles.matching import solve
from circles.matching.admissible import is_admissible
from circles.matching.worth import circle_worth

signal.signal(signal.SIGINT, signal.default_int_handler)  # what runs in the background of a shell may ignore it
problem = draw_town(Town(members=1000, mode=MODE), seed=1).problem
solve(draw_town(Town(members=40, mode=MODE), seed=1).problem, gap=0.0)
before, told, timers = threading.active_count(), [], []

def note(seconds, value, bound):
    told.append((value, bound))
    if not timers:
        timers.append(threading.Timer(DELAY, os.kill, (os.getpid(), signal.SIGINT)))
        timers[0].start()

plan = solve(problem, gap=0.0, workers=2, observer=note)
stopped = time.monotonic()
timers[0].join()
print(json.dumps({
    "status": plan.status, "interrupted": plan.interrupted, "value": plan.value, "bound": plan.upper_bound,
    "worth": sum(circle_worth(problem, circle) for circle in plan.circles),
    "admissible": all(is_admissible(problem, circle) for circle in plan.circles[:200]),
    "members": sum(map(len, plan.circles)), "distinct": len({i for circle in plan.circles for i in circle}),
    "last": told[-1], "proved": int(plan.prices.sum() + plan.cut_prices.sum()) // plan.price_scale,
    "threads": threading.active_count() - before,
}))
"""


@pytest.mark.parametrize(("mode", "delay"), [("acquainted", 0.5), ("acquainted", 4.0), ("mixed", 2.0)])
def test_ctrl_c_in_mid_round_gives_the_best_plan_so_far_and_leaves_no_thread(mode: str, delay: float) -> None:
    code = SCRIPT.replace("MODE", repr(mode)).replace("DELAY", str(delay))
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert (said["status"], said["interrupted"], said["threads"]) == ("STOPPED", True, 0)
    assert said["worth"] == said["value"] <= said["bound"] <= said["proved"]
    assert said["admissible"]
    assert said["members"] == said["distinct"]
    assert said["last"] == [said["value"], said["bound"]]


@pytest.mark.parametrize("step", ["free_members", "find_start", "prepare_task", "price_task", "search"])
@pytest.mark.parametrize("least", [None, 6])
def test_ctrl_c_before_there_is_a_plan_gives_the_bound_that_always_holds(
    step: str, least: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    problem = replace(draw_town(60, seed=3), place_at_least=least)
    best, plan = solve(problem, gap=0.0), interrupt(problem, step, monkeypatch)
    assert (plan.status, plan.interrupted) == ("STOPPED", True)
    assert plan.value <= best.value <= plan.upper_bound
    assert plan.upper_bound == shown_bound(problem, plan)
    assert verify_bound(problem, plan).status == "proved"
    assert bool(plan.reason) == (least is not None or step in ("free_members", "find_start", "prepare_task"))


def interrupt(problem: MatchingProblem, step: str, monkeypatch: pytest.MonkeyPatch) -> Plan:
    """Solve, with Ctrl-C at the first time that a step is taken."""
    module, taken = sys.modules["circles.matching.engine.solver"], []
    take = getattr(module, step)

    def press(*arguments: object, **options: object) -> object:
        taken.append(step)
        if len(taken) == 1:
            raise KeyboardInterrupt
        return take(*arguments, **options)

    monkeypatch.setattr(module, step, press)
    return solve(problem, gap=0.0)
