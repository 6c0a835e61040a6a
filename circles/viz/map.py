"""The map: circles, who touches whom, and what a cascade did, as one page that opens off line."""

from __future__ import annotations

import html
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from circles.errors import InputError
from circles.output import save_text
from circles.viz.compose import compose_drawing
from circles.viz.masking import mask_drawing
from circles.viz.page import write_page
from circles.viz.scene import Question
from circles.viz.selection import MOST_MEMBERS
from circles.viz.wording import say_count
from circles.viz.words import say

if TYPE_CHECKING:
    import pandas as pd

    from circles.contagion import Cascade
    from circles.matching import Proposal, SavedProposal
    from circles.portfolio import Portfolio
    from circles.viz.drawing import Drawing
    from circles.viz.languages import Language

_MOST_HOPS = 3


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Map:
    """A picture of members and circles, with the same facts as tables, as one page.

    It shows itself in a notebook; `Map.save` writes a page that needs no network and no other file.

    Attributes
    ----------
    drawing
        What the page shows, as frames.
    """

    drawing: Drawing
    _page: str

    def html(self) -> str:
        """Give the whole page."""
        return self._page

    def save(self, path: str | Path, *, force: bool = False) -> Path:
        """Write the page to a file, whole or not at all.

        Parameters
        ----------
        path
            The file; its folder must exist.
        force
            Replace a file that is there already.

        Returns
        -------
        The path written.

        Raises
        ------
        InputError
            If the file exists and `force` is not given, or it cannot be written.
        """
        return save_text(self._page, path, force=force)

    @property
    def nodes(self) -> pd.DataFrame:
        """The members drawn; changing the frame does not change the map."""
        return self.drawing.nodes.copy(deep=False)

    @property
    def edges(self) -> pd.DataFrame:
        """The edges drawn; changing the frame does not change the map."""
        return self.drawing.edges.copy(deep=False)

    @property
    def hulls(self) -> pd.DataFrame:
        """The circles drawn; changing the frame does not change the map."""
        return self.drawing.hulls.copy(deep=False)

    @property
    def omitted(self) -> tuple[str, ...]:
        """One sentence for each thing that is left out, with its count."""
        return self.drawing.omitted

    def _repr_html_(self) -> str:
        source = html.escape(self._page, quote=True)
        title = say("map", self.drawing.lang)
        return f'<iframe srcdoc="{source}" sandbox="allow-scripts" width="100%" height="760" title="{title}"></iframe>'

    def __str__(self) -> str:
        shown = ", ".join(
            (
                say_count(len(self.drawing.nodes), "member"),
                say_count(len(self.drawing.hulls), "circle"),
                say_count(len(self.drawing.edges), "edge"),
            )
        )
        return "\n".join([f"Map “{self.drawing.title}”: {shown}", *self.omitted])

    __repr__ = __str__


def draw_map(
    portfolio: Portfolio,
    *,
    cascade: Cascade | None = None,
    proposal: Proposal | SavedProposal | None = None,
    member: str | None = None,
    circle: str | None = None,
    chain: str | None = None,
    hops: int = 1,
    size: str = "exposure",
    limit: int = 300,
    title: str | None = None,
    mask: bool = False,
    lang: Language = "en",
) -> Map:
    """Draw circles, what a cascade did to them, or the surroundings of one member.

    Without a cascade, a proposal or a member, the portfolio's own circles are drawn. The same input always gives the
    same picture. What is left out is said on the page.

    Parameters
    ----------
    portfolio
        The data that the cascade or the proposal was made from.
    cascade
        Draw what this cascade touched, and who brought down whom.
    proposal
        Draw the first 60 circles of this proposal.
    member
        Id of a member: draw its surroundings only, within the cascade or the proposal where one is given.
    circle
        Id of a circle: draw it and its surroundings only.
    chain
        Id of a member: draw its guarantee chain, which is whoever guarantees for it, directly or through others, and
        whom it guarantees for; members of a circle guarantee each other.
    hops
        How far the surroundings reach, 1 to 3.
    size
        What members are sized by until a reader chooses another measure: exposure (what it owes) or resources; after a
        cascade also called, paid or own_shortfall.
    limit
        Members drawn at most, 1 to 2,000; the most important are kept.
    title
        Headline of the page, in place of the usual one.
    mask
        Call members and circles by numbers: no id, name or remark of theirs is in the map. `title` is kept as given.
    lang
        What the page is written in: ``en``, or ``zh`` for Chinese; ids, names and remarks stay as they are in the data.

    Returns
    -------
    The map; ``.save("map.html")`` writes it.

    Raises
    ------
    InputError
        If cascade and proposal are both given, or more than one of member, circle and chain; either result was made
        from another portfolio; the member or circle does not exist; `hops` or `limit` is out of range; nothing is known
        of `size`; or there are no words in that language.

    Examples
    --------
    >>> import pandas as pd
    >>> from circles.portfolio import Portfolio
    >>> book = Portfolio.from_frames(
    ...     as_of="2007-12-29",
    ...     members=pd.DataFrame({"member_id": ["M1", "M2", "M3"]}),
    ...     circles=pd.DataFrame({"circle_id": ["C1"]}),
    ...     circle_members=pd.DataFrame({"circle_id": ["C1", "C1"], "member_id": ["M1", "M2"]}),
    ... )
    >>> print(draw_map(book))
    Map “Guarantee circles at 2007-12-29”: 2 members, 1 circle, 0 edges
    1 member in none of the circles is not drawn.
    """
    _check_range(hops, lowest=1, highest=_MOST_HOPS, name="hops")
    check_limit(limit)
    if cascade is not None and proposal is not None:
        msg = (
            "a map shows one result: give cascade or proposal, got both "
            "(for a cascade in proposed circles, give proposal.portfolio() and a cascade run on it)"
        )
        raise InputError(msg)
    if sum(named is not None for named in (member, circle, chain)) > 1:
        msg = "a map is drawn around one thing: give one of member, circle and chain"
        raise InputError(msg)
    question = Question(
        circle=circle,
        chain=chain,
        portfolio=portfolio,
        cascade=cascade,
        proposal=proposal,
        member=member,
        hops=hops,
        size=size,
        limit=limit,
        title=title,
        lang=lang,
    )
    drawing = compose_drawing(question)
    return show_drawing(mask_drawing(drawing, question) if mask else drawing)


def show_drawing(drawing: Drawing) -> Map:
    """Give the map that shows a drawing."""
    return Map(drawing=drawing, _page=write_page(drawing))


def check_limit(limit: int) -> None:
    """Refuse a number of members that no picture may hold, and say what to do instead.

    Raises
    ------
    InputError
        If it is not a whole number from 1 to 2,000.
    """
    if isinstance(limit, int) and not isinstance(limit, bool) and limit > MOST_MEMBERS:
        msg = (
            f"limit must be at most {MOST_MEMBERS:,} members, got {limit:,}: nobody can read more, and browsers stall; "
            "look at the surroundings of a member (member=, hops=), at fewer circles, or at the whole book with "
            "circles.viz.overview.draw_overview (circles overview)"
        )
        raise InputError(msg)
    _check_range(limit, lowest=1, highest=MOST_MEMBERS, name="limit")


def _check_range(value: int, *, lowest: int, highest: int, name: str) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or not lowest <= value <= highest:
        msg = f"{name} must be a whole number from {lowest} to {highest:,}, got {value!r}"
        raise InputError(msg)
