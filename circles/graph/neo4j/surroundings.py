"""What joins the members around one: told apart, added up, and put in order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np

from circles.graph.answers import LAYERS

if TYPE_CHECKING:
    from numpy.typing import NDArray

_TYPES = ("SELLS_TO", "ACQUAINTED", "GUARANTEES", "OWES", "MEMBER_OF")
_LAYER = {name: layer for layer, name in enumerate(_TYPES)}
_CIRCLE = _LAYER["MEMBER_OF"]
_UNDIRECTED = (_LAYER["ACQUAINTED"], _CIRCLE)


def total_edges(found: Sequence[Mapping[str, Any]], ids: Mapping[int, str], asked: set[int]) -> list[list[Any]]:
    """Give the columns of edges in order, those of one pair and reference as one.

    Parameters
    ----------
    found
        What ``cypher/read/edges`` gave, step by step.
    ids
        Ids of all members in it, by place.
    asked
        Places of those that were asked about: a relationship between two of them was found twice.
    """
    if not any(part["near"] for part in found):
        return []
    members = sorted(ids.values())
    rank_of_id = {member: rank for rank, member in enumerate(members)}
    places = np.array(sorted(ids))
    ranks = np.array([rank_of_id[ids[place]] for place in places.tolist()])
    references = sorted({*chain.from_iterable(part["reference"] for part in found)})
    code = {reference: rank for rank, reference in enumerate(references)}
    size = [len(part["near"]) for part in found]
    layer = np.repeat([_LAYER[part["type"]] for part in found], size)
    leaves = np.repeat([part["leaves"] for part in found], size)
    places_near, places_far, amount, entries = (_join(found, name) for name in ("near", "far", "amount", "entries"))
    near, far = (ranks[np.searchsorted(places, side)] for side in (places_near, places_far))
    reference = np.array([code[text] for part in found for text in part["reference"]])
    once = leaves | ~np.isin(places_far, list(asked))
    keys = np.stack([layer, *_turn(layer, near, far, leaves), reference])[:, once]
    return _spell(*_add_up(keys, amount[once], entries[once]), members=members, references=references)


def _join(found: Sequence[Mapping[str, Any]], name: str) -> NDArray[np.int64]:
    return np.concatenate([np.array(part[name], dtype=np.int64) for part in found])


def _spell(
    keys: NDArray[np.int64],
    amount: NDArray[np.int64],
    entries: NDArray[np.int64],
    *,
    members: list[str],
    references: list[str],
) -> list[list[Any]]:
    """Give the columns of `circles.graph.answers.EDGES` for edges with keys of shape (4, edges)."""
    layer, source, target, reference = keys
    entries = np.where(layer == _CIRCLE, 1, entries)  # a pair in one circle is found from both of its members
    amounts = amount.astype(object)
    amounts[np.isin(layer, _UNDIRECTED)] = None
    return [
        [LAYERS[number] for number in layer.tolist()],
        [members[rank] for rank in source.tolist()],
        [members[rank] for rank in target.tolist()],
        [references[rank] or None for rank in reference.tolist()],
        amounts.tolist(),
        entries.tolist(),
    ]


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
