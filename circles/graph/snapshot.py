"""Who trades with, knows and guarantees whom as arrays: the whole graph in one file that opens at once.

A snapshot names the portfolio it was made from by its digest; a store uses it only while that is the portfolio it
holds, and makes it anew otherwise. The file is an uncompressed numpy archive, whose parts carry check sums.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from circles.errors import InputError, StoreError
from circles.output import new_file

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.portfolio import Portfolio

_FORMAT = 1
_LAYERS = {
    "trade": ("trades", "seller_id", "buyer_id", "amount_fen"),
    "acquaintance": ("acquaintances", "member_a", "member_b", None),
    "guarantee": ("guarantees", "guarantor_id", "borrower_id", "amount_fen"),
}
_LARGEST = 2.0**63


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Layer:
    """One kind of edge between members, in compressed rows: who, to whom, how much.

    Members are positions in the members table. The pairs of member i are ``start[i]`` to ``start[i + 1]``, ordered by
    the other member; each pair is there once, in the direction of its table (seller to buyer, guarantor to borrower),
    acquaintances from the earlier member to the later.

    Attributes
    ----------
    start
        Shape (members + 1,), int64.
    other
        Shape (pairs,), int32: the member at the other end.
    amount_fen
        Shape (pairs,), int64: fen summed over all rows of the pair; 0 for acquaintances.
    entries
        Shape (pairs,), int32: rows of the pair.
    """

    start: NDArray[np.int64]
    other: NDArray[np.int32]
    amount_fen: NDArray[np.int64]
    entries: NDArray[np.int32]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class GraphSnapshot:
    """The graph of one portfolio as arrays.

    Attributes
    ----------
    digest
        Of the portfolio it was made from.
    member_ids
        Shape (members,), text: ids in the order of the members table.
    trade, acquaintance, guarantee
        Who sells to, knows and stands for whom.
    """

    digest: str
    member_ids: NDArray[np.object_]
    trade: Layer
    acquaintance: Layer
    guarantee: Layer

    def describe_layers(self) -> pd.DataFrame:
        """Say how far each layer reaches.

        Returns
        -------
        Frame ``layer, edges, members, networks, largest``: pairs joined, members in any pair, the separate networks
        they form, and the members of the largest. Linear in members and pairs.
        """
        rows = [(name, *_describe(getattr(self, name))) for name in _LAYERS]
        return pd.DataFrame(rows, columns=["layer", "edges", "members", "networks", "largest"])


def build_snapshot(portfolio: Portfolio, digest: str | None = None) -> GraphSnapshot:
    """Build the arrays of a portfolio's graph.

    Parameters
    ----------
    portfolio
        Where the members and edges are.
    digest
        The portfolio's digest where it is known already.

    Raises
    ------
    InputError
        If the amounts between two members add up to more than an int64 holds.
    """
    ids = portfolio.members["member_id"].to_numpy(dtype=object)
    layers = {name: _build_layer(portfolio, name, len(ids)) for name in _LAYERS}
    return GraphSnapshot(digest=digest or portfolio.digest(), member_ids=ids, **layers)


def write_snapshot(snapshot: GraphSnapshot, path: str | Path) -> None:
    """Write a snapshot to a file, in place of the one that was there, whole or not at all.

    Raises
    ------
    InputError
        If the folder cannot be written.
    """
    texts = [str(member).encode() for member in snapshot.member_ids]
    arrays: dict[str, Any] = {
        "format": np.array(_FORMAT),
        "digest": np.array(snapshot.digest),
        "id_ends": np.cumsum([len(text) for text in texts], dtype=np.int64),
        "id_bytes": np.frombuffer(b"".join(texts), dtype=np.uint8),
    }
    for name in _LAYERS:
        layer = getattr(snapshot, name)
        arrays.update({f"{name}_{part}": getattr(layer, part) for part in Layer.__slots__})
    with new_file(path, force=True) as draft, draft.open("wb") as file:
        np.savez(file, **arrays)


def open_snapshot(path: str | Path, *, digest: str) -> GraphSnapshot:
    """Open the snapshot of a portfolio.

    Parameters
    ----------
    path
        The file that `write_snapshot` wrote.
    digest
        Of the portfolio that is wanted.

    Raises
    ------
    StoreError
        If the file is not there, is damaged, or was made from another portfolio.
    """
    try:
        with Path(path).open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            found = str(arrays["digest"])
            if int(arrays["format"]) == _FORMAT and found == digest:
                return _from_arrays(arrays, digest)
    except Exception as error:  # damage shows itself in as many ways as numpy and zipfile have errors
        msg = f"{path}: is not a readable snapshot: {error}"
        raise StoreError(msg) from error
    msg = f"{path}: is the snapshot of another portfolio, {found[:12]}…, not of {digest[:12]}…"
    raise StoreError(msg)


def _from_arrays(arrays: Any, digest: str) -> GraphSnapshot:
    ends, whole = arrays["id_ends"].tolist(), arrays["id_bytes"].tobytes()
    starts = [0, *ends[:-1]]
    texts = [whole[start:end].decode() for start, end in zip(starts, ends, strict=True)] if ends else []
    ids = np.array([*texts, None], dtype=object)[:-1]
    layers = {name: Layer(**{part: arrays[f"{name}_{part}"] for part in Layer.__slots__}) for name in _LAYERS}
    return GraphSnapshot(digest=digest, member_ids=ids, **layers)


def _build_layer(portfolio: Portfolio, name: str, members: int) -> Layer:
    table, source, target, amount = _LAYERS[name]
    first, second = (portfolio.codes(table, column).astype(np.int64) for column in (source, target))
    if amount is None:
        first, second = np.minimum(first, second), np.maximum(first, second)
        amounts = np.zeros(len(first), dtype=np.int64)
    else:
        amounts = portfolio.table(table)[amount].to_numpy(dtype=np.int64)
    pairs = first * members + second
    order = np.argsort(pairs, kind="stable")
    pairs, begin, entries = np.unique(pairs[order], return_index=True, return_counts=True)
    return Layer(
        start=np.searchsorted(pairs, np.arange(members + 1) * members),
        other=(pairs % max(members, 1)).astype(np.int32),
        amount_fen=_sum_runs(amounts[order], begin, name),
        entries=entries.astype(np.int32),
    )


def _sum_runs(amounts: NDArray[np.int64], begin: NDArray[np.int64], name: str) -> NDArray[np.int64]:
    if not len(begin):
        return np.empty(0, dtype=np.int64)
    if np.add.reduceat(amounts.astype(np.float64), begin).max() >= _LARGEST:
        msg = f"{name}: the amounts between two members add up to more than {2**63 - 1:,} fen"
        raise InputError(msg)
    return np.add.reduceat(amounts, begin)


def _describe(layer: Layer) -> tuple[int, ...]:
    from scipy import sparse

    members = len(layer.start) - 1
    ones = np.ones(len(layer.other), dtype=np.int8)
    matrix = sparse.csr_array((ones, layer.other, layer.start), shape=(members, members))
    labels = sparse.csgraph.connected_components(matrix, directed=False)[1]
    sizes = np.bincount(labels, minlength=1)
    joined = sizes[sizes > 1]
    return len(layer.other), int(joined.sum()), len(joined), int(joined.max(initial=0))
