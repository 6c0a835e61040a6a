"""Single failures in a proposed portfolio: who brings which circle down."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from circles.settlement import SETTLEMENTS, build_obligations, settle_alone

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.matching.answers.standing import Standing
    from circles.matching.forming.proposal import Proposal
    from circles.settlement import Obligations, Terms


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Book:
    """What is owed once the proposal is in place, and where its circles are in it.

    Attributes
    ----------
    obligations, terms
        What is owed, and how it is settled.
    at
        Shape (candidates,): position of each candidate among the obligations' members.
    pool
        Circle id → its pool.
    """

    obligations: Obligations
    terms: Terms
    at: NDArray[np.int64]
    pool: dict[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """One failure that breaks a circle: who fails first, and which of the circle's members cannot pay then.

    Attributes
    ----------
    circle_id
        The circle.
    first
        Position in the obligations of the member that fails first; it may be outside the circle.
    fallen
        Positions of the members of the circle that fail in consequence.
    bank_loss_fen
        What the bank loses on the whole portfolio in that case, rounded to a fen.
    """

    circle_id: str
    first: int
    fallen: tuple[int, ...]
    bank_loss_fen: int


def open_book(proposal: Proposal, terms: Terms) -> Book:
    """Put the proposal into the portfolio, and arrange what is owed then."""
    obligations = build_obligations(proposal.portfolio())
    place = {name: position for position, name in enumerate(obligations.members.tolist())}
    pools = {name: position for position, name in enumerate(obligations.pools.ids.tolist())}
    names = proposal.circles["circle_id"].drop_duplicates()
    return Book(
        obligations=obligations,
        terms=terms,
        at=np.array([place[name] for name in proposal.forming.candidates.ids], dtype=np.int64),
        pool={str(name): pools[f"circle:{name}"] for name in names},
    )


def find_breaks(book: Book, standing: Standing) -> list[Break]:
    """Let every member of the portfolio fail alone, and give each circle that breaks: a member of it fails, too.

    Notes
    -----
    All failures are settled in one go; only those that bring others down are settled again with every payment.
    """
    everybody = np.arange(len(book.obligations.members))
    losses = settle_alone(book.obligations, book.terms, everybody)
    circle_of = {int(book.at[member]): name for member, name in standing.circle_of.items()}
    found = []
    for first in np.flatnonzero(losses.contagious_count > 0).tolist():
        settled = SETTLEMENTS[book.terms.settlement](book.obligations, np.array([first]), book.terms)
        fallen: dict[str, list[int]] = {}
        for member in np.flatnonzero(settled.round > 0).tolist():
            if member in circle_of:
                fallen.setdefault(circle_of[member], []).append(member)
        found += [
            Break(circle_id=name, first=first, fallen=tuple(members), bank_loss_fen=round(settled.bank_loss))
            for name, members in fallen.items()
        ]
    return sorted(found, key=lambda one: (one.circle_id, one.first))
