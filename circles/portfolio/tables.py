"""The tables of a portfolio: their columns, keys and references, declared once.

Files use the canonical column names with money in yuan; frames in memory carry the same names with money as whole fen
in columns that end in ``_fen``.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a column holds, and how it is kept in memory."""

    ID = "id"
    """Text that names one row or refers to one (pandas ``str``)."""
    TEXT = "text"
    """Free text (pandas ``str``, missing is NaN; an empty text is missing)."""
    MONEY = "money"
    """Whole fen: ``int64`` where required, nullable ``Int64`` elsewhere."""
    RATE = "rate"
    """A fraction in [0, 1] (``float64``, missing is NaN)."""
    COUNT = "count"
    """A whole number, at least 0 (nullable ``Int64``)."""
    DATE = "date"
    """A day (``datetime64[s]``, missing is NaT)."""
    MONTH = "month"
    """A month, kept as its first day (``datetime64[s]``), written YYYY-MM."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column: its canonical name in files, what it holds, and what is allowed."""

    name: str
    kind: Kind
    required: bool = False
    refers_to: str | None = None
    allowed: tuple[str, ...] = ()
    signed: bool = False

    @property
    def frame_name(self) -> str:
        """The column's name in a frame: money ends in ``_fen``."""
        return f"{self.name}_fen" if self.kind is Kind.MONEY else self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One table: its columns in order, its key, and what must hold inside one row."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    different: tuple[str, str] | None = None
    ordered_dates: tuple[tuple[str, str], ...] = ()

    def column(self, frame_name: str) -> Column:
        """Look up a column by its name in a frame."""
        return next(column for column in self.columns if column.frame_name == frame_name)

    @property
    def frame_names(self) -> list[str]:
        """The names of all columns in a frame, in order."""
        return [column.frame_name for column in self.columns]


def _id(name: str, refers_to: str | None = None, *, required: bool = True) -> Column:
    return Column(name=name, kind=Kind.ID, required=required, refers_to=refers_to)


def _optional(kind: Kind, *names: str) -> tuple[Column, ...]:
    return tuple(Column(name=name, kind=kind) for name in names)


def _choice(name: str, *allowed: str) -> Column:
    return Column(name=name, kind=Kind.TEXT, allowed=allowed)


_MEMBERS = Table(
    name="members",
    key=("member_id",),
    columns=(
        _id("member_id"),
        *_optional(Kind.TEXT, "name", "region", "city", "industry"),
        Column(name="registered_on", kind=Kind.DATE),
        *_optional(Kind.MONEY, "registered_capital", "annual_sales", "resources"),
        _choice("resources_source", "declared", "verified", "estimated"),
        *_optional(Kind.RATE, "default_probability", "recovery_rate"),
        Column(name="control_group", kind=Kind.TEXT),
        Column(name="net_assets", kind=Kind.MONEY, signed=True),
        *_optional(Kind.MONEY, "other_debt", "annual_debt_service"),
        *_optional(Kind.DATE, "certified_until", "joined_on"),
    ),
)

_TRADES = Table(
    name="trades",
    different=("seller_id", "buyer_id"),
    columns=(
        _id("seller_id", "members"),
        _id("buyer_id", "members"),
        Column(name="period", kind=Kind.MONTH, required=True),
        Column(name="amount", kind=Kind.MONEY, required=True),
        Column(name="trade_count", kind=Kind.COUNT),
        Column(name="paid_online_amount", kind=Kind.MONEY),
    ),
)


def _pairs(name: str, *columns: Column) -> Table:
    both = (_id("member_a", "members"), _id("member_b", "members"))
    return Table(name=name, different=("member_a", "member_b"), columns=(*both, *columns))


_ACQUAINTANCES = _pairs("acquaintances", Column(name="kind", kind=Kind.TEXT), Column(name="since", kind=Kind.DATE))
_EXCLUSIONS = _pairs("exclusions", Column(name="reason", kind=Kind.TEXT))
_LINKS = _pairs(
    "links",
    Column(
        name="kind",
        kind=Kind.TEXT,
        required=True,
        allowed=("phone", "device", "address", "account", "legal_representative"),
    ),
    Column(name="evidence", kind=Kind.TEXT),
)

