"""A small sound dataset, to be spoiled in one place by a test."""

from collections.abc import Callable
from pathlib import Path

MEMBERS = "member_id\nM1\nM2\nM3\n"
MANIFEST = 'format = 1\nas_of = 2007-12-29\ncurrency = "CNY"\n'
MakeDataset = Callable[..., Path]
