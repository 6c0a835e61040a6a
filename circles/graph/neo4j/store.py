"""The Neo4j store: a portfolio as a graph that a whole bank can ask."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Self, TypeVar

import pandas as pd

from circles.errors import CirclesError, StoreError
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
from circles.graph.frames import build_frame
from circles.graph.neo4j import loading, questions, writings
from circles.graph.neo4j.connection import connect, explain, open_reading, open_writing
from circles.graph.neo4j.content import FORMAT, Head, Place, read_head, read_portfolio
from circles.graph.neo4j.limits import check_ids_indexable, check_indexable, check_portfolio_indexable
from circles.graph.neo4j.lock import hold_lock
from circles.graph.snapshot import GraphSnapshot, build_snapshot
from circles.graph.storable import check_portfolio_storable, is_unicode
from circles.graph.written import CIRCLES_OF, WRITTEN_CIRCLES, WRITTEN_FAILURES, check_kind, check_name, type_written

if TYPE_CHECKING:
    from types import TracebackType

    from neo4j import Session

    from circles.graph.credentials import Credentials
    from circles.graph.progress import Progress
    from circles.portfolio import Portfolio

_Answer = TypeVar("_Answer")
_ATTEMPTS = 100
"""How often a question is asked again because another portfolio was loaded while it was answered."""


class Neo4jStore:
    """Keeps a portfolio as a graph in a Neo4j database, for any number of programs at the same time.

    Implements `circles.graph.GraphStore`, which describes every method.

    Parameters
    ----------
    address
        Of the server, such as ``neo4j://localhost:7687``.
    credentials
        Who asks, and which database.
    beside_other_data
        True to write also into a database that holds something else, which is left as it is.
    """

    def __init__(self, address: str, credentials: Credentials, *, beside_other_data: bool = False) -> None:
        self._address, self._database = address, credentials.database
        self._beside_other_data = beside_other_data
        self._driver = connect(address, credentials)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections; closing twice does nothing."""
        self._driver.close()

    def save(self, portfolio: Portfolio, *, progress: Progress | None = None) -> None:
        """Keep a portfolio in place of the one that was there, which is read until the new one is complete."""
        check_portfolio_storable(portfolio)
        check_portfolio_indexable(portfolio)
        digest = portfolio.digest()
        head = loading.describe_head(portfolio, digest, build_snapshot(portfolio, digest).describe_layers())
        with (
            explain(self._address),
            open_writing(self._driver, self._database) as session,
            open_writing(self._driver, self._database) as guard,
        ):
            if not self._beside_other_data:
                loading.refuse_other_data(session)
            loading.prepare(session)
            with hold_lock(guard):
                held = read_head(session)
                begun = loading.begin(session, digest, current=held.load if held else 0)
                batches = loading.add_batches(session, portfolio, begun, progress=progress)
                loading.end(session, begun, batches=batches, head=head)
                loading.remove_others(session, current=begun.number)

    def load(self) -> Portfolio:
        """Give the portfolio back; its fingerprint is checked against the one noted when it was saved."""
        return self._ask(read_portfolio)

    def neighbourhood(self, member: str, hops: int = 1) -> Neighbourhood:
        """Say who is within some steps of a member, and through what."""
        check_hops(hops)
        nodes, edges = self._ask_about(
            member, lambda session, head, place: questions.walk_neighbourhood(session, head, place, hops=hops)
        )
        frames = build_frame([nodes], NEIGHBOURS), build_frame([edges], EDGES)
        return Neighbourhood(member=member, hops=hops, nodes=frames[0], edges=frames[1])

    def guarantee_chain(
        self, member: str, *, since: date | str | None = None, until: date | str | None = None, hops: int = 5
    ) -> GuaranteeChain:
        """Say for whom a member stands, for whom these stand, and so on, and what they all owe."""
        check_hops(hops)
        first, last = read_day(since, name="since"), read_day(until, name="until")
        check_window(first, last)
        chain = self._ask_about(
            member,
            lambda session, head, place: questions.walk_chain(session, head, place, since=first, until=last, hops=hops),
        )
        return GuaranteeChain(
            member=member,
            since=first,
            until=last,
            hops=hops,
            members=build_frame([chain.members], CHAIN_MEMBERS),
            guarantees=build_frame([chain.guarantees], CHAIN_GUARANTEES),
            loans=total_beyond(chain.members, 3),
            exposure_fen=total_beyond(chain.members, 4),
            truncated=chain.truncated,
        )

    def circles_of(self, member: str) -> pd.DataFrame:
        """List the circles that a member belongs to, with everybody in them."""
        rows = self._ask_about(member, questions.list_circles_of)
        return build_frame([rows], CIRCLES_OF).assign(current=[bool(row[-1]) for row in rows])

    def write_circles(self, frame: pd.DataFrame, kind: str) -> None:
        """Keep circles beside the portfolio; those written under the same kind before are replaced."""
        check_kind(kind)
        check_indexable(kind, what="kind")
        typed = type_written(frame, WRITTEN_CIRCLES)
        check_ids_indexable(typed, WRITTEN_CIRCLES)
        self._write(typed, writing=writings.CIRCLES, name=kind)

    def read_circles(self, kind: str) -> pd.DataFrame:
        """Give circles as they were written."""
        return self._ask(lambda session, head: writings.read(session, writing=writings.CIRCLES, name=kind))

    def write_failures(self, frame: pd.DataFrame, run: str) -> None:
        """Keep who failed in a cascade, and when; what was written under the same run before is replaced."""
        check_name(run, what="run")
        check_indexable(run, what="run")
        self._write(type_written(frame, WRITTEN_FAILURES), writing=writings.FAILURES, name=run)

    def read_failures(self, run: str) -> pd.DataFrame:
        """Give failures as they were written."""
        return self._ask(lambda session, head: writings.read(session, writing=writings.FAILURES, name=run))

    def snapshot(self) -> GraphSnapshot:
        """Give the graph as arrays, made from the whole portfolio."""
        return build_snapshot(self.load())

    def summary(self) -> StoreSummary:
        """Say what the store holds."""
        return self._ask(self._summarise)

    def _summarise(self, session: Session, head: Head) -> StoreSummary:
        circles = writings.count(session, head, writing=writings.CIRCLES)
        failures = writings.count(session, head, writing=writings.FAILURES)
        return StoreSummary(
            address=self._address,
            digest=head.digest,
            as_of=date.fromisoformat(head.as_of),
            currency=head.currency,
            tables=pd.DataFrame(list(head.rows.items()), columns=["table", "rows"]),
            layers=pd.DataFrame(head.layers),
            circles=circles.rename(columns={"name": "kind", "groups": "circles"}),
            failures=failures.rename(columns={"name": "run", "groups": "rounds"})[
                ["run", "members", "rounds", "current"]
            ],
        )

    def _ask_about(self, member: str, question: Callable[[Session, Head, Place], _Answer]) -> _Answer:
        """Answer a question about one member, whose place is asked for with the head."""
        sent = member if isinstance(member, str) and is_unicode(member) else None
        return self._ask(
            lambda session, head: question(session, head, questions.require_place(head, member)), member=sent
        )

    def _ask(self, question: Callable[[Session, Head], _Answer], *, member: str | None = None) -> _Answer:
        """Answer from one load: if it was replaced meanwhile, ask again."""
        with explain(self._address), open_reading(self._driver, self._database) as session:
            for _ in range(_ATTEMPTS):
                head = self._require_head(session, member)
                try:
                    answer = question(session, head)
                except CirclesError:
                    if self._require_head(session).load == head.load:
                        raise
                else:
                    if self._require_head(session).load == head.load:
                        return answer
            msg = "other portfolios are loaded faster than this one can be read; try again later"
            raise StoreError(msg)

    def _write(self, frame: pd.DataFrame, *, writing: writings.Writing, name: str) -> None:
        with explain(self._address), open_writing(self._driver, self._database) as session:
            head = self._require_head(session)
            writings.write(session, head, frame, writing=writing, name=name)

    def _require_head(self, session: Session, member: str | None = None) -> Head:
        head = read_head(session, member)
        if head is None:
            msg = "holds no portfolio yet; save one first (circles load FOLDER)"
            raise StoreError(msg)
        if head.format < FORMAT:
            msg = f"has format {head.format}, this version of circles reads {FORMAT}; load the dataset again"
            raise StoreError(msg)
        return head
