"""Checks of a matching problem: every field is brought to its pinned type, or refused with a message that helps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from numbers import Integral, Rational
from typing import TYPE_CHECKING, Any

import numpy as np

from circles.errors import InputError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.matching.problem import MatchingProblem

MAX_MEMBERS = 1_000_000
MAX_SCORE = 10**11
"""Largest value, pair score or charge: a million members' worth still fits 64 bits."""
MAX_MONEY = 10**15
SMALLEST_SIZE, LARGEST_SIZE = 2, 8

RESERVED = {
    "together": (),
    "cap_label": None,
    "cap_limit": None,
    "joint_loss": None,
    "previous": (),
    "change_charge": 0,
    "place_at_least": None,
}


def validate_problem(problem: MatchingProblem) -> dict[str, Any]:
    """Check every field and give them all in their pinned types, arrays read-only.

    Raises
    ------
    InputError
        At the first field that is wrong.
    """
    _refuse_reserved(problem)
    value = _score_array("value", problem.value)
    n = len(value)
    if n > MAX_MEMBERS:
        _refuse("value", f"{n:,} members", f"at most {MAX_MEMBERS:,}")
    size_charge = _size_charge(problem.size_charge)
    return {
        "value": value,
        "size_charge": size_charge,
        "connected": _truth("connected", problem.connected),
        "stranger_value": _whole("stranger_value", problem.stranger_value, bound=MAX_SCORE),
        **_listed_pairs(problem, n),
        **_labels(problem, n),
        **_forbidden_pairs(problem, n),
        "loan": _money("loan", problem.loan, n),
        "resources": _money("resources", problem.resources, n),
        "coverage": _ratio("coverage", problem.coverage) or 0,
        "amount_ratio": _ratio("amount_ratio", problem.amount_ratio),
        "bearable": _ratio("bearable", problem.bearable),
        "max_circle_loan": _circle_limit(problem.max_circle_loan),
        "pinned": _pinned(problem.pinned, n, size_charge),
        "together": (),
        "previous": (),
    }


def exact_ratio(value: float | Fraction | None) -> Fraction | None:
    """Give a ratio as the exact number it prints as (0.8 is 4/5), or None where there is no rule.

    Examples
    --------
    >>> exact_ratio(0.8)
    Fraction(4, 5)
    """
    if value is None or value == 0:
        return None
    return Fraction(value) if isinstance(value, Rational) else Fraction(str(float(value)))


def _refuse(where: str, got: str, allowed: str) -> None:
    msg = f"matching problem, {where}: got {got}; allowed: {allowed}"
    raise InputError(msg)


def _refuse_reserved(problem: MatchingProblem) -> None:
    for name, absent in RESERVED.items():
        given = getattr(problem, name)
        if given is None or given is absent:
            continue
        empty = len(given) == 0 if hasattr(given, "__len__") else isinstance(given, Integral) and given == absent
        if not empty:
            _refuse(name, f"{given!r:.60}", f"leave it out ({name} is not supported by this version)")


def _truth(name: str, value: object) -> bool:
    if not isinstance(value, (bool, np.bool_)):
        _refuse(name, f"{value!r:.60}", "True or False")
    return bool(value)


def _whole(name: str, value: object, *, bound: int) -> int:
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, Integral) or abs(int(value)) > bound:
        _refuse(name, f"{value!r:.60}", f"a whole number from {-bound:,} to {bound:,}")
    return int(value)  # type: ignore[call-overload]


def _integers(name: str, given: object, *, dimensions: int = 1) -> NDArray[np.int64]:
    array = np.asarray(given)
    if array.ndim != dimensions:
        _refuse(name, f"an array of shape {array.shape}", f"{dimensions} dimension(s)")
    if array.size and array.dtype.kind not in "iu":
        _refuse(name, f"values of type {array.dtype}", "whole numbers (an integer array)")
    if array.dtype.kind == "u" and array.size and int(array.max()) > np.iinfo(np.int64).max:
        _refuse(name, f"{int(array.max())}", "numbers that fit 64 bits with a sign")
    return _frozen(np.array(array, dtype=np.int64))


def _frozen(array: NDArray[Any]) -> NDArray[Any]:
    array.setflags(write=False)
    return array


def _in_range(name: str, array: NDArray[np.int64], *, low: int, high: int) -> NDArray[np.int64]:
    wrong = np.flatnonzero((array.ravel() < low) | (array.ravel() > high))
    if len(wrong):
        at = int(wrong[0])
        _refuse(f"{name}[{at}]", f"{int(array.ravel()[at]):,}", f"{low:,} to {high:,}")
    return array


def _length(name: str, array: NDArray[Any], wanted: int, *, of: str) -> None:
    if len(array) != wanted:
        _refuse(name, f"{len(array):,} entries", f"{wanted:,}, as many as {of}")


def _score_array(name: str, given: object) -> NDArray[np.int64]:
    return _in_range(name, _integers(name, given), low=-MAX_SCORE, high=MAX_SCORE)


def _positions(name: str, given: object, n: int) -> NDArray[np.int64]:
    array = _integers(name, given)
    if len(array) and n == 0:
        _refuse(name, f"{len(array):,} entries", "none: there are no members")
    return _in_range(name, array, low=0, high=n - 1) if n else array


