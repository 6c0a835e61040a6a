"""``circles export``: a graph file by its extension, from a folder or a store."""

from pathlib import Path

import networkx as nx
import pytest


@pytest.mark.parametrize("suffix", ["graphml", "gexf", "json"])
def test_a_folder_is_exported_by_extension(command, book: Path, tmp_path: Path, suffix: str) -> None:
    done = command("export", book, f"book.{suffix}")
    assert done.code == 0
    assert f"written to book.{suffix}" in done.out
    assert (tmp_path / f"book.{suffix}").stat().st_size > 10_000


def test_a_store_gives_the_same_file_as_the_folder(command, book: Path, tmp_path: Path) -> None:
    command("load", book, "--graph", "sqlite:///kept.db")
    assert command("export", book, "folder.graphml").code == 0
    assert command("export", "sqlite:///kept.db", "store.graphml").code == 0
    assert (tmp_path / "folder.graphml").read_bytes() == (tmp_path / "store.graphml").read_bytes()


def test_a_file_that_is_there_is_kept_unless_forced(command, book: Path, tmp_path: Path) -> None:
    (tmp_path / "book.graphml").write_text("mine")
    refused = command("export", book, "book.graphml")
    assert refused.code == 2
    assert "--force" in refused.err
    assert (tmp_path / "book.graphml").read_text() == "mine"
    assert command("export", book, "book.graphml", "--force").code == 0
    assert len(nx.read_graphml(tmp_path / "book.graphml")) > 150


def test_another_extension_is_refused_before_anything_is_read(command) -> None:
    done = command("export", "nowhere", "book.dot")
    assert done.code == 2
    assert "must be one of .graphml, .gexf, .json, got '.dot'" in done.err
