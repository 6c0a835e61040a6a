"""Measure every figure and print the table of docs/benchmarks.md."""

from __future__ import annotations

import os
import platform
import time

from benchmarks.figures import FIGURES, Figure


def measure_seconds(figure: Figure) -> list[float]:
    """Time a figure's runs; what is prepared, and a first run that compiles kernels, is not counted."""
    work = figure.prepare()
    work()
    seconds = []
    for _ in range(figure.runs):
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    return sorted(seconds)


def main() -> None:
    """Print the machine and one row a figure: minimum, median and maximum seconds, and the limit."""
    print(f"{os.cpu_count()} cores, Python {platform.python_version()}, {platform.system()}\n")
    print("| figure | minimum s | median s | maximum s | limit s |\n|---|---|---|---|---|")
    for figure in FIGURES:
        seconds = measure_seconds(figure)
        middle = seconds[len(seconds) // 2]
        print(f"| {figure.name} | {seconds[0]:.3f} | {middle:.3f} | {seconds[-1]:.3f} | {figure.limit_seconds:g} |")


if __name__ == "__main__":
    main()
