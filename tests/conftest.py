"""Options of the whole test run."""

import pytest

pytest_plugins = ["browser.opened_page", "server.running_server"]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--refresh-golden", action="store_true", help="write the golden files anew instead of comparing")


@pytest.fixture
def refresh_golden(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--refresh-golden"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Start with what takes longest, so that it runs beside everything else."""
    items.sort(key=lambda item: item.get_closest_marker("package") is None)
