"""Which members a map shows, and in words what it leaves out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from circles.viz.languages import join_sentences
from circles.viz.spread import STATES, take_touched
from circles.viz.words import say, say_counted

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.viz.edges import Ends
    from circles.viz.grouping import Grouping
    from circles.viz.languages import Language

MOST_MEMBERS = 2_000
"""Members that one map may hold; a browser draws them in less than a second."""

MOST_CIRCLES = 60
"""Circles that a map shows when nothing else narrows it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """What is drawn.

    Attributes
    ----------
    members
        Shape (members of the portfolio,): True for those drawn.
    grouping
        The circles drawn, with the members drawn.
    reached
        Members that were asked for, drawn or not.
    omitted
        Sentences that say what is not drawn.
    """

    members: NDArray[np.bool_]
    grouping: Grouping
    reached: int
    omitted: tuple[str, ...]


def _select(
    members: NDArray[np.bool_], grouping: Grouping, *, wanted: NDArray[np.bool_], omitted: tuple[str, ...]
) -> Selection:
    return Selection(
        members=members, grouping=grouping.keep_members(members), reached=int(wanted.sum()), omitted=omitted
    )


def select_first_circles(grouping: Grouping, *, count: int, limit: int, noun: str, lang: Language) -> Selection:
    """Take circles in their order while there are at most 60 of them and `limit` members.

    Parameters
    ----------
    grouping
        All circles.
    count
        Members in the portfolio.
    limit
        Members drawn at most.
    noun
        What the circles are called in the sentences.
    lang
        What the sentences are written in.
    """
    sizes = np.bincount(grouping.circle, minlength=len(grouping.circles))
    kept = (np.arange(len(sizes)) < MOST_CIRCLES) & (np.cumsum(sizes) <= limit)
    kept = np.logical_and.accumulate(kept)
    members = grouping.members_of(kept, count=count)
    gone = int((~kept).sum())
    omitted = []
    if gone:
        lost = int(grouping.members_of(~kept, count=count).sum())
        cut = {"gone": f"{gone:,}", "all": f"{len(kept):,}", "most": MOST_CIRCLES, "limit": f"{limit:,}"}
        omitted.append(say_counted("circles_cut", lost, lang, noun=noun, **cut))
    outside = count - int(grouping.members_of(np.ones(len(kept), dtype=np.bool_), count=count).sum())
    if outside:
        omitted.append(say_counted("outside", outside, lang, noun=noun))
    reached = int(members.sum()) + (lost if gone else 0)
    return Selection(members=members, grouping=grouping.keep_circles(kept), reached=reached, omitted=tuple(omitted))


def select_touched(
    grouping: Grouping,
    every: list[Ends],
    states: NDArray[np.object_],
    *,
    harmless: NDArray[np.bool_],
    exposure: NDArray[np.int64],
    limit: int,
    lang: Language,
) -> Selection:
    """Take what a cascade touched and the co-members of whom it touched; `take_touched` where these are too many.

    Parameters
    ----------
    grouping, every
        All circles, and all edges by kind.
    states
        Shape (members of the portfolio,): each one's state in the cascade.
    harmless
        Shape (members of the portfolio,): first defaults that owe nothing and brought nobody down; they go last.
    exposure
        Shape (members of the portfolio,): fen; the larger goes before the smaller of the same state.
    limit
        Members drawn at most.
    lang
        What the sentences are written in.
    """
    touched = states != "untouched"
    wanted = touched | grouping.members_of(grouping.circles_with(touched), count=len(states))
    members = wanted
    if int(wanted.sum()) > limit:
        members = take_touched(grouping, every, states, harmless=harmless, exposure=exposure, limit=limit)
    omitted = _say_cut(wanted, members, say("which_touched", lang), limit=limit, lang=lang, advice="advice_member")
    omitted += _say_states(states[wanted & ~members], lang)
    calm = int((~wanted).sum())
    if calm:
        omitted += (say_counted("calm", calm, lang),)
    return _select(members, grouping, wanted=wanted, omitted=omitted)


def select_surroundings(
    grouping: Grouping,
    every: list[Ends],
    *,
    starts: NDArray[np.int64],
    hops: int,
    exposure: NDArray[np.int64],
    limit: int,
    lang: Language,
) -> Selection:
    """Take members and whom they reach over at most `hops` edges or shared circles, the nearest first.

    Parameters
    ----------
    grouping, every
        All circles, and all edges by kind.
    starts
        Positions of the members in the portfolio: one, or those of a circle.
    hops
        1 to 3.
    exposure
        Shape (members of the portfolio,): fen; the larger goes before the smaller at the same distance.
    limit
        Members drawn at most.
    lang
        What the sentences are written in.
    """
    far = _measure_hops(grouping, every, starts=starts, hops=hops, count=len(exposure))
    wanted = far <= hops
    members = _take_nearest(wanted, far, exposure, limit=limit)
    near = say("which_near" if len(starts) == 1 else "which_around", lang, hops=say_counted("hops_count", hops, lang))
    advice = "advice_hops" if hops > 1 else _advise_limit(limit)
    omitted = _say_cut(wanted, members, near, limit=limit, lang=lang, advice=advice)
    beyond = int((~wanted).sum())
    if beyond:
        omitted += (say_counted("farther", beyond, lang),)
    return _select(members, grouping, wanted=wanted, omitted=omitted)


