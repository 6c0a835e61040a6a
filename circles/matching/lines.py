"""Short texts of lines, in which whatever an id holds stays in its line."""

from __future__ import annotations

from collections.abc import Iterable


def join_lines(lines: Iterable[str]) -> str:
    r"""Join lines to a text; a line break inside one, from an id perhaps, becomes a blank.

    Examples
    --------
    >>> print(join_lines(["circle C1:", "  M1\nM2 borrows 5"]))
    circle C1:
      M1 M2 borrows 5
    """
    return "\n".join(" ".join(line.splitlines()) for line in lines)
