"""The words around the parts of a report, and those of guarantees and limits."""

from __future__ import annotations

PAGE: dict[str, tuple[str, str]] = {
    "title": ("Guarantee circles at {as_of}", "联保体报告（截至 {as_of}）"),
    "main_results": ("Main results", "主要结果"),
    "question": ("Asked of the data of {as_of}: {asked}.", "就 {as_of} 的数据提问：{asked}。"),
    "asked_and": (", ", "；"),
    "ask_proposal": ("which circles to form", "应组建哪些联保体"),
    "ask_cascade": ("what happens {title}", "{title}，结果如何"),
    "ask_losses": ("what the bank may lose in a year", "银行一年可能损失多少"),
    "ask_nothing": ("what the portfolio holds", "数据中有哪些联保体"),
    "headline_cascade": ("{title}: {said}", "{title}：{said}"),
    "first_rows": ("{caption}: the first {limit} of {count}", "{caption}：共 {count} 项，列前 {limit} 项"),
    "list_comma": (", ", "、"),
    "guaranteeing": ("Guarantees", "担保"),
    "flows_caption": (
        "Guaranteed amounts by industry, from guarantors on the left to borrowers on the right; each other member of a "
        "circle stands for an equal part of a loan, a guarantee in force for its amount.",
        "各行业担保金额，左为担保人，右为借款人；联保体内其他会员各承担一笔贷款的等额部分，有效担保按其金额计。",
    ),
    "limits": ("Limits", "局限"),
    "limit_resources": (
        "Resources decide everything: what a member can pay is taken from the data as it is. Where it is an estimate, "
        "so is every loss that rests on it.",
        "可用资金决定一切：会员能支付多少，直接取自数据。凡为估计值者，由其得出的损失也是估计。",
    ),
    "limit_rates": (
        "Default probabilities, the correlation and the recovery rates are assumptions of whoever gave them; nothing "
        "here was calibrated to the portfolio.",
        "违约概率、相关系数和回收率均为提供者的假设；此处未按所报告的贷款校准。",
    ),
    "limit_date": (
        "A cascade is settled at one date, in rounds. What members earn later, and what guarantors get back from the "
        "defaulters, is left out.",
        "违约传染在同一日期逐轮结算。会员日后的收入，以及担保人向违约者追偿所得，均未计入。",
    ),
    "limit_bounds": (
        "The bounds hold for the same first defaults and the same data; they say nothing about wrong data.",
        "乐观界与保守界针对相同的首批违约和相同的数据；数据有误时不说明任何问题。",
    ),
    "limit_intervals": (
        "Intervals cover the chance of the draw, not the choice of the model.",
        "区间只反映抽样的偶然性，不反映模型的选择。",
    ),
    "limit_person": (
        "No score and no figure decides alone: a person does, with a reason.",
        "任何得分或数字都不能单独作出决定：由人决定，并说明理由。",
    ),
}
