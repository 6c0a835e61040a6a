"""Other names that a column or a table may have in a file; docs/files.md shows these tables.

Upper and lower case, blanks, ``_`` and ``-``, and full-width forms make no difference, so none of that is listed.
"""

from __future__ import annotations

import re
import unicodedata

SYNONYMS: dict[str, tuple[str, ...]] = {
    "member_id": (
        "企业编号",
        "会员编号",
        "会员号",
        "会员ID",
        "企业ID",
        "统一社会信用代码",
        "客户编号",
        "company_id",
        "firm_id",
    ),
    "name": ("企业名称", "会员名称", "公司名称", "客户名称", "名称", "company_name", "firm_name"),
    "region": ("省份", "省", "地区", "所在省", "province"),
    "city": ("城市", "市", "所在城市", "所在市"),
    "industry": ("行业", "所属行业", "行业类别", "sector"),
    "registered_on": ("注册日期", "成立日期", "注册时间", "成立时间", "registration_date", "founded_on"),
    "registered_capital": ("注册资本", "注册资金", "capital"),
    "annual_sales": ("年销售额", "年销售收入", "年营业额", "sales", "annual_revenue"),
    "resources": ("可用资金", "可用资源", "偿付资源", "流动资金"),
    "resources_source": ("资金来源", "资源来源", "可用资金来源"),
    "default_probability": ("违约概率", "违约率", "probability_of_default"),
    "recovery_rate": ("回收率", "清偿率"),
    "control_group": ("实际控制人", "关联组", "关联集团", "集团编号"),
    "net_assets": ("净资产", "所有者权益"),
    "other_debt": ("其他负债", "其他债务"),
    "annual_debt_service": ("年偿债额", "年还本付息", "年度偿债额"),
    "certified_until": ("认证有效期", "认证到期日", "认证有效期至"),
    "joined_on": ("入会日期", "加入日期", "注册会员日期"),
    "seller_id": ("卖方编号", "卖家编号", "销售方编号", "卖方", "seller"),
    "buyer_id": ("买方编号", "买家编号", "购买方编号", "买方", "buyer"),
    "period": ("月份", "交易月份", "期间", "month"),
    "amount": ("金额", "交易金额", "申请金额", "担保金额", "应收金额", "应收账款"),
    "trade_count": ("交易笔数", "笔数"),
    "paid_online_amount": ("在线支付金额", "支付宝金额", "线上支付金额"),
    "member_a": ("会员甲", "甲方编号", "企业甲"),
    "member_b": ("会员乙", "乙方编号", "企业乙"),
    "kind": ("类型", "类别", "担保方式", "关系类型", "type"),
    "since": ("起始日期", "相熟日期", "开始日期"),
    "reason": ("原因", "理由"),
    "evidence": ("依据", "证据"),
    "application_id": ("申请编号", "申请号"),
    "term_months": ("期限", "期限月数", "贷款期限"),
    "applied_on": ("申请日期", "申请时间"),
    "purpose": ("用途", "贷款用途"),
    "mode": ("联保方式", "组合方式"),
    "circle_id": ("联保体编号", "联保体", "联保小组编号"),
    "formed_on": ("成立日", "组建日期", "联保体成立日期"),
    "expires_on": ("到期日", "到期日期", "失效日期"),
    "deposit": ("保证金", "保证金金额"),
    "status": ("状态",),
    "draw_order": ("提款顺序", "用款顺序"),
    "loan_id": ("贷款编号", "借据号", "借据编号", "合同编号"),
    "borrower_id": ("借款人编号", "借款企业编号", "借款人", "被担保人编号", "borrower"),
    "balance": ("贷款余额", "余额", "outstanding"),
    "accrued_interest": ("应计利息", "应收利息", "欠息"),
    "lender": ("贷款银行", "放款机构", "贷款机构", "bank"),
    "limit": ("授信额度", "额度", "credit_limit"),
    "annual_rate": ("年利率", "利率", "interest_rate"),
    "collateral_value": ("抵押物价值", "抵押价值", "抵质押物价值"),
    "drawn_on": ("放款日期", "提款日期", "发放日期"),
    "due_on": ("应还日期", "还款日期", "贷款到期日", "应收日期"),
    "grade": ("五级分类", "贷款分类", "风险分类"),
    "days_overdue": ("逾期天数",),
    "guarantee_id": ("担保编号", "担保合同编号"),
    "guarantor_id": ("担保人编号", "担保企业编号", "保证人编号", "担保人", "guarantor"),
    "starts_on": ("担保起始日", "保证起始日", "起始日"),
    "claim_until": ("保证期间届满日", "索赔截止日"),
    "supplier_id": ("供应商编号", "供货方编号", "供应商", "supplier"),
    "date": ("日期", "发生日期"),
    "count": ("次数", "数量"),
    "detail": ("详情", "说明", "备注"),
}
"""Canonical column name → other names for it, in any table that has the column."""

TABLE_SYNONYMS: dict[str, tuple[str, ...]] = {
    "members": ("会员", "会员表", "企业", "企业表", "客户"),
    "trades": ("交易", "交易表", "交易记录", "贸易"),
    "acquaintances": ("相熟", "熟人", "相熟关系", "熟人关系"),
    "exclusions": ("排除", "互斥", "回避", "互斥关系"),
    "links": ("关联", "关联关系", "关联线索"),
    "applications": ("申请", "申请表", "贷款申请"),
    "circles": ("联保体", "联保小组", "联保体表"),
    "circle_members": ("联保体成员", "联保成员", "小组成员"),
    "loans": ("贷款", "贷款表", "借款", "借据"),
    "guarantees": ("担保", "担保表", "保证", "对外担保"),
    "receivables": ("应收账款", "应收款", "应收"),
    "activity": ("活动", "行为", "活动记录", "行为记录"),
}
"""Canonical table name → other names for it, of a sheet or a file."""

_TABLES = {other: table for table, others in TABLE_SYNONYMS.items() for other in (table, *others)}


def name_table(text: str) -> str | None:
    """Give the table that the name of a sheet or a file means, if any.

    Case, blanks, dashes and full-width forms make no difference.

    Examples
    --------
    >>> name_table("Circle Members"), name_table("贷款"), name_table("Sheet1")
    ('circle_members', 'loans', None)
    """
    plain = unicodedata.normalize("NFKC", text).strip().casefold()
    return _TABLES.get(re.sub(r"[\s\-]+", "_", plain))
