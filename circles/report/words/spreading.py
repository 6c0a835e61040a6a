"""The words of the part on a cascade."""

from __future__ import annotations

SPREADING: dict[str, tuple[str, str]] = {
    "round": ("Round", "轮次"),
    "failed": ("Failed", "违约户数"),
    "rounds_caption": ("Who fails when", "各轮违约会员"),
    "and_more": (" and {count} more", "，另有 {count} 户"),
    "member": ("Member", "会员"),
    "state": ("State", "状态"),
    "called": ("Called", "被要求代偿"),
    "paid": ("Paid", "代偿"),
    "trade_loss": ("Trade loss", "贸易损失"),
    "own_shortfall": ("Own shortfall", "本人未偿"),
    "in_round": ("in round {round}", "第 {round} 轮"),
    "hit_caption": ("Hit worst", "受损最重的会员"),
    "account_caption": ("The whole account", "完整账目"),
    "account_source": ("Where the money comes from", "资金来源"),
    "account_recovered": ("Recovered from the defaulters", "自违约者收回"),
    "account_deposits": ("Deposits", "保证金"),
    "account_guarantors": ("Paid by guarantors", "担保人代偿"),
    "account_pool": ("Risk pool", "风险池"),
    "account_bank": ("Bank loss", "银行损失"),
    "account_said": (
        "Recovered + deposits + guarantors + risk pool + bank loss = what was owed on the loans called; this is "
        "checked on every run.",
        "收回 + 保证金 + 担保人代偿 + 风险池 + 银行损失 = 到期贷款的欠款；每次计算均核对此式。",
    ),
    "rounds_figure": ("Members that fail in each round.", "各轮违约的会员。"),
    "matrix_figure": (
        "Who brought whom down; by industry where there are many.",
        "谁拖垮谁；户数较多时按行业汇总。",
    ),
    "cascade_estimates": (
        "{share} of the bank's loss rests on resources that are estimates; of the {members} that the default reached, "
        "{estimated} have such.",
        "银行损失中有 {share} 取决于估计的可用资金；受波及的 {reached} 户会员中，{estimated} 户的可用资金为估计值。",
    ),
}
