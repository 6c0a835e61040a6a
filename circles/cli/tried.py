"""An intervention on the command line: its kind, whom it is about, what it takes, and what it costs."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from circles.errors import InputError
from circles.money import parse_yuan

if TYPE_CHECKING:
    from circles.contagion import Intervention

_WAYS = {
    "bail-out": "bail-out:MEMBER=YUAN",
    "deposit": "deposit:CIRCLE=YUAN",
    "guarantor": "guarantor:CIRCLE=MEMBER",
    "split": "split:CIRCLE=MEMBER,MEMBER",
    "standstill": "standstill:CIRCLE",
    "cut": "cut:GUARANTEE",
    "replace": "replace:GUARANTEE=MEMBER",
    "guarantee": "guarantee:MEMBER=BORROWER,YUAN",
}


def parse_intervention(text: str) -> Intervention:
    """Read an intervention such as ``deposit:C1=50000`` or ``standstill:C1@2000``; amounts are yuan.

    Raises
    ------
    InputError
        If it is none of the ways to write one; the message shows them.
    """
    plain, at, price = text.partition("@")
    kind, colon, rest = plain.partition(":")
    name, equals, value = rest.partition("=")
    if kind not in _WAYS or not colon or not name or bool(equals) != ("=" in _WAYS[kind]) or bool(equals) > bool(value):
        known = f"write {_WAYS[kind]}" if kind in _WAYS else "the ways are: " + ", ".join(_WAYS.values())
        msg = f"--try {text!r} is no intervention; {known}"
        raise InputError(msg)
    return _MAKERS[kind](name, value, parse_yuan(price) if at else None)


def _bail_out(name: str, value: str, cost: int | None) -> Intervention:
    from circles.contagion import BailOut

    return BailOut(member_id=name, cost_fen=parse_yuan(value) if cost is None else cost)


def _deposit(name: str, value: str, cost: int | None) -> Intervention:
    from circles.contagion import AddDeposit

    amount = parse_yuan(value)
    return AddDeposit(circle_id=name, amount_fen=amount, cost_fen=amount if cost is None else cost)


def _guarantor(name: str, value: str, cost: int | None) -> Intervention:
    from circles.contagion import AddGuarantor

    return AddGuarantor(circle_id=name, guarantor_id=value, cost_fen=cost or 0)


def _split(name: str, value: str, cost: int | None) -> Intervention:
    from circles.contagion import SplitCircle

    return SplitCircle(circle_id=name, leaving=tuple(value.split(",")), cost_fen=cost or 0)


def _standstill(name: str, value: str, cost: int | None) -> Intervention:
    from circles.contagion import Standstill

    return Standstill(circle_id=name, cost_fen=cost or 0)


def _cut(name: str, value: str, cost: int | None) -> Intervention:
    from circles.contagion import CutGuarantee

    return CutGuarantee(guarantee_id=name, cost_fen=cost or 0)


def _replace(name: str, value: str, cost: int | None) -> Intervention:
    from circles.contagion import ReplaceGuarantor

    return ReplaceGuarantor(guarantee_id=name, guarantor_id=value, cost_fen=cost or 0)


def _guarantee(name: str, value: str, cost: int | None) -> Intervention:
    from circles.contagion import AddGuarantee

    borrower, comma, amount = value.rpartition(",")
    if not comma:
        msg = f"--try guarantee:{name}={value}: write {_WAYS['guarantee']}"
        raise InputError(msg)
    return AddGuarantee(guarantor_id=name, borrower_id=borrower, amount_fen=parse_yuan(amount), cost_fen=cost or 0)


_MAKERS: dict[str, Callable[[str, str, int | None], Intervention]] = {
    "bail-out": _bail_out,
    "deposit": _deposit,
    "guarantor": _guarantor,
    "split": _split,
    "standstill": _standstill,
    "cut": _cut,
    "replace": _replace,
    "guarantee": _guarantee,
}