def select_chain(
    grouping: Grouping,
    chain: tuple[NDArray[np.int64], NDArray[np.int64]],
    *,
    exposure: NDArray[np.int64],
    limit: int,
    lang: Language,
) -> Selection:
    """Take whoever guarantees for a member, directly or through others, and whom it guarantees for; the nearest first.

    `chain` is what `measure_chain` gives; the other parameters are those of `select_surroundings`.
    """
    far = np.minimum(*chain)
    wanted = far < len(far)
    members = _take_nearest(wanted, far, exposure, limit=limit)
    omitted = _say_cut(wanted, members, say("which_chain", lang), limit=limit, lang=lang, advice=_advise_limit(limit))
    beyond = int((~wanted).sum())
    if beyond:
        omitted += (say_counted("outside_chain", beyond, lang),)
    return _select(members, grouping, wanted=wanted, omitted=omitted)


def measure_chain(
    grouping: Grouping, every: list[Ends], *, start: int, count: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Count the guarantees between a member and those that stand behind it, and those that it guarantees for.

    The members of a circle guarantee each other.

    Returns
    -------
    Shapes (count,): 0 for the member itself, `count` where no guarantee leads from or to it.
    """
    pairs = [(ends.source, ends.target) for ends in every if ends.kind == "guarantee"]
    behind = _follow(grouping, [(target, source) for source, target in pairs], start=start, count=count)
    return behind, _follow(grouping, pairs, start=start, count=count)


def _follow(
    grouping: Grouping, pairs: list[tuple[NDArray[np.int32], NDArray[np.int32]]], *, start: int, count: int
) -> NDArray[np.int64]:
    far = np.full(count, count, dtype=np.int64)
    far[start] = 0
    for step in range(1, count):
        reached = far < step
        near = grouping.members_of(grouping.circles_with(far == step - 1), count=count)
        for here, there in pairs:
            near[there[reached[here]]] = True
        if not (near & ~reached).any():
            break
        far[near & ~reached] = step
    return far


def _measure_hops(
    grouping: Grouping, every: list[Ends], *, starts: NDArray[np.int64], hops: int, count: int
) -> NDArray[np.int64]:
    far = np.full(count, hops + 1, dtype=np.int64)
    far[starts] = 0
    for hop in range(1, hops + 1):
        reached = far < hop
        near = reached | grouping.members_of(grouping.circles_with(reached), count=count)
        for ends in every:
            near[ends.target[reached[ends.source]]] = True
            near[ends.source[reached[ends.target]]] = True
        far[near & (far > hop)] = hop
    return far


def _take_nearest(
    wanted: NDArray[np.bool_], far: NDArray[np.int64], exposure: NDArray[np.int64], *, limit: int
) -> NDArray[np.bool_]:
    """Take the nearest, and at the same distance the most exposed."""
    taken = np.zeros(len(wanted), dtype=np.bool_)
    places = np.flatnonzero(wanted)
    taken[places[np.lexsort((-exposure[places], far[places]))][:limit]] = True
    return taken


def _advise_limit(limit: int) -> str:
    return "advice_limit" if limit < MOST_MEMBERS else ""


def _say_cut(
    wanted: NDArray[np.bool_],
    members: NDArray[np.bool_],
    which: str,
    *,
    limit: int,
    lang: Language,
    advice: str,
) -> tuple[str, ...]:
    cut = int(wanted.sum() - members.sum())
    if not cut:
        return ()
    whole = say_counted("members_count", int(wanted.sum()), lang)
    said = say_counted("members_cut", cut, lang, members=whole, which=which, limit=f"{limit:,}")
    advised = say(advice, lang, most=f"{MOST_MEMBERS:,}") if advice else ""
    return (join_sentences([said, advised], lang),)


def _say_states(states: NDArray[np.object_], lang: Language) -> tuple[str, ...]:
    """Say how many of each state are not drawn."""
    counts = {state: int((states == state).sum()) for state in STATES}
    said = [
        say("state_cut", lang, state=say(f"state_{state}", lang), count=f"{n:,}") for state, n in counts.items() if n
    ]
    return (say("states_cut", lang, states=say("list_comma", lang).join(said)),) if said else ()
