"""Measure contagion on a book of 250,000 members, 2,000,000 receivables and 55,000 circles, and what else could do it.

``python -m benchmarks.contagion [MEMBERS]``. Two books: in the tense one the median member can pay half a loan, so that
under the worst terms three and more fail by contagion for each first default; in the calm one eight times as much, so
that few do. Kernels are compiled on a small book before anything is timed. Peers settle the same first defaults by
trade credit alone, which all of them can express: who loses more than its resources on failed buyers fails. Their
answers are compared; each is timed on as many trials as it has time for.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import networkx as nx
import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from circles import Portfolio, Terms, rank_members, run_cascade, simulate_losses, write_portfolio
from circles.contagion.losses.trial_run import TrialRun
from circles.contagion.trials.random_trials import plan_trials
from circles.settlement import TrialSettler, build_obligations, settle_waterfall

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.settlement import Obligations

PEER_TRIALS = {"scipy": 20, "networkx": 2}
WORST = Terms()
EASE = {"calm": 8.0, "tense": 1.0}
"""How many times half a loan the median member can pay."""

SIMULATE = """
import sys
from benchmarks.reading import peak_mb
from circles import read_portfolio, simulate_losses

simulate_losses(read_portfolio(sys.argv[1]), trials=100, seed=7)
print(peak_mb())
"""


def draw_book(members: int, *, seed: int, ease: float = 1.0) -> Portfolio:
    """Draw members in circles of three to six, eight receivables a member, default probabilities of 2 %.

    With `ease` 1 the median member can pay half a loan, else that many times as much.
    """
    random = np.random.default_rng(seed)
    ids = np.array([f"M{i:06d}" for i in range(members)])
    sizes = random.integers(3, 7, members)
    ends = np.cumsum(sizes)
    sizes = sizes[ends <= members]
    placed = int(sizes.sum())
    circle = np.repeat([f"C{k:06d}" for k in range(len(sizes))], sizes)
    loan = np.round(np.exp(random.normal(17.0, 0.6, placed))).astype(np.int64)
    pair = random.integers(0, members, (8 * members, 2))
    pair = pair[pair[:, 0] != pair[:, 1]]
    owed = np.round(np.exp(random.normal(13.0, 1.0, len(pair)))).astype(np.int64)
    resources = np.round(ease * np.exp(random.normal(16.3, 0.8, members))).astype(np.int64)
    return Portfolio.from_frames(
        as_of="2026-06-30",
        members=pd.DataFrame({"member_id": ids, "resources_fen": resources, "default_probability": 0.02}),
        circles=pd.DataFrame({"circle_id": [f"C{k:06d}" for k in range(len(sizes))]}),
        circle_members=pd.DataFrame({"circle_id": circle, "member_id": ids[:placed]}),
        loans=pd.DataFrame(
            {
                "loan_id": [f"L{i:06d}" for i in range(placed)],
                "borrower_id": ids[:placed],
                "balance_fen": loan,
                "circle_id": circle,
            }
        ),
        receivables=pd.DataFrame(
            {
                "receivable_id": [f"R{i:07d}" for i in range(len(pair))],
                "supplier_id": ids[pair[:, 0]],
                "buyer_id": ids[pair[:, 1]],
                "amount_fen": owed,
            }
        ),
    )


def main(members: int = 250_000) -> None:
    """Print a table: what was done, seconds, and how the peers compare."""
    small = draw_book(300, seed=1)
    simulate_losses(small, trials=300, seed=1), run_cascade(small, ["M000001"]), rank_members(small)
    book = draw_book(members, seed=1)
    print(f"{book}\n\n| what | seconds |\n|---|---|")
    obligations = _timed("obligations from the portfolio", lambda: build_obligations(book))
    _timed("fingerprint of the portfolio, once", book.digest)
    calm = draw_book(members, seed=1, ease=EASE["calm"])
    worst = time_rankings({"tense": book, "calm": calm})
    first = np.flatnonzero(obligations.members == worst)
    _timed("one worst cascade, kernel with its log", lambda: settle_waterfall(obligations, first, WORST))
    _timed("one worst cascade, all tables and bounds", lambda: run_cascade(book, [worst]))
    time_trials("calm", calm, trials=10_000)
    time_trials("tense", book, trials=1_000)
    for name, ease in EASE.items():
        few = draw_book(1_000, seed=2, ease=ease)
        _timed(
            f"{name}: 1,000,000 trials on 1,000 members", lambda few=few: simulate_losses(few, trials=1_000_000, seed=7)
        )
    print(f"\npeak memory of reading the calm book and simulating it: {measure_memory(calm):,.0f} MiB\n")
    compare_peers(obligations, seed=7)


def time_rankings(books: dict[str, Portfolio]) -> str:
    """Time rankings of single defaults, and give the most harmful member of the first book."""
    worst = []
    for name, book in books.items():
        obligations, count = build_obligations(book), len(book.members)
        worst.append(_timed(f"{name}: ranking of all members, with its table", lambda book=book: rank_members(book)))
        each = {"offsets": np.arange(count + 1), "defaulters": np.arange(count), "workers": 2, "besides": False}
        settler = TrialSettler(obligations, WORST)
        settler.settle(**each)
        _timed(f"{name}: ranking of all members, kernel", lambda settler=settler, each=each: settler.settle(**each))
    return str(worst[0].members["member_id"][0])


def time_trials(name: str, book: Portfolio, *, trials: int) -> None:
    """Time trials of the bank's loss alone, then everything that `simulate_losses` gives."""
    plan = _timed(f"{name}: preparing trials", lambda: plan_trials(book, seed=7, correlation=0.12))
    run = TrialRun(portfolio=book, plan=plan, trials=trials, sector_column=None, workers=None)
    _timed(f"{name}: {trials:,} trials, the bank's loss", lambda: run.sample_losses(WORST))
    _timed(f"{name}: {trials:,} trials, all five distributions", lambda: run.settle_all(WORST, None))
    book.digest()
    _timed(
        f"{name}: {trials:,} trials, simulate_losses: preparing, all five, contributions, tables",
        lambda: simulate_losses(book, trials=trials, seed=7),
    )


