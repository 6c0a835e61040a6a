"""A finished chart: its words, its figures and its picture."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from circles.output import save_text

if TYPE_CHECKING:
    import pandas as pd

_SPACES = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Chart:
    """A chart as SVG, with what it says in words and the figures that it draws.

    Attributes
    ----------
    title, description
        What a screen reader says of it: its name, and its main figures in a sentence or two.
    data
        Frame of the figures drawn, amounts in fen.
    """

    title: str
    description: str
    data: pd.DataFrame
    _inline: str

    def inline(self) -> str:
        """Give the picture to put into an HTML page."""
        return self._inline

    def svg(self) -> str:
        """Give the picture as a file of its own."""
        return '<?xml version="1.0" encoding="UTF-8"?>\n' + self._inline.replace("<svg ", f"<svg {_SPACES}", 1)

    def save(self, path: str | Path, *, force: bool = False) -> Path:
        """Write the picture to an SVG file, whole or not at all.

        Parameters
        ----------
        path
            The file; its folder must exist.
        force
            Replace a file that is there already.

        Returns
        -------
        The path written.

        Raises
        ------
        InputError
            If the file exists and `force` is not given, or it cannot be written.
        """
        return save_text(self.svg(), path, force=force)

    def _repr_svg_(self) -> str:
        return self.svg()

    def __str__(self) -> str:
        return f"{self.title}: {self.description}"

    __repr__ = __str__
