"""The texts of messages about paying for a reservation; short, because they travel by SMS."""

from django.utils.translation import gettext_lazy as _

from notices import texts

CARD_SAVED = "shop.pledge_card_saved"
LINK_LATER = "shop.pledge_link_later"
PAID_NOW = "shop.pledge_paid_now"
EXPIRED = "shop.pledge_expired"
CANCELLED_REFUND = "shop.pledge_cancelled_refund"
PAY_BY_LINK = "shop.pledge_pay_by_link"
PAY_REMINDER = "shop.pledge_pay_reminder"
CARD_TROUBLE = "shop.pledge_card_trouble"
CARD_REMINDER = "shop.pledge_card_reminder"
PAID = "shop.pledge_paid"
LAPSED = "shop.pledge_lapsed"
LAPSED_DEPOSIT = "shop.pledge_lapsed_deposit"
NOT_SENT = "shop.pledge_not_sent"
NOT_SENT_REFUND = "shop.pledge_not_sent_refund"
DOUBLE_OWED = "shop.deposit_double_owed"
DOUBLE_PAID = "shop.deposit_double_paid"
FAILED_REFUND = "shop.campaign_failed_refund"
CANCELLED_BY_SHOP_REFUND = "shop.campaign_cancelled_refund"
REFUNDED = "shop.pledge_refunded"
REFUND_STUCK = "shop.pledge_refund_stuck"
SHORT_HARVEST = "shop.setback_partial"
LATE_HARVEST = "shop.setback_delay"
LATE_ON_COLLECTION = "shop.setback_delay_on_collection"
TERMS_CHANGED = "shop.terms_changed"
NO_HARVEST = "shop.setback_failed"
NO_HARVEST_UNPAID = "shop.setback_failed_unpaid"
CHOICE_REMINDER = "shop.setback_reminder"
CHOICE_DONE = "shop.setback_done"
CHOICE_CREDIT = "shop.setback_credit"
WAITING_JOINED = "shop.waiting_joined"
WAITING_OFFERED = "shop.waiting_offered"
WAITING_PASSED = "shop.waiting_passed"
REVIEW_NEEDED = "shop.shortfall_review"

_PLEDGE = {
    "code": "PL-7K3F9Q2X4M",
    "order": "SD-7K3F9Q2X4M",
    "goods": "核桃 1 kg × 3",
    "total": "¥276.00",
    "refund": "¥110.40",
    "deadline": "9月10日 18:00",
    "until": "9月13日 18:00",
    "days": "9月20日—10月10日",
    "old": "9月15日—10月5日",
    "new": "9月20日—10月10日",
    "changed": "每份 ¥92.00 → ¥98.00",
    "percent": "60",
    "reason": "春天晚霜，坐果少了四成",
    "choice": "发一部分，退一部分",
    "link": "/presale/pledges/?code=PL-7K3F9Q2X4M",
    "pay": "/pay/example/",
    "choose": "/presale/choose/example/",
    "credit": "¥110.40",
    "spend": "/account/credit/",
}
_WAITING = {
    "goods": "核桃 1 kg × 3",
    "until": "9月13日 18:00",
    "link": "/presale/waiting/example/",
}
_REVIEW = {
    "goods": "核桃 1 kg",
    "code": "PS-7K3F9Q2X4M",
    "collected": "14",
    "goal": "20",
    "link": "/work/campaigns/PS-7K3F9Q2X4M/",
}


def register() -> None:
    """Add them to the registry."""
    money = {**_reserving(), **_collecting(), **_returning()}
    harvest = {**_setbacks(), **_not_kept(), **_choices()}
    for key, words in {**money, **harvest}.items():
        texts.register(key, words, sample=_PLEDGE)
    for key, words in _waiting().items():
        texts.register(key, words, sample=_WAITING)
    texts.register(
        REVIEW_NEEDED,
        _(
            "【山货】%(goods)s 收款结束，收到 %(collected)s 份，成团要 %(goal)s 份。"
            "接着办还是全退，请来定：%(link)s"
        ),
        sample=_REVIEW,
    )


def _reserving() -> dict[str, object]:
    return {
        CARD_SAVED: _(
            "【山货】约好了：%(goods)s，预约号 %(code)s。银行卡记下了，现在不扣钱。"
            "%(deadline)s 截止，成团后扣 %(total)s，没成团不扣。看预约 %(link)s"
        ),
        LINK_LATER: _(
            "【山货】约好了：%(goods)s，预约号 %(code)s。%(deadline)s 截止，"
            "成团后发付款链接，72 小时内付 %(total)s；没成团不用付。看预约 %(link)s"
        ),
        PAID_NOW: _(
            "【山货】约好了，收到 %(total)s：%(goods)s，预约号 %(code)s。%(deadline)s 截止，"
            "没成团原路全退。看预约 %(link)s"
        ),
        EXPIRED: _(
            "【山货】预约 %(code)s 半小时里没有办完，放掉了：%(goods)s，没有收钱。"
            "还要就再约一次 %(link)s"
        ),
        CANCELLED_REFUND: _(
            "【山货】预约 %(code)s 取消了：%(goods)s。付过的 %(total)s 原路退回。看预约 %(link)s"
        ),
    }


