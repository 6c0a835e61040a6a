"""Reading an audit file: its form is judged here, and nothing of what it says is believed."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import fields
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pandas as pd

from circles.errors import InputError
from circles.matching.plan import Plan, PlanStatus, Proof
from circles.matching.record.document import (
    FLAG_FIELDS,
    FORMAT,
    FORMAT_VERSION,
    MEMBER_FIELDS,
    SEAL,
    UNPLACED_FIELDS,
    fingerprint,
)
from circles.matching.record.node import Node
from circles.matching.record.saved import Run, SavedProposal
from circles.matching.rules import MatchingRules

_CIRCLE_COLUMNS = ("circle_id", "member_id", "application_id", "amount_fen", "deposit_fen", "kind", "score")
_Word = TypeVar("_Word", bound=StrEnum)
_WHOLE = {"amount_fen", "deposit_fen", "score", "points"}


def read_proposal(path: str | Path) -> SavedProposal:
    """Read the audit file of a proposal; what it says is not judged, see `circles.verify_proposal`.

    Parameters
    ----------
    path
        A file written by `Proposal.save` or ``circles match --proposal-out``.

    Returns
    -------
    The proposal as the file states it.

    Raises
    ------
    InputError
        If the file cannot be read, is no audit file, is of a newer format, or a field is missing or of another kind.
    """
    document = Node(value=_load(Path(path)), place=f"{path}:")
    _check_format(document)
    about, search = document.at("portfolio"), document.at("search")
    circles, points = _read_circles(document.at("circles"))
    return SavedProposal(
        status=_read_word(document.at("status"), PlanStatus),
        score=document.at("score").whole(),
        upper_bound=document.at("upper_bound").whole(),
        circles=circles,
        unplaced=_read_table(document.at("unplaced"), UNPLACED_FIELDS),
        flags=_read_table(document.at("flags"), FLAG_FIELDS),
        breakdown=points,
        rules=_read_rules(document.at("rules")),
        seed=search.at("seed").whole(least=0),
        asked_gap=_read_number(search.at("gap")),
        time_limit=None if search.at("time_limit").value is None else _read_number(search.at("time_limit")),
        digest=about.at("digest").read(str),
        as_of=_read_day(about.at("as_of")),
        currency=about.at("currency").read(str),
        previous=_read_previous(document.at("previous")),
        notes=document.at("notes").texts(),
        versions={name: str(value) for name, value in document.at("versions").read(dict).items()},
        runs=tuple(_read_run(run) for run in document.at("runs").each()),
        is_sealed=document.at(SEAL).read(str) == fingerprint(document.value),
    )


def _load(path: Path) -> Any:
    try:
        text = path.read_bytes().decode("utf-8", "surrogatepass")
        return json.loads(text, object_pairs_hook=_as_object, parse_constant=_refuse_constant)
    except OSError as error:
        msg = f"{path}: cannot be read: {error.strerror}"
        raise InputError(msg) from error
    except (ValueError, RecursionError) as error:
        msg = f"{path}: is not JSON in UTF-8: {error}"
        raise InputError(msg) from error


def _as_object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Refuse a field given twice: readers would not agree which one counts."""
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = next(name for at, (name, _) in enumerate(pairs) if name in dict(pairs[:at]))
        msg = f"the field {twice!r} is given twice"
        raise ValueError(msg)
    return found


def _refuse_constant(text: str) -> None:
    msg = f"{text} is no number"
    raise ValueError(msg)


def _check_format(document: Node) -> None:
    if type(document.value) is not dict or document.value.get("format") != FORMAT:
        document.refuse(f"is not the audit file of a proposal: its field 'format' should be {FORMAT!r}")
    document.at("format_version").whole(least=1, most=FORMAT_VERSION)


def _read_circles(circles: Node) -> tuple[pd.DataFrame, pd.DataFrame]:
    placed, points = [], []
    for circle in circles.each():
        name, kind, score = circle.at("circle_id").read(str), circle.at("kind").read(str), circle.at("score").whole()
        for member in circle.at("members").each():
            row = {"circle_id": name, "kind": kind, "score": score, **_read_row(member, MEMBER_FIELDS)}
            placed.append(row)
        for term, number in zip(circle.at("points").read(dict), circle.at("points").each(), strict=True):
            points.append({"circle_id": name, "term": term, "points": number.whole()})
    return _frame(_CIRCLE_COLUMNS, placed), _frame(("circle_id", "term", "points"), points)


