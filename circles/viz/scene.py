"""What a map was asked to show, and everything about it looked up in the portfolio once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from circles.errors import InputError
from circles.viz.edges import Ends, read_ends, read_failures
from circles.viz.grouping import Grouping, group_existing, group_proposed
from circles.viz.nodes import measure_exposure
from circles.viz.selection import (
    Selection,
    measure_chain,
    select_chain,
    select_first_circles,
    select_surroundings,
    select_touched,
)
from circles.viz.words import say

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.contagion import Cascade
    from circles.matching import Proposal, SavedProposal
    from circles.portfolio import Portfolio
    from circles.viz.languages import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What a map was asked to show; the fields are the parameters of `draw_map`."""

    portfolio: Portfolio
    limit: int
    lang: Language
    cascade: Cascade | None = None
    proposal: Proposal | SavedProposal | None = None
    member: str | None = None
    hops: int = 1
    title: str | None = None
    circle: str | None = None
    chain: str | None = None
    size: str = "exposure"

    @property
    def middle(self) -> str | None:
        """Id of the member that the map is drawn around; None for a circle's surroundings and maps of all."""
        return self.chain if self.member is None else self.member

    @property
    def kind(self) -> str:
        """``surroundings``, ``chain``, ``cascade``, ``proposal`` or ``circles``."""
        if self.chain is not None:
            return "chain"
        if self.member is not None or self.circle is not None:
            return "surroundings"
        if self.cascade is not None:
            return "cascade"
        return "circles" if self.proposal is None else "proposal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """All members, circles and edges that a map may take from.

    Attributes
    ----------
    grouping, every
        All circles; all edges by kind.
    exposure, states
        Shape (members of the portfolio,): fen, and the state that a member is drawn in.
    starts
        Shape (starts,): positions of the members whose surroundings or guarantee chain are asked for.
    start
        Position of the one member in the middle, −1 for none.
    chain
        By `measure_chain`, of a guarantee chain: who stands behind the member, and whom it guarantees for.
    """

    grouping: Grouping
    every: list[Ends]
    exposure: NDArray[np.int64]
    states: NDArray[np.object_]
    starts: NDArray[np.int64]
    start: int
    chain: tuple[NDArray[np.int64], NDArray[np.int64]] | None


def set_scene(question: Question) -> Scene:
    """Look everything up that a question needs.

    Raises
    ------
    InputError
        If the cascade or the proposal was made from another portfolio, or the member does not exist.
    """
    portfolio = question.portfolio
    if question.cascade is not None:
        _refuse_foreign(portfolio, question.cascade.portfolio_digest, what="cascade", done="run on")
    if question.proposal is not None:
        _refuse_foreign(portfolio, question.proposal.digest, what="proposal", done="formed from")
    grouping = _group(question)
    starts = _find_starts(question, grouping)
    start = -1 if question.middle is None else int(starts[0])
    exposure = measure_exposure(portfolio)
    if question.proposal is not None:
        np.add.at(exposure, grouping.member, grouping.amount_fen)
    every = read_ends(portfolio)
    if question.cascade is None:
        states = _standing_states(question, grouping)
    else:
        members = question.cascade.members
        places = portfolio.member_positions(list(members["member_id"]))
        states = np.full(len(portfolio.members), "untouched", dtype=object)
        states[places] = members["state"].to_numpy(dtype=object)
        every = [read_failures(members, places), *every]
    chain = None if question.chain is None else measure_chain(grouping, every, start=start, count=len(states))
    return Scene(
        grouping=grouping, every=every, exposure=exposure, states=states, starts=starts, start=start, chain=chain
    )


def keep_near(scene: Scene, circles: NDArray[np.bool_]) -> Scene:
    """Give a scene that has only the edges among members of some circles and whom they reach in one hop.

    Parameters
    ----------
    scene
        A scene of a whole book.
    circles
        Shape (circles,): True for those whose surroundings will be asked for.
    """
    count = len(scene.states)
    inside = scene.grouping.members_of(circles, count=count)
    near = scene.grouping.members_of(scene.grouping.circles_with(inside), count=count)
    for ends in scene.every:
        near[ends.target[inside[ends.source]]] = True
        near[ends.source[inside[ends.target]]] = True
    return replace(scene, every=[ends.keep(near[ends.source] & near[ends.target]) for ends in scene.every])


def turn_to(scene: Scene, question: Question) -> Scene:
    """Give the same scene with another circle in the middle: the one that the question names."""
    return replace(scene, starts=_find_starts(question, scene.grouping))


def select_members(question: Question, scene: Scene) -> Selection:
    """Choose whom to draw."""
    count = len(scene.states)
    if question.kind == "surroundings":
        return select_surroundings(
            scene.grouping,
            scene.every,
            starts=scene.starts,
            hops=question.hops,
            exposure=scene.exposure,
            limit=question.limit,
            lang=question.lang,
        )
    if scene.chain is not None:
        return select_chain(
            scene.grouping,
            scene.chain,
            exposure=scene.exposure,
            limit=question.limit,
            lang=question.lang,
        )
    if question.kind == "cascade":
        return select_touched(
            scene.grouping,
            scene.every,
            scene.states,
            harmless=_find_harmless(scene),
            exposure=scene.exposure,
            limit=question.limit,
            lang=question.lang,
        )
    noun = say("circles_noun" if question.proposal is None else "proposed_noun", question.lang)
    return select_first_circles(scene.grouping, count=count, limit=question.limit, noun=noun, lang=question.lang)


def _find_starts(question: Question, grouping: Grouping) -> NDArray[np.int64]:
    if question.middle is not None:
        return question.portfolio.member_positions([question.middle]).astype(np.int64)
    if question.circle is None:
        return np.zeros(0, dtype=np.int64)
    row = np.flatnonzero(grouping.circles["circle_id"].to_numpy(dtype=object) == question.circle)
    if not len(row):
        msg = f"no circle {question.circle!r} among the {len(grouping.circles):,} of this map"
        raise InputError(msg)
    return np.sort(grouping.member[grouping.circle == row[0]]).astype(np.int64)


def _find_harmless(scene: Scene) -> NDArray[np.bool_]:
    harmless = (scene.states == "first") & (scene.exposure == 0)
    for ends in scene.every:
        if ends.kind == "failure":
            harmless[ends.source] = False
    return np.asarray(harmless, dtype=np.bool_)


def _group(question: Question) -> Grouping:
    if question.proposal is None:
        return group_existing(question.portfolio)
    return group_proposed(question.portfolio, question.proposal, question.lang)


def _standing_states(question: Question, grouping: Grouping) -> NDArray[np.object_]:
    states = np.full(len(question.portfolio.members), "partner", dtype=object)
    states[grouping.member] = "member" if question.proposal is None else "proposed"
    return states


def _refuse_foreign(portfolio: Portfolio, digest: str, *, what: str, done: str) -> None:
    if digest != portfolio.digest():
        msg = (
            f"the {what} was {done} another portfolio (data fingerprint {digest[:12]}…, this one's is "
            f"{portfolio.digest()[:12]}…); give the portfolio that it was {done}"
        )
        raise InputError(msg)
