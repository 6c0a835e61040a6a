"""Where a portfolio is kept as a graph: what every store can do, and how one is found by its address."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol, Self

from circles.errors import InputError

if TYPE_CHECKING:
    from datetime import date
    from types import TracebackType

    import pandas as pd

    from circles.graph.answers import GuaranteeChain, Neighbourhood, StoreSummary
    from circles.graph.progress import Progress
    from circles.graph.snapshot import GraphSnapshot
    from circles.portfolio import Portfolio


class GraphStore(Protocol):
    """Keeps one portfolio as a graph and answers questions about single members without loading it.

    What `save` took, `load` gives back: every column of every table, in the same order, with the same digest. Every
    store gives the same answers, column by column and row by row; ids are ordered by code point. A store is used by
    one thread; several stores, also in other processes, may be open on the same data, and each answer comes from one
    state of it: the last one that was saved completely.

    Every method raises `StoreError` if the data cannot be reached, are locked, or are not what circles wrote; all but
    `save` also if nothing was saved yet.
    """

    def __enter__(self) -> Self:
        """Give the store itself; leaving the block closes it."""
        ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the store."""
        ...

    def close(self) -> None:
        """Let go of files and connections; closing twice does nothing."""
        ...

    def save(self, portfolio: Portfolio, *, progress: Progress | None = None) -> None:
        """Keep a portfolio in place of the one that was there, as a whole or not at all.

        Circles and failures written before stay, marked as made on other data unless the data are the same.

        Parameters
        ----------
        portfolio
            What to keep.
        progress
            Called with the rows that are in, and all rows, each time when more are in.

        Raises
        ------
        InputError
            If the portfolio holds what no store can: text with half a surrogate pair, which is no valid Unicode; or
            what this one cannot: a Neo4j database keeps ids of up to 2,000 characters.
        """
        ...

    def load(self) -> Portfolio:
        """Give the portfolio back; its fingerprint is checked against the one noted when it was saved."""
        ...

    def neighbourhood(self, member: str, hops: int = 1) -> Neighbourhood:
        """Say who is within some steps of a member, and through what.

        Parameters
        ----------
        member
            Id of the member to start from.
        hops
            Steps to go, 1 to `circles.graph.answers.MAX_HOPS`, along any layer in either direction.

        Raises
        ------
        InputError
            If the member is not in the portfolio, or the hops are not in range.
        """
        ...

    def guarantee_chain(
        self, member: str, *, since: date | str | None = None, until: date | str | None = None, hops: int = 5
    ) -> GuaranteeChain:
        """Say for whom a member stands, for whom these stand, and so on, and what they all owe.

        Parameters
        ----------
        member
            Id of the guarantor to start from.
        since, until
            Only guarantees in force on at least one day from `since` to `until` count: they start by `until` and may
            still be claimed on `since` (``claim_until``, or ``expires_on`` where that is null; null is open). None
            leaves that side open; the same date twice asks for one day.
        hops
            Guarantees to follow, 1 to `circles.graph.answers.MAX_HOPS`.

        Raises
        ------
        InputError
            If the member is not in the portfolio, `until` is before `since`, or the hops are not in range.
        """
        ...

    def circles_of(self, member: str) -> pd.DataFrame:
        """List the circles that a member belongs to, with everybody in them.

        Returns
        -------
        One row a member of such a circle, columns of `circles.graph.written.CIRCLES_OF`: the portfolio's own circles
        have ``kind`` "portfolio", written ones the kind they were written under. ``current`` is False where they were
        written while the store held other data.

        Raises
        ------
        InputError
            If the member is not in the portfolio.
        """
        ...

    def write_circles(self, frame: pd.DataFrame, kind: str) -> None:
        """Keep circles beside the portfolio, such as a proposal; those written under the same kind before are replaced.

        Parameters
        ----------
        frame
            One row a member of a circle; ``circle_id`` and ``member_id``, optionally the other columns of
            `circles.graph.written.WRITTEN_CIRCLES`. Columns of other names are left to the caller.
        kind
            Name to find them by, such as "proposed"; not "portfolio".

        Raises
        ------
        InputError
            If a column is missing or not readable, a row is there twice, or a member is not in the portfolio.
        """
        ...

    def read_circles(self, kind: str) -> pd.DataFrame:
        """Give circles as they were written, in the columns of `circles.graph.written.WRITTEN_CIRCLES`.

        Raises
        ------
        InputError
            If nothing was written under that kind.
        """
        ...

    def write_failures(self, frame: pd.DataFrame, run: str) -> None:
        """Keep who failed in a cascade, and when; what was written under the same run before is replaced.

        Parameters
        ----------
        frame
            One row a failed member; ``member_id`` and ``round``, optionally the other columns of
            `circles.graph.written.WRITTEN_FAILURES`. Columns of other names are left to the caller.
        run
            Name to find them by.

        Raises
        ------
        InputError
            If a column is missing or not readable, a member is there twice or not in the portfolio.
        """
        ...

    def read_failures(self, run: str) -> pd.DataFrame:
        """Give failures as they were written, in the columns of `circles.graph.written.WRITTEN_FAILURES`.

        Raises
        ------
        InputError
            If nothing was written under that run.
        """
        ...

    def snapshot(self) -> GraphSnapshot:
        """Give who trades with, knows and guarantees whom as arrays; read beside the store, else made anew."""
        ...

    def summary(self) -> StoreSummary:
        """Say what the store holds."""
        ...


