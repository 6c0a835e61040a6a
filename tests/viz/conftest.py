"""A book to draw."""

import pytest
from books_to_draw import build_book

from circles.portfolio import Portfolio


@pytest.fixture
def book() -> Portfolio:
    return build_book()
