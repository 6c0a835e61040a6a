"""Names of sample firms: town, three syllables, industry. They are put together by chance and mean no real firm."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from circles.generate.towns import INDUSTRIES, TOWNS

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SYLLABLES = (  # auspicious sounds that firms like
    "an bao chang cheng da de fa feng fu guang hai hao heng hong hua hui ji jia jin kang "
    "li long mao mei ming rong rui sheng shun tai tong wan wei xiang xin yi yong yuan zhen zhong"
)


def draw_names(
    stream: np.random.Generator, towns: NDArray[np.int64], industries: NDArray[np.int64]
) -> NDArray[np.object_]:
    """Name each member after its town and industry: shape (n,).

    Two members may get one name, as firms do; ids tell them apart.
    """
    given = [f"{a}{b}{c}".capitalize() for a, b, c in product(_SYLLABLES.split(), repeat=3)]
    start = np.array([f"{town.name} " for town in TOWNS], dtype=np.object_)
    middle = np.array(given, dtype=np.object_)
    end = np.array([f" {industry.title()} Co.".replace("'S", "'s") for industry in INDUSTRIES], dtype=np.object_)
    return start[towns] + middle[stream.integers(0, len(given), size=len(towns))] + end[industries]
