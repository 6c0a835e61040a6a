"""The words of packs, in English and Chinese."""

from __future__ import annotations

from circles.viz.languages import Language, say_in

_WORDS: dict[str, tuple[str, str]] = {
    "title": ("Guarantee circle {circle}: liability statement and terms", "联保体 {circle}：责任说明与条款"),
    "question": (
        "For the {count} members of the circle to read before they accept. Nothing here binds anybody until it is "
        "signed.",
        "供本联保体 {count} 名会员在接受之前阅读。签署之前，本文件对任何人均无约束力。",
    ),
    "headline": (
        "If you sign, you are liable for your own loan and for the loans of all other members until they are paid in "
        "full. The loans of this circle are {total} {unit} together: that is the most that each of you may owe, before "
        "interest and costs.",
        "签署后，您不仅要偿还自己的贷款，还要对其他全体会员的贷款承担连带责任，直至全部还清。"
        "本联保体贷款合计 {total} {unit}：不计利息和费用，这是每位会员最多可能承担的金额。",
    ),
    "owe": ("What each may owe", "每位会员的责任"),
    "owe_caption": ("At most, by member, {unit}", "各会员最高责任（{unit}）"),
    "member": ("Member", "会员"),
    "own": ("Own loan", "本人贷款"),
    "deposit": ("Deposit paid in", "缴存保证金"),
    "others": ("For the others, at most", "为他人承担（最高）"),
    "most": ("Altogether, at most", "合计（最高）"),
    "sum": (
        "The circle together: loans {total}, deposits paid in {deposit} {unit}.",
        "联保体合计：贷款 {total}，缴存保证金 {deposit} {unit}。",
    ),
    "owe_note": (
        "The columns for the others and altogether cannot be added up over members: it is the same debt, and each is "
        "liable for all of it. The bank may ask any member for the whole. Interest, penalties and costs come on top.",
        "“为他人承担”与“合计”两列不能在会员之间相加：这是同一笔债务，每位会员均对其全部承担责任，银行可向任一会员请求全部履行。"
        "利息、罚息和费用另计。",
    ),
    "example": ("Two examples", "举例说明"),
    "example_terms": (
        "Worked out on these terms: {share}; from a member that defaults first the bank itself recovers {rate} of its "
        "loan, from one that fails later {later}; the loans of a member that fails later {cross}. Members that can pay "
        "are taken to have enough for everything: the examples say nothing about anybody's true means.",
        "按以下条款计算：{share}；银行自行从首先违约者收回其贷款的 {rate}，从其后违约者收回 {later}；"
        "其后违约者自己的贷款{cross}。"
        "假定有能力者足以支付全部：举例不反映任何会员的真实资金状况。",
    ),
    "equal": ("what is unpaid is shared equally by the others", "未偿部分由其他会员平均分摊"),
    "loan": ("what is unpaid is shared by the others in proportion to their loans", "未偿部分由其他会员按贷款比例分摊"),
    "resources": (
        "what is unpaid is shared by the others in proportion to their means at the start",
        "未偿部分由其他会员按初始资金比例分摊",
    ),
    "able": (
        "what is unpaid is shared by the others in proportion to what they can pay now",
        "未偿部分由其他会员按当前支付能力分摊",
    ),
    "due": ("fall due too", "同时到期"),
    "not_due": ("do not fall due", "不提前到期"),
    "first_case": ("A: {who} defaults, all others can pay.", "甲：{who} 违约，其他会员均有能力支付。"),
    "second_case": (
        "B: {who} defaults, and {unable} cannot pay anything.",
        "乙：{who} 违约，且 {unable} 无力支付。",
    ),
    "case_account": (
        "{called} {unit} fall due: {recovered} recovered by the bank, {deposit} from deposits, {paid} paid by the "
        "other members, {lost} lost by the bank.",
        "到期 {called} {unit}：银行自行收回 {recovered}，保证金 {deposit}，其他会员支付 {paid}，银行损失 {lost}。",
    ),
    "case_caption": ("Paid for others, {unit}", "为他人支付（{unit}）"),
    "case_a": ("Example A", "甲例"),
    "case_b": ("Example B", "乙例"),
    "recourse": (
        "Who pays for another may claim it back from that member, and from co-members who paid less than their part "
        "(Civil Code, articles 519, 700).",
        "为他人支付者有权向该会员追偿，并可向少付份额的其他会员追偿（《民法典》第五百一十九条、第七百条）。",
    ),
    "terms": ("Terms to agree on", "待约定条款"),
    "terms_note": (
        "The members decide these together. What is left empty is not agreed.",
        "以下由全体会员共同商定；未填写即视为未约定。",
    ),
    "item": ("Item", "事项"),
    "agreed": ("Agreed", "约定内容"),
    "term_start": ("Loans are drawn between (dates)", "提款期间（日期）"),
    "term_length": ("Term in months; date of repayment", "期限（月）；还款日"),
    "term_rate": ("Interest rate a year; penalty rate", "年利率；罚息率"),
    "term_share": (
        "How the others share what is unpaid (equal parts unless agreed otherwise)",
        "未偿部分如何分摊（未约定则平均）",
    ),
    "term_notice": ("Days within which a called member pays", "被要求代偿后的支付期限（天）"),
    "term_leave": ("How a member may leave, and a new one join", "会员退出与加入办法"),
    "term_deposit": ("Deposits: when they are used and given back", "保证金的使用与退还"),
    "order": ("Order of draw-down", "提款顺序"),
    "place": ("Place in the order", "顺序"),
    "date": ("Date", "日期"),
    "circle_named": ("Circle {circle}", "联保体 {circle}"),
    "sign": ("Signatures", "签署"),
    "sign_note": (
        "{circle}, data of {as_of}: each member may owe {amount} {unit} altogether. I have read this, and asked what "
        "I did not understand.",
        "{circle}（截至 {as_of}）：每一会员合计最高责任金额为 {amount} {unit}。本人已阅读，并已就不明之处提出询问。",
    ),
    "signature": ("Signature and seal", "签字盖章"),
    "bank": ("For the bank", "银行经办"),
    "as_of": ("Date of the data", "数据日期"),
    "print": ("Fingerprint of the data", "数据指纹"),
    "index": ("Packs of the proposed circles", "各拟组联保体资料"),
    "index_note": ("One file a circle, for its own members only.", "每个联保体一份，仅供其会员阅读。"),
    "circle": ("Circle", "联保体"),
    "members": ("Members", "会员数"),
    "file": ("File", "文件"),
}


def say(key: str, lang: Language, **values: object) -> str:
    """Give a word or sentence of a pack; see `say_in`."""
    return say_in(_WORDS, key, lang, **values)
