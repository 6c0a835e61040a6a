"""Measure the embedded store on a portfolio of 250,000 members and 2,000,000 trades (random, from a fixed seed).

``python -m benchmarks.embedded_store [MEMBERS TRADES]`` prints a table of wall-clock and processor seconds; on a busy
machine only the latter mean anything.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from circles.graph import GraphStore, open_graph
from circles.portfolio import Portfolio

_MONTHS_A_PAIR = 4
_ASKED = 200


def build_portfolio(members: int, trades: int, seed: int = 7) -> Portfolio:
    """Random trade between pairs in four months each, one acquaintance a member, circles of four, some guarantees."""
    rng = np.random.default_rng(seed)
    ids = np.array([f"M{i:07d}" for i in range(members)], dtype=object)

    def pairs(count: int, first: str, second: str) -> pd.DataFrame:
        left = rng.integers(0, members, count)
        right = (left + rng.integers(1, members, count)) % members
        return pd.DataFrame({first: ids[left], second: ids[right]}, dtype="str")

    sold = pairs(trades // _MONTHS_A_PAIR, "seller_id", "buyer_id")
    sold = sold.loc[sold.index.repeat(_MONTHS_A_PAIR)].reset_index(drop=True)
    months = np.arange("2007-01", "2008-01", dtype="datetime64[M]").astype("datetime64[s]")
    place = np.arange(len(sold)) % _MONTHS_A_PAIR * 3 + rng.integers(0, 3, len(sold) // 4).repeat(_MONTHS_A_PAIR)
    counted = {"amount_fen": rng.integers(1, 10**8, len(sold)), "trade_count": rng.integers(1, 20, len(sold))}
    promised = pairs(members // 10, "guarantor_id", "borrower_id")
    in_circles = pd.DataFrame(
        {
            "circle_id": np.array([f"C{i}" for i in range(members // 50)], dtype=object).repeat(4),
            "member_id": ids[rng.permutation(members)[: members // 50 * 4]],
        }
    )
    return Portfolio.from_frames(
        as_of="2007-12-29",
        members=_build_members(rng, ids),
        trades=sold.assign(period=months[place], **counted),
        acquaintances=pairs(members, "member_a", "member_b"),
        circles=in_circles[["circle_id"]].drop_duplicates(),
        circle_members=in_circles,
        loans=in_circles.rename(columns={"member_id": "borrower_id"}).assign(
            loan_id=[f"L{i}" for i in range(len(in_circles))], balance_fen=10**7
        ),
        guarantees=promised.assign(guarantee_id=[f"G{i}" for i in range(len(promised))], amount_fen=10**6),
    )


def _build_members(rng: np.random.Generator, ids: np.ndarray) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "member_id": ids,
            "name": [f"浙江{member}有限公司" for member in ids],
            "region": np.array(["杭州", "绍兴", "温州"], dtype=object)[rng.integers(0, 3, len(ids))],
            "registered_on": np.datetime64("2000-01-01", "s") + rng.integers(0, 2500, len(ids)).astype("m8[D]"),
            "annual_sales_fen": rng.integers(1, 10**10, len(ids)),
            "resources_fen": rng.integers(1, 10**9, len(ids)),
            "default_probability": rng.random(len(ids)) / 10,
        }
    )


def show(what: str, act: Callable[[], object], times: int = 1) -> None:
    """Print one row: wall-clock and processor milliseconds, each the mean of so many runs."""
    wall, processor = time.perf_counter(), time.process_time()
    for _ in range(times):
        act()
    wall, processor = time.perf_counter() - wall, time.process_time() - processor
    print(f"| {what} | {wall / times * 1000:,.1f} | {processor / times * 1000:,.1f} |", flush=True)


def open_again(address: str) -> None:
    """Open the store as another process would, and take its snapshot."""
    with open_graph(address) as graph:
        graph.snapshot()


def measure(graph: GraphStore, portfolio: Portfolio, address: str) -> None:
    """Print one row a figure."""
    members = portfolio.members["member_id"].sample(_ASKED, random_state=7).tolist()
    print("| what | wall-clock ms | processor ms |\n|---|---|---|")
    show("save", lambda: graph.save(portfolio))
    show("save again", lambda: graph.save(portfolio))
    show("load", graph.load)
    show("open, and read the snapshot", lambda: open_again(address), 5)
    show("summary", graph.summary)
    for hops in (1, 2):
        asked = iter(members)
        show(f"neighbourhood, hops {hops}", lambda ask=asked, far=hops: graph.neighbourhood(next(ask), far), _ASKED)
    asked = iter(members)
    show("guarantee chain", lambda: graph.guarantee_chain(next(asked)), _ASKED)


def main(members: int = 250_000, trades: int = 2_000_000) -> None:
    """Measure in a temporary folder and print the table and the sizes of the files."""
    portfolio = build_portfolio(members, trades)
    print(f"{portfolio}\n")
    with tempfile.TemporaryDirectory() as folder:
        address = f"sqlite:///{folder}/circles.db"
        with open_graph(address) as graph:
            measure(graph, portfolio, address)
        print()
        for file in sorted(Path(folder).iterdir()):
            print(f"{file.name}: {file.stat().st_size / 1e6:,.0f} MB")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
