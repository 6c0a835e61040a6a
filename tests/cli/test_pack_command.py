"""``circles pack``: a file for one circle, a folder for all."""

from pathlib import Path


def test_one_circle_is_a_file_and_all_are_a_folder(command, book: Path, tmp_path: Path) -> None:
    easy = ("--rule", "coverage=0", "--rule", "bearable=0")
    assert command("match", book, *easy, "--proposal-out", "proposal.json").code == 0
    done = command("pack", "proposal.json", book, "--circle", "C00001", "--lang", "zh")
    assert done.code == 0, done.err
    assert "责任说明" in (tmp_path / "pack.html").read_text(encoding="utf-8")
    kept = command("pack", "proposal.json", book, "--circle", "C00001")
    assert kept.code == 2
    assert "--force" in kept.err
    assert "packs written to packs" in command("pack", "proposal.json", book).out
    assert (tmp_path / "packs" / "pack-00001.html").exists()
    assert command("pack", "proposal.json", book, "--circle", "C9", "--out", "x.html").code == 2
    assert not (tmp_path / "x.html").exists()
