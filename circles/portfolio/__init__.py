"""The portfolio: typed tables at one date in one currency, checked once, never changed."""

from circles.portfolio.build import build_portfolio
from circles.portfolio.portfolio import Portfolio, check_portfolio
from circles.portfolio.problems import PROBLEM_COLUMNS, Origin, ProblemLog
from circles.portfolio.tables import TABLES, Column, Kind, Table

__all__ = [
    "PROBLEM_COLUMNS",
    "TABLES",
    "Column",
    "Kind",
    "Origin",
    "Portfolio",
    "ProblemLog",
    "Table",
    "build_portfolio",
    "check_portfolio",
]
