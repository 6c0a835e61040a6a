"""Rules on one applicant: each function says which applicants break it, and why.

Each takes applicants, the rules and the limits of the kind of circle they are for, and gives a series of sentences:
the index holds the rows that break the rule, rows that keep it are left out. The same functions choose the candidates
and judge the members of a finished circle.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from circles.matching.rules.applicants import Applicants
from circles.matching.rules.limits import CircleLimits
from circles.matching.rules.matching_rules import MatchingRules
from circles.money import format_yuan

EligibilityRule = Callable[[Applicants, MatchingRules, CircleLimits], pd.Series]
"""Applicants, rules and limits → sentences by row of the applicants that break the rule."""


def be_in_no_circle(applicants: Applicants, rules: MatchingRules, limits: CircleLimits) -> pd.Series:
    """Refuse a member of an active circle: one that is not dissolved, settled, rejected or past its end."""
    frame = applicants.frame
    if not rules.one_circle_per_member:
        return _sentences(frame, np.zeros(len(frame), dtype=np.bool_), lambda row: "")
    return _sentences(frame, frame["circle_id"].notna(), _say_active)


def ask_an_allowed_amount(applicants: Applicants, rules: MatchingRules, limits: CircleLimits) -> pd.Series:
    """Refuse an application for nothing, or for more than a firm may have in this kind of circle."""
    frame, most = applicants.frame, limits.max_amount_fen
    broken = frame["amount_fen"] <= 0
    if most is not None:
        broken = broken | (frame["amount_fen"] > most)
    allowed = "" if most is None else f" and at most {format_yuan(most)}"
    return _sentences(
        frame, broken, lambda row: f"applied for {format_yuan(row.amount_fen)} yuan; more than 0{allowed} is allowed"
    )


def accept_this_kind(applicants: Applicants, rules: MatchingRules, limits: CircleLimits) -> pd.Series:
    """Keep who asked for acquaintances out of circles with strangers."""
    frame = applicants.frame
    broken = (frame["mode"] == "acquainted") & (limits.kind == "strangers") & rules.respect_wishes
    return _sentences(frame, broken, lambda row: "applied for a circle of acquaintances; this one is with strangers")


def be_registered_long_enough(applicants: Applicants, rules: MatchingRules, limits: CircleLimits) -> pd.Series:
    """Refuse a firm registered too recently; a date that is not stated is not judged."""
    frame, least = applicants.frame, rules.min_months_registered
    months = _whole_months(frame["registered_on"], applicants)
    broken = (months < least) & (least > 0)
    return _sentences(
        frame, broken, lambda row: f"registered on {row.registered_on:%Y-%m-%d}; at least {least} months are required"
    )


def be_in_an_allowed_region(applicants: Applicants, rules: MatchingRules, limits: CircleLimits) -> pd.Series:
    """Refuse a place that is excluded or not allowed; a place that is not stated is not judged."""
    frame = applicants.frame
    region, city = plain_places(frame["region"]), plain_places(frame["city"])
    excluded = plain_names(rules.excluded_regions)
    broken = region.isin(excluded) | city.isin(excluded)
    if rules.allowed_regions is not None:
        allowed = plain_names(rules.allowed_regions)
        stated = region.notna() | city.notna()
        broken |= stated & ~region.isin(allowed) & ~city.isin(allowed)
    return _sentences(frame, broken, lambda row: f"is in {_place(row)}, which the rules do not allow")


def be_certified(applicants: Applicants, rules: MatchingRules, limits: CircleLimits) -> pd.Series:
    """Refuse a member whose certification has run out; one without a date is not judged."""
    frame = applicants.frame
    broken = (frame["certified_until"] < np.datetime64(applicants.as_of, "s")) & rules.certification_required
    return _sentences(frame, broken, lambda row: f"was certified until {row.certified_until:%Y-%m-%d} only")


def owe_nothing_overdue(applicants: Applicants, rules: MatchingRules, limits: CircleLimits) -> pd.Series:
    """Refuse a borrower with an open loan that is overdue or graded worse than special mention."""
    frame = applicants.frame
    broken = frame["overdue_loan"].notna() & rules.refuse_overdue
    return _sentences(
        frame,
        broken,
        lambda row: f"has an open loan, {row.overdue_loan}, that is overdue or graded worse than special mention",
    )


ELIGIBILITY_RULES: Mapping[str, EligibilityRule] = {
    "in_circle": be_in_no_circle,
    "amount": ask_an_allowed_amount,
    "wish": accept_this_kind,
    "registered": be_registered_long_enough,
    "region": be_in_an_allowed_region,
    "certified": be_certified,
    "overdue": owe_nothing_overdue,
}
"""The rules on one applicant by reason code, in the order in which the first broken one is reported."""


def judge_applicants(applicants: Applicants, rules: MatchingRules, limits: CircleLimits) -> pd.DataFrame:
    """Apply every rule on one applicant, and give one row for each that is broken.

    Returns
    -------
    Frame ``row`` (position in the applicants), ``rule``, ``detail``, ordered by row and then by rule.
    """
    found = [
        pd.DataFrame({"row": broken.index, "rule": code, "detail": broken.to_numpy()})
        for code, rule in ELIGIBILITY_RULES.items()
        if len(broken := rule(applicants, rules, limits))
    ]
    if not found:
        none = pd.Series(dtype="str")
        return pd.DataFrame({"row": np.empty(0, np.int64), "rule": none, "detail": none})
    return pd.concat(found, ignore_index=True).sort_values("row", kind="stable", ignore_index=True)


def plain_places(places: pd.Series) -> pd.Series:
    """Strip what people add to a place's name: blanks, case, 省, 市, "Province", "City"."""
    plain = places.str.strip().str.casefold()
    return plain.str.replace(r"(省|市|\s+(province|city))$", "", regex=True)


def plain_names(names: tuple[str, ...]) -> list[str]:
    """Give the plain form of places named in the rules."""
    return list(plain_places(pd.Series(list(names), dtype="str")))


def _whole_months(since: pd.Series, applicants: Applicants) -> pd.Series:
    day = applicants.as_of
    months = (day.year - since.dt.year) * 12 + (day.month - since.dt.month)
    return months - (since.dt.day > day.day)


def _say_active(row: pd.Series) -> str:
    until = f" until {row.circle_until:%Y-%m-%d}" if pd.notna(row.circle_until) else ""
    return f"is a member of circle {row.circle_id}{until}"


def _place(row: pd.Series) -> str:
    return " ".join(str(place) for place in (row.region, row.city) if pd.notna(place))


def _sentences(frame: pd.DataFrame, broken: object, say: Callable[[pd.Series], str]) -> pd.Series:
    mask = np.asarray(broken, dtype=np.bool_)
    rows = np.flatnonzero(mask)
    texts = [say(row) for row in frame.iloc[rows].itertuples(index=False)] if len(rows) else []
    return pd.Series(texts, index=rows, dtype="str")
