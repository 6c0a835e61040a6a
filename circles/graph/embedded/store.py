"""The embedded store: a portfolio in one SQLite file, with its snapshot beside it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date
from typing import TYPE_CHECKING, Self

import pandas as pd

from circles.errors import InputError, StoreError
from circles.graph.answers import (
    CHAIN_GUARANTEES,
    CHAIN_MEMBERS,
    EDGES,
    NEIGHBOURS,
    GuaranteeChain,
    Neighbourhood,
    StoreSummary,
    check_hops,
    check_window,
    read_day,
    total_beyond,
)
from circles.graph.embedded import connection as files
from circles.graph.embedded import content, queries, writings
from circles.graph.frames import build_frame
from circles.graph.snapshot import GraphSnapshot, build_snapshot, open_snapshot, write_snapshot
from circles.graph.storable import check_portfolio_storable
from circles.graph.written import CIRCLES_OF, WRITTEN_CIRCLES, WRITTEN_FAILURES, check_kind, check_name, type_written

if TYPE_CHECKING:
    from types import TracebackType

    from circles.graph.progress import Progress
    from circles.portfolio import Portfolio


class EmbeddedStore:
    """Keeps a portfolio in one SQLite file (WAL): one process writes, any number read meanwhile.

    Implements `circles.graph.GraphStore`, which describes every method.

    Parameters
    ----------
    name
        The file; it is created when something is saved.
    """

    def __init__(self, name: str) -> None:
        self._path = files.check_place(name)
        self._snapshot_path = self._path.with_name(f"{self._path.name}.snapshot.npz")
        self._connection: sqlite3.Connection | None = files.connect(self._path) if self._path.exists() else None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; closing twice does nothing."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def save(self, portfolio: Portfolio, *, progress: Progress | None = None) -> None:
        """Keep a portfolio in place of the one that was there, as a whole or not at all."""
        check_portfolio_storable(portfolio)
        snapshot = build_snapshot(portfolio)
        connection = self._connected()
        with files.explain(self._path), files.writing(connection):
            files.check_owner(connection, self._path)
            content.replace_content(connection, portfolio, snapshot.digest, progress=progress)
        self._keep(snapshot)

    def load(self) -> Portfolio:
        """Give the portfolio back; its fingerprint is checked against the one noted when it was saved."""
        with self._reading() as connection:
            try:
                return content.read_portfolio(connection)
            except StoreError as error:
                msg = f"{self._path}: {error}"
                raise StoreError(msg) from error

    def neighbourhood(self, member: str, hops: int = 1) -> Neighbourhood:
        """Say who is within some steps of a member, and through what."""
        check_hops(hops)
        with self._reading() as connection:
            queries.require_member(connection, member)
            nodes, edges = queries.walk_neighbourhood(connection, member, hops)
        frames = build_frame([nodes], NEIGHBOURS), build_frame([edges], EDGES)
        return Neighbourhood(member=member, hops=hops, nodes=frames[0], edges=frames[1])

    def guarantee_chain(
        self, member: str, *, since: date | str | None = None, until: date | str | None = None, hops: int = 5
    ) -> GuaranteeChain:
        """Say for whom a member stands, for whom these stand, and so on, and what they all owe."""
        check_hops(hops)
        first, last = read_day(since, name="since"), read_day(until, name="until")
        check_window(first, last)
        with self._reading() as connection:
            queries.require_member(connection, member)
            members, guarantees = queries.walk_chain(connection, member, since=first, until=last, hops=hops)
            truncated = queries.goes_on(connection, since=first, until=last, hops=hops)
        return GuaranteeChain(
            member=member,
            since=first,
            until=last,
            hops=hops,
            members=build_frame([members], CHAIN_MEMBERS),
            guarantees=build_frame([guarantees], CHAIN_GUARANTEES),
            loans=total_beyond(members, 3),
            exposure_fen=total_beyond(members, 4),
            truncated=truncated,
        )

    def circles_of(self, member: str) -> pd.DataFrame:
        """List the circles that a member belongs to, with everybody in them."""
        with self._reading() as connection:
            queries.require_member(connection, member)
            rows = queries.list_circles_of(connection, member)
        return build_frame([rows], CIRCLES_OF).assign(current=[bool(row[-1]) for row in rows])

    def write_circles(self, frame: pd.DataFrame, kind: str) -> None:
        """Keep circles beside the portfolio; those written under the same kind before are replaced."""
        check_kind(kind)
        typed = type_written(frame, WRITTEN_CIRCLES)
        with self._writing() as connection:
            writings.write(connection, typed, writings.CIRCLES, kind)

    def read_circles(self, kind: str) -> pd.DataFrame:
        """Give circles as they were written."""
        with self._reading() as connection:
            return writings.read(connection, writings.CIRCLES, kind)

    def write_failures(self, frame: pd.DataFrame, run: str) -> None:
        """Keep who failed in a cascade, and when; what was written under the same run before is replaced."""
        check_name(run, what="run")
        typed = type_written(frame, WRITTEN_FAILURES)
        with self._writing() as connection:
            writings.write(connection, typed, writings.FAILURES, run)

    def read_failures(self, run: str) -> pd.DataFrame:
        """Give failures as they were written."""
        with self._reading() as connection:
            return writings.read(connection, writings.FAILURES, run)

    def snapshot(self) -> GraphSnapshot:
        """Give the graph as arrays; read beside the store, else made anew."""
        with self._reading() as connection:
            digest = content.read_head(connection)[2]
            with suppress(StoreError):
                return open_snapshot(self._snapshot_path, digest=digest)
            portfolio = content.read_portfolio(connection)
        snapshot = build_snapshot(portfolio, digest)
        self._keep(snapshot)
        return snapshot

    def summary(self) -> StoreSummary:
        """Say what the store holds."""
        layers = self.snapshot().describe_layers()
        with self._reading() as connection:
            as_of, currency, digest = content.read_head(connection)
            tables = content.count_rows(connection)
            circles, failures = writings.count_circles(connection), writings.count_failures(connection)
        return StoreSummary(
            address=f"sqlite:///{self._path}",
            digest=digest,
            as_of=date.fromisoformat(as_of),
            currency=currency,
            tables=pd.DataFrame(tables, columns=["table", "rows"]),
            layers=layers,
            circles=circles,
            failures=failures,
        )

    def _connected(self) -> sqlite3.Connection:
        if self._connection is None:
            self._connection = files.connect(self._path)
        return self._connection

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        if self._connection is None and not self._path.exists():
            self._refuse_empty()
        connection = self._connected()
        with files.explain(self._path), files.reading(connection):
            self._require_portfolio(connection)
            yield connection

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._reading():
            pass  # an empty store is refused before anything is created
        connection = self._connected()
        with files.explain(self._path), files.writing(connection):
            self._require_portfolio(connection)
            yield connection

    def _require_portfolio(self, connection: sqlite3.Connection) -> None:
        if not files.check_owner(connection, self._path):
            self._refuse_empty()

    def _refuse_empty(self) -> None:
        msg = f"{self._path}: holds no portfolio yet; save one first (circles load FOLDER)"
        raise StoreError(msg)

    def _keep(self, snapshot: GraphSnapshot) -> None:
        with suppress(InputError, OSError):  # it only saves time: without it the next reader makes its own
            write_snapshot(snapshot, self._snapshot_path)
