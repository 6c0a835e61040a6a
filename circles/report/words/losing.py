"""The words of the parts on losses: verdicts, cases and measures."""

from __future__ import annotations

LOSING: dict[str, tuple[str, str]] = {
    "losing": ("Loss over many trials", "多情景损失"),
    "terms_worst": ("worst", "最坏"),
    "terms_base": ("base", "基准"),
    "terms_forbearance": ("forbearance", "宽限"),
    "case_with_guarantees": ("with the guarantees", "有担保"),
    "case_with_trade": ("without guarantees", "无担保"),
    "case_bare": ("first defaults alone", "仅首批违约"),
    "case_optimistic": ("at least (bound)", "至少（乐观界）"),
    "case_conservative": ("at most (bound)", "至多（保守界）"),
    "measure_expected_loss": ("Expected loss", "平均损失"),
    "measure_value_at_risk": ("Value at risk 99 %", "99 % 风险价值"),
    "measure_expected_shortfall": ("Expected shortfall 99 %", "99 % 预期损失"),
    "measure": ("Measure", "指标"),
    "case": ("Case", "情形"),
    "draws": (
        "{trials} trials of one year each, seed {seed}; correlation {correlation}{sectors}; sensitivity of resources "
        "to the common factor {sensitivity}. In each trial some members default first, and everything they cause is "
        "settled.",
        "{trials} 个一年期情景，随机种子 {seed}；相关系数 {correlation}{sectors}；可用资金对共同因子的敏感度 "
        "{sensitivity}。每个情景中有若干会员首批违约，由此引起的一切均予结算。",
    ),
    "sectors": (", sectors by {column}", "，分组依据 {column}"),
    "judged": ("{name}: {judged} {estimates}", "{name}：{judged}{estimates}"),
    "headline_losses": (
        "Under the terms “{name}” the bank expects to lose {mean} {unit} in a year; one year in a hundred costs {var} "
        "or more, {es} on average. {judged}",
        "在“{name}”条款下，银行一年平均损失 {mean} {unit}；百年一遇的年份损失 {var} 或更多，"
        "此类年份平均损失 {es}。{judged}",
    ),
    "nothing_lost": (
        "Nothing was lost in any trial, with or without the guarantees.",
        "无论有无担保，所有情景均无损失。",
    ),
    "amplify_nothing": (
        "The guarantees amplify: without them nothing was lost in any trial.",
        "担保放大损失：无担保时所有情景均无损失。",
    ),
    "amplify": (
        "The guarantees amplify: they multiply by {times} what would be lost without them.",
        "担保放大损失：平均损失为无担保时的 {times} 倍。",
    ),
    "help": (
        "The guarantees help: they leave {share} of what would be lost without them.",
        "担保减少损失：平均损失为无担保时的 {share}。",
    ),
    "no_difference": (
        "The guarantees make no difference to the expected loss.",
        "担保对平均损失没有影响。",
    ),
    "estimates": (
        "{share} % of the expected shortfall rests on resources that are estimates.",
        "预期损失中有 {share} % 取决于估计的可用资金。",
    ),
    "turns": (
        "Under the base terms {said}.",
        "在“基准”条款下，从传染违约者收回的比例高于 {recovery} 时，担保降低平均损失。",
    ),
    "turns_nothing": ("Under the base terms {said}.", "在“基准”条款下，担保对平均损失没有影响。"),
    "turns_never": (
        "Under the base terms {said}.",
        "在“基准”条款下，无论从传染违约者分文未收还是全部收回，担保均{none}平均损失。",
    ),
    "turns_back": (
        "Under the base terms {said}.",
        "在“基准”条款下，从传染违约者分文未收时，担保{none}平均损失；全部收回时，担保{whole}平均损失。",
    ),
    "raise": ("raise", "会提高"),
    "not_raise": ("do not raise", "不会提高"),
    "headline_caption": ("Loss in a year by terms, {unit}", "各条款下的一年损失（{unit}）"),
    "bars_title": (
        "Expected loss by terms, with and without guarantees",
        "各条款下有担保与无担保的平均损失",
    ),
    "bars_figure": ("Expected loss, {unit}, with its 95 % interval.", "平均损失（{unit}）及其 95 % 置信区间。"),
    "curve_figure": (
        "Share of trials whose loss is larger, terms “{name}”.",
        "损失更大的情景占比，“{name}”条款。",
    ),
    "cases_explained": (
        "With the guarantees: everything that first defaults cause is settled. Without guarantees: failures still "
        "spread over unpaid receivables, but nobody is called, and there is no deposit and no risk pool. First "
        "defaults alone: what first defaulters leave unpaid on their own loans; nothing spreads at all. All on the "
        "same draws.",
        "有担保：首批违约引起的一切均予结算。无担保：违约仍经未付的应收账款传导，但无人代偿，也没有保证金和风险池。"
        "仅首批违约：首批违约者本人贷款的未偿部分，不发生任何传导。三者使用相同的情景。",
    ),
    "cases": ("Every case with its interval", "各情形及其置信区间"),
    "cases_caption": ("{measure}, {unit}", "{measure}（{unit}）"),
    "intervals_explained": (
        "Below each amount: the interval that holds the value of endless trials with 95 % confidence. At least: the "
        "bank may pursue anybody. At most: whoever cannot pay everything asked of it pays nothing; there is none where "
        "guarantors' shares are not equal.",
        "金额下方为区间：以 95 % 的置信度包含无限多情景下的值。至少：银行可向任何人追索。"
        "至多：凡不能足额支付者分文不付；担保人份额不相等时无此界。",
    ),
}