def _read_previous(circles: Node) -> tuple[tuple[str, ...], ...] | None:
    return None if circles.value is None else tuple(circle.texts() for circle in circles.each())


def _read_table(rows: Node, columns: tuple[str, ...]) -> pd.DataFrame:
    return _frame(columns, [_read_row(row, columns) for row in rows.each()])


def _read_row(row: Node, columns: Iterable[str]) -> dict[str, Any]:
    return {name: row.at(name).whole() if name in _WHOLE else row.at(name).read(str) for name in columns}


def _frame(columns: Iterable[str], rows: list[dict[str, Any]]) -> pd.DataFrame:
    kinds = {name: "int64" if name in _WHOLE else "str" for name in columns}
    return pd.DataFrame(rows, columns=list(kinds)).astype(kinds)


def _read_rules(rules: Node) -> MatchingRules:
    stated = rules.read(dict)
    known = [field.name for field in fields(MatchingRules)]
    for name in [*(name for name in stated if name not in known), *(name for name in known if name not in stated)]:
        rules.refuse(f"should state the rules {', '.join(known)}, and no others; look at {name!r}")
    try:
        return MatchingRules(**stated)
    except (InputError, TypeError) as error:
        rules.refuse(f"are no matching rules: {error}")


def _read_run(run: Node) -> Run:
    prices = run.at("prices").read(dict)
    members = {name: at for at, name in enumerate(prices)}
    cuts = list(run.at("cuts").each())
    plan = Plan(
        circles=tuple(_find_members(circle, members) for circle in run.at("circles").each()),
        value=run.at("value").whole(),
        upper_bound=run.at("upper_bound").whole(),
        prices=_whole_numbers(run.at("prices")),
        price_scale=run.at("price_scale").whole(least=1),
        proof=_read_word(run.at("proof"), Proof),
        status=_read_word(run.at("status"), PlanStatus),
        fixed_value=run.at("fixed_value").whole(),
        row_prices=_whole_numbers(run.at("row_prices")),
        row_scale=run.at("row_scale").whole(least=1),
        cuts=tuple(_find_members(cut.at("members"), members) for cut in cuts),
        cut_prices=np.array([cut.at("price").whole() for cut in cuts], dtype=np.int64),
        interrupted=run.at("interrupted").read(bool),
    )
    return Run(
        kind=run.at("kind").read(str),
        members=tuple(prices),
        plan=plan,
        gives_circles=run.at("gives_circles").read(bool),
        gives_bound=run.at("gives_bound").read(bool),
        place_at_least=_read_least(run.at("place_at_least")),
        lend_at_least=_read_least(run.at("lend_at_least")),
    )


def _read_least(number: Node) -> int | None:
    return None if number.value is None else number.whole(least=0)


def _find_members(group: Node, members: dict[str, int]) -> tuple[int, ...]:
    unknown = [name for name in group.texts() if name not in members]
    if unknown:
        group.refuse(f"names {unknown[0]!r}, who has no price in this run")
    return tuple(members[name] for name in group.texts())


def _whole_numbers(numbers: Node) -> np.ndarray:
    found = np.array([number.whole() for number in numbers.each()], dtype=np.int64)
    found.setflags(write=False)
    return found


def _read_word(node: Node, kind: type[_Word]) -> _Word:
    try:
        return kind(node.read(str))
    except ValueError:
        node.refuse(f"must be one of {', '.join(kind)}, got {node.value!r}")


def _read_number(node: Node) -> float:
    if type(node.value) not in (int, float):
        node.refuse(f"must be a number, got {node.value!r:.60}")
    return float(node.value)


def _read_day(node: Node) -> date:
    try:
        return date.fromisoformat(node.read(str))
    except ValueError:
        node.refuse(f"must be a date such as 2007-12-29, got {node.value!r}")
