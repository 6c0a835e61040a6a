"""One instance solved once, in a process of its own, so that its memory is its own."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from dataclasses import asdict, dataclass

from benchmarks.instances.catalogue import INSTANCES


@dataclass(frozen=True, slots=True, kw_only=True)
class Solved:
    """What became of one instance under one seed; `first_percent` is when 1 % was proven, in seconds, or None."""

    name: str
    seed: int
    members: int
    pairs: int
    value: int
    bound: int
    gap: float
    status: str
    planted: int
    seconds: float
    first_percent: float | None
    peak_gigabytes: float


def solve_apart(name: str, seed: int) -> Solved:
    """Solve an instance in a new process."""
    command = [sys.executable, "-m", "benchmarks.instances.solving", name, str(seed)]
    answer = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return Solved(**json.loads(answer.stdout))


def solve_here(name: str, seed: int) -> Solved:
    """Draw and solve an instance; the compiling of kernels, on a problem of a few members, is not counted."""
    from benchmarks.instances.town import Town, draw_town
    from circles.matching import solve

    instance = INSTANCES[name]
    drawn = instance.draw(seed)
    solve(draw_town(Town(members=60), seed).problem, seed=seed, gap=0.0)
    reached: list[float] = []

    def note(seconds: float, value: int, bound: int) -> None:
        if bound - value <= 0.01 * max(1, abs(bound)):
            reached.append(seconds)

    began = time.perf_counter()
    plan = solve(drawn.problem, seed=seed, gap=instance.gap, time_limit=instance.time_limit, observer=note)
    return Solved(
        name=name,
        seed=seed,
        members=drawn.problem.members,
        pairs=len(drawn.problem.pair_first),
        value=plan.value,
        bound=plan.upper_bound,
        gap=plan.gap,
        status=str(plan.status),
        planted=drawn.planted_value,
        seconds=time.perf_counter() - began,
        first_percent=reached[0] if reached else None,
        peak_gigabytes=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20,
    )


if __name__ == "__main__":
    print(json.dumps(asdict(solve_here(sys.argv[1], int(sys.argv[2])))))
