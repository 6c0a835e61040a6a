"""The terms of a settlement in one line."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from circles.viz.wording import name_members, say_amount
from circles.viz.words import say

if TYPE_CHECKING:
    from circles.settlement import Terms
    from circles.viz.languages import Language


def describe_terms(terms: Terms, unit: str, lang: Language = "en") -> str:
    """Write the terms of a settlement in one line; `unit` is the word after amounts.

    Examples
    --------
    >>> from circles.settlement import Terms
    >>> describe_terms(Terms.preset("base"), "yuan")
    'waterfall, equal shares; recovery 25 %, contagious 45 %, receivables 50 %; cross-default'
    """
    word = partial(say, lang=lang)
    rates = word(
        "rates",
        first=f"{100 * terms.recovery_rate:.3g}",
        contagious=f"{100 * terms.contagious:.3g}",
        receivable=f"{100 * terms.receivable_recovery_rate:.3g}",
    )
    spread = word("cross_default" if terms.cross_default else "no_cross_default")
    if terms.cross_default and terms.standstill:
        spread = word("standstill", names=name_members(terms.standstill, lang))
    said = word(
        "terms_said",
        settlement=word(f"settlement_{terms.settlement}"),
        share=word(f"share_{terms.share}"),
        rates=rates,
        spread=spread,
    )
    if not terms.risk_pool_fen:
        return said
    return word("with_pool", terms=said, amount=say_amount(terms.risk_pool_fen), unit=unit)
