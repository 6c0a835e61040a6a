"""Audit files that are damaged or foreign: refused with the place of what is wrong, or judged, and never believed."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from audit_files import Change, write
from forming_book import book

from circles.errors import InputError
from circles.matching import BoundStatus, MatchingRules, form_circles, read_proposal, verify_proposal
from circles.portfolio import Portfolio


@pytest.fixture(scope="module")
def portfolio() -> Portfolio:
    return book(9)


@pytest.fixture(scope="module")
def document(portfolio: Portfolio, tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("audit") / "proposal.json"
    form_circles(portfolio, MatchingRules(max_members=4), seed=7, gap=0.0).save(path)
    return path.read_text(encoding="utf-8")


REFUSED: dict[str, tuple[Change, str]] = {
    "kind": (lambda said: said.update(format="something else"), "is not the audit file of a proposal"),
    "newer": (lambda said: said.update(format_version=99), r"format_version must be between 1 and 1, got 99"),
    "missing": (lambda said: said.pop("runs"), "has no field 'runs'"),
    "text for a number": (lambda said: said.update(score="5"), "score must be a whole number, got '5'"),
    "float": (lambda said: said["runs"][0]["prices"].update(M1=1.5), r"prices\['M1'\] must be a whole number"),
    "huge": (lambda said: said.update(upper_bound=2**70), "upper_bound must be between"),
    "status": (lambda said: said.update(status="FINE"), "status must be one of OPTIMAL"),
    "rules": (lambda said: said["rules"].update(coverage=-1.0), "rules are no matching rules: coverage"),
    "unknown rule": (lambda said: said["rules"].update(lucky=1), "look at 'lucky'"),
    "no such member": (lambda said: said["runs"][0]["circles"][0].append("X9"), "names 'X9', who has no price"),
    "date": (lambda said: said["portfolio"].update(as_of="yesterday"), "must be a date such as"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_of_another_form_is_refused_and_says_where(document: str, tmp_path: Path, name: str) -> None:
    change, message = REFUSED[name]
    with pytest.raises(InputError, match=message):
        read_proposal(write(tmp_path, document, change))


def list_places(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place of a document below its top, the first two entries of each list and object of many."""
    entries = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    many = path[-1:] not in ((), ("rules",), ("weights",), ("search",), ("portfolio",)) and not isinstance(
        path[-1], int
    )
    for name, value in list(entries)[: 2 if many else None]:
        yield (*path, name)
        yield from list_places(value, (*path, name))


JUNK = (None, True, -1, 1.5, 10**30, "x", "", [], [[]], {}, {"x": 1})


@pytest.mark.parametrize("which", range(len(JUNK)))
def test_whatever_stands_anywhere_the_file_is_refused_or_judged(
    portfolio: Portfolio, document: str, tmp_path: Path, which: int, random_problems: int
) -> None:
    places = sorted(list_places(json.loads(document)), key=str)
    refused = judged = count = 0
    for place in places if random_problems else places[which :: len(JUNK)]:

        def put(said: Any, place: tuple[Any, ...] = place) -> None:
            *way, last = place
            for name in way:
                said = said[name]
            said[last] = JUNK[which]

        path = write(tmp_path, document, put)
        try:
            assert verify_proposal(path, portfolio).status in set(BoundStatus)
            judged += 1
        except InputError as error:
            refused += str(path) in str(error)
        count += 1
    assert refused + judged == count > 10
    assert refused


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is not JSON"),
        ("\x00\x01", "is not JSON"),
        ("[" * 100_000, "is not JSON"),
        ("9" * 10_000, "is not JSON"),
        ("null", "is not the audit file"),
        ('"circles proposal"', "is not the audit file"),
        ('{"format": "circles proposal"}', "has no field 'format_version'"),
        ('{"format": "circles proposal", "format_version": 1}', "has no field"),
        ("{", "is not JSON"),
        ('{"a": 1, "a": 2}', "'a' is given twice"),
        ('{"a": NaN}', "NaN is no number"),
        ("[]", "is not"),
    ],
)
def test_what_is_no_document_is_refused(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "p.json").write_text(text)
    with pytest.raises(InputError, match=message):
        read_proposal(tmp_path / "p.json")


@pytest.mark.parametrize("share", [0.0, 0.3, 0.7, 0.999])
def test_a_file_cut_short_is_refused(document: str, tmp_path: Path, share: float) -> None:
    (tmp_path / "p.json").write_text(document[: int(share * len(document.rstrip()))], encoding="utf-8")
    with pytest.raises(InputError, match="is not JSON"):
        read_proposal(tmp_path / "p.json")


def test_bytes_that_are_no_utf8_and_a_folder_are_refused(tmp_path: Path) -> None:
    (tmp_path / "p.json").write_bytes("联保".encode("gb18030"))
    with pytest.raises(InputError, match="is not JSON in UTF-8"):
        read_proposal(tmp_path / "p.json")
    with pytest.raises(InputError, match="cannot be read"):
        read_proposal(tmp_path)


def test_more_to_be_placed_than_there_are_is_violated(portfolio: Portfolio, tmp_path: Path) -> None:
    form_circles(portfolio, MatchingRules(max_members=4, first="members"), gap=0.0).save(tmp_path / "p.json")

    def ask(said: dict[str, Any]) -> None:
        said["runs"][0]["place_at_least"] = 10**9

    checked = verify_proposal(write(tmp_path, (tmp_path / "p.json").read_text(), ask), portfolio)
    assert checked.violations["rule"].tolist() == ["certificate"]
    assert "place_at_least" in checked.violations["detail"][0]


def test_a_file_that_is_not_there_and_a_time_of_nothing_are_refused(portfolio: Portfolio, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read_proposal(tmp_path / "none.json")
    with pytest.raises(InputError, match="time_limit must be more than 0"):
        verify_proposal(tmp_path / "none.json", portfolio, time_limit=0)
