"""What joins the members around one: told apart, added up, and put in order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np

from circles.graph.answers import LAYERS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.graph.frames import Row

_TYPES = ("SELLS_TO", "ACQUAINTED", "GUARANTEES", "OWES", "MEMBER_OF")
_LAYER = {name: layer for layer, name in enumerate(_TYPES)}
_CIRCLE = _LAYER["MEMBER_OF"]
_UNDIRECTED = (_LAYER["ACQUAINTED"], _CIRCLE)


def total_edges(found: Sequence[Mapping[str, list[Any]]], ids: Mapping[int, str], asked: set[int]) -> list[Row]:
    """Give edges in order, those of one pair and reference as one.

    Parameters
    ----------
    found
        What ``cypher/read/edges`` gave, step by step.
    ids
        Ids of all members in it, by place.
    asked
        Places of those that were asked about: a relationship between two of them was found twice.
    """
    column = {name: list(chain.from_iterable(part[name] for part in found)) for name in _COLUMNS}
    if not column["type"]:
        return []
    members, references = sorted(ids.values()), sorted({*column["reference"]})
    member_rank = {member: rank for rank, member in enumerate(members)}
    rank = {place: member_rank[member] for place, member in ids.items()}
    code = {reference: rank for rank, reference in enumerate(references)}
    layer = np.array([_LAYER[name] for name in column["type"]])
    near, far = (np.array([rank[place] for place in column[side]]) for side in ("near", "far"))
    reference = np.array([code[text] for text in column["reference"]])
    once = np.array(column["leaves"]) | ~np.isin(far, [rank[place] for place in asked])
    ends = _turn(layer, near, far, np.array(column["leaves"]))
    keys = np.stack([layer, *ends, reference])[:, once]
    keys, amount, entries = _add_up(keys, np.array(column["amount"])[once], np.array(column["entries"])[once])
    return [
        (
            LAYERS[layer],
            members[source],
            members[target],
            references[reference] or None,
            None if layer in _UNDIRECTED else amount,
            1 if layer == _CIRCLE else entries,  # a pair in one circle is found from both of its members
        )
        for layer, source, target, reference, amount, entries in zip(
            *keys.tolist(), amount.tolist(), entries.tolist(), strict=True
        )
    ]


_COLUMNS = ("type", "leaves", "near", "far", "reference", "amount", "entries")


def _turn(
    layer: NDArray[np.int64], near: NDArray[np.int64], far: NDArray[np.int64], leaves: NDArray[np.bool_]
) -> NDArray[np.int64]:
    """Give shape (2, edges): source and target, the lower one first where there is no direction."""
    ends = np.where(leaves, (near, far), (far, near))
    return np.where(np.isin(layer, _UNDIRECTED), np.sort(ends, axis=0), ends)


def _add_up(keys: NDArray[np.int64], *numbers: NDArray[np.int64]) -> tuple[NDArray[np.int64], ...]:
    """Sort edges by their keys, shape (keys, edges), the first most important, and add up those with equal ones."""
    order = np.lexsort(keys[::-1])
    keys = keys[:, order]
    is_first = np.append(True, (keys[:, 1:] != keys[:, :-1]).any(axis=0))
    starts = np.flatnonzero(is_first)
    return keys[:, starts], *(np.add.reduceat(each[order], starts) for each in numbers)
