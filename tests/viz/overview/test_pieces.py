"""The pieces beside the page: every member is found by id and name, every bubble has its lists."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from circles.viz.escape import clean_text
from circles.viz.overview import pieces
from circles.viz.overview.pieces import clean_column, write_bubbles, write_search

TEXTS = [
    "Silk",
    "",
    "two  spaces",
    " edge ",
    "x" * 300,
    "丝绸厂",
    "全　角",
    "a\u202eb",
    "\ud800",
    "</script>",
    "é\n",
    "q\u2028",
]


def read_piece(folder: Path, name: str) -> Any:
    text = (folder / f"{name}.js").read_text(encoding="utf-8")
    found, data = json.loads("[" + text.removeprefix("overviewPiece(").removesuffix(");\n") + "]")
    assert found == name
    return data


def test_a_column_is_cleaned_as_its_texts_are() -> None:
    assert clean_column(pd.Series(TEXTS, dtype=object)) == [clean_text(text) for text in TEXTS]


def test_search_lists_every_key_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pieces, "PIECE_ROWS", 3)
    ids, names = ["b2", "A1", "c3", "d4"], ["Zinc", "b2", "", "d4"]
    members = pd.DataFrame({"member_id": ids, "name": names, "exposure_fen": [5, 6, 7, 8]}, dtype=object)
    circles = pd.DataFrame({"circle_id": ["B2", "Z"], "exposure_fen": [11, 0], "members": [3, 2], "bubble": [1, 0]})
    home = np.array([1, 0, 1, 0], dtype=np.int32)
    firsts = write_search(tmp_path, members, home, circles, {"B2": "circle-0.html"})
    found = [row for place in range(len(firsts)) for row in read_piece(tmp_path, f"search-{place}")]
    assert (
        [read_piece(tmp_path, f"search-{place}")[0][0] for place in range(len(firsts))] == firsts == ["a1", "b2", "z"]
    )
    assert found == [
        ["a1", "A1", "b2", 0, 6, 1],
        ["b2", "b2", "Zinc", 1, 5, 0],
        ["b2", "A1", "b2", 0, 6, 1],
        ["b2", "B2", "", 1, 11, -1, 3, "circle-0.html"],
        ["c3", "c3", "", 1, 7, 2],
        ["d4", "d4", "d4", 0, 8, 3],
        ["z", "Z", "", 0, 0, -1, 2, ""],
        ["zinc", "b2", "Zinc", 1, 5, 0],
    ]


def test_a_bubble_lists_its_largest_and_counts_the_rest(tmp_path: Path) -> None:
    members = pd.DataFrame({"member_id": ["M1", "M2", "M3"], "name": ["", "Two", ""], "exposure_fen": [1, 9, 4]})
    circles = pd.DataFrame(
        {"circle_id": [f"C{place}" for place in range(22)], "exposure_fen": range(22, 0, -1), "members": 3, "bubble": 0}
    )
    write_bubbles(tmp_path, members, np.array([0, 0, 1], dtype=np.int32), circles, {"C0": "circle-0.html"})
    first, second = read_piece(tmp_path, "bubble-0"), read_piece(tmp_path, "bubble-1")
    assert first["members"] == [["M2", "Two", 9], ["M1", "", 1]]
    assert first["circles"][0] == ["C0", 3, 22, "circle-0.html"]
    assert (len(first["circles"]), first["more"]) == (20, 2)
    assert second == {"members": [["M3", "", 4]], "circles": [], "more": 0}
