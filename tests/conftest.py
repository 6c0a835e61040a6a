"""Options of the whole test run."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from xdist.scheduler import LoadScopeScheduling
from xdist.workermanage import Producer

pytest_plugins = ["browser.opened_page", "server.running_server"]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--refresh-golden", action="store_true", help="write the golden files anew instead of comparing")
    parser.addoption("--random-problems", type=int, default=0, help="so many matching problems against brute force")


@pytest.fixture
def random_problems(request: pytest.FixtureRequest) -> int:
    return int(request.config.getoption("--random-problems"))


@pytest.fixture
def refresh_golden(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--refresh-golden"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Start with what takes longest, so that it runs beside everything else."""
    items.sort(key=lambda item: [item.get_closest_marker(name) is None for name in ("package", "slow")])


class OneServer(LoadScopeScheduling):
    """Deals tests out one by one, but gives all that speak of Neo4j to one process, so that one server is started."""

    def _split_scope(self, nodeid: str) -> str:
        return "neo4j" if "neo4j" in nodeid else nodeid


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> OneServer:
    return OneServer(config, log)


@pytest.fixture(scope="session")
def public_data() -> Callable[[str], Path]:
    """Find a public data set by the name of its folder, or skip: in CIRCLES_PUBLIC_DATA, else beside this checkout."""
    beside = Path(__file__).parents[2] / "shared" / "data"
    root = Path(os.environ.get("CIRCLES_PUBLIC_DATA", beside))

    def find(name: str) -> Path:
        if not (root / name).is_dir():
            pytest.skip(f"the public data set {name} is not there; CIRCLES_PUBLIC_DATA names the folder that holds it")
        return root / name

    return find
