"""Questions about a proposal on the command line, and how their answers are shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from circles.cli.options import Format, Preset

if TYPE_CHECKING:
    import pandas as pd

    from circles.matching import Proposal
    from circles.portfolio import Portfolio

_TRIALS = 10_000

_WHY_COLUMNS = (
    "member_id",
    "reason",
    "detail",
    "best_circle",
    "kind",
    "score",
    "short",
    "displaces",
    "displaced_score",
)
_WHAT_IS_COMPARED = (
    "regrouped: the members of the self-formed circles, all of them, in the circles with the best score; only these "
    "two lend the same, while the proposal lends to other members too"
)

ExplainOption = Annotated[str | None, typer.Option("--explain", help="Show why this proposed circle, by its id.")]
WhyOption = Annotated[
    str | None, typer.Option("--why", help="Show why this applicant has no circle, and what its best one lacks.")
]
AlternativesOption = Annotated[
    str | None, typer.Option("--alternatives", help="List the best other circles through this member.")
]
CountOption = Annotated[
    int, typer.Option("--count", min=1, max=50, help="How many circles --alternatives lists at most.")
]
SwapOption = Annotated[
    tuple[str, str] | None,
    typer.Option("--swap", help="Let two members change places, and show the new score or the rule that refuses it."),
]
RuleCostsOption = Annotated[
    bool, typer.Option("--rule-costs", help="Form circles without one rule after the other: what each costs.")
]
StabilityOption = Annotated[
    bool, typer.Option("--stability", help="List the circles whose members would all rather form them.")
]
FragileOption = Annotated[
    bool, typer.Option("--fragile", help="List the circles that a single failure breaks, and their cheapest repairs.")
]
SelfFormedOption = Annotated[
    bool,
    typer.Option("--self-formed", help="Compare with the circles firms would form themselves, under the same shocks."),
]
FlagsOption = Annotated[bool, typer.Option("--flags", help="List what a person should look at in proposed circles.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Questions:
    """What was asked about a proposal."""

    explain: str | None
    why: str | None
    alternatives: str | None
    count: int
    swap: tuple[str, str] | None
    rule_costs: bool
    stability: bool
    fragile: bool
    self_formed: bool
    flags: bool

    @property
    def asked(self) -> list[str]:
        """The questions asked, by name."""
        return [name for name in _ANSWERS if getattr(self, name)]

    def refuse_wrong(self, portfolio: Portfolio) -> None:
        """Refuse before long work what could not be answered afterwards.

        Raises
        ------
        InputError
            If several questions are asked at once, or one is about somebody who has not applied.
        """
        from circles.errors import InputError
        from circles.matching.forming.forming import refuse_unknown

        if len(self.asked) > 1:
            names = " and ".join(f"--{name.replace('_', '-')}" for name in self.asked)
            msg = f"match: {names} are questions of their own; ask one at a time"
            raise InputError(msg)
        for member_id in (self.why, self.alternatives, *(self.swap or ())):
            if member_id:
                refuse_unknown(portfolio, member_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A text for a person, a table for a program, whether it needs attention, and the proposal as it is afterwards."""

    text: str
    table: pd.DataFrame
    proposal: Proposal
    is_list: bool = False
    has_findings: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """A proposal, and how questions about it are answered."""

    proposal: Proposal
    count: int
    terms: Preset
    workers: int | None


def answer(proposal: Proposal, questions: Questions, *, terms: Preset, workers: int | None) -> Answer | None:
    """Answer the question asked about a proposal, None if there is none.

    Raises
    ------
    InputError
        If it is about a member or circle that it cannot be about.
    """
    case = _Case(proposal=proposal, count=questions.count, terms=terms, workers=workers)
    asked = questions.asked
    return _ANSWERS[asked[0]](case, getattr(questions, asked[0])) if asked else None


def show_answer(found: Answer, form: Format, *, top: int) -> None:
    """Write an answer to stdout: its text, with the first rows of what it lists, or its table."""
    from circles.cli.screen import show, show_first, show_table

    if form is not Format.TEXT:
        show_table(found.table, form)
        return
    show(found.text)
    if found.is_list:
        show_first(found.table, top)


