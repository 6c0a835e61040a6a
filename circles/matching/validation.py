"""Checks of a matching problem: every field is brought to its pinned type, or refused with a message that helps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from circles.matching.fields import (
    MAX_MONEY,
    MAX_SCORE,
    freeze,
    is_whole,
    read_amounts,
    read_array,
    read_integers,
    read_positions,
    read_ratio,
    read_scores,
    read_truth,
    read_whole,
    refuse,
    require_length,
    require_range,
)
from circles.matching.groups import read_groups
from circles.matching.joint_loss import JointLoss

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.matching.problem import MatchingProblem

MAX_MEMBERS = 1_000_000
MAX_TOTAL = 2**57
"""The worth of all circles together stays below this, so that sums fit 64 bits."""
SMALLEST_SIZE, LARGEST_SIZE = 2, 8


def validate_problem(problem: MatchingProblem) -> dict[str, Any]:
    """Check every field and give them all in their pinned types, arrays read-only.

    Raises
    ------
    ProblemError
        At the first field that is wrong.
    """
    value = read_scores("value", problem.value)
    n = len(value)
    if n > MAX_MEMBERS:
        refuse("value", f"{n:,} members", f"at most {MAX_MEMBERS:,}")
    size_charge = _read_size_charge(problem.size_charge)
    fields = {
        "value": value,
        "size_charge": size_charge,
        "connected": read_truth("connected", problem.connected),
        "stranger_value": read_whole("stranger_value", problem.stranger_value, bound=MAX_SCORE),
        **_read_listed_pairs(problem, n),
        **_read_labels(problem, n),
        **_read_forbidden_pairs(problem, n),
        "loan": read_amounts("loan", problem.loan, n),
        "resources": read_amounts("resources", problem.resources, n),
        "coverage": read_ratio("coverage", problem.coverage) or 0,
        "amount_ratio": read_ratio("amount_ratio", problem.amount_ratio),
        "bearable": read_ratio("bearable", problem.bearable),
        "max_circle_loan": _read_limit("max_circle_loan", problem.max_circle_loan, bound=LARGEST_SIZE * MAX_MONEY),
        "together": read_groups("together", problem.together, n, sizes=range(1, max(size_charge) + 1)),
        "pinned": read_groups("pinned", problem.pinned, n, sizes=size_charge),
        "previous": read_groups("previous", problem.previous, n, sizes=range(1, n + 1)),
        **_read_caps(problem, n),
        "joint_loss": _read_joint_loss(problem.joint_loss, n),
        "change_charge": read_whole("change_charge", problem.change_charge, bound=MAX_SCORE, least=0),
        "place_at_least": _read_limit("place_at_least", problem.place_at_least, bound=n),
        "lend_at_least": _read_limit("lend_at_least", problem.lend_at_least, bound=MAX_TOTAL),
    }
    _require_small_sums(fields)
    return fields


def _read_listed_pairs(problem: MatchingProblem, n: int) -> dict[str, NDArray[Any]]:
    first = read_positions("pair_first", problem.pair_first, n)
    second = read_positions("pair_second", problem.pair_second, n)
    value = read_scores("pair_value", problem.pair_value)
    known = read_array("pair_acquainted", problem.pair_acquainted)
    if known.ndim != 1 or (known.size and known.dtype.kind != "b"):
        got = f"an array of shape {known.shape} and type {known.dtype}"
        refuse("pair_acquainted", got, "one True or False a pair", index=_find_no_truth(known))
    for name, array in (("pair_second", second), ("pair_value", value), ("pair_acquainted", known)):
        require_length(name, array, len(first), of="pair_first")
    _refuse_self_pairs("pair_second", first, second)
    keys = np.minimum(first, second) * max(1, n) + np.maximum(first, second)
    order = np.argsort(keys, kind="stable")
    again = np.flatnonzero(keys[order][1:] == keys[order][:-1])
    if len(again):
        at = int(order[again[0] + 1])
        refuse("pair_first", f"({first[at]}, {second[at]}) a second time", "each pair once, in either order", index=at)
    return {
        "pair_first": first,
        "pair_second": second,
        "pair_value": value,
        "pair_acquainted": freeze(np.array(known, dtype=np.bool_)),
    }


def _find_no_truth(known: NDArray[Any]) -> int | None:
    if known.ndim != 1:
        return None
    return next((at for at, each in enumerate(known.tolist()) if not isinstance(each, bool)), 0)


def _read_forbidden_pairs(problem: MatchingProblem, n: int) -> dict[str, NDArray[np.int64]]:
    first = read_positions("forbidden_first", problem.forbidden_first, n)
    second = read_positions("forbidden_second", problem.forbidden_second, n)
    require_length("forbidden_second", second, len(first), of="forbidden_first")
    _refuse_self_pairs("forbidden_second", first, second)
    return {"forbidden_first": first, "forbidden_second": second}


def _refuse_self_pairs(name: str, first: NDArray[np.int64], second: NDArray[np.int64]) -> None:
    same = np.flatnonzero(first == second)
    if len(same):
        at = int(same[0])
        refuse(name, f"({first[at]}, {second[at]})", "two different members", index=at)


def _read_labels(problem: MatchingProblem, n: int) -> dict[str, NDArray[np.int64]]:
    charges = read_scores("label_charges", problem.label_charges, least=0)
    given = read_array("labels", problem.labels)
    if given.size == 0:
        given = np.zeros((n, len(charges) if n == 0 else 0), dtype=np.int64)
    labels = read_integers("labels", given, dimensions=2)
    if labels.shape != (n, len(charges)):
        refuse("labels", f"shape {labels.shape}", f"({n}, {len(charges)}): a row a member, a column a label charge")
    total = int(charges.sum())
    if total > MAX_SCORE:
        at = int(charges.argmax())
        refuse("label_charges", f"{total:,} in total", f"at most {MAX_SCORE:,} together", index=at)
    return {"labels": labels, "label_charges": charges}


def _read_caps(problem: MatchingProblem, n: int) -> dict[str, NDArray[np.int64]]:
    none = np.zeros(0, dtype=np.int64)
    limit = none if problem.cap_limit is None else read_integers("cap_limit", problem.cap_limit)
    require_range("cap_limit", limit, low=0, high=MAX_MEMBERS * MAX_MONEY)
    label = none if problem.cap_label is None else read_integers("cap_label", problem.cap_label)
    if len(label) == 0:
        label = freeze(np.full(n, -1, dtype=np.int64))
    require_length("cap_label", label, n, of="value")
    return {"cap_label": require_range("cap_label", label, low=-1, high=len(limit) - 1), "cap_limit": limit}


def _read_joint_loss(given: object, n: int) -> JointLoss | None:
    if given is None:
        return None
    if not isinstance(given, JointLoss):
        refuse("joint_loss", f"{given!r:.60}", "a JointLoss, or None for no charge")
    require_length("joint_loss.default_probability", given.default_probability, n, of="value")
    return given


def _read_size_charge(given: object) -> Mapping[int, int]:
    if not isinstance(given, Mapping) or not given:
        refuse("size_charge", f"{given!r:.60}", "a mapping of each allowed size to its charge, such as {3: 60, 4: 70}")
    charges = {}
    for size, charge in given.items():
        if not is_whole(size) or not SMALLEST_SIZE <= size <= LARGEST_SIZE:
            at = int(size) if is_whole(size) else None
            refuse("size_charge", f"size {size!r:.60}", f"sizes from {SMALLEST_SIZE} to {LARGEST_SIZE}", index=at)
        charges[int(size)] = read_whole("size_charge", charge, bound=MAX_SCORE, index=int(size))
    return dict(sorted(charges.items()))


def _read_limit(name: str, value: object, *, bound: int) -> int | None:
    return None if value is None else read_whole(name, value, bound=bound, least=0)


def largest_worth(fields: Mapping[str, Any]) -> int:
    """Give an amount that no circle's worth, and no part of it, exceeds."""
    size = max(fields["size_charge"])
    pair = max(int(np.abs(fields["pair_value"]).max(initial=0)), abs(fields["stranger_value"]))
    pair += int(fields["label_charges"].sum())
    charge = max(map(abs, fields["size_charge"].values())) + fields["change_charge"]
    loss = fields["joint_loss"]
    charge += 0 if loss is None else int(loss.weight * size * float(loss.exposure.max(initial=0))) + 1
    return int(size * int(np.abs(fields["value"]).max(initial=0)) + size * size * pair + charge)


def _require_small_sums(fields: Mapping[str, Any]) -> None:
    worth, n = largest_worth(fields), max(len(fields["value"]), max(fields["size_charge"]))
    if worth * n > MAX_TOTAL:
        at = int(np.abs(fields["value"]).argmax()) if len(fields["value"]) else None
        allowed = f"values, scores and charges such that {n:,} × {worth:,} is at most {MAX_TOTAL:,}"
        refuse("value", "sums that could overflow 64 bits", allowed, index=at)
    if fields["lend_at_least"] is not None:
        highest = min(MAX_SCORE, MAX_TOTAL // (8 * n))
        at = int(fields["loan"].argmax()) if len(fields["loan"]) else 0
        if int(fields["loan"].max(initial=0)) > highest:
            refuse("loan", f"{fields['loan'][at]:,}", f"at most {highest:,}, where so much must be lent", index=at)
    total = sum(fields["loan"].tolist()) if len(fields["cap_limit"]) else 0
    if total > MAX_TOTAL:
        allowed = f"loans of at most {MAX_TOTAL:,} together, where caps limit them"
        refuse("loan", f"{total:,} in total", allowed, index=int(fields["loan"].argmax()))
