"""A portfolio into a database: beside the one that is there, which is read until the new one is complete.

Every load has a number, which all its nodes carry, and a node of its own as long as it has data in the database.
Batches are counted there in the transactions that add them: none is added twice, however often a lost connection
makes the driver try again, and a load that was broken off goes on where it stopped when the same portfolio is loaded
again. One transaction then makes the new load the one that is read; the data of all others are removed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from neo4j.exceptions import ClientError

from circles.errors import StoreError
from circles.graph.collecting import collection_put_off
from circles.graph.neo4j.ahead import make_ahead
from circles.graph.neo4j.batches import LAYOUT, cut_batches
from circles.graph.neo4j.content import FORMAT
from circles.graph.neo4j.statements import cypher_folder, statement
from circles.graph.progress import Progress, RowCount
from circles.portfolio import TABLES

if TYPE_CHECKING:
    import pandas as pd
    from neo4j import ManagedTransaction, Session

    from circles.graph.neo4j.batches import Batch
    from circles.portfolio import Portfolio

_INDEX_SECONDS = 300
_REMOVED_AT_ONCE = 2_000
_IS_THERE = "Neo.ClientError.Schema.EquivalentSchemaRuleAlreadyExists"
_CHANGED = "the load was changed by another program before it was complete; load the dataset again"


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """A load under way: its number, and how many of its batches are in."""

    number: int
    batches: int


def prepare(session: Session) -> None:
    """Create constraints, indexes and the lock where they are not there yet, and wait until they can be used."""
    if create_schema(session):
        await_indexes(session)


def create_schema(session: Session) -> bool:
    """Create constraints, indexes and the lock where they are not there yet; say whether any was missing."""
    names = sorted(file.stem for file in (cypher_folder() / "schema").glob("*.cypher"))
    there = session.run(statement("read/indexes")).single(strict=True)["names"]
    missing = [name for name in names if f"circles_{name}" not in there]
    if missing:
        _create(session, missing)
    write(session, "load/lock_node")
    return bool(missing)


def await_indexes(session: Session) -> None:
    """Wait until every index can be used."""
    session.run(statement("load/await_indexes"), {"seconds": _INDEX_SECONDS}).consume()


def refuse_other_data(session: Session) -> None:
    """Refuse a database that holds anything before circles wrote there.

    Raises
    ------
    StoreError
        If it does.
    """
    record = session.run(statement("read/other_data")).single()
    if record is not None and record["nodes"]:
        labels = [row["label"] for row in session.run(statement("read/other_labels"))]
        held = f"{record['nodes']:,} nodes, {', '.join(labels)[:100] or 'without labels'}"
        msg = f"holds something else ({held}), so nothing was written; give another database, or load with --force"
        raise StoreError(msg)


def begin(session: Session, digest: str, *, current: int) -> Begun:
    """Begin a load, or go on with one of the same portfolio that was broken off; remove what others left.

    Parameters
    ----------
    session
        While the lock is held.
    digest
        Of the portfolio.
    current
        Number of the load that is read, 0 if there is none.
    """
    loads = list(session.run(statement("read/loads")))
    ours = [load for load in loads if _can_go_on(load, digest) and load["load"] != current][:1]
    keep = {current, *(load["load"] for load in ours)}
    remove_loads(session, [load["load"] for load in loads if load["load"] not in keep])
    if ours:
        return Begun(number=ours[0]["load"], batches=ours[0]["batches"])
    number = max([current, *(load["load"] for load in loads)]) + 1
    write(session, "load/begin", load=number, digest=digest, layout=LAYOUT)
    return Begun(number=number, batches=0)


def add_batches(session: Session, portfolio: Portfolio, begun: Begun, *, progress: Progress | None) -> int:
    """Add the batches that are not in yet; give how many there are in all.

    Raises
    ------
    StoreError
        If another program removed the load meanwhile.
    """
    count, number = RowCount(portfolio, progress), 0
    with collection_put_off():
        for number, batch in enumerate(make_ahead(cut_batches(portfolio)), start=1):
            if number > begun.batches:
                _add(session, batch, load=begun.number, number=number - 1)
            count.add(batch.rows)
    return number


def end(session: Session, begun: Begun, *, batches: int, head: dict[str, Any]) -> None:
    """Make a complete load the one that is read, and join to it what results left.

    Raises
    ------
    StoreError
        If the load is not there as it was made: another program changed the database.
    """

    def finish(work: ManagedTransaction) -> bool:
        ended = work.run(statement("load/end"), load=begun.number, batches=batches, **head).single()
        if ended is None or ended["before"] == begun.number:  # the latter if only the answer was lost
            return ended is not None
        for what in ("circles", "failures"):
            names = [run["name"] for run in work.run(statement("read/runs"), what=what)]
            work.run(statement(f"write/join_{what}"), load=begun.number, names=names).consume()
        return True

    if not session.execute_write(finish):
        raise StoreError(_CHANGED)


def describe_head(portfolio: Portfolio, digest: str, layers: pd.DataFrame) -> dict[str, Any]:
    """Give what is noted of a portfolio."""
    return {
        "digest": digest,
        "asOf": portfolio.as_of.isoformat(),
        "currency": portfolio.currency,
        "format": FORMAT,
        "tables": list(TABLES),
        "rows": [len(portfolio.table(name)) for name in TABLES],
        "layers": layers["layer"].tolist(),
        **{name: layers[name].tolist() for name in ("edges", "members", "networks", "largest")},
    }


def remove_others(session: Session, *, current: int) -> None:
    """Remove the data of every load but the one that is read."""
    loads = [load["load"] for load in session.run(statement("read/loads"))]
    remove_loads(session, [load for load in loads if load != current])


def remove_loads(session: Session, loads: list[int]) -> None:
    """Remove the data of some loads, in batches, then the note that they were there."""
    for load in loads:
        write(session, "load/leave", load=load)
        for name in ("load/remove_members", "load/remove_circles"):
            while write(session, name, load=load, most=_REMOVED_AT_ONCE):
                pass
        write(session, "load/forget", load=load)


def write(session: Session, name: str, /, **parameters: Any) -> Any:
    """Run one statement in a transaction of its own, again if the connection is lost; give its first value."""

    def work(transaction: ManagedTransaction) -> Any:
        record = transaction.run(statement(name), parameters).single()
        return record[0] if record else None

    return session.execute_write(work)


def _create(session: Session, names: list[str]) -> None:
    """Create constraints and indexes, unless another program creates one at this moment."""
    try:
        _create_together(session, names)
    except ClientError as error:
        if error.code != _IS_THERE:
            raise
        for name in names:
            _create_one(session, name)


def _create_together(session: Session, names: list[str]) -> None:
    """Create all in one transaction, so that one look at the nodes fills them all."""

    def create(work: ManagedTransaction) -> None:
        for name in names:
            work.run(statement(f"schema/{name}")).consume()

    session.execute_write(create)


def _create_one(session: Session, name: str) -> None:
    try:
        write(session, f"schema/{name}")
    except ClientError as error:
        if error.code != _IS_THERE:
            raise


def _can_go_on(load: Any, digest: str) -> bool:
    return (load["digest"], load["layout"], load["isLeaving"]) == (digest, LAYOUT, False)


def _add(session: Session, batch: Batch, *, load: int, number: int) -> None:
    def work(transaction: ManagedTransaction) -> bool:
        before = transaction.run(statement("load/count_batch"), load=load, batch=number).single()
        if before is None or before[0] < number:
            return False
        if before[0] == number:  # else it is in already, and only the answer was lost
            transaction.run(statement(f"load/{batch.table}"), {"load": load, **batch.parameters}).consume()
        return True

    if not session.execute_write(work):
        raise StoreError(_CHANGED)
