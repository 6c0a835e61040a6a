"""The words of the part on a proposal."""

from __future__ import annotations

FORMING: dict[str, tuple[str, str]] = {
    "forming": ("Proposed circles", "拟组联保体"),
    "circle": ("Circle", "联保体"),
    "members": ("Members", "会员"),
    "amount": ("Amount", "金额"),
    "score": ("Score", "得分"),
    "unplaced_caption": ("Applications without a circle", "未编入联保体的申请"),
    "reason": ("Reason", "原因"),
    "applications": ("Applications", "申请数"),
    "example": ("For example", "举例（会员）"),
    "example_column": ("example", "example_member"),
    "reason_in_circle": ("in_circle", "已在联保体内"),
    "reason_amount": ("amount", "申请金额不合规定"),
    "reason_wish": ("wish", "只愿与相识者联保"),
    "reason_registered": ("registered", "注册时间不足"),
    "reason_region": ("region", "所在地区不在允许范围"),
    "reason_certified": ("certified", "认证已过期"),
    "reason_overdue": ("overdue", "有逾期或不良贷款"),
    "reason_no_partners": ("no_partners", "无可联保对象"),
    "reason_no_circle": ("no_circle", "无符合规则的联保体"),
    "reason_none_found": ("none_found", "未找到符合规则的联保体"),
    "reason_outbid": ("outbid", "其他方案得分更高"),
    "note_not_stated": (
        "{column} is not stated for {missing} of {count} candidates: not judged for them",
        "{count} 户候选会员中有 {missing} 户未填写{column}，对其未作判断",
    ),
    "note_estimates": (
        "resources of {estimated} of {count} candidates are estimates",
        "{count} 户候选会员中有 {estimated} 户的可用资金为估计值",
    ),
    "note_older": (
        "older applications replaced by a newer one of the same member: {older}",
        "被同一会员较新申请取代的旧申请：{older} 份",
    ),
    "note_swapped": ("{one} and {other} were swapped by hand", "{one} 与 {other} 由人工互换"),
    "column_registered_on": ("registered_on", "注册日期"),
    "column_certified_until": ("certified_until", "认证有效期"),
    "column_region": ("region", "地区"),
}
