"""``--lang`` of the commands that write a map or a replay."""

from pathlib import Path

import circles


def test_maps_and_replays_are_written_in_chinese(command, book: Path, tmp_path: Path) -> None:
    member = circles.read_portfolio(book).members["member_id"].iloc[0]
    for name in ("map", "replay"):
        done = command(name, book, "--default", member, "--lang", "zh")
        assert done.code == 0, done.err
        assert '<html lang="zh-CN">' in (tmp_path / f"{name}.html").read_text(encoding="utf-8")
        assert command(name, book, "--default", member, "--lang", "fr", "--force").code == 2