def open_graph(url: str, *, force: bool = False) -> GraphStore:
    """Open the graph store at an address.

    Nothing is created before something is saved. Use it in a ``with`` block, or close it.

    Parameters
    ----------
    url
        ``sqlite:///circles.db`` is a file in the working folder, ``sqlite:////data/circles.db`` one anywhere. What
        follows the third slash is the file's name as it stands. ``neo4j://HOST:7687`` is a Neo4j server (also
        ``neo4j+s``, ``neo4j+ssc``, ``bolt``, ``bolt+s``, ``bolt+ssc``); user, password and database are taken from the
        settings.
    force
        True to save also into a Neo4j database that holds something else, which is left as it is. A file has to be
        ours either way.

    Returns
    -------
    The store, open; what it holds is read when it is asked for.

    Raises
    ------
    InputError
        If the address is none of a store, or its place is none for one.
    StoreError
        If there is something that is not a store, or not one that this version can read; if no server answers there,
        or it does not let us in.

    Examples
    --------
    >>> import tempfile
    >>> import pandas as pd
    >>> from circles.portfolio import Portfolio
    >>> firms = pd.DataFrame({"member_id": ["M1", "M2"]})
    >>> known = pd.DataFrame({"member_a": ["M1"], "member_b": ["M2"]})
    >>> portfolio = Portfolio.from_frames(as_of="2007-12-29", members=firms, acquaintances=known)
    >>> with tempfile.TemporaryDirectory() as folder, open_graph(f"sqlite:///{folder}/circles.db") as graph:
    ...     graph.save(portfolio)
    ...     print(graph.load())
    ...     print(graph.neighbourhood("M1"))
    Portfolio at 2007-12-29 in CNY: 2 members, 1 acquaintances
    1 members within 1 step of 'M1', 1 edges
    """
    scheme, mark, _ = url.partition("://")
    if not mark:
        msg = f"graph store: the address must start with a scheme, got {url!r}; for a file give sqlite:///{url}"
        raise InputError(msg)
    if scheme not in _OPENERS:
        msg = f"graph store: unknown scheme {scheme!r} in {url!r}; these are known: {', '.join(_OPENERS)}"
        raise InputError(msg)
    return _OPENERS[scheme](url, force)


def _open_embedded(url: str, force: bool) -> GraphStore:
    from circles.graph.embedded import EmbeddedStore

    place = url.removeprefix("sqlite://")
    if not place.startswith("/"):
        msg = f"graph store: the address of a file has three slashes before its name, got {url!r}; give sqlite:///NAME"
        raise InputError(msg)
    return EmbeddedStore(place[1:])


def _open_neo4j(url: str, force: bool) -> GraphStore:
    from circles.graph.credentials import find_credentials
    from circles.graph.neo4j import Neo4jStore, check_address

    check_address(url)
    return Neo4jStore(url, find_credentials(url), beside_other_data=force)


_OPENERS: dict[str, Callable[[str, bool], GraphStore]] = {
    "sqlite": _open_embedded,
    "neo4j": _open_neo4j,
    "neo4j+s": _open_neo4j,
    "neo4j+ssc": _open_neo4j,
    "bolt": _open_neo4j,
    "bolt+s": _open_neo4j,
    "bolt+ssc": _open_neo4j,
}
"""Every kind of store by the scheme of its address; an opener takes the address, and whether to share a database."""
