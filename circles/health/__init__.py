"""The health of data: what a portfolio holds, how much of it is missing, and what looks odd."""

from circles.health.examine import examine_portfolio
from circles.health.health import Health

__all__ = ["Health", "examine_portfolio"]
