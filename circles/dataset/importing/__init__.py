"""Portfolios from data sets of others: what of theirs is a member, a loan, a guarantee, and what cannot be linked.

An importer reads the files of a folder, builds a portfolio and accounts for every row it left out. It reads no column
that it does not need: names and ages of persons stay where they are.
"""

from circles.dataset.importing.account import Imported
from circles.dataset.importing.finbench import import_finbench
from circles.dataset.importing.kag import import_kag

__all__ = ["Imported", "import_finbench", "import_kag"]
