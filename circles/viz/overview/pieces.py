"""The pieces of an overview: what a page loads when it is asked for, as scripts beside it."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from circles.viz.escape import clean_text, escape_json

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


def write_search(folder: Path, members: pd.DataFrame, home: NDArray[np.int32]) -> list[str]:
    """Write ids and names in order, some thousand a piece.

    Returns
    -------
    The first key of each piece: where a prefix must be looked for.
    """
    ids = [clean_text(member) for member in members["member_id"]]
    names = [clean_text(name) for name in members["name"]]
    owed = members["exposure_fen"].tolist()
    rows = [(text.lower(), row) for row, text in enumerate(ids)]
    rows += [(text.lower(), row) for row, text in enumerate(names) if text and text != ids[row]]
    rows.sort()
    firsts: list[str] = []
    for start in range(0, len(rows), PIECE_ROWS):
        part = rows[start : start + PIECE_ROWS]
        data = [[key, ids[row], names[row], int(home[row]), owed[row], row] for key, row in part]
        write_piece(folder, f"search-{len(firsts)}", data)
        firsts.append(part[0][0])
    return firsts


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
    order = np.lexsort((-members["exposure_fen"].to_numpy(), home))
    bounds = np.searchsorted(home[order], np.arange(home.max(initial=-1) + 2))
    for bubble in range(len(bounds) - 1):
        largest = members.iloc[order[bounds[bubble] : bounds[bubble + 1]][:_SHOWN]]
        near = circles[circles["bubble"] == bubble]
        data = {
            "members": [
                [clean_text(row.member_id), clean_text(row.name), int(row.exposure_fen)]
                for row in largest[["member_id", "name", "exposure_fen"]].itertuples(index=False)
            ],
            "circles": [
                [clean_text(row.circle_id), int(row.members), int(row.exposure_fen), maps.get(row.circle_id, "")]
                for row in near.head(_SHOWN).itertuples(index=False)
            ],
            "more": max(len(near) - _SHOWN, 0),
        }
        write_piece(folder, f"bubble-{bubble}", data)
