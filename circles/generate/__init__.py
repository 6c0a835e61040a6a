"""Seeded sample portfolios: the same seed gives the same tables, whatever else the program does.

One file a noun. Figures with a source are data in `profile` and `towns`; everything else is an assumption, named
beside the noun it shapes and listed with its reason in ``docs/methods/generate.md``. No member, name or amount is a
real one.
"""

from circles.generate.generate import generate_portfolio
from circles.generate.profile import PROFILES, Profile

__all__ = ["PROFILES", "Profile", "generate_portfolio"]