def _money(name: str, given: object, n: int) -> NDArray[np.int64]:
    array = _in_range(name, _integers(name, given), low=0, high=MAX_MONEY)
    if len(array) == 0:
        return _frozen(np.zeros(n, dtype=np.int64))
    _length(name, array, n, of="value")
    return array


def _listed_pairs(problem: MatchingProblem, n: int) -> dict[str, NDArray[Any]]:
    first = _positions("pair_first", problem.pair_first, n)
    second = _positions("pair_second", problem.pair_second, n)
    value = _score_array("pair_value", problem.pair_value)
    known = np.array(problem.pair_acquainted)
    if known.ndim != 1 or (known.size and known.dtype.kind != "b"):
        _refuse("pair_acquainted", f"shape {known.shape} of type {known.dtype}", "one True or False a pair")
    for name, array in (("pair_second", second), ("pair_value", value), ("pair_acquainted", known)):
        _length(name, array, len(first), of="pair_first")
    _refuse_self_pairs("pair", first, second)
    keys = np.minimum(first, second) * max(1, n) + np.maximum(first, second)
    order = np.argsort(keys, kind="stable")
    again = np.flatnonzero(keys[order][1:] == keys[order][:-1])
    if len(again):
        at = int(order[again[0] + 1])
        _refuse(f"pair {at}", f"({first[at]}, {second[at]}) a second time", "each pair once, in either order")
    return {
        "pair_first": first,
        "pair_second": second,
        "pair_value": value,
        "pair_acquainted": _frozen(known.astype(np.bool_)),
    }


def _forbidden_pairs(problem: MatchingProblem, n: int) -> dict[str, NDArray[np.int64]]:
    first = _positions("forbidden_first", problem.forbidden_first, n)
    second = _positions("forbidden_second", problem.forbidden_second, n)
    _length("forbidden_second", second, len(first), of="forbidden_first")
    _refuse_self_pairs("forbidden pair", first, second)
    return {"forbidden_first": first, "forbidden_second": second}


def _refuse_self_pairs(what: str, first: NDArray[np.int64], second: NDArray[np.int64]) -> None:
    same = np.flatnonzero(first == second)
    if len(same):
        at = int(same[0])
        _refuse(f"{what} {at}", f"({first[at]}, {second[at]})", "two different members")


def _labels(problem: MatchingProblem, n: int) -> dict[str, NDArray[np.int64]]:
    charges = _score_array("label_charges", problem.label_charges)
    given = np.asarray(problem.labels)
    if given.size == 0:
        given = np.zeros((n, len(charges) if n == 0 else 0), dtype=np.int64)
    labels = _integers("labels", given, dimensions=2)
    if labels.shape != (n, len(charges)):
        _refuse("labels", f"shape {labels.shape}", f"({n}, {len(charges)}): a row a member, a column a label charge")
    total = int(np.abs(charges).sum()) if len(charges) else 0
    if total > MAX_SCORE:
        _refuse("label_charges", f"{total:,} in total", f"at most {MAX_SCORE:,} together")
    return {"labels": labels, "label_charges": charges}


def _size_charge(given: object) -> Mapping[int, int]:
    if not isinstance(given, Mapping) or not given:
        _refuse("size_charge", f"{given!r:.60}", "a mapping of each allowed size to its charge, such as {3: 60, 4: 70}")
        return {}
    charges = {}
    for size, charge in sorted(given.items(), key=str):
        members = _whole("size_charge: size", size, bound=LARGEST_SIZE)
        if members < SMALLEST_SIZE:
            _refuse("size_charge", f"size {members}", f"sizes from {SMALLEST_SIZE} to {LARGEST_SIZE}")
        charges[members] = _whole(f"size_charge[{size}]", charge, bound=MAX_SCORE)
    return dict(sorted(charges.items()))


def _ratio(name: str, value: object) -> Any:
    if value is None:
        return None
    number = isinstance(value, (float, np.floating, Rational)) and not isinstance(value, (bool, np.bool_))
    if not number or not 0 <= value <= MAX_MONEY:  # type: ignore[operator]
        _refuse(name, f"{value!r:.60}", "a number of at least 0; 0 or None is no rule")
    return value


def _circle_limit(value: object) -> int | None:
    if value is None:
        return None
    limit = _whole("max_circle_loan", value, bound=LARGEST_SIZE * MAX_MONEY)
    if limit < 0:
        _refuse("max_circle_loan", f"{limit:,}", "at least 0, or None for no rule")
    return limit


def _pinned(given: Sequence[Sequence[int]], n: int, size_charge: Mapping[int, int]) -> tuple[tuple[int, ...], ...]:
    seen: set[int] = set()
    circles = []
    for at, members in enumerate(given):
        circle = tuple(sorted(int(i) for i in _positions(f"pinned[{at}]", list(members), n)))
        if len(set(circle)) != len(circle) or seen & set(circle):
            _refuse(f"pinned[{at}]", f"{circle}", "every member in one pinned circle, once")
        if len(circle) not in size_charge:
            _refuse(f"pinned[{at}]", f"size {len(circle)}", f"a size that has a charge: {sorted(size_charge)}")
        seen |= set(circle)
        circles.append(circle)
    return tuple(circles)
