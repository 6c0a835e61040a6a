"""Datasets: portfolios as files.

A dataset is a folder: ``dataset.toml`` (format, as_of, currency), ``members.csv``, and one CSV file for each other
table that is there. The first row of a file names its columns, in English or Chinese; every other row is an entry.
Amounts are in yuan (or 万元, where the header says so), rates fractions in [0, 1], dates 2007-12-29, months 2007-12.
Nothing is read in part: all problems of all files are listed with file, line and column, and then nothing is loaded.
docs/files.md has the whole format.
"""

from circles.dataset.check import DatasetCheck, check_dataset
from circles.dataset.importing import Imported, import_finbench, import_kag
from circles.dataset.manifest import DATASET_FORMAT
from circles.dataset.read import read_portfolio
from circles.dataset.write import write_portfolio

__all__ = [
    "DATASET_FORMAT",
    "DatasetCheck",
    "Imported",
    "check_dataset",
    "import_finbench",
    "import_kag",
    "read_portfolio",
    "write_portfolio",
]
