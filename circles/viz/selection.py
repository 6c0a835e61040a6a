"""Which members a map shows, and in words what it leaves out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from circles.viz.words import say, say_counted

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.viz.edges import Ends
    from circles.viz.grouping import Grouping
    from circles.viz.languages import Language

MOST_CIRCLES = 60
"""Circles that a map shows when nothing else narrows it."""

_WORST_FIRST = {"first": 0, "contagious": 1, "paid": 2, "hurt": 3, "untouched": 4}


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """What is drawn.

    Attributes
    ----------
    members
        Shape (members of the portfolio,): True for those drawn.
    grouping
        The circles drawn, with the members drawn.
    omitted
        Sentences that say what is not drawn.
    """

    members: NDArray[np.bool_]
    grouping: Grouping
    omitted: tuple[str, ...]


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
    return Selection(members=members, grouping=grouping.keep_circles(kept), omitted=tuple(omitted))


def select_touched(
    grouping: Grouping,
    states: NDArray[np.object_],
    *,
    harmless: NDArray[np.bool_],
    exposure: NDArray[np.int64],
    limit: int,
    lang: Language,
) -> Selection:
    """Take what a cascade touched and the co-members of whom it touched, the worst first.

    Parameters
    ----------
    grouping
        All circles.
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
    rank = np.where(harmless, len(_WORST_FIRST), [_WORST_FIRST[state] for state in states])
    members = _take_first(wanted, np.lexsort((-exposure, rank)), limit=limit)
    omitted = _say_cut(wanted, members, say("which_touched", lang), limit=limit, lang=lang)
    calm = int((~wanted).sum())
    if calm:
        omitted += (say_counted("calm", calm, lang),)
    return Selection(members=members, grouping=grouping.keep_members(members), omitted=omitted)


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
    members = _take_first(wanted, np.lexsort((-exposure, far)), limit=limit)
    near = say("which_near" if len(starts) == 1 else "which_around", lang, hops=say_counted("hops_count", hops, lang))
    omitted = _say_cut(wanted, members, near, limit=limit, lang=lang)
    beyond = int((~wanted).sum())
    if beyond:
        omitted += (say_counted("farther", beyond, lang),)
    return Selection(members=members, grouping=grouping.keep_members(members), omitted=omitted)


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
    members = _take_first(wanted, np.lexsort((-exposure, far)), limit=limit)
    omitted = _say_cut(wanted, members, say("which_chain", lang), limit=limit, lang=lang)
    beyond = int((~wanted).sum())
    if beyond:
        omitted += (say_counted("outside_chain", beyond, lang),)
    return Selection(members=members, grouping=grouping.keep_members(members), omitted=omitted)


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


def _take_first(wanted: NDArray[np.bool_], order: NDArray[np.int64], *, limit: int) -> NDArray[np.bool_]:
    taken = np.zeros(len(wanted), dtype=np.bool_)
    taken[order[wanted[order]][:limit]] = True
    return taken


def _say_cut(
    wanted: NDArray[np.bool_], members: NDArray[np.bool_], which: str, *, limit: int, lang: Language
) -> tuple[str, ...]:
    cut = int(wanted.sum() - members.sum())
    if not cut:
        return ()
    whole = say_counted("members_count", int(wanted.sum()), lang)
    return (say_counted("members_cut", cut, lang, members=whole, which=which, limit=f"{limit:,}"),)