_APPLICATIONS = Table(
    name="applications",
    key=("application_id",),
    columns=(
        _id("application_id"),
        _id("member_id", "members"),
        Column(name="amount", kind=Kind.MONEY, required=True),
        Column(name="term_months", kind=Kind.COUNT),
        Column(name="applied_on", kind=Kind.DATE),
        Column(name="purpose", kind=Kind.TEXT),
        _choice("mode", "acquainted", "strangers", "any"),
    ),
)

_CIRCLES = Table(
    name="circles",
    key=("circle_id",),
    ordered_dates=(("formed_on", "expires_on"),),
    columns=(
        _id("circle_id"),
        *_optional(Kind.DATE, "formed_on", "expires_on"),
        Column(name="deposit", kind=Kind.MONEY),
        Column(name="status", kind=Kind.TEXT),
    ),
)

_CIRCLE_MEMBERS = Table(
    name="circle_members",
    key=("circle_id", "member_id"),
    columns=(
        _id("circle_id", "circles"),
        _id("member_id", "members"),
        Column(name="draw_order", kind=Kind.COUNT),
        Column(name="deposit", kind=Kind.MONEY),
    ),
)

_LOANS = Table(
    name="loans",
    key=("loan_id",),
    ordered_dates=(("drawn_on", "due_on"),),
    columns=(
        _id("loan_id"),
        _id("borrower_id", "members"),
        Column(name="balance", kind=Kind.MONEY, required=True),
        Column(name="accrued_interest", kind=Kind.MONEY),
        _id("circle_id", "circles", required=False),
        Column(name="lender", kind=Kind.TEXT),
        Column(name="limit", kind=Kind.MONEY),
        Column(name="annual_rate", kind=Kind.RATE),
        Column(name="collateral_value", kind=Kind.MONEY),
        *_optional(Kind.DATE, "drawn_on", "due_on"),
        _choice("grade", "normal", "special_mention", "substandard", "doubtful", "loss"),
        Column(name="days_overdue", kind=Kind.COUNT),
    ),
)

_GUARANTEES = Table(
    name="guarantees",
    key=("guarantee_id",),
    different=("guarantor_id", "borrower_id"),
    ordered_dates=(("starts_on", "expires_on"), ("starts_on", "claim_until")),
    columns=(
        _id("guarantee_id"),
        _id("guarantor_id", "members"),
        _id("borrower_id", "members"),
        Column(name="amount", kind=Kind.MONEY, required=True),
        _id("loan_id", "loans", required=False),
        _choice("kind", "joint", "several", "general"),
        *_optional(Kind.DATE, "starts_on", "expires_on", "claim_until"),
    ),
)

_RECEIVABLES = Table(
    name="receivables",
    different=("supplier_id", "buyer_id"),
    columns=(
        _id("supplier_id", "members"),
        _id("buyer_id", "members"),
        Column(name="amount", kind=Kind.MONEY, required=True),
        Column(name="due_on", kind=Kind.DATE),
    ),
)

_ACTIVITY = Table(
    name="activity",
    columns=(
        _id("member_id", "members"),
        Column(name="date", kind=Kind.DATE, required=True),
        Column(
            name="kind",
            kind=Kind.TEXT,
            required=True,
            allowed=("login", "purchase", "sale", "profile_change", "complaint"),
        ),
        Column(name="count", kind=Kind.COUNT),
        Column(name="amount", kind=Kind.MONEY),
        Column(name="detail", kind=Kind.TEXT),
    ),
)

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        _MEMBERS,
        _TRADES,
        _ACQUAINTANCES,
        _EXCLUSIONS,
        _LINKS,
        _APPLICATIONS,
        _CIRCLES,
        _CIRCLE_MEMBERS,
        _LOANS,
        _GUARANTEES,
        _RECEIVABLES,
        _ACTIVITY,
    )
}
"""Every table by name. ``members`` is required; a missing other table is an empty one."""
