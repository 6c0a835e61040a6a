"""The terms on which defaults are settled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from numbers import Integral, Real
from typing import Literal, Self, get_args

from circles.errors import InputError

SettlementName = Literal["waterfall", "threshold"]
ShareRule = Literal["equal", "loan", "resources", "able"]
Preset = Literal["worst", "base", "forbearance"]

SETTLEMENT_NAMES: tuple[str, ...] = get_args(SettlementName)
SHARE_RULES: tuple[str, ...] = get_args(ShareRule)
PRESETS: tuple[str, ...] = get_args(Preset)


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How a default is settled: who is called for how much, and what the bank gets back by itself.

    Without arguments these are the bare mechanics, the worst case: nothing is recovered and a member that fails
    brings its own loans down with it.

    Attributes
    ----------
    settlement
        ``"waterfall"``: guarantors pay round by round until they cannot. ``"threshold"``: a member that cannot pay
        everything asked of it pays nothing; always equal shares.
    share
        How a waterfall's pool splits what it calls: ``"equal"``; by ``"loan"``, the guarantors' own loans in the
        pool; by ``"resources"``, what they had at the start; by ``"able"``, what they have now (Civil Code art. 699).
    recovery_rate
        Fraction in [0, 1] of a first defaulter's loan that the bank gets from the borrower itself. A member's own
        ``recovery_rate`` goes before it.
    contagious_recovery_rate
        The same for a contagious defaulter; None means `recovery_rate`.
    receivable_recovery_rate
        Fraction in [0, 1] of a receivable that a supplier still gets from a failed buyer.
    cross_default
        Whether a contagious defaulter's own loans fall due.
    risk_pool_fen
        Whole fen, at least 0: what the portfolio's risk pool pays at most of what is left in the end.
    standstill
        Ids of circles: no loan of their members, in the circle or elsewhere, falls due because the member fails by
        contagion. Without effect where `cross_default` is off for everybody.
    willingness
        What failing costs a member, as a multiple, at least 0, of what it can pay at the start: whoever is called for
        more than that, in all, refuses though it could pay (Besley and Coate 1995). None: nobody refuses.

    Raises
    ------
    InputError
        If a value is not allowed.

    Examples
    --------
    >>> Terms(share="able", recovery_rate=0.25).contagious
    0.25
    """

    settlement: SettlementName = "waterfall"
    share: ShareRule = "equal"
    recovery_rate: float = 0.0
    contagious_recovery_rate: float | None = None
    receivable_recovery_rate: float = 0.0
    cross_default: bool = True
    risk_pool_fen: int = 0
    standstill: tuple[str, ...] = ()
    willingness: float | None = None

    def __post_init__(self) -> None:
        _check_choice("settlement", self.settlement, SETTLEMENT_NAMES)
        _check_choice("share", self.share, SHARE_RULES)
        _check_rate("recovery_rate", self.recovery_rate)
        if self.contagious_recovery_rate is not None:
            _check_rate("contagious_recovery_rate", self.contagious_recovery_rate)
        _check_rate("receivable_recovery_rate", self.receivable_recovery_rate)
        _check_switch("cross_default", self.cross_default)
        _check_amount("risk_pool_fen", self.risk_pool_fen)
        _check_ids("standstill", self.standstill)
        if self.willingness is not None:
            _check_multiple("willingness", self.willingness)

    @classmethod
    def preset(cls, name: Preset) -> Self:
        """Give the terms of a named case.

        Parameters
        ----------
        name
            ``"worst"``: nothing recovered; ``"base"``: 25 % recovered from first and 45 % from contagious defaulters,
            half of receivables; ``"forbearance"``: 25 %, half of receivables, and no cross-default.

        Raises
        ------
        InputError
            If there is no such preset.

        Examples
        --------
        >>> Terms.preset("base").contagious_recovery_rate
        0.45
        """
        _check_choice("preset", name, PRESETS)
        if name == "base":
            return cls(recovery_rate=0.25, contagious_recovery_rate=0.45, receivable_recovery_rate=0.5)
        if name == "forbearance":
            return cls(recovery_rate=0.25, receivable_recovery_rate=0.5, cross_default=False)
        return cls()

    @property
    def contagious(self) -> float:
        """Recovery rate in [0, 1] of contagious defaulters, the first defaulters' where none was given."""
        return self.recovery_rate if self.contagious_recovery_rate is None else self.contagious_recovery_rate


NUMBERS = tuple(field.name for field in fields(Terms) if str(field.type).split(" | ")[0] in ("float", "int"))
"""The fields of `Terms` that are numbers: rates, the risk pool and the willingness."""


def change_terms(terms: Terms, changes: Mapping[str, object]) -> Terms:
    """Give terms with some fields changed.

    Parameters
    ----------
    terms
        What the other fields are taken from.
    changes
        New values by the name of the field.

    Raises
    ------
    InputError
        If there is no such field, or its value is not allowed.

    Examples
    --------
    >>> change_terms(Terms.preset("base"), {"share": "able"}).recovery_rate
    0.25
    """
    known = [field.name for field in fields(Terms)]
    unknown = [name for name in changes if name not in known]
    if unknown:
        msg = f"terms: {unknown[0]!r} is not known; the names are: {', '.join(known)}"
        raise InputError(msg)
    return replace(terms, **changes)  # type: ignore[arg-type]


def check_terms(terms: object) -> Terms:
    """Give terms as they are; None means the worst case.

    Raises
    ------
    InputError
        If they are no `Terms`, but the name of a preset, say.
    """
    if terms is None:
        return Terms()
    if not isinstance(terms, Terms):
        hint = f"; write circles.Terms.preset({terms!r})" if terms in PRESETS else ""
        msg = f"terms must be circles.Terms, got {terms!r:.60}{hint}"
        raise InputError(msg)
    return terms


def _check_choice(name: str, value: object, allowed: tuple[str, ...]) -> None:
    if not isinstance(value, str) or value not in allowed:
        msg = f"terms: {name} must be one of {', '.join(allowed)}, got {value!r}"
        raise InputError(msg)


def _check_rate(name: str, value: object) -> None:
    if isinstance(value, bool) or not isinstance(value, Real) or not 0.0 <= float(value) <= 1.0:
        msg = f"terms: {name} must be a fraction in [0, 1], got {value!r}"
        raise InputError(msg)


def _check_multiple(name: str, value: object) -> None:
    if isinstance(value, bool) or not isinstance(value, Real) or not 0.0 <= float(value) < float("inf"):
        msg = f"terms: {name} must be a finite number of at least 0, got {value!r}"
        raise InputError(msg)


def _check_switch(name: str, value: object) -> None:
    if not isinstance(value, bool):
        msg = f"terms: {name} must be True or False, got {value!r}"
        raise InputError(msg)


def _check_ids(name: str, value: object) -> None:
    if not isinstance(value, tuple) or not all(isinstance(one, str) and one for one in value):
        msg = f"terms: {name} must be a tuple of circle ids, such as ('C1',), got {value!r}"
        raise InputError(msg)


def _check_amount(name: str, value: object) -> None:
    if isinstance(value, bool) or not isinstance(value, Integral) or int(value) < 0:
        msg = f"terms: {name} must be whole fen of at least 0, got {value!r}"
        raise InputError(msg)