def _collecting() -> dict[str, object]:
    return {
        PAY_BY_LINK: _(
            "【山货】成团了：%(goods)s。请在 %(until)s 前付 %(total)s，过时就让给排队的人。"
            "付款 %(pay)s"
        ),
        PAY_REMINDER: _(
            "【山货】还没付：%(goods)s，%(total)s，%(until)s 前付都算数，过时就让给排队的人。"
            "付款 %(pay)s"
        ),
        CARD_TROUBLE: _(
            "【山货】成团了，可是卡上没扣成 %(total)s：%(goods)s。请在 %(until)s 前确认或换一张卡，"
            "不会重复扣。去处理 %(pay)s"
        ),
        CARD_REMINDER: _(
            "【山货】%(goods)s 的 %(total)s 还没扣成，%(until)s 前没办好就放掉了。去处理 %(pay)s"
        ),
        PAID: _(
            "【山货】成功：%(goods)s 成团了，%(total)s 已付。预约 %(code)s 转成订单 %(order)s，"
            "预计 %(days)s发货。看订单 %(link)s"
        ),
        LAPSED: _(
            "【山货】预约 %(code)s 没有按时付款，放掉了：%(goods)s，没有收钱。看预约 %(link)s"
        ),
        LAPSED_DEPOSIT: _(
            "【山货】预约 %(code)s 没有按时付清，放掉了：%(goods)s。付过的定金原路退回。"
            "看预约 %(link)s"
        ),
    }


def _returning() -> dict[str, object]:
    return {
        FAILED_REFUND: _(
            "【山货】%(goods)s 没有约够，没成团。付过的 %(total)s 原路全退，预约号 %(code)s。"
            "看预约 %(link)s"
        ),
        CANCELLED_BY_SHOP_REFUND: _(
            "【山货】村店取消了这场预售：%(goods)s。付过的 %(total)s 原路全退，预约号 %(code)s。"
            "看原因 %(link)s"
        ),
        REFUNDED: _("【山货】%(refund)s 退到了：%(goods)s，预约 %(code)s。看预约 %(link)s"),
        REFUND_STUCK: _(
            "【山货】%(refund)s 没能原路退回：%(goods)s，预约 %(code)s。改用银行转账退，"
            "村店会打电话问账号。看预约 %(link)s"
        ),
    }


def _setbacks() -> dict[str, object]:
    return {
        SHORT_HARVEST: _(
            "【山货】%(goods)s 收成少了，只够发 %(percent)s%%：%(reason)s。"
            "先发一部分、全退还是等，你来选；%(until)s 前没选，就发 %(percent)s%%、退其余的钱。"
            "去选 %(choose)s"
        ),
        LATE_HARVEST: _(
            "【山货】日子挪了：%(goods)s，原来 %(old)s，现在 %(new)s发货：%(reason)s。"
            "等还是全退，你来选；%(until)s 前没选就按新日子发。去选 %(choose)s"
        ),
        LATE_ON_COLLECTION: _(
            "【山货】日子挪了：%(goods)s，原来 %(old)s，现在 %(new)s发货：%(reason)s。"
            "还没收钱；不想等，打村店电话取消。看订单 %(link)s"
        ),
        TERMS_CHANGED: _(
            "【山货】条件改了：%(goods)s，%(changed)s。原因：%(reason)s。你约好的价钱不变；"
            "不想要了，%(until)s 前能取消，付过的全退。看预约 %(link)s"
        ),
        NO_HARVEST: _(
            "【山货】%(goods)s 今年没有收成：%(reason)s。付过的钱全退，%(until)s 起自己退；"
            "想早点退，或者换成购物金，点这里选 %(choose)s"
        ),
        NO_HARVEST_UNPAID: _(
            "【山货】%(goods)s 今年没有收成：%(reason)s。没付的不用再付，付过的原路全退，"
            "预约 %(code)s。看预约 %(link)s"
        ),
    }


def _not_kept() -> dict[str, object]:
    """What cannot be sent, and what a broken promise costs the seller."""
    return {
        NOT_SENT: _(
            "【山货】对不住，%(goods)s 寄不到你那里，预约 %(code)s 放掉了，没有收钱。"
            "看预约 %(link)s"
        ),
        NOT_SENT_REFUND: _(
            "【山货】对不住，%(goods)s 寄不到你那里，预约 %(code)s 放掉了，"
            "付过的 %(total)s 原路全退。"
            "看预约 %(link)s"
        ),
        DOUBLE_OWED: _(
            "【山货】%(goods)s 是我们没做到：除了退款，再赔你一份定金 %(refund)s，"
            "会打电话问你银行账号，预约 %(code)s。看预约 %(link)s"
        ),
        DOUBLE_PAID: _(
            "【山货】赔的那份定金 %(refund)s 转给你了：%(goods)s，预约 %(code)s。看预约 %(link)s"
        ),
    }


def _choices() -> dict[str, object]:
    return {
        CHOICE_REMINDER: _(
            "【山货】还没选：%(goods)s 怎么办，%(until)s 前选都算数。去选 %(choose)s"
        ),
        CHOICE_DONE: _(
            "【山货】按“%(choice)s”办了：%(goods)s，预约 %(code)s，退 %(refund)s。看预约 %(link)s"
        ),
        CHOICE_CREDIT: _(
            "【山货】按“%(choice)s”办了：%(goods)s，预约 %(code)s。%(credit)s 购物金记在你名下，"
            "不过期，下单能抵，也能退成钱。看购物金 %(spend)s"
        ),
    }


def _waiting() -> dict[str, object]:
    return {
        WAITING_JOINED: _("【山货】排上了：%(goods)s。有人让出来就告诉你。不等了 %(link)s"),
        WAITING_OFFERED: _("【山货】轮到你了：%(goods)s，给你留到 %(until)s。去约 %(link)s"),
        WAITING_PASSED: _("【山货】%(goods)s 留到时候没来约，让给后面的人了。%(link)s"),
    }
