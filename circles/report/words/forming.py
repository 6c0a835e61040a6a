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
    "reason_in_circle": ("is in a circle already", "已在联保体内"),
    "reason_amount": ("amount outside the rules", "申请金额不合规定"),
    "reason_wish": ("wants only acquaintances", "只愿与相识者联保"),
    "reason_registered": ("registered too recently", "注册时间不足"),
    "reason_region": ("region not allowed", "所在地区不在允许范围"),
    "reason_certified": ("certification has expired", "认证已过期"),
    "reason_overdue": ("overdue or bad loans", "有逾期或不良贷款"),
    "reason_no_partners": ("nobody may be with it", "无可联保对象"),
    "reason_no_circle": ("no circle keeps the rules", "无符合规则的联保体"),
    "reason_none_found": ("no circle found that keeps the rules", "未找到符合规则的联保体"),
    "reason_outbid": ("other circles score more", "其他方案得分更高"),
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
    "column_registered_on": ("the day of registration", "注册日期"),
    "column_certified_until": ("the end of certification", "认证有效期"),
    "column_region": ("the region", "地区"),
}
