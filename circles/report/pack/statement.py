"""The parts of a pack that state figures: what each may owe, and the examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

from circles.report.pack.words import say
from circles.report.section import Section, write_list, write_paragraph
from circles.viz.escape import clean_text, escape_html
from circles.viz.tables import Shown, write_table
from circles.viz.wording import say_yuan

if TYPE_CHECKING:
    import pandas as pd

    from circles.report.pack.liability import Example
    from circles.settlement import Terms
    from circles.viz.languages import Language


def write_liability(members: pd.DataFrame, unit: str, lang: Language) -> str:
    """Write the liability statement.

    Parameters
    ----------
    members
        As `list_liability` gives.
    unit
        What amounts are in.
    lang
        ``en`` or ``zh``.
    """
    total = int(members["amount_fen"].sum())
    head = say("headline", lang, total=say_yuan(total), unit=unit)
    columns = (
        _member(lang),
        _amount("amount_fen", say("own", lang)),
        _amount("deposit_fen", say("deposit", lang)),
        _amount("for_others_fen", say("others", lang)),
        _amount("at_most_fen", say("most", lang)),
    )
    table = write_table(_shown(members), columns, caption=say("owe_caption", lang, unit=unit), row_name="owes")
    deposit = int(members["deposit_fen"].sum())
    said = say("sum", lang, total=say_yuan(total), deposit=say_yuan(deposit), unit=unit)
    parts = (table, write_paragraph(said), write_paragraph(say("owe_note", lang)))
    return (
        f'<section class="headline"><p>{escape_html(head, longest=1000)}</p></section>'
        + Section(name="owe", title=say("owe", lang), body="".join(parts)).html()
    )


def write_examples(
    members: pd.DataFrame, examples: tuple[Example, ...], terms: Terms, *, unit: str, lang: Language
) -> str:
    """Write the worked examples.

    Parameters
    ----------
    members
        As `list_liability` gives.
    examples
        As `work_examples` gives.
    terms
        What they were settled on.
    unit
        What amounts are in.
    lang
        ``en`` or ``zh``.
    """
    frame = _shown(members)
    columns = [_member(lang)]
    for name, example in zip(("case_a", "case_b"), examples, strict=False):
        frame[name] = example.paid.reindex(members["member_id"]).to_numpy()
        columns.append(_amount(name, say(name, lang)))
    parts = [
        write_paragraph(_describe_terms(terms, lang)),
        write_list(tuple(_describe(example, unit, lang) for example in examples)),
        write_table(frame, tuple(columns), caption=say("case_caption", lang, unit=unit), row_name="pays"),
        write_paragraph(say("recourse", lang)),
    ]
    return Section(name="example", title=say("example", lang), body="".join(parts)).html()


def _member(lang: Language) -> Shown:
    return Shown(name="member_id", heading=say("member", lang), note="name")


def _amount(name: str, heading: str) -> Shown:
    return Shown(name=name, heading=heading, write=say_yuan, number=True)


def _shown(members: pd.DataFrame) -> pd.DataFrame:
    return members.assign(name=[clean_text(name, longest=60) for name in members["name"]])


def _describe_terms(terms: Terms, lang: Language) -> str:
    return say(
        "example_terms",
        lang,
        share=say(terms.share if terms.settlement == "waterfall" else "equal", lang),
        rate=f"{terms.recovery_rate:.0%}",
        later=f"{terms.contagious:.0%}",
        cross=say("due" if terms.cross_default else "not_due", lang),
    )


def _describe(example: Example, unit: str, lang: Language) -> str:
    told = example.cascade
    key = "first_case" if example.unable is None else "second_case"
    who = say(key, lang, who=clean_text(example.defaulter), unable=clean_text(example.unable))
    account = say(
        "case_account",
        lang,
        called=say_yuan(example.called_fen),
        unit=unit,
        recovered=say_yuan(told.recovered_fen),
        deposit=say_yuan(told.deposit_used_fen),
        paid=say_yuan(told.guarantor_paid_fen),
        lost=say_yuan(told.bank_loss_fen),
    )
    return f"{who}{'' if lang == 'zh' else ' '}{account}"
