"""The compose file: on this machine only, of the version that is tested, without a password inside."""

import re
from pathlib import Path

from circles.graph.server import NEO4J_VERSION

TEXT = (Path(__file__).parents[2] / "compose.yaml").read_text(encoding="utf-8")


def test_the_container_is_of_the_line_that_is_tested() -> None:
    (image,) = re.findall(r"^    image: (\S+)$", TEXT, re.MULTILINE)
    assert image == f"neo4j:{NEO4J_VERSION.rpartition('.')[0]}-community"


def test_the_container_is_reached_from_this_machine_only() -> None:
    ports = re.findall(r'^      - "([^"]+:\d+)"', TEXT, re.MULTILINE)
    assert ports == ["127.0.0.1:7687:7687"]


def test_the_password_comes_from_where_circles_finds_it_too() -> None:
    (given,) = re.findall(r"NEO4J_AUTH: (.*)", TEXT)
    assert re.fullmatch(r'"neo4j/\$\{CIRCLES_NEO4J_PASSWORD:\?[^}]+\}"', given)
