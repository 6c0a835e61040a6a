"""Simulated losses in a file, and whether what a file holds can be losses."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from circles.contagion.losses.losses import CASE_TITLES, TAIL_LEVEL, Losses
from circles.contagion.losses.measures import LossDistribution
from circles.contagion.losses.saved_file import (
    Arrays,
    Head,
    demand,
    describe_terms,
    read_saved,
    read_terms,
    read_whole,
    write_saved,
)
from circles.contagion.trials.arguments import check_number

if TYPE_CHECKING:
    from numpy.typing import DTypeLike, NDArray

FORMAT = "circles-losses-1"
_FACTS = (
    "trials",
    "seed",
    "correlation",
    "sector_column",
    "sector_correlation",
    "resource_sensitivity",
    "portfolio_digest",
    "estimated_share",
)
_COUNTS = ("first_defaults", "contagious_defaults")
_MEMBER_COLUMNS = {"default_probability": np.float64, "first_probability": np.float64, "contribution_fen": np.int64}
_POOL_COLUMNS = {"contribution_fen": np.int64}


def write_losses(losses: Losses, path: str | Path, *, force: bool) -> Path:
    """Write losses to a file, whole or not at all; see `Losses.save`."""
    return write_saved(path, _describe(losses), _list_arrays(losses), force=force)


def read_losses(path: str | Path) -> Losses:
    """Read losses that `Losses.save` wrote: every measure and table is the same again, bit for bit.

    Parameters
    ----------
    path
        The file.

    Returns
    -------
    The `Losses`.

    Raises
    ------
    InputError
        If there is no such file, it is damaged or edited so that it contradicts itself, or something else wrote it.
    """
    return read_saved(path, form=FORMAT, what="losses", rebuild=_rebuild)


def _describe(losses: Losses) -> Head:
    cases = dict(losses.cases)
    return {
        "format": FORMAT,
        "terms": describe_terms(losses.terms),
        "largest_fen": {name: distribution.largest_fen for name, distribution in cases.items()},
        "member_ids": losses.members["member_id"].tolist(),
        "pool_ids": losses.pools["pool_id"].tolist(),
        **{name: getattr(losses, name) for name in _FACTS},
    }


def _list_arrays(losses: Losses) -> Arrays:
    members, pools = losses.members.drop(columns="member_id"), losses.pools.drop(columns="pool_id")
    return {
        **{f"case_{name}": distribution.samples_fen for name, distribution in losses.cases},
        **{f"member_{name}": column.to_numpy() for name, column in members.items()},
        **{f"pool_{name}": column.to_numpy() for name, column in pools.items()},
        **{name: getattr(losses, name) for name in _COUNTS},
    }


def _rebuild(head: Head, arrays: Arrays) -> Losses:
    trials = read_whole(head, "trials", least=1)
    cases = _read_cases(head, arrays, trials)
    counts: dict[str, Any] = {name: _take(arrays, name, np.int32, trials) for name in _COUNTS}
    for count in counts.values():
        count.setflags(write=False)
    members = _read_frame("member", head["member_ids"], arrays, _MEMBER_COLUMNS)
    pools = _read_frame("pool", head["pool_ids"], arrays, _POOL_COLUMNS)
    tail = cases["with_guarantees"].expected_shortfall(TAIL_LEVEL)
    for name, frame in (("members", members), ("pools", pools)):
        total = int(frame["contribution_fen"].sum())
        demand(total == tail, f"contributions of {name} must add up to the expected shortfall {tail}, got {total}")
    return Losses(**cases, **counts, **_read_facts(head), terms=read_terms(head), _members=members, _pools=pools)


def _read_facts(head: Head) -> dict[str, Any]:
    """Give what describes the simulation, checked."""
    read_whole(head, "seed")
    check_number("correlation", head["correlation"], below=1)
    check_number("resource_sensitivity", head["resource_sensitivity"])
    check_number("estimated_share", head["estimated_share"], most=1)
    if head["sector_correlation"] is not None:
        check_number("sector_correlation", head["sector_correlation"], most=1)
    for name, allowed in (("portfolio_digest", str), ("sector_column", str | None)):
        demand(isinstance(head[name], allowed), f"{name} must be text, got {head[name]!r:.60}")
    return {name: head[name] for name in _FACTS}


def _read_cases(head: Head, arrays: Arrays, trials: int) -> dict[str, Any]:
    """Give the distributions by name; the conservative one may be missing."""
    cases: dict[str, Any] = dict.fromkeys(CASE_TITLES)
    for name in CASE_TITLES:
        if name == "conservative" and name not in head["largest_fen"]:
            continue
        most = read_whole(head["largest_fen"], name, least=0)
        samples = _take(arrays, f"case_{name}", np.int64, trials)
        demand(int(samples.max()) <= most, f"case_{name} must lose at most all that is owed, {most}")
        cases[name] = LossDistribution(samples_fen=samples, largest_fen=most)
    return cases


def _take(arrays: Arrays, name: str, kind: DTypeLike, length: int) -> NDArray[Any]:
    """Give an array of numbers that are not negative."""
    demand(name in arrays, f"{name} is missing")
    array, wanted = arrays[name], np.dtype(kind)
    demand(
        array.dtype == wanted and array.shape == (length,),
        f"{name} must be {length:,} numbers of type {wanted}, got {array.shape} of type {array.dtype}",
    )
    demand(bool((array >= 0).all()), f"{name} must be numbers of at least 0")
    return array


def _read_frame(what: str, ids: list[str], arrays: Arrays, columns: dict[str, Any]) -> pd.DataFrame:
    demand(
        isinstance(ids, list) and all(isinstance(one, str) for one in ids) and len(set(ids)) == len(ids),
        f"{what}_ids must be different texts",
    )
    taken = {name: _take(arrays, f"{what}_{name}", kind, len(ids)) for name, kind in columns.items()}
    for name, array in taken.items():
        demand(name == "contribution_fen" or bool((array <= 1).all()), f"{what}_{name} must be in [0, 1]")
    return pd.DataFrame({f"{what}_id": pd.Series(ids, dtype="str"), **taken})
