"""``circles compile``: compile all kernels now, so that no later command waits for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from circles.matching import MatchingProblem

_SEED, _MEMBERS, _NEAR, _SECONDS = 1, 90, 8, 4


def compile_() -> None:
    """Compile the kernels of matching and contagion now, once a machine, so that no later command waits for it."""
    import time
    from concurrent.futures import ProcessPoolExecutor, as_completed
    from multiprocessing import get_context

    from circles.cli.screen import show

    begun = time.monotonic()
    show("Compiling the kernels of matching and contagion, side by side …")
    with ProcessPoolExecutor(len(JOBS), mp_context=get_context("spawn")) as workers:
        running = {workers.submit(job): name for name, job in JOBS.items()}
        for job in as_completed(running):
            job.result()
            show(f"{running[job]}: compiled after {time.monotonic() - begun:.0f} s")


def form_and_judge() -> None:
    """Solve a problem with more circles than are listed, another with joint losses, and judge the first bound."""
    from dataclasses import replace

    import numpy as np

    from circles.matching import JointLoss, solve, verify_bound

    problem = ring_of_neighbours()
    plan = solve(problem, seed=_SEED, gap=0.0, time_limit=_SECONDS)
    verify_bound(problem, plan, time_limit=_SECONDS)
    exposure = np.full(problem.members, 10, dtype=np.int64)
    chance = np.full(problem.members, 0.02)
    losing = JointLoss(default_probability=chance, exposure=exposure, correlation=0.15, weight=1.0)
    solve(replace(problem, joint_loss=losing), seed=_SEED, gap=0.0, time_limit=_SECONDS)


def ring_of_neighbours() -> MatchingProblem:
    """Give a problem in which each member is acquainted with the nearest on either side."""
    import numpy as np

    from circles.matching import MatchingProblem

    first = np.repeat(np.arange(_MEMBERS), _NEAR)
    second = (first + np.tile(np.arange(1, _NEAR + 1), _MEMBERS)) % _MEMBERS
    draw = np.random.default_rng(_SEED)
    return MatchingProblem(
        value=np.full(_MEMBERS, 10, dtype=np.int64),
        size_charge=dict.fromkeys(range(3, 7), 5),
        pair_first=np.minimum(first, second),
        pair_second=np.maximum(first, second),
        pair_value=draw.integers(0, 50, len(first)),
        pair_acquainted=np.ones(len(first), dtype=np.bool_),
        loan=draw.integers(50, 100, _MEMBERS),
        resources=draw.integers(40, 80, _MEMBERS),
        coverage=1,
    )


def spread_and_simulate() -> None:
    """Spread a default, at once and over months, and simulate a few trials."""
    from circles.contagion import run_cascade, run_horizon, simulate_losses
    from circles.generate import generate_portfolio

    portfolio = generate_portfolio(members=40, trades=120, seed=_SEED)
    member = portfolio.members["member_id"].iloc[0]
    run_cascade(portfolio, [member])
    run_horizon(portfolio, {member: 0})
    simulate_losses(portfolio, trials=10, seed=_SEED, workers=1)


JOBS: dict[str, Callable[[], None]] = {"matching": form_and_judge, "contagion": spread_and_simulate}
