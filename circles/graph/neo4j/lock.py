"""One load at a time: a lock that the server itself holds, and lets go of when its holder is gone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from neo4j.exceptions import ClientError, DriverError, Neo4jError

from circles.errors import StoreError
from circles.graph.neo4j.statements import statement

if TYPE_CHECKING:
    from neo4j import Session

LOCK_SECONDS = 5.0
"""How long to wait for another load to end."""
_LOCK, _NO_LOCK = 1, 0
_WAITED_TOO_LONG = ("LockClientStopped", "TransactionTimedOut")


@contextmanager
def hold_lock(session: Session) -> Iterator[None]:
    """Keep other loads out; the server lets go of the lock when this program or its connection ends.

    Raises
    ------
    StoreError
        If another load is under way.
    """
    _refuse_locked(session)
    work = session.begin_transaction(timeout=0)  # however long the load takes, whatever the server's own limit
    try:
        work.run(statement("load/take_lock"), key=_LOCK).consume()
        yield
    finally:
        with suppress(DriverError, Neo4jError):  # with its connection the lock is gone too
            work.close()


def _refuse_locked(session: Session) -> None:
    """Try the lock for a moment: a limit of time would also end the transaction that is to hold it."""
    session.run(statement("load/take_lock"), key=_NO_LOCK).consume()  # a server just started plans it for seconds
    try:
        with session.begin_transaction(timeout=LOCK_SECONDS) as trial:
            trial.run(statement("load/take_lock"), key=_LOCK).consume()
    except ClientError as error:
        if not any(code in (error.code or "") for code in _WAITED_TOO_LONG):
            raise
        msg = "another load is under way; try again when it has finished"
        raise StoreError(msg) from error
