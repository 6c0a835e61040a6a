"""The words of overviews in the languages that pages have."""

from __future__ import annotations

from circles.viz.languages import Language, count_in, say_in

_WORDS: dict[str, tuple[str, str]] = {
    "title": ("The whole book at {as_of}", "全部会员概览（截至 {as_of}）"),
    "said": (
        "Overview of {members} members in {bubbles}, {owed} {unit} owed.",
        "{members} 户会员，分为 {bubbles}，敞口合计 {owed} {unit}。",
    ),
    "bubbles": ("{count} [bubble|bubbles]", "{count} 组"),
    "mapped": (
        "The {maps} most exposed of {circles} circles have a map beside this page.",
        "敞口最大的 {maps} 个联保体（共 {circles} 个）另附图。",
    ),
    "maps": ("Circles with a map", "附图的联保体"),
    "circle_members": ("{count} [member|members]", "{count} 户会员"),
    "no_region": ("no region", "地区不详"),
    "no_industry": ("no industry", "行业不详"),
    "others": ("others", "其他"),
    "circle": ("Circle {circle}", "联保体 {circle}"),
    "unknown": ("unknown", "不详"),
    "default_probability": ("Default probability", "违约概率"),
    "loss": ("Loss in bad years", "不利年份损失率"),
    "in_default_probability": ("default probability", "违约概率"),
    "in_loss": ("loss in bad years", "不利年份损失率"),
    # the page
    "closer": ("Closer", "放大"),
    "farther": ("Farther", "缩小"),
    "whole": ("Whole book", "全部"),
    "picture": (
        "Bubbles by region and industry; the table below holds the same facts",
        "按地区和行业分组的气泡图；下方表格内容相同",
    ),
    "how": (
        "Area of a bubble: exposure, balance and accrued interest (the smallest are drawn larger to be seen). Darker, "
        "and the figure inside: {measure}, weighted by exposure (dashed: unknown). Close enough, each dot is a member, "
        "the most exposed in the middle. Lines are as wide as their amount. Drag to move; plus, minus and arrow keys "
        "work too.",
        "气泡面积：敞口，即余额与应计利息（最小者放大以便辨认）。颜色深浅及其中数字：按敞口加权的{measure}（虚线：不详）。"
        "放大后每点为一户会员，敞口大者居中。线宽：金额。拖动可移动；加号、减号和方向键亦可用。",
    ),
    "find": ("Find a member or circle: the beginning of an id or name", "查找会员或联保体：输入编号或名称的开头"),
    "all_bubbles": ("All bubbles", "全部分组"),
    "group": ("Region · industry", "地区 · 行业"),
    "members": ("Members", "会员数"),
    "owed": ("Owed, {unit}", "敞口（{unit}）"),
    "flows": ("Flows between bubbles", "组间流向"),
    "kind": ("Kind", "类别"),
    "from": ("From", "起点"),
    "to": ("To", "终点"),
    "amount": ("Amount, {unit}", "金额（{unit}）"),
    # lines
    "trade": ("Trade", "贸易"),
    "trade_means": ("of the last twelve months, from seller to buyer", "最近 12 个月，由卖方指向买方"),
    "guarantee": ("Guarantees", "担保"),
    "guarantee_means": ("in force, from guarantor to borrower", "有效担保，由担保人指向借款人"),
    "line_note": ("{meaning}: {share}", "{meaning}：{share}"),
    "inside_only": ("all of it stays inside bubbles.", "全部在组内。"),
    "some_flows": ("the {drawn} strongest of {all} flows", "{all} 条流向中最强的 {drawn} 条"),
    "all_flows": ("all flows", "全部流向"),
    "line_share": (
        "{drawn} between bubbles, {part} of their amount. {inside} {unit} stays inside bubbles.",
        "组间 {drawn}，占其金额的 {part}；组内 {inside} {unit}。",
    ),
    # what the page's script says
    "script_circles": ("Circles, most exposed first", "联保体（按敞口）"),
    "script_members": ("Largest members", "敞口最大的会员"),
    "script_count": ("{count} members", "{count} 户会员"),
    "script_more": ("{count} more circles are not listed.", "另有 {count} 个联保体未列出。"),
    "script_map": ("map", "附图"),
    "script_none": ("none", "无"),
    "script_not_found": ("No member or circle begins so.", "没有以此开头的会员或联保体。"),
}


def say(key: str, lang: Language, **values: object) -> str:
    """Give a word or sentence of an overview; see `say_in`."""
    return say_in(_WORDS, key, lang, **values)


def say_counted(key: str, count: int, lang: Language, **values: object) -> str:
    """Give a sentence about a number of things; see `count_in`."""
    return count_in(_WORDS, key, count, lang, **values)


def list_script_words(lang: Language) -> dict[str, str]:
    """Give the words that the page's own script writes; ``{count}`` stands where it puts a number."""
    return {key.removeprefix("script_"): say(key, lang) for key in _WORDS if key.startswith("script_")}
