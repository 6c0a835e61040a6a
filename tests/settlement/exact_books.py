"""Small books of loans and guarantees in exact numbers, and the portfolios that hold them."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING

import pandas as pd

from circles import Portfolio

if TYPE_CHECKING:
    import numpy as np


@dataclass(kw_only=True)
class Pool:
    """Guarantors with a cap each (None: none) and a deposit."""

    guarantors: dict[str, int | None]
    deposit: int = 0


@dataclass(kw_only=True)
class Book:
    """Everything owed: members' resources, loans as (id, borrower, pool or None, exposure), receivables as
    (supplier, buyer, amount), and members' own recovery rates."""

    resources: dict[str, int]
    pools: dict[str, Pool] = field(default_factory=dict)
    loans: list[tuple[str, str, str | None, int]] = field(default_factory=list)
    receivables: list[tuple[str, str, int]] = field(default_factory=list)
    recovery: dict[str, Fraction] = field(default_factory=dict)

    def portfolio(self, *, as_of: str = "2007-12-29", order: np.random.Generator | None = None) -> Portfolio:
        """Put the book into tables; with `order` the rows of every table are shuffled."""
        tables = {
            "members": _members(self),
            "circles": _circles(self),
            "circle_members": _circle_members(self),
            "loans": _loans(self),
            "guarantees": _guarantees(self),
            "receivables": pd.DataFrame(self.receivables, columns=["supplier_id", "buyer_id", "amount_fen"]),
        }
        kept = {name: frame for name, frame in tables.items() if len(frame)}
        if order is not None:
            kept = {name: frame.iloc[order.permutation(len(frame))] for name, frame in kept.items()}
        return Portfolio.from_frames(as_of=as_of, **kept)


def _members(book: Book) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "member_id": list(book.resources),
            "resources_fen": list(book.resources.values()),
            "recovery_rate": [float(book.recovery.get(m, "nan")) for m in book.resources],
        }
    )


def _circles(book: Book) -> pd.DataFrame:
    rows = [(p[7:], pool.deposit) for p, pool in book.pools.items() if p.startswith("circle:")]
    return pd.DataFrame(rows, columns=["circle_id", "deposit_fen"])


def _circle_members(book: Book) -> pd.DataFrame:
    rows = [(p[7:], m) for p, pool in book.pools.items() if p.startswith("circle:") for m in pool.guarantors]
    return pd.DataFrame(rows, columns=["circle_id", "member_id"])


def _loans(book: Book) -> pd.DataFrame:
    rows = [
        (loan, borrower, exposure, pool[7:] if pool is not None and pool.startswith("circle:") else None)
        for loan, borrower, pool, exposure in book.loans
    ]
    return pd.DataFrame(rows, columns=["loan_id", "borrower_id", "balance_fen", "circle_id"])


def _guarantees(book: Book) -> pd.DataFrame:
    borrower_of = {loan: borrower for loan, borrower, _, _ in book.loans}
    rows = []
    for p, pool in book.pools.items():
        kind, _, name = p.partition(":")
        if kind == "circle":
            continue
        for member, cap in pool.guarantors.items():
            loan = name if kind == "loan" else None
            rows.append((f"G{len(rows)}", member, borrower_of.get(name, name), cap, loan))
    return pd.DataFrame(rows, columns=["guarantee_id", "guarantor_id", "borrower_id", "amount_fen", "loan_id"])


def join_books(books: list[Book]) -> Book:
    """Put books side by side in one; what happens in one must not touch another."""
    whole = Book(resources={})
    for book in books:
        whole.resources |= book.resources
        whole.pools |= book.pools
        whole.recovery |= book.recovery
        whole.loans += book.loans
        whole.receivables += book.receivables
    return whole


def draw_book(rng: np.random.Generator, *, prefix: str = "", unit: int = 100) -> Book:
    """Draw a small book with overlapping circles, capped guarantees of both kinds, deposits and receivables.

    Amounts are multiples of `unit` in a narrow range, so that exact ties between calls and cash do occur.
    """
    members = [f"{prefix}M{i}" for i in range(int(rng.integers(3, 9)))]
    book = Book(resources={m: int(rng.integers(0, 14)) * unit for m in members})
    for c in range(int(rng.integers(0, 4))):
        _draw_circle(rng, book, f"circle:{prefix}C{c}", unit)
    for k in range(int(rng.integers(0, 6))):
        _draw_single_loan(rng, book, f"{prefix}S{k}", unit)
    for _ in range(int(rng.integers(0, 8))):
        supplier, buyer = (str(m) for m in rng.choice(members, 2, replace=False))
        book.receivables.append((supplier, buyer, int(rng.integers(1, 8)) * unit))
    for m in members:
        if rng.random() < 0.15:
            book.recovery[m] = Fraction(int(rng.integers(0, 9)), 8)
    return book


def _draw_circle(rng: np.random.Generator, book: Book, name: str, unit: int) -> None:
    members = list(book.resources)
    joined = [str(m) for m in rng.choice(members, int(rng.integers(2, len(members) + 1)), replace=False)]
    deposit = int(rng.integers(0, 6)) * unit if rng.random() < 0.4 else 0
    book.pools[name] = Pool(guarantors=dict.fromkeys(joined), deposit=deposit)
    for m in joined:
        for _ in range(int(rng.integers(0, 3))):
            book.loans.append((f"{name[7:]}L{len(book.loans)}", m, name, int(rng.integers(1, 12)) * unit))


def _draw_single_loan(rng: np.random.Generator, book: Book, name: str, unit: int) -> None:
    """Add a loan outside circles: unsecured, guaranteed by itself, or with all of its borrower's."""
    members = list(book.resources)
    borrower = str(rng.choice(members))
    others = [m for m in members if m != borrower]
    kind = str(rng.choice(["unsecured", "loan", "borrower"]))
    existing = f"borrower:{borrower}"
    pool = {"loan": f"loan:{name}", "borrower": existing}.get(kind, existing if existing in book.pools else None)
    if pool is not None and pool not in book.pools:
        chosen = [str(m) for m in rng.choice(others, int(rng.integers(1, len(others) + 1)), replace=False)]
        book.pools[pool] = Pool(guarantors={m: int(rng.integers(1, 10)) * unit for m in chosen})
        if pool == existing:
            book.loans = [(i, b, pool if b == borrower and p is None else p, x) for i, b, p, x in book.loans]
    book.loans.append((name, borrower, pool, int(rng.integers(1, 12)) * unit))


def draw_defaulters(rng: np.random.Generator, book: Book) -> list[str]:
    """Draw none to three first defaulters."""
    return [str(m) for m in rng.choice(list(book.resources), int(rng.integers(0, 4)), replace=False)]
