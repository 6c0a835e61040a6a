"""The words of replays in the languages that pages have; ``[one|more]`` is chosen by a count."""

from __future__ import annotations

from circles.viz.languages import Language, count_in, say_in

_WORDS: dict[str, tuple[str, str]] = {
    "replay": ("Replay", "逐轮演示"),
    "before": ("Before", "变更前"),
    "after": ("After", "变更后"),
    "of_panel": ("{what}, “{name}”", "{what}（{name}）"),
    # rounds
    "status": (
        "Round {turn} of {last} · {count} [member fails|members fail] · {so_far} in all · "
        "unpaid so far {amount} {unit}",
        "第 {turn} 轮，共 {last} 轮 · 本轮违约 {count} 户 · 累计 {so_far} 户 · 至此未偿 {amount} {unit}",
    ),
    "round_caption": ("Round {turn}: {count} [member fails|members fail]", "第 {turn} 轮：{count} 户会员违约"),
    "round_caption_drawn": (
        "Round {turn}: {count} of the members drawn [fails|fail]",
        "第 {turn} 轮：所绘会员中 {count} 户违约",
    ),
    "payments_until": ("The last payments are made in round {last}.", "最后的代偿在第 {last} 轮。"),
    "payments_only": ("{caption}; payments and deposits only.", "{caption}；仅有代偿和动用保证金。"),
    # the legend
    "state_now": ("this round", "本轮违约"),
    "state_now_means": ("fails now", "于本轮违约"),
    "state_earlier": ("earlier", "此前违约"),
    "state_earlier_means": ("failed in an earlier round", "于此前某轮违约"),
    "state_paid": ("paid", "已代偿"),
    "state_paid_means": ("has paid for others and stands", "已为他人代偿，未违约"),
    "state_hurt": ("hurt", "受损"),
    "state_hurt_means": ("has lost trade money and stands", "遭受贸易损失，未违约"),
    "state_untouched": ("untouched", "未受波及"),
    "state_untouched_means": ("nothing was asked of it", "未被要求支付"),
    # what is left out
    "missed": (
        "{count} [member that fails|members that fail] not drawn; the counts over the picture have all.",
        "{count} 户违约会员未绘出；图上方的户数包括全部会员。",
    ),
    "missed_in": (
        "{count} [member that fails|members that fail] ({name}) not drawn; the counts over the picture have all.",
        "{count} 户违约会员（{name}）未绘出；图上方的户数包括全部会员。",
    ),
    "left_out": ("Left out.", "未绘出："),
    # the page
    "to_rounds": ("To the rounds", "转到各轮"),
    "rounds": ("Rounds", "轮次"),
    "first_round": ("First round", "首轮"),
    "first_round_key": ("First round (Home)", "首轮（Home 键）"),
    "back": ("One round back", "上一轮"),
    "back_key": ("One round back (←)", "上一轮（←）"),
    "play": ("Play", "播放"),
    "play_key": ("Play (space)", "播放（空格键）"),
    "pause": ("Pause", "暂停"),
    "on": ("One round on", "下一轮"),
    "on_key": ("One round on (→)", "下一轮（→）"),
    "last_round": ("Last round", "末轮"),
    "last_round_key": ("Last round (End)", "末轮（End 键）"),
    "round": ("Round", "轮次"),
    "shown": ("{round} of {last}", "{round} / {last}"),
    "ended": ("{text} · it ended there", "{text} · 传染到此为止"),
    "keys": (
        "Arrow keys step, space plays; choose a member or a row.",
        "方向键逐轮，空格键播放；可点选会员或表格行。",
    ),
    # a member that is chosen, and what an address names and a page lacks
    "show_row": ("Show in the picture", "在图中显示"),
    "colon": (": ", "："),
    "semicolon": ("; ", "；"),
    "told_failed": ("fails in round {round}", "第 {round} 轮违约"),
    "told_paid": ("pays from round {round} on and stands", "自第 {round} 轮起代偿，未违约"),
    "told_hurt": ("loses trade money from round {round} on and stands", "自第 {round} 轮起遭受贸易损失，未违约"),
    "told_untouched": ("nothing is asked of it", "未被要求支付"),
    "told_round": ("There is no round “{name}”.", "没有“{name}”这一轮。"),
    "told_member": ("Member {name} is not drawn here.", "此图未绘会员 {name}。"),
    "picture": (
        "Picture of the cascade {name}. The table below holds the same facts.",
        "违约传染图 {name}。下方表格内容相同。",
    ),
    "needs_scripts": (
        "Stepping needs scripts; the tables show all rounds.",
        "逐轮演示需要启用脚本；表格列出所有轮次。",
    ),
}


def say(key: str, lang: Language, **values: object) -> str:
    """Give a word or sentence of a replay; see `say_in`."""
    return say_in(_WORDS, key, lang, **values)


def say_counted(key: str, count: int, lang: Language, **values: object) -> str:
    """Give a sentence of a replay about a number of things; see `count_in`."""
    return count_in(_WORDS, key, count, lang, **values)
