"""A book to draw, and a browser to open maps in."""

import sys
from pathlib import Path

import pytest
from books_to_draw import build_book

from circles.portfolio import Portfolio

sys.path.insert(0, str(Path(__file__).parents[1] / "browser"))
from opened_page import chromium, open_page

__all__ = ["chromium", "open_page"]


@pytest.fixture
def book() -> Portfolio:
    return build_book()
