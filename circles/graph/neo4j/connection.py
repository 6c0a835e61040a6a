"""The way to a Neo4j server: opened only if it answers and is one that we know, every refusal in words to act on."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from neo4j import READ_ACCESS, WRITE_ACCESS, GraphDatabase
from neo4j.exceptions import (
    AuthError,
    ClientError,
    ConfigurationError,
    DriverError,
    Neo4jError,
    ServiceUnavailable,
    SessionExpired,
    TransientError,
)

from circles.errors import InputError, StoreError
from circles.graph.neo4j.statements import statement

if TYPE_CHECKING:
    from neo4j import Driver, Session

    from circles.graph.credentials import Credentials

logging.getLogger("neo4j").addHandler(logging.NullHandler())  # what it says of lost connections we say in our words

CONNECT_SECONDS = 5.0
"""How long to wait for a server that does not answer."""
RETRY_SECONDS = 15.0
"""How long a statement is tried again when the server was busy or gone."""
_RECORDS_AT_ONCE = 2_000
_OLDEST, _NEWEST_TESTED = 5, "5.26"


def check_address(address: str) -> None:
    """Refuse an address that names more than a server.

    Raises
    ------
    InputError
        If it names a user or password, which would be shown wherever the address is, or no host.
    """
    try:
        parts = urlsplit(address)
        named = (parts.hostname, parts.port)
    except ValueError as error:
        msg = f"graph store: the address {address!r} is none of a Neo4j server: {error}; give neo4j://HOST:7687"
        raise InputError(msg) from error
    if "@" in parts.netloc:
        msg = "graph store: the address must not hold a user or password; set CIRCLES_NEO4J_USER and ..._PASSWORD"
        raise InputError(msg)
    if not named[0] or parts.path.strip("/") or parts.query or parts.fragment:
        msg = f"graph store: the address must name a server and nothing else, got {address!r}; give neo4j://HOST:7687"
        raise InputError(msg)


def connect(address: str, credentials: Credentials) -> Driver:
    """Open the way to a server and make sure that it answers, lets us in and is new enough.

    Raises
    ------
    InputError
        If the address is none.
    StoreError
        If nothing answers, the password is refused, or the server is too old.
    """
    try:
        driver = GraphDatabase.driver(
            address,
            auth=(credentials.user, credentials.password or ""),
            connection_timeout=CONNECT_SECONDS,
            connection_acquisition_timeout=3 * CONNECT_SECONDS,
            max_transaction_retry_time=RETRY_SECONDS,
            notifications_disabled_classifications=["UNRECOGNIZED"],
            user_agent="circles",
        )
    except (ConfigurationError, ValueError) as error:
        msg = f"graph store: the address {address} is none of a Neo4j server: {error}; give neo4j://HOST:7687"
        raise InputError(msg) from error
    try:
        with explain(address):
            driver.verify_connectivity()
            check_version(driver.get_server_info().agent, address)
            with open_reading(driver, credentials.database) as session:
                session.run(statement("read/portfolio"), member=None).consume()
    except BaseException:
        driver.close()
        raise
    return driver


def check_version(agent: str, address: str) -> None:
    """Refuse a server that is not Neo4j, or too old; `agent` is how it calls itself.

    Raises
    ------
    StoreError
        If it is.
    """
    name, _, version = agent.partition("/")
    major = version.split(".")[0]
    if name != "Neo4j" or not major.isdigit() or int(major) < _OLDEST:
        msg = f"{address}: is {agent!r}; circles needs Neo4j {_OLDEST} or newer (tested with {_NEWEST_TESTED})"
        raise StoreError(msg)


def open_reading(driver: Driver, database: str) -> Session:
    """Open a session that only reads, and what this driver wrote before."""
    return driver.session(
        database=database,
        default_access_mode=READ_ACCESS,
        fetch_size=_RECORDS_AT_ONCE,
        bookmark_manager=driver.execute_query_bookmark_manager,
    )


def open_writing(driver: Driver, database: str) -> Session:
    """Open a session that writes."""
    return driver.session(
        database=database,
        default_access_mode=WRITE_ACCESS,
        bookmark_manager=driver.execute_query_bookmark_manager,
    )


@contextmanager
def explain(address: str) -> Iterator[None]:
    """Turn the driver's errors into `StoreError`, in words that say what to do; every one names the address."""
    try:
        yield
    except StoreError as error:
        if str(error).startswith(address):
            raise
        msg = f"{address}: {error}"
        raise StoreError(msg) from error
    except (DriverError, Neo4jError) as error:
        msg = f"{address}: {_reason(error, address)}"
        raise StoreError(msg) from error


def _reason(error: DriverError | Neo4jError, address: str) -> str:
    code = getattr(error, "code", None) or type(error).__name__
    for part, reason in _REASONS.items():
        if part in code:
            return f"{reason} ({code})"
    if isinstance(error, AuthError):
        return f"refuses the user or password; set CIRCLES_NEO4J_USER and CIRCLES_NEO4J_PASSWORD ({code})"
    if isinstance(error, (ServiceUnavailable, SessionExpired)):
        start = "start it (circles neo4j start), or " if urlsplit(address).hostname in _LOOPBACK else ""
        plain = ", or it does not encrypt (then without +s)" if "+s" in urlsplit(address).scheme else ""
        return f"no Neo4j server answers, or it was lost{plain}; {start}check the address, then try again"
    if isinstance(error, TransientError):
        return f"the server is too busy or out of memory; try again ({code})"
    first = str(getattr(error, "message", None) or error).splitlines()[0]
    kind = "refused" if isinstance(error, ClientError) else "failed"
    return f"the server {kind}: {first[:300]} ({code})"


_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_REASONS = {
    "Security.AuthenticationRateLimit": "refuses the password too often; wait a little, then try again",
    "Security.CredentialsExpired": "wants a new password for this user; set one (ALTER CURRENT USER SET PASSWORD)",
    "Security.Forbidden": "this user may not do that; ask for the right to read and write",
    "DatabaseNotFound": "has no database of that name; set CIRCLES_NEO4J_DATABASE",
    "NotALeader": "may only be read, so nothing was written; write through the leader, or ask for the right to write",
    "ReadOnly": "may only be read, so nothing was written; give one that may be written",
    "DatabaseUnavailable": "the database is not available (stopped, or its disk is full); see the server's log",
    "MemoryPoolOutOfMemory": "the server is out of memory; give it more (dbms.memory.transaction.total.max)",
    "TransactionCommitFailed": "the server could not write, its disk may be full; see its log, then try again",
    "TransactionStartFailed": "the server could not begin to write, its disk may be full; see its log, then try again",
    "TransactionLogError": "the server could not write its log, its disk may be full; see its log, then try again",
}
