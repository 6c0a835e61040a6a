"""What is measured: one function a figure, each giving the work to time."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import circles

SAMPLE = Path(__file__).parents[1] / "examples" / "zhejiang_2007"
Work = Callable[[], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One figure: what it is, the seconds it may take at most, how often it is run, and how to prepare the work."""

    name: str
    limit_seconds: float
    runs: int
    prepare: Callable[[], Work]


@cache
def _book() -> circles.Portfolio:
    return circles.form_circles(circles.read_portfolio(SAMPLE), seed=7).portfolio()


def _run(*command: str) -> Work:
    return lambda: subprocess.run([sys.executable, *command], check=True, capture_output=True)


def _import() -> Work:
    return _run("-c", "import circles")


def _help() -> Work:
    return _run("-m", "circles", "--help")


def _check_and_load() -> Work:
    def work() -> None:
        with tempfile.TemporaryDirectory() as folder, circles.open_graph(f"sqlite:///{folder}/circles.db") as graph:
            graph.save(circles.read_portfolio(SAMPLE))

    return work


def _match() -> Work:
    portfolio = circles.read_portfolio(SAMPLE)
    return lambda: circles.form_circles(portfolio, seed=7)


def _cascade() -> Work:
    book = _book()
    terms = circles.Terms.preset("worst")
    first = [circles.rank_members(book, terms).members["member_id"].iloc[0]]
    return lambda: circles.run_cascade(book, first, terms)


def _losses() -> Work:
    book, terms = _book(), circles.Terms.preset("base")
    return lambda: circles.simulate_losses(book, trials=10_000, seed=7, terms=terms, correlation=0.12)


def _examine() -> Work:
    from circles.generate import generate_portfolio

    portfolio = generate_portfolio(members=250_000, trades=2_000_000, seed=7)
    return lambda: circles.examine_portfolio(portfolio)


def _estimate() -> Work:
    from circles.generate import generate_portfolio

    portfolio = generate_portfolio(members=250_000, trades=2_000_000, seed=7)
    gaps = portfolio.members.assign(
        resources_fen=portfolio.members["resources_fen"].mask(portfolio.members.index % 2 > 0)
    )
    missing = portfolio.replace(members=gaps)
    return lambda: circles.estimate_resources(missing)


FIGURES = (
    Figure(
        name="import circles (a new process)", limit_seconds=0.2, runs=5, prepare=lambda: _run("-c", "import circles")
    ),
    Figure(
        name="circles --help (a new process)",
        limit_seconds=0.5,
        runs=5,
        prepare=lambda: _run("-m", "circles", "--help"),
    ),
    Figure(name="check and load the sample", limit_seconds=3.0, runs=3, prepare=_check_and_load),
    Figure(name="match the sample", limit_seconds=20.0, runs=3, prepare=_match),
    Figure(name="one cascade on the sample", limit_seconds=0.2, runs=5, prepare=_cascade),
    Figure(name="profile of 250,000 members, 2,000,000 trades", limit_seconds=10.0, runs=3, prepare=_examine),
    Figure(name="estimate 125,000 of 250,000 members", limit_seconds=10.0, runs=3, prepare=_estimate),
    Figure(name="10,000 trials on the sample, all five distributions", limit_seconds=10.0, runs=3, prepare=_losses),
)
