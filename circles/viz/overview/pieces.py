"""The pieces of an overview: what a page loads when it is asked for, as scripts beside it."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from circles.viz.escape import LONGEST_TEXT, clean_text, escape_json

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from circles.portfolio import Portfolio

PIECE_ROWS = 4_000
_SHOWN = 20


def write_piece(folder: Path, name: str, data: Any) -> None:
    """Write one piece: a script that hands its data to the page."""
    text = f"overviewPiece({escape_json(name)}, {escape_json(data)});\n"
    (folder / f"{name}.js").write_text(text, encoding="utf-8", newline="\n")


def write_places(folder: Path, places: NDArray[np.float32]) -> None:
    """Write the places of all members as one typed array."""
    write_piece(folder, "places", base64.b64encode(places.astype("<f4").tobytes()).decode("ascii"))


def write_search(
    folder: Path, members: pd.DataFrame, home: NDArray[np.int32], circles: pd.DataFrame, maps: dict[str, str]
) -> list[str]:
    """Write ids and names of members, and ids of circles, in order, some thousand a piece.

    A member's row is ``key, id, name, bubble, exposure, place``; a circle's has no name, place −1, and its number of
    members and its map (empty if it has none) as well.

    Returns
    -------
    The first key of each piece: where a prefix must be looked for.
    """
    rows = _list_members(members, home) + _list_found_circles(circles, maps)
    rows.sort(key=lambda row: row[0])  # by key alone: rows of one key stay in the order of the book
    firsts: list[str] = []
    for start in range(0, len(rows), PIECE_ROWS):
        part = rows[start : start + PIECE_ROWS]
        write_piece(folder, f"search-{len(firsts)}", part)
        firsts.append(part[0][0])
    return firsts


def _list_members(members: pd.DataFrame, home: NDArray[np.int32]) -> list[tuple[Any, ...]]:
    ids, names = clean_column(members["member_id"]), clean_column(members["name"])
    keys, found = _list_keys(ids, names)
    columns = ids, names, home.tolist(), members["exposure_fen"].tolist()
    facts = ([column[row] for row in found] for column in columns)
    return list(zip(keys, *facts, found, strict=True))


def _list_found_circles(circles: pd.DataFrame, maps: dict[str, str]) -> list[tuple[Any, ...]]:
    ids = clean_column(circles["circle_id"])
    links = [maps.get(circle, "") for circle in circles["circle_id"]]
    facts = (circles[name].tolist() for name in ("bubble", "exposure_fen", "members"))
    rows = zip(ids, *facts, links, strict=True)
    return [(name.lower(), name, "", bubble, owed, -1, count, link) for name, bubble, owed, count, link in rows]


def clean_column(values: pd.Series) -> list[str]:
    """Give what `clean_text` makes of each text; it is asked only about those that are not clean as they are."""
    return [text if _is_clean(text) else clean_text(text) for text in values.tolist()]


def _is_clean(text: str) -> bool:
    return text.isprintable() and len(text) <= LONGEST_TEXT and "  " not in text and text.strip() == text


def _list_keys(ids: list[str], names: list[str]) -> tuple[list[str], list[int]]:
    """Give every key to search by, in lower case, and its row, in the order of rows."""
    keys: list[str] = []
    rows: list[int] = []
    for row, (member, name) in enumerate(zip(ids, names, strict=True)):
        keys.append(member.lower())
        rows.append(row)
        if name and name != member:
            keys.append(name.lower())
            rows.append(row)
    return keys, rows


def list_circles(portfolio: Portfolio, members: pd.DataFrame, home: NDArray[np.int32]) -> pd.DataFrame:
    """Give ``circle_id, exposure_fen, members, bubble``, most exposed first; a circle's bubble holds most of it."""
    table = portfolio.circle_members[["circle_id"]].copy()
    row = portfolio.codes("circle_members", "member_id")
    table["exposure_fen"] = members["exposure_fen"].to_numpy()[row]
    table["bubble"] = home[row]
    parts = table.groupby(["circle_id", "bubble"], as_index=False).agg(
        exposure_fen=("exposure_fen", "sum"), members=("circle_id", "size")
    )
    parts = parts.sort_values(["circle_id", "exposure_fen", "bubble"], ascending=[True, False, True])
    sums = parts.groupby("circle_id", as_index=False).agg(
        exposure_fen=("exposure_fen", "sum"), members=("members", "sum"), bubble=("bubble", "first")
    )
    return sums.sort_values(["exposure_fen", "circle_id"], ascending=[False, True]).reset_index(drop=True)


def write_bubbles(
    folder: Path, members: pd.DataFrame, home: NDArray[np.int32], circles: pd.DataFrame, maps: dict[str, str]
) -> None:
    """Write the largest circles and members of each bubble, a piece a bubble."""
    owed, ids, names = (members[name].to_numpy() for name in ("exposure_fen", "member_id", "name"))
    order = np.lexsort((-owed, home))
    bounds = np.searchsorted(home[order], np.arange(home.max(initial=-1) + 2))
    near = circles.groupby("bubble", sort=False)
    count = near.size()
    lists = dict(list(near.head(_SHOWN).groupby("bubble")))
    for bubble in range(len(bounds) - 1):
        largest = order[bounds[bubble] : bounds[bubble + 1]][:_SHOWN]
        data = {
            "members": [[clean_text(ids[row]), clean_text(names[row]), int(owed[row])] for row in largest],
            "circles": [
                [clean_text(row.circle_id), int(row.members), int(row.exposure_fen), maps.get(row.circle_id, "")]
                for row in lists.get(bubble, circles.head(0)).itertuples(index=False)
            ],
            "more": max(int(count.get(bubble, 0)) - _SHOWN, 0),
        }
        write_piece(folder, f"bubble-{bubble}", data)
