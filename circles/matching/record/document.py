"""From a proposal to the text of its audit file: the same proposal gives the same bytes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from circles.output import new_file

if TYPE_CHECKING:
    import pandas as pd

    from circles.matching.plan import Plan
    from circles.matching.record.saved import Run, SavedProposal

FORMAT = "circles proposal"
FORMAT_VERSION = 1
"""The number of the file format that this version writes; it reads every number up to it."""
SEAL = "fingerprint"
"""The field that holds the SHA-256 of all others."""
MEMBER_FIELDS = ("member_id", "application_id", "amount_fen", "deposit_fen")
FLAG_FIELDS = ("circle_id", "flag", "members", "detail")
UNPLACED_FIELDS = ("member_id", "application_id", "amount_fen", "reason", "detail")


def save_proposal(proposal: SavedProposal, path: str | Path, *, force: bool = False) -> None:
    """Write an audit file, whole or not at all.

    Raises
    ------
    InputError
        If the file exists and `force` is not given, or cannot be written.
    """
    document = to_document(proposal)
    sealed = {**document, SEAL: fingerprint(document)}
    text = json.dumps(sealed, ensure_ascii=False, allow_nan=False, indent=1)
    with new_file(path, force=force) as draft:
        draft.write_bytes(f"{text}\n".encode("utf-8", "surrogatepass"))


def fingerprint(document: Mapping[str, Any]) -> str:
    """Give the SHA-256 of a document, its own fingerprint left out, whatever the order of its fields and its blanks."""
    rest = {name: value for name, value in document.items() if name != SEAL}
    plain = json.dumps(rest, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(plain.encode("ascii")).hexdigest()


def to_document(proposal: SavedProposal) -> dict[str, Any]:
    """Give what the file says, in the order in which it says it."""
    return {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "versions": dict(proposal.versions),
        "portfolio": {
            "digest": proposal.digest,
            "as_of": proposal.as_of.isoformat(),
            "currency": proposal.currency,
        },
        "rules": _describe_rules(proposal),
        "search": {"seed": proposal.seed, "gap": float(proposal.asked_gap), "time_limit": proposal.time_limit},
        "previous": None if proposal.previous is None else [list(circle) for circle in proposal.previous],
        "status": str(proposal.status),
        "score": proposal.score,
        "upper_bound": proposal.upper_bound,
        "circles": _list_circles(proposal.circles, proposal.breakdown),
        "flags": _list_rows(proposal.flags, FLAG_FIELDS),
        "unplaced": _list_rows(proposal.unplaced, UNPLACED_FIELDS),
        "notes": list(proposal.notes),
        "runs": [_describe_run(run) for run in proposal.runs],
    }


def _describe_rules(proposal: SavedProposal) -> dict[str, Any]:
    stated = asdict(proposal.rules)
    charges = proposal.rules.weights.size_charge
    stated["weights"]["size_charge"] = {str(size): charges[size] for size in sorted(charges)}
    return stated


def _list_circles(placed: pd.DataFrame, breakdown: pd.DataFrame) -> list[dict[str, Any]]:
    """List the circles, each with its points by term and its members."""
    points: dict[str, dict[str, int]] = {}
    for row in breakdown.itertuples(index=False):
        points.setdefault(row.circle_id, {})[row.term] = int(row.points)
    return [
        {
            "circle_id": name,
            "kind": rows["kind"].iloc[0],
            "score": int(rows["score"].iloc[0]),
            "points": points.get(name, {}),
            "members": _list_rows(rows, MEMBER_FIELDS),
        }
        for name, rows in placed.groupby("circle_id", sort=False)
    ]


def _list_rows(frame: pd.DataFrame, columns: tuple[str, ...]) -> list[dict[str, Any]]:
    values = [frame[column].tolist() for column in columns]
    return [dict(zip(columns, row, strict=True)) for row in zip(*values, strict=True)]


def _describe_run(run: Run) -> dict[str, Any]:
    plan = run.plan
    return {
        "kind": run.kind,
        "gives_circles": run.gives_circles,
        "gives_bound": run.gives_bound,
        "place_at_least": run.place_at_least,
        "lend_at_least": run.lend_at_least,
        "status": str(plan.status),
        "value": plan.value,
        "upper_bound": plan.upper_bound,
        "fixed_value": plan.fixed_value,
        "proof": str(plan.proof),
        "interrupted": plan.interrupted,
        "circles": _name_groups(run, plan.circles),
        "price_scale": plan.price_scale,
        "prices": dict(zip(run.members, plan.prices.tolist(), strict=True)),
        "cuts": _price_cuts(run, plan),
        "row_prices": plan.row_prices.tolist(),
        "row_scale": plan.row_scale,
    }


def _name_groups(run: Run, groups: tuple[tuple[int, ...], ...]) -> list[list[str]]:
    return [[run.members[member] for member in group] for group in groups]


def _price_cuts(run: Run, plan: Plan) -> list[dict[str, Any]]:
    names = _name_groups(run, plan.cuts)
    return [
        {"members": members, "price": price} for members, price in zip(names, plan.cut_prices.tolist(), strict=True)
    ]
