"""The words of charts in the languages that pages have."""

from __future__ import annotations

from circles.viz.languages import Language, say_in

_WORDS: dict[str, tuple[str, str]] = {
    "with_guarantees": ("with the guarantees", "有担保"),
    "with_trade": ("without guarantees, trade losses spread", "无担保，贸易损失传导"),
    "bare": ("first defaults alone", "仅首批违约"),
    "loss_title": ("Bank loss in a year", "银行一年损失分布"),
    "loss_axis": ("loss in a year, {unit}", "一年损失（{unit}）"),
    "share_axis": ("share of trials that lose more", "损失更大的情景占比"),
    "var": ("value at risk 99 %", "99 % 风险价值"),
    "es": ("expected shortfall 99 %", "99 % 预期损失"),
    "loss_said": (
        "With the guarantees: expected loss {mean}, value at risk 99 % {var}, expected shortfall 99 % {es} {unit}. "
        "Without guarantees: expected loss {without} {unit}.",
        "有担保：平均损失 {mean}，99 % 风险价值 {var}，99 % 预期损失 {es} {unit}。无担保：平均损失 {without} {unit}。",
    ),
    "no_loss": ("no trial lost anything", "所有情景均无损失"),
    "sweep_title": ("Expected loss by {what}", "平均损失随{what}变化"),
    "resources": ("resources (1 = as in the data)", "可用资金倍数（1 为现状）"),
    "correlation": ("correlation", "相关系数"),
    "recovery_rate": ("recovery rate", "回收率"),
    "contagious_recovery_rate": ("recovery rate of contagious defaulters", "传染违约者回收率"),
    "receivable_recovery_rate": ("recovery rate of receivables", "应收账款回收率"),
    "expected_axis": ("expected loss, {unit}", "平均损失（{unit}）"),
    "without": ("without guarantees", "无担保"),
    "tips": ("turns at {at}", "转折点 {at}"),
    "tips_said": ("Guarantees begin or stop to help at {at}.", "担保由有利转为不利（或相反）之处：{at}。"),
    "no_tip": ("Guarantees neither begin nor stop to help in this range.", "在此范围内担保的作用方向不变。"),
    "rounds_title": ("Members that fail, by round", "各轮违约会员数"),
    "round": ("round", "轮次"),
    "failed": ("members", "会员数"),
    "first": ("first default", "首批违约"),
    "contagious": ("contagious default", "传染违约"),
    "rounds_said": (
        "Default first: {first}; because of them: {contagious}, in {rounds} rounds.",
        "首批违约 {first} 户，传染违约 {contagious} 户，共 {rounds} 轮。",
    ),
    "matrix_title": ("Who brings whom down", "谁拖垮谁"),
    "matrix_who": ("failed before", "先违约者"),
    "matrix_whom": ("brought down", "被拖垮者"),
    "matrix_said": ("{count} failures, each counted once for everybody who hit it.", "共 {count} 次“谁拖垮谁”。"),
    "matrix_none": ("nobody was brought down", "无人被拖垮"),
    "ranking_title": ("Loss caused by one default", "单户违约造成的银行损失"),
    "ranking_circles": ("Loss by circle, its worst member failing", "各联保体最坏一户违约的银行损失"),
    "ranking_tail": ("Contribution to expected shortfall, by circle", "各联保体对预期损失的贡献"),
    "ranking_axis": ("bank loss, {unit}", "银行损失（{unit}）"),
    "ranking_said": ("The largest is {label}: {amount} {unit}.", "最大者为 {label}：{amount} {unit}。"),
    "nothing": ("nothing to draw", "无可绘内容"),
    "flows_title": ("Who guarantees for whom", "担保金额流向"),
    "flows_from": ("guarantors", "担保人"),
    "flows_to": ("borrowers", "借款人"),
    "flows_said": (
        "{amount} {unit} are guaranteed; the largest named flow is from {source} to {target}.",
        "担保总额 {amount} {unit}；最大流向：{source} → {target}。",
    ),
    "others": ("others", "其他"),
    "unknown": ("not stated", "未填写"),
    "search_title": ("Value and bound of the search", "求解过程：方案得分与上界"),
    "seconds": ("seconds", "秒"),
    "points": ("points", "得分"),
    "value": ("best proposal", "当前最佳方案"),
    "bound": ("upper bound", "上界"),
    "search_said": (
        "After {seconds} seconds the best proposal has {value} points and none has more than {bound}.",
        "{seconds} 秒后最佳方案得分 {value}，任何方案不超过 {bound}。",
    ),
    "million": ("million", "百万"),
}


def say(key: str, lang: Language, **values: object) -> str:
    """Give a word or sentence of a chart; see `say_in`."""
    return say_in(_WORDS, key, lang, **values)
