"""From results to a drawing: who is shown, where it stands, and what is said about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from circles.money import name_currency
from circles.viz.drawing import Drawing
from circles.viz.edges import (
    OPEN_SINCE,
    OPEN_UNTIL,
    count_expired_guarantees,
    join_members,
    keep_strongest,
    measure_widths,
)
from circles.viz.headline import write_headline
from circles.viz.hulls import list_hulls
from circles.viz.languages import say_unit
from circles.viz.layout import Layouts, arrange
from circles.viz.nodes import add_cascade, list_nodes, size_by
from circles.viz.scene import Question, Scene, select_members, set_scene
from circles.viz.words import say_counted

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.viz.grouping import Grouping
    from circles.viz.languages import Language

MOST_EDGES = 1_200
"""Edges that a map holds, so that its table stays readable and its page small; more where members would lose their
only way to others."""

_ASKING = ("failure", "guarantee", "receivable")
_LEAST_SIZE = 10.0
"""Radius at least of what a map is about: the member in focus, and the first defaults."""
_WEIGHTS = {"first": 4.0, "contagious": 3.0, "paid": 2.0, "hurt": 1.0}


def compose_drawing(question: Question, scene: Scene | None = None) -> Drawing:
    """Compose the drawing that answers a question.

    Parameters
    ----------
    question
        What was asked.
    scene
        What was looked up for it; None: it is looked up here.

    Raises
    ------
    InputError
        If the cascade or the proposal was made from another portfolio, or the member does not exist.
    """
    scene = set_scene(question) if scene is None else scene
    selection = select_members(question, scene)
    positions = _sort_by_id(question, selection.members)
    local = np.full(len(scene.states), -1, dtype=np.int32)
    local[positions] = np.arange(len(positions), dtype=np.int32)
    home, spokes = _settle_members(selection.grouping, local, count=len(positions))
    found = join_members(scene.every, positions, count=len(scene.states))
    wanted = _choose_edges(question, found, home)
    wanted = wanted.assign(faint=_find_faint(question, wanted, scene.states[positions]))
    edges = keep_strongest(wanted, limit=MOST_EDGES)
    ids = _name_members(question, positions)
    layouts = _lay_out(question, edges, home=home, spokes=spokes, hulls=len(selection.grouping.circles), ids=ids)
    headline = write_headline(question, scene, selection)
    return Drawing(
        kind=question.kind,
        title=headline.title,
        sentence=headline.sentence,
        figures=headline.figures,
        nodes=_finish_nodes(
            question, scene, positions=positions, home=home, layouts=layouts, grouping=selection.grouping
        ),
        edges=_finish_edges(_read_days(edges), ids, asked=question.cascade is not None),
        hulls=list_hulls(question, selection.grouping, layouts=layouts),
        spokes=spokes,
        omitted=(
            *selection.omitted,
            *_say_edges_cut(question, found=len(found), wanted=len(wanted), drawn=len(edges)),
            *_say_cut("causes_cut", _count_missing_causes(scene, selection.members), question.lang),
            *_say_cut("expired", count_expired_guarantees(question.portfolio, selection.members), question.lang),
        ),
        facts=headline.facts,
        unit=say_unit(name_currency(question.portfolio.currency), question.lang),
        lang=question.lang,
        measure=question.size,
    )


def _sort_by_id(question: Question, members: NDArray[np.bool_]) -> NDArray[np.int32]:
    """Give positions in the order of ids, so that the order of rows in the portfolio does not matter."""
    positions = np.flatnonzero(members)
    return positions[np.argsort(_name_members(question, positions), kind="stable")].astype(np.int32)


def _name_members(question: Question, positions: NDArray[np.signedinteger]) -> NDArray[np.object_]:
    return question.portfolio.members["member_id"].iloc[positions].to_numpy(dtype=object)


def _settle_members(
    grouping: Grouping, local: NDArray[np.int32], *, count: int
) -> tuple[NDArray[np.int32], pd.DataFrame]:
    """Put every member on the ring of its first circle; its other circles become spokes."""
    pairs = pd.DataFrame({"member": local[grouping.member], "hull": grouping.circle})
    pairs = pairs.sort_values(["hull", "member"], kind="stable", ignore_index=True)
    further = pairs.duplicated("member", keep="first")
    home = np.full(count, -1, dtype=np.int32)
    first = pairs.loc[~further]
    home[first["member"].to_numpy()] = first["hull"].to_numpy()
    return home, pairs.loc[further].reset_index(drop=True)


def _choose_edges(question: Question, edges: pd.DataFrame, home: NDArray[np.int32]) -> pd.DataFrame:
    if question.kind == "chain":
        return edges.loc[edges["kind"].isin(("failure", "guarantee"))].reset_index(drop=True)
    return edges if question.kind in ("cascade", "surroundings") else _keep_inside(edges, home)


def _keep_inside(edges: pd.DataFrame, home: NDArray[np.int32]) -> pd.DataFrame:
    same = home[edges["source"].to_numpy(dtype=np.int64)] == home[edges["target"].to_numpy(dtype=np.int64)]
    return edges.loc[same].reset_index(drop=True)


def _find_faint(question: Question, edges: pd.DataFrame, states: NDArray[np.object_]) -> NDArray[np.bool_]:
    """Find the edges over which a cascade asked for nothing: whoever owes, or is guaranteed, did not fail."""
    if question.cascade is None:
        return np.zeros(len(edges), dtype=np.bool_)
    failed = np.isin(states, ("first", "contagious"))
    source, target = edges["source"].to_numpy(dtype=np.int64), edges["target"].to_numpy(dtype=np.int64)
    kind = edges["kind"].to_numpy(dtype=object)
    owes = np.where(kind == "guarantee", failed[target], (kind == "receivable") & failed[source])
    return ~(owes | (kind == "failure"))


def _count_missing_causes(scene: Scene, drawn: NDArray[np.bool_]) -> int:
    """Count members drawn that somebody who is not drawn brought down, alone or with others."""
    failures = [ends for ends in scene.every if ends.kind == "failure"]
    missing = [ends.target[drawn[ends.target] & ~drawn[ends.source]] for ends in failures]
    return len(np.unique(np.concatenate(missing))) if missing else 0


def _lay_out(
    question: Question,
    edges: pd.DataFrame,
    *,
    home: NDArray[np.int32],
    spokes: pd.DataFrame,
    hulls: int,
    ids: NDArray[np.object_],
) -> Layouts:
    pulling = edges
    if question.cascade is not None:
        pulling = edges.loc[edges["kind"].isin(_ASKING) & ~edges["faint"]]
    elif question.kind not in ("surroundings", "chain"):
        pulling = edges.head(0)
    to_hulls = np.stack([spokes["member"], spokes["hull"] + len(home)], axis=1)
    joined = np.concatenate([pulling[["source", "target"]].to_numpy(dtype=np.int32), to_hulls.astype(np.int32)])
    return arrange(home, joined, hulls=hulls, ids=ids)


def _finish_nodes(
    question: Question,
    scene: Scene,
    *,
    positions: NDArray[np.int32],
    home: NDArray[np.int32],
    layouts: Layouts,
    grouping: Grouping,
) -> pd.DataFrame:
    nodes = list_nodes(question.portfolio, positions, exposure=scene.exposure)
    nodes = nodes if question.cascade is None else add_cascade(nodes, question.cascade.members)
    sizes = size_by(nodes, question.size)
    ids = np.append(grouping.circles["circle_id"].to_numpy(dtype=object), "")
    states = scene.states[positions]
    weights = np.array([_WEIGHTS.get(state, 0.0) for state in states]) + sizes / 100.0
    focus, asked = positions == scene.start, ids[home] == question.circle
    return nodes.assign(
        circle_id=ids[home],
        state=states,
        focus=focus,
        size=np.where(focus | (states == "first"), np.maximum(sizes, _LEAST_SIZE), sizes),
        x=layouts.wide.nodes[:, 0],
        y=layouts.wide.nodes[:, 1],
        narrow_x=layouts.narrow.nodes[:, 0],
        narrow_y=layouts.narrow.nodes[:, 1],
        home=home,
        weight=np.round(weights + 10.0 * focus + 2.0 * asked, 3),
    )


def _finish_edges(edges: pd.DataFrame, ids: NDArray[np.object_], *, asked: bool) -> pd.DataFrame:
    """Name both ends; after a cascade, acquaintance and trade wait until the reader asks for them."""
    return edges.assign(
        source_id=ids[edges["source"].to_numpy(dtype=np.int64)],
        target_id=ids[edges["target"].to_numpy(dtype=np.int64)],
        width=measure_widths(edges),
        shown=edges["kind"].isin(_ASKING) if asked else True,
    )


def _read_days(edges: pd.DataFrame) -> pd.DataFrame:
    """Give first and last days as dates, NaT where an edge is open."""
    since, until = (edges[name].to_numpy(dtype="datetime64[D]") for name in ("since", "until"))
    return edges.assign(
        since=np.where(since == OPEN_SINCE, np.datetime64("NaT"), since).astype("datetime64[s]"),
        until=np.where(until == OPEN_UNTIL, np.datetime64("NaT"), until).astype("datetime64[s]"),
    )


def _say_edges_cut(question: Question, *, found: int, wanted: int, drawn: int) -> tuple[str, ...]:
    across = "edges_other" if question.kind == "chain" else "edges_across"
    limits = {"all": f"{wanted:,}", "most": f"{MOST_EDGES:,}"}
    return (
        *_say_cut(across, found - wanted, question.lang),
        *_say_cut("edges_weakest", wanted - drawn, question.lang, **limits),
    )


def _say_cut(key: str, count: int, lang: Language, **values: object) -> tuple[str, ...]:
    return (say_counted(key, count, lang, **values),) if count else ()
