"""The requirements on applicants and circles, as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Self

from circles.errors import InputError
from circles.matching.fields import exact_ratio
from circles.matching.rules.limits import CircleLimits
from circles.matching.rules.rule_checks import check_rules
from circles.matching.rules.weights import Weights

_NINGBO = ("Ningbo", "宁波")
_PREFECTURES = (
    "Hangzhou",
    "Wenzhou",
    "Jiaxing",
    "Huzhou",
    "Shaoxing",
    "Jinhua",
    "Quzhou",
    "Zhoushan",
    "Taizhou",
    "Lishui",
)
_IN_CHINESE = ("杭州", "温州", "嘉兴", "湖州", "绍兴", "金华", "衢州", "舟山", "台州", "丽水")
_ZHEJIANG = ("Zhejiang", "浙江", *_PREFECTURES, *_IN_CHINESE)
_PILOT = ("Hangzhou", "Shaoxing", "Jiaxing", "杭州", "绍兴", "嘉兴")
_PRESETS: Mapping[str, Mapping[str, Any]] = {
    "zhejiang-2007": {"allowed_regions": _ZHEJIANG, "excluded_regions": _NINGBO},
    "zhejiang-2007-pilot": {"allowed_regions": _PILOT, "excluded_regions": ()},
}
PRODUCTS = tuple(_PRESETS)
"""The products that `MatchingRules.preset` knows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchingRules:
    """What an applicant and a circle must be, and what makes one circle better than another.

    The defaults are the product of Zhejiang, 2007, anywhere but in Ningbo; `preset` also has its list of regions. Each
    hard rule is one function in `circles.matching.rules`; None
    (or False) switches a rule off. A value that the portfolio does not state is not judged, except resources, which
    decide everything and are refused when a rule needs them.

    Attributes
    ----------
    min_members, max_members
        Allowed sizes of a circle, within 2 to 8.
    mode
        ``acquainted``: a circle is connected by members who know each other; ``strangers``: it need not be, and the
        limits ending in ``_strangers`` apply; ``any``: circles of acquaintances first, then the rest as strangers.
    first
        What comes first: ``score``; or ``members`` or ``amount``, the most members placed or yuan lent, and the score
        among the plans that do.
    max_amount_fen, max_amount_strangers_fen
        Largest application of a firm, in fen (2,000,000 and 500,000 yuan). The smaller of both holds among strangers.
    min_months_registered
        Whole months since registration, at `as_of`.
    allowed_regions, excluded_regions
        Names of regions or cities (compared without 省, 市 or case). Allowed None: everywhere.
    certification_required
        Certified until `as_of` or later, where a date is given.
    refuse_overdue
        No open loan that is overdue or graded worse than special mention.
    one_circle_per_member
        Members of an active circle are not candidates.
    respect_wishes
        Who applied for ``acquainted`` is never put into a circle with strangers.
    related_parties_apart, link_kinds
        No two members under one control (`control_group`, or linked by these kinds, closed transitively) in a circle.
    coverage
        coverage × a member's loan ≤ the resources of its co-members together. 0 or None: no rule.
    bearable, bearable_strangers
        A member's loan ≤ bearable × (size − 1) × each co-member's resources: no single default leaves a co-member
        with more than it can pay. 0 or None: no rule.
    amount_ratio
        Largest loan ≤ ratio × smallest loan of a circle, at least 1. None: no rule.
    max_circle_loan_fen
        Largest sum of a circle's loans, in fen. None: no rule.
    deposit_share, deposit_share_strangers
        Deposit of each member as a fraction of its loan, in [0, 1].
    trade_months
        Trade of so many months up to `as_of` counts, the current month included.
    full_volume_fen
        Trade of a pair in that time that earns the whole weight `Weights.trade_volume`, in fen: more with one partner
        adds nothing.
    min_trade_age_months
        Trade earns points only from months that lie so long before both members' applications: then the window of
        `trade_months` ends there. 0: no rule.
    trust_pairs, trust_ties
        Among strangers, so many pairs of a member at most are scored by the best path between the two; members with
        more ties than `trust_ties` are no link of a path.
    flag_reciprocal_share, flag_contact_days, flag_clique_days, flag_buyer_share
        What is shown to the person who decides, see `circles.matching.rules.flags`. None: not looked at.
    weights
        Points of every term of a circle's score: `Weights`, or a mapping of those that differ from the defaults.

    Raises
    ------
    InputError
        If a value is out of its range, or two contradict each other; the message names the fields.

    Examples
    --------
    >>> MatchingRules(min_members=3, max_members=4, mode="strangers").limits("strangers").max_amount_fen
    50000000
    """

    min_members: int = 3
    max_members: int = 5
    mode: str = "acquainted"
    first: str = "score"
    max_amount_fen: int | None = 200_000_000
    max_amount_strangers_fen: int | None = 50_000_000
    min_months_registered: int = 18
    allowed_regions: tuple[str, ...] | None = None
    excluded_regions: tuple[str, ...] = _NINGBO
    certification_required: bool = True
    refuse_overdue: bool = True
    one_circle_per_member: bool = True
    respect_wishes: bool = True
    related_parties_apart: bool = True
    link_kinds: tuple[str, ...] = ("phone", "device", "account", "legal_representative")
    coverage: float | None = 1.0
    bearable: float | None = 1.0
    bearable_strangers: float | None = 0.5
    amount_ratio: float | None = None
    max_circle_loan_fen: int | None = None
    deposit_share: float = 0.0
    deposit_share_strangers: float = 0.2
    trade_months: int = 12
    full_volume_fen: int = 1_000_000_000
    min_trade_age_months: int = 6
    trust_pairs: int = 24
    trust_ties: int = 50
    flag_reciprocal_share: float | None = 0.8
    flag_contact_days: int | None = 90
    flag_clique_days: int | None = 180
    flag_buyer_share: float | None = 0.3
    weights: Weights = field(default_factory=Weights)

    def __post_init__(self) -> None:
        for name in ("allowed_regions", "excluded_regions", "link_kinds"):
            if isinstance(getattr(self, name), list):
                object.__setattr__(self, name, tuple(getattr(self, name)))
        if isinstance(self.weights, Mapping):
            object.__setattr__(self, "weights", Weights.from_mapping(self.weights))
        check_rules(self)

    @classmethod
    def preset(cls, name: str, **changes: Any) -> Self:
        """Give the rules of a named product, with its regions: ``zhejiang-2007`` or ``zhejiang-2007-pilot``.

        Parameters
        ----------
        name
            The product; the pilot took firms of Hangzhou, Shaoxing and Jiaxing only.
        **changes
            Fields that differ from it.

        Raises
        ------
        InputError
            If there is no product of that name, or no such field.

        Examples
        --------
        >>> MatchingRules.preset("zhejiang-2007", mode="any").allowed_regions[:2]
        ('Zhejiang', '浙江')
        """
        if name not in _PRESETS:
            msg = f"preset must be one of {', '.join(_PRESETS)}, got {name!r}"
            raise InputError(msg)
        unknown = [field_name for field_name in changes if field_name not in cls.__slots__]
        if unknown:
            msg = f"matching rules have no field {unknown[0]!r}; they have: {', '.join(cls.__slots__)}"
            raise InputError(msg)
        return cls(**{**_PRESETS[name], **changes})

    @property
    def sizes(self) -> range:
        """The allowed sizes of a circle."""
        return range(self.min_members, self.max_members + 1)

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of circles that the mode forms, in order: ``acquainted``, ``strangers`` or both."""
        return ("acquainted", "strangers") if self.mode == "any" else (self.mode,)

    def limits(self, kind: str) -> CircleLimits:
        """Give the limits on a circle of one kind, ``acquainted`` or ``strangers``."""
        among_strangers = kind == "strangers"
        amounts = [self.max_amount_fen, self.max_amount_strangers_fen if among_strangers else None]
        return CircleLimits(
            kind=kind,
            min_members=self.min_members,
            max_members=self.max_members,
            max_amount_fen=min((amount for amount in amounts if amount is not None), default=None),
            coverage=exact_ratio(self.coverage),
            bearable=exact_ratio(self.bearable_strangers if among_strangers else self.bearable),
            amount_ratio=exact_ratio(self.amount_ratio),
            max_circle_loan_fen=self.max_circle_loan_fen,
            deposit_share=exact_ratio(self.deposit_share_strangers if among_strangers else self.deposit_share)
            or Fraction(0),
        )
