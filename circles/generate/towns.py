"""Towns of Zhejiang, each with the industry it is known for (块状经济: one town, one product)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Town:
    """A town or county, its prefecture, its industry, and its weight among the members (an assumption)."""

    prefecture: str
    name: str
    industry: str
    weight: float


def _towns(prefecture: str, *places: tuple[str, str, float]) -> tuple[Town, ...]:
    return tuple(Town(prefecture=prefecture, name=name, industry=made, weight=w) for name, made, w in places)


# Clusters as commonly reported: Datang's socks (China Daily, 2 June 2022), Shengzhou's neckties (Qianzhan, 4 January
# 2012), Keqiao's textile market (Bagsnet, 20 October 2007); the others are as well known. Weights are assumptions:
# larger in the three pilot prefectures (Hangzhou, Shaoxing, Jiaxing) and small in Ningbo, which the product leaves out.
TOWNS: tuple[Town, ...] = (
    *_towns("Hangzhou", ("Hangzhou", "garments", 7), ("Xiaoshan", "chemical fibre", 4), ("Fuyang", "paper", 2)),
    *_towns("Hangzhou", ("Tonglu", "pens", 2), ("Lin'an", "lamps", 2)),
    *_towns("Shaoxing", ("Keqiao", "textiles", 7), ("Shengzhou", "neckties", 4), ("Datang", "socks", 5)),
    *_towns("Shaoxing", ("Shanxiahu", "pearls", 2), ("Songxia", "umbrellas", 2)),
    *_towns("Jiaxing", ("Haining", "leather", 5), ("Puyuan", "sweaters", 3), ("Jiashan", "plywood", 2)),
    *_towns("Jiaxing", ("Pinghu", "luggage", 3)),
    *_towns("Wenzhou", ("Lucheng", "shoes", 6), ("Liushi", "electrical gear", 6), ("Rui'an", "car parts", 4)),
    *_towns("Wenzhou", ("Qiaotou", "buttons", 2), ("Longgang", "printing", 2)),
    *_towns("Taizhou", ("Huangyan", "moulds", 4), ("Wenling", "pumps", 3), ("Yuhuan", "valves", 3)),
    *_towns("Huzhou", ("Zhili", "children's wear", 3), ("Anji", "chairs", 2), ("Nanxun", "flooring", 2)),
    *_towns("Jinhua", ("Yiwu", "small goods", 9), ("Yongkang", "hardware", 5), ("Dongyang", "wood carving", 2)),
    *_towns("Jinhua", ("Pujiang", "crystal", 2)),
    *_towns("Quzhou", ("Jiangshan", "doors", 1)),
    *_towns("Lishui", ("Yunhe", "wooden toys", 1), ("Longquan", "celadon", 1)),
    *_towns("Zhoushan", ("Putuo", "seafood", 1), ("Jintang", "screws", 1)),
    *_towns("Ningbo", ("Cixi", "appliances", 1.5), ("Yuyao", "plastics", 1)),
)

SERVICES: tuple[str, ...] = ("packaging", "machinery", "trading", "logistics")
"""Industries found in every town."""

INDUSTRIES: tuple[str, ...] = (*(town.industry for town in TOWNS), *SERVICES)
"""All industries: each town's own, in the order of towns, then the services."""

OWN_INDUSTRY_SHARE = 0.72
"""Share of a town's members in its own industry (assumption); the others are spread evenly over all industries."""


def draw_towns(stream: np.random.Generator, count: int) -> NDArray[np.int64]:
    """Give each member a town: shape (count,), positions in `TOWNS`."""
    weights = np.array([town.weight for town in TOWNS])
    return np.searchsorted(np.cumsum(weights / weights.sum())[:-1], stream.random(count), side="right")


def draw_industries(stream: np.random.Generator, towns: NDArray[np.int64]) -> NDArray[np.int64]:
    """Give each member an industry, mostly its town's: shape (n,), positions in `INDUSTRIES`."""
    anything = stream.integers(0, len(INDUSTRIES), size=len(towns))
    return np.where(stream.random(len(towns)) < OWN_INDUSTRY_SHARE, towns, anything)