def _explain(case: _Case, circle_id: str) -> Answer:
    why = case.proposal.explain(circle_id)
    return Answer(text=str(why), table=why.terms, proposal=case.proposal)


def _why(case: _Case, member_id: str) -> Answer:
    import pandas as pd

    why = case.proposal.why_unplaced(member_id)
    row: dict[str, object] = {"member_id": member_id, "reason": why.reason, "detail": why.detail}
    if why.best is not None:
        row |= {
            "best_circle": " ".join(why.best.members["member_id"]),
            "kind": why.best.kind,
            "score": why.best.score,
            "short": why.best.short,
            "displaces": " ".join(why.best.displaced),
            "displaced_score": why.best.displaced_score,
        }
    return Answer(text=str(why), table=pd.DataFrame([row], columns=_WHY_COLUMNS), proposal=case.proposal)


def _alternatives(case: _Case, member_id: str) -> Answer:
    found = case.proposal.alternatives(member_id, case.count)
    return Answer(text=str(found), table=found.circles, proposal=case.proposal)


def _swap(case: _Case, members: tuple[str, str]) -> Answer:
    swap = case.proposal.swap(*members)
    if swap.proposal is None:
        return Answer(text=str(swap), table=swap.refusals, proposal=case.proposal, has_findings=True)
    return Answer(text=str(swap), table=swap.circles, proposal=swap.proposal)


def _rule_costs(case: _Case, asked: bool) -> Answer:
    from circles.cli.screen import progress_bar

    with progress_bar("rules left out") as progress:
        costs = case.proposal.rule_costs(workers=case.workers, progress=progress)
    return Answer(text=str(costs), table=costs.rules, proposal=case.proposal)


def _stability(case: _Case, asked: bool) -> Answer:
    audit = case.proposal.audit_stability(workers=case.workers)
    return Answer(text=str(audit), table=audit.circles, proposal=case.proposal, has_findings=len(audit.circles) > 0)


def _fragile(case: _Case, asked: bool) -> Answer:
    from circles.settlement import Terms

    found = case.proposal.fragile(Terms.preset(case.terms.value))
    failing = found.failures.groupby("circle_id").agg(failing_ids=("failing_id", " ".join))
    table = found.repairs.join(failing, on="circle_id")
    return Answer(text=str(found), table=table, proposal=case.proposal, has_findings=len(table) > 0)


def _self_formed(case: _Case, asked: bool) -> Answer:
    from circles.contagion import compare_losses
    from circles.settlement import Terms

    proposal = case.proposal
    themselves = proposal.self_formed()
    formed = {"proposal": proposal, "self-formed": themselves, "regrouped": proposal.regroup(themselves)}
    losses = compare_losses(
        {"before": proposal.forming.portfolio, **{name: one.portfolio() for name, one in formed.items()}},
        trials=_TRIALS,
        seed=proposal.seed,
        terms=Terms.preset(case.terms.value),
        workers=case.workers,
    )
    scores = {name: one.score for name, one in formed.items()}
    placed = {name: len(one.circles) for name, one in formed.items()}
    told = ", ".join(f"{name} {score:,} for {placed[name]:,} members" for name, score in scores.items())
    names = losses.portfolios["name"]
    table = losses.portfolios.assign(score=names.map(scores), placed=names.map(placed))
    text = f"scores: {told}\n{losses}\n{_WHAT_IS_COMPARED}"
    return Answer(text=text, table=table.astype({"score": "Int64", "placed": "Int64"}), proposal=proposal)


def _flags(case: _Case, asked: bool) -> Answer:
    flags = case.proposal.flags
    text = f"{len(flags):,} flags on {flags['circle_id'].nunique():,} of the proposed circles"
    return Answer(text=text, table=flags, proposal=case.proposal, is_list=True, has_findings=len(flags) > 0)


_ANSWERS: dict[str, Callable[[_Case, Any], Answer]] = {
    "explain": _explain,
    "why": _why,
    "alternatives": _alternatives,
    "swap": _swap,
    "rule_costs": _rule_costs,
    "stability": _stability,
    "fragile": _fragile,
    "self_formed": _self_formed,
    "flags": _flags,
}
"""Who answers which question."""
