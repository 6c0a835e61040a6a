"""Questions about a proposal on the command line, and how their answers are shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Annotated, Any

import typer

from circles.cli.options import Format, Preset

if TYPE_CHECKING:
    import pandas as pd

    from circles.matching import Proposal

_TRIALS = 2_000

ExplainOption = Annotated[str | None, typer.Option("--explain", help="Show why this proposed circle, by its id.")]
WhyOption = Annotated[
    str | None, typer.Option("--why", help="Show why this applicant has no circle, and what its best one lacks.")
]
AlternativesOption = Annotated[
    str | None, typer.Option("--alternatives", help="List the best other circles through this member.")
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
    swap: tuple[str, str] | None
    rule_costs: bool
    stability: bool
    fragile: bool
    self_formed: bool
    flags: bool

    @property
    def asked(self) -> list[str]:
        """The questions asked, by name."""
        return [item.name for item in fields(self) if getattr(self, item.name)]


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
    terms: Preset
    workers: int | None


def answer(proposal: Proposal, questions: Questions, *, terms: Preset, workers: int | None) -> Answer | None:
    """Answer the question asked about a proposal, None if there is none.

    Raises
    ------
    InputError
        If several are asked at once, or one is about a member or circle that it cannot be about.
    """
    from circles.errors import InputError

    asked = questions.asked
    if len(asked) > 1:
        names = " and ".join(f"--{name.replace('_', '-')}" for name in asked)
        msg = f"match: {names} are questions of their own; ask one at a time"
        raise InputError(msg)
    case = _Case(proposal=proposal, terms=terms, workers=workers)
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
    table = pd.DataFrame() if why.best is None else why.best.members
    row = pd.DataFrame({"member_id": [member_id], "reason": [why.reason], "detail": [why.detail]})
    return Answer(text=str(why), table=row if table.empty else table, proposal=case.proposal)


def _alternatives(case: _Case, member_id: str) -> Answer:
    found = case.proposal.alternatives(member_id)
    return Answer(text=str(found), table=found.circles, proposal=case.proposal)


def _swap(case: _Case, members: tuple[str, str]) -> Answer:
    swap = case.proposal.swap(*members)
    if swap.proposal is None:
        return Answer(text=str(swap), table=swap.refusals, proposal=case.proposal, has_findings=True)
    return Answer(text=str(swap), table=swap.circles, proposal=swap.proposal)


def _rule_costs(case: _Case, asked: bool) -> Answer:
    costs = case.proposal.rule_costs(workers=case.workers)
    return Answer(text=str(costs), table=costs.rules, proposal=case.proposal)


def _stability(case: _Case, asked: bool) -> Answer:
    audit = case.proposal.audit_stability(workers=case.workers)
    return Answer(text=str(audit), table=audit.circles, proposal=case.proposal, has_findings=len(audit.circles) > 0)


def _fragile(case: _Case, asked: bool) -> Answer:
    from circles.settlement import Terms

    found = case.proposal.fragile(Terms.preset(case.terms.value))
    return Answer(text=str(found), table=found.repairs, proposal=case.proposal, has_findings=len(found.repairs) > 0)


def _self_formed(case: _Case, asked: bool) -> Answer:
    from circles.contagion import compare_losses
    from circles.settlement import Terms

    proposal = case.proposal
    themselves = proposal.self_formed()
    books = {
        "before": proposal.forming.portfolio,
        "proposal": proposal.portfolio(),
        "self-formed": themselves.portfolio(),
    }
    terms = Terms.preset(case.terms.value)
    losses = compare_losses(books, trials=_TRIALS, seed=proposal.seed, terms=terms, workers=case.workers)
    score = f"score of the proposal {proposal.score:,}, self-formed {themselves.score:,}"
    return Answer(text=f"{score}\n{losses}", table=losses.portfolios, proposal=proposal)


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
