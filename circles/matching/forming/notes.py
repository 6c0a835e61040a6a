"""What the data do not state, in sentences: rules that were not judged, and resources that are estimates."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from circles.matching.forming.candidates import Candidates
    from circles.matching.rules import MatchingRules
    from circles.portfolio import Portfolio


def note_what_is_not_stated(portfolio: Portfolio, rules: MatchingRules, candidates: Candidates) -> tuple[str, ...]:
    """Note which rules could not be judged for how many candidates, and what rests on estimates."""
    return tuple(_notes(portfolio, rules, candidates))


def _notes(portfolio: Portfolio, rules: MatchingRules, candidates: Candidates) -> Iterator[str]:
    frame, count = candidates.applicants.frame, len(candidates)
    judged = {
        "registered_on": rules.min_months_registered > 0,
        "certified_until": rules.certification_required,
        "region": rules.allowed_regions is not None,
    }
    for column, asked in judged.items():
        missing = frame[column].isna()
        if column == "region":
            missing &= frame["city"].isna()
        if asked and missing.any():
            yield f"{column} is not stated for {int(missing.sum()):,} of {count:,} candidates: not judged for them"
    source = portfolio.members["resources_source"].iloc[frame["position"]]
    estimated = int((source == "estimated").sum())
    if estimated:
        yield f"resources of {estimated:,} of {count:,} candidates are estimates"
    older = len(portfolio.applications) - portfolio.applications["member_id"].nunique()
    if older:
        yield f"older applications replaced by a newer one of the same member: {older:,}"