def measure_memory(book: Portfolio) -> float:
    """Give the peak memory, in MiB, of a process that reads a portfolio from Parquet and simulates it."""
    with TemporaryDirectory() as folder:
        write_portfolio(book, f"{folder}/book", files="parquet")
        command = [sys.executable, "-c", SIMULATE, f"{folder}/book"]
        return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def compare_peers(obligations: Obligations, *, seed: int) -> None:
    """Settle trade credit alone, with everybody's loans unsecured, and print how much longer others take a trial."""
    random = np.random.default_rng(seed)
    drawn = [np.flatnonzero(random.random(len(obligations.members)) < 0.02) for _ in range(PEER_TRIALS["scipy"])]
    offsets = np.cumsum([0, *map(len, drawn)])
    settler = TrialSettler(_drop_pools(obligations), WORST)
    settler.settle(offsets=offsets, defaulters=np.concatenate(drawn), besides=False)
    began = time.perf_counter()
    ours = settler.settle(offsets=offsets, defaulters=np.concatenate(drawn), besides=False)
    seconds = (time.perf_counter() - began) / len(drawn)
    print("| trade contagion, one trial, one thread | seconds | times | same loss |\n|---|---|---|---|")
    print(f"| circles | {seconds:.4f} | 1 | |")
    for name, settle in {"scipy": _sparse_rounds(obligations), "networkx": _graph_rounds(obligations)}.items():
        some = drawn[: PEER_TRIALS[name]]
        began = time.perf_counter()
        losses = [settle(first) for first in some]
        each = (time.perf_counter() - began) / len(some)
        same = np.allclose(losses, ours.bank_loss[: len(some)], rtol=1e-9)
        print(f"| {name} | {each:.4f} | {each / seconds:,.0f} | {'yes' if same else 'NO'} |")


def _drop_pools(obligations: Obligations) -> Obligations:
    """Leave every loan unsecured, so that defaults spread by trade credit alone."""
    pools, count = obligations.pools, len(obligations.members)
    none = replace(
        pools,
        ids=pools.ids[:0],
        deposit=pools.deposit[:0],
        start=pools.start[:1],
        pool=pools.pool[:0],
        member=pools.member[:0],
        cap=pools.cap[:0],
        own_loan=pools.own_loan[:0],
        member_start=np.zeros(count + 1, dtype=np.int64),
        member_entry=pools.member_entry[:0],
    )
    return replace(
        obligations, pools=none, loans=replace(obligations.loans, pool=np.full_like(obligations.loans.pool, -1))
    )


def _sparse_rounds(obligations: Obligations) -> Callable[[NDArray[np.int64]], float]:
    """Settle in rounds over the whole network: losses of all suppliers are one sparse product."""
    rows, count = obligations.receivables, len(obligations.members)
    owed = csr_array((rows.buyer_amount, rows.buyer, rows.supplier_start), shape=(count, count))
    lent = np.bincount(obligations.loans.borrower, weights=obligations.loans.exposure, minlength=count)

    def settle(first: NDArray[np.int64]) -> float:
        failed = np.zeros(count)
        failed[first] = 1.0
        while True:
            now = np.maximum(failed, (owed @ failed > obligations.resources).astype(np.float64))
            if (now == failed).all():
                return float(lent @ failed)
            failed = now

    return settle


def _graph_rounds(obligations: Obligations) -> Callable[[NDArray[np.int64]], float]:
    """Settle in rounds over a graph, from the newly failed, as code on networkx does it."""
    rows, graph = obligations.receivables, nx.DiGraph()
    buyer = np.repeat(np.arange(len(obligations.members)), np.diff(rows.buyer_start))
    graph.add_nodes_from(range(len(obligations.members)))
    edges = zip(buyer.tolist(), rows.supplier.tolist(), rows.supplier_amount.tolist(), strict=True)
    graph.add_weighted_edges_from(edges)
    resources = obligations.resources.tolist()
    lent = np.bincount(obligations.loans.borrower, weights=obligations.loans.exposure, minlength=len(resources))

    def settle(first: NDArray[np.int64]) -> float:
        failed, newest, lost = set(first.tolist()), first.tolist(), dict.fromkeys(graph, 0.0)
        while newest:
            hit = set()
            for member in newest:
                for supplier, edge in graph[member].items():
                    lost[supplier] += edge["weight"]
                    hit.add(supplier)
            newest = [member for member in hit - failed if lost[member] > resources[member]]
            failed.update(newest)
        return float(lent[list(failed)].sum())

    return settle


def _timed(what: str, work: Callable[[], Any]) -> Any:
    began = time.perf_counter()
    result = work()
    print(f"| {what} | {time.perf_counter() - began:.3f} |", flush=True)
    return result


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
