"""Solve the published instances and print, or keep, the table of a release.

``python -m benchmarks.instances [NAME …] [--seeds 1 2 3] [--out benchmarks/results/FILE.csv]``: without names, all but
those of more than 10,000 members.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Iterable
from dataclasses import asdict, fields
from pathlib import Path

from benchmarks.instances.catalogue import INSTANCES
from benchmarks.instances.solving import Solved, solve_apart

_LARGE = ("town-55000", "town-250000")
_HEAD = "instance | seed | members | listed pairs | value | upper bound | gap | status | planted | s | 1 % after s | GB"


def main() -> None:
    """Print one row an instance and seed as it is solved; write the rows as CSV where asked."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(INSTANCES))
    parser.add_argument("--seeds", nargs="+", type=int, default=[1, 2, 3])
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    unknown = [name for name in arguments.names if name not in INSTANCES]
    if unknown:
        parser.error(f"there is no instance {unknown[0]!r}; there are: {', '.join(INSTANCES)}")
    names = arguments.names or [name for name in INSTANCES if name not in _LARGE]
    print(f"| {_HEAD} |\n|{'---|' * len(_HEAD.split('|'))}")
    solved = []
    for name, seed in [(name, seed) for name in names for seed in arguments.seeds]:
        solved.append(solve_apart(name, seed))
        print(format_row(solved[-1]), flush=True)
    if arguments.out:
        write_rows(arguments.out, solved)


def format_row(solved: Solved) -> str:
    """Give one row of the table."""
    first = "–" if solved.first_percent is None else f"{solved.first_percent:.1f}"
    cells = [solved.name, solved.seed, f"{solved.members:,}", f"{solved.pairs:,}", f"{solved.value:,}"]
    cells += [f"{solved.bound:,}", f"{solved.gap:.3%}", solved.status, f"{solved.planted:,}"]
    cells += [f"{solved.seconds:.1f}", first, f"{solved.peak_gigabytes:.2f}"]
    return f"| {' | '.join(map(str, cells))} |"


def write_rows(path: Path, solved: Iterable[Solved]) -> None:
    """Write the rows as CSV."""
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.DictWriter(file, [field.name for field in fields(Solved)], lineterminator="\n")
        rows.writeheader()
        rows.writerows(asdict(item) for item in solved)


if __name__ == "__main__":
    main()
