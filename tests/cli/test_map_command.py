"""``circles map``: what is drawn, by what members are sized, and how much is refused."""

from pathlib import Path


def test_the_circles_of_an_audit_file_are_drawn(command, book: Path, tmp_path: Path) -> None:
    easy = ("--rule", "coverage=0", "--rule", "bearable=0")
    assert command("match", book, *easy, "--proposal-out", "proposal.json").code == 0
    done = command("map", book, "--proposal", "proposal.json", "--circle", "C00001", "--hops", 2)
    assert done.code == 0, done.err
    page = (tmp_path / "map.html").read_text(encoding="utf-8")
    assert "<h1>Proposed circles: around C00001</h1>" in page
    assert "The whole proposal has" not in page
    assert "the whole proposal has" in page
    both = command("map", book, "--proposal", "proposal.json", "--default", "M00001", "--force")
    assert both.code == 2
    assert "--proposal or --default" in both.err


def test_an_audit_file_of_another_book_is_refused(command, book: Path, tmp_path: Path) -> None:
    easy = ("--rule", "coverage=0", "--rule", "bearable=0")
    assert command("match", book, *easy, "--proposal-out", "proposal.json").code == 0
    assert command("generate", "other", "--members", 30, "--trades", 60, "--seed", 2).code == 0
    refused = command("map", "other", "--proposal", "proposal.json")
    assert refused.code == 2
    assert "another portfolio" in refused.err
    assert not (tmp_path / "map.html").exists()


def test_members_are_sized_by_the_measure_asked_for(command, book: Path, tmp_path: Path) -> None:
    assert command("map", book, "--size", "resources").code == 0
    page = (tmp_path / "map.html").read_text(encoding="utf-8")
    assert page.index('<option value="resources_fen">') < page.index('<option value="exposure_fen">')
    refused = command("map", book, "--size", "paid", "--force")
    assert refused.code == 2
    assert "size must be one of exposure, resources on this map, got 'paid'" in refused.err


def test_more_members_than_anybody_can_read_are_refused_with_a_way_out(command, book: Path, defaulter: str) -> None:
    for line in (("map", book), ("replay", book, "--default", defaulter)):
        refused = command(*line, "--limit", 50_000)
        assert refused.code == 2
        assert "at most 2,000 members, got 50,000" in refused.err
        assert "circles overview" in refused.err
