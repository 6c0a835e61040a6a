"""``circles report``: the page in the language asked for."""

from pathlib import Path


def test_a_report_may_be_in_chinese(command, book: Path, tmp_path: Path) -> None:
    done = command("report", book, "--trials", 20, "--lang", "zh")
    assert done.code == 0, done.err
    assert '<html lang="zh-CN">' in (tmp_path / "report.html").read_text(encoding="utf-8")
    assert command("report", book, "--lang", "fr", "--out", "other.html").code == 2
    assert not (tmp_path / "other.html").exists()
