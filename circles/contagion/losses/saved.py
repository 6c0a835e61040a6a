"""Simulated losses in a file: numbers as arrays, everything else as JSON, nothing that could run."""

from __future__ import annotations

import json
import zipfile
import zlib
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from circles.contagion.losses.losses import CASE_TITLES, Losses
from circles.contagion.losses.measures import LossDistribution
from circles.errors import InputError
from circles.output import new_file
from circles.settlement import Terms

if TYPE_CHECKING:
    from numpy.typing import NDArray

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
_DAMAGE = (OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile, zlib.error, EOFError)


def write_losses(losses: Losses, path: str | Path, *, force: bool) -> Path:
    """Write losses to a file, whole or not at all; see `Losses.save`."""
    with new_file(path, force=force) as draft, draft.open("wb") as file:
        np.savez_compressed(file, allow_pickle=False, head=_encode(_describe(losses)), **_list_arrays(losses))
    return Path(path)


def read_losses(path: str | Path) -> Losses:
    """Read losses that `Losses.save` wrote: every measure and table is the same again, bit for bit.

    Parameters
    ----------
    path
        The file.

    Raises
    ------
    InputError
        If there is no such file, it is damaged, or something else wrote it.
    """
    try:
        with Path(path).open("rb") as raw, np.load(raw, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
        head = json.loads(arrays.pop("head").tobytes())
        if head["format"] != FORMAT:
            raise ValueError(head["format"])
        return _rebuild(head, arrays)
    except FileNotFoundError:
        msg = f"{path}: there is no such file"
        raise InputError(msg) from None
    except _DAMAGE as error:
        msg = f"{path}: holds no losses that this version of circles can read, or is damaged ({error})"
        raise InputError(msg) from error


def _describe(losses: Losses) -> dict[str, Any]:
    cases = dict(losses.cases)
    return {
        "format": FORMAT,
        "terms": asdict(losses.terms),
        "largest_fen": {name: distribution.largest_fen for name, distribution in cases.items()},
        "member_ids": losses.members["member_id"].tolist(),
        "pool_ids": losses.pools["pool_id"].tolist(),
        **{name: getattr(losses, name) for name in _FACTS},
    }


def _encode(head: dict[str, Any]) -> NDArray[np.uint8]:
    return np.frombuffer(json.dumps(head, ensure_ascii=True).encode("ascii"), dtype=np.uint8)


def _list_arrays(losses: Losses) -> dict[str, NDArray[Any]]:
    members, pools = losses.members.drop(columns="member_id"), losses.pools.drop(columns="pool_id")
    return {
        **{f"case_{name}": distribution.samples_fen for name, distribution in losses.cases},
        **{f"member_{name}": column.to_numpy() for name, column in members.items()},
        **{f"pool_{name}": column.to_numpy() for name, column in pools.items()},
        "first_defaults": losses.first_defaults,
        "contagious_defaults": losses.contagious_defaults,
    }


def _rebuild(head: dict[str, Any], arrays: dict[str, NDArray[Any]]) -> Losses:
    cases: dict[str, Any] = {
        name: LossDistribution(samples_fen=arrays[f"case_{name}"], largest_fen=head["largest_fen"][name])
        if name in head["largest_fen"]
        else None
        for name in CASE_TITLES
    }
    if any(len(case.samples_fen) != head["trials"] for case in cases.values() if case):
        msg = "trials are missing"
        raise ValueError(msg)
    counts: dict[str, Any] = {name: arrays[name] for name in ("first_defaults", "contagious_defaults")}
    for count in counts.values():
        count.setflags(write=False)
    facts: dict[str, Any] = {name: head[name] for name in _FACTS}
    terms: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in head["terms"].items()
    }
    return Losses(
        **cases,
        **counts,
        **facts,
        terms=Terms(**terms),
        _members=_frame("member", head["member_ids"], arrays),
        _pools=_frame("pool", head["pool_ids"], arrays),
    )


def _frame(what: str, ids: list[str], arrays: dict[str, NDArray[Any]]) -> pd.DataFrame:
    columns = {name.removeprefix(f"{what}_"): array for name, array in arrays.items() if name.startswith(f"{what}_")}
    return pd.DataFrame({f"{what}_id": pd.Series(ids, dtype="str"), **columns})
