"""Kill the server at random moments of a load, start it again, load again: all must be there, and nothing twice.

``python tests/stores/killed_loads.py [ROUNDS] [SEED]`` does it on a server of its own and prints a line a round.
"""

from __future__ import annotations

import math
import os
import random
import shutil
import signal
import socket
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import neo4j

from circles.errors import StoreError
from circles.generate import generate_portfolio
from circles.graph import open_graph
from circles.graph.neo4j import batches, connection
from circles.graph.server import Server, start_server, stop_server

if TYPE_CHECKING:
    from circles.portfolio import Portfolio

MEMBERS, TRADES = 1_500, 6_000
ROWS_AT_ONCE = 200
"""Small batches, so that a short load has many moments in which to be killed."""
RETRY_SECONDS = 1.0
_COUNT = "OPTIONAL MATCH (n) OPTIONAL MATCH (n)-[r]->() RETURN count(DISTINCT n) AS nodes, count(r) AS edges"


@dataclass(frozen=True, kw_only=True)
class Round:
    """What happened in one round: when the server was killed, how far the load was, and how it ended."""

    after_seconds: float
    rows: int
    was_broken: bool


class KilledLoads:
    """A server with an empty database, and two portfolios that take turns.

    Parameters
    ----------
    home
        Folder of the server, which is started if it does not run.
    port
        Where it listens.
    seed
        Of the moments at which it is killed; said where a round fails.
    members, trades
        How many of each the portfolios have.
    """

    def __init__(self, home: Path, port: int, *, seed: int, members: int = MEMBERS, trades: int = TRADES) -> None:
        self._home, self._port = home, port
        self._seed, self._draw = seed, random.Random(seed)
        self._portfolios = [generate_portfolio(members=members, trades=trades, seed=each) for each in (1, 2)]
        self._server = self._start()
        self._sizes, self._seconds = [], math.inf
        for portfolio in self._portfolios:
            begun = time.monotonic()
            with open_graph(self._server.address) as graph:
                graph.save(portfolio)
            self._seconds = min(self._seconds, time.monotonic() - begun)
            self._sizes.append(self._count())

    def kill_one(self, number: int) -> Round:
        """Do one round; raises AssertionError if anything is missing or there twice."""
        which = number % 2
        portfolio, rows, after = self._portfolios[which], [0], self._draw.random() * self._seconds
        was_broken = False
        with open_graph(self._server.address) as graph:
            killer = threading.Timer(after, os.kill, (self._server.pid, signal.SIGKILL))
            killer.start()
            try:
                graph.save(portfolio, progress=lambda done, total: rows.append(done))
            except StoreError:
                was_broken = True
            killer.join()
        self._server = self._start()
        self._check(portfolio, self._sizes[which])
        return Round(after_seconds=after, rows=rows[-1], was_broken=was_broken)

    def _check(self, portfolio: Portfolio, size: tuple[int, int]) -> None:
        with open_graph(self._server.address) as graph:
            whole = {portfolio.digest() for portfolio in self._portfolios}
            assert graph.load().digest() in whole, f"seed {self._seed}: what is read is not whole"
            graph.save(portfolio)
            assert graph.load().digest() == portfolio.digest(), f"seed {self._seed}: what was saved is not there"
        assert self._count() == size, f"seed {self._seed}: something is there twice, or is left over"

    def _start(self) -> Server:
        return start_server(self._home, port=self._port, heap="320m", page_cache="32m")

    def _count(self) -> tuple[int, int]:
        with neo4j.GraphDatabase.driver(self._server.address, auth=("neo4j", self._server.password)) as driver:
            return tuple(driver.execute_query(_COUNT, database_="neo4j").records[0])


def main(rounds: int = 20, seed: int = 7) -> None:
    """Do some rounds on a server of one's own and print each."""
    batches.ROWS_AT_ONCE, connection.RETRY_SECONDS = ROWS_AT_ONCE, RETRY_SECONDS
    home = Path(tempfile.mkdtemp()) / "neo4j"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    try:
        loads = KilledLoads(home, port, seed=seed)
        for number in range(rounds):
            sys.stdout.write(f"{number + 1}: {loads.kill_one(number)}\n")
            sys.stdout.flush()
    finally:
        stop_server(home)
        shutil.rmtree(home.parent)
    sys.stdout.write(f"{rounds} rounds: always whole, nothing twice\n")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
